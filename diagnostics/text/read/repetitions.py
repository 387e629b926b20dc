"""Leave out failures that repeat another failure of the text with fewer facts."""

from __future__ import annotations

import re

from diagnostics.failure import Denial, Failure, OtherFailure, Trouble
from diagnostics.text.known_messages.not_refusals.s3 import MISSING_OBJECT
from iam.arn import identity_of
from iam.lazy_pattern import regex

# Terraform's AWS provider and S3 backend: the heading above what their SDK says
# (https://github.com/hashicorp/aws-sdk-go-base).
_HEADING = regex(r"\bno valid credential sources\b", re.IGNORECASE)


_NONE_FOUND = regex(r"\b[Uu]nable to (?:locate|load)\b[^\n]{0,20}\bcredentials\b|\bNoCredential\w*")


def _of_the_instance(failure: Failure) -> bool:
    """Whether the metadata service says that EC2 cannot use the instance's role or profile."""
    if isinstance(failure, Denial):
        return failure.claims_trust and failure.service == "ec2"
    return isinstance(failure, OtherFailure) and failure.trouble is Trouble.EMPTY_PROFILE


def without_heading(found: list[Failure]) -> list[Failure]:
    """Return the failures without a heading that credentials are missing, if another failure says why.

    EC2's sentence about the instance's profile or role is such a reason.
    """
    of_instance = any(_of_the_instance(each) for each in found)
    heads = [
        isinstance(each, OtherFailure)
        and each.trouble is Trouble.CREDENTIALS
        and (_HEADING.search(each.text) is not None or (of_instance and _NONE_FOUND.search(each.text) is not None))
        for each in found
    ]
    says_why = any(
        isinstance(each, Denial)
        or _of_the_instance(each)
        or (isinstance(each, OtherFailure) and each.trouble is Trouble.CREDENTIALS)
        for each, head in zip(found, heads, strict=True)
        if not head
    )
    return [each for each, head in zip(found, heads, strict=True) if not head] if says_why else found


def without_missing_entities(found: list[Failure]) -> list[Failure]:
    """Return the failures without missing entities if anything else failed.

    Tools first test whether an entity exists, but no tool creates a policy of AWS's own.
    """
    others = [each for each in found if not _may_be_a_test(each)]
    return others or found


def _may_be_a_test(failure: Failure) -> bool:
    if not isinstance(failure, OtherFailure):
        return False
    missing = failure.trouble is Trouble.NOT_FOUND and ":iam::aws:policy/" not in (failure.name or "")
    return missing or failure.detail == MISSING_OBJECT


def without_nameless(found: list[Failure]) -> list[Failure]:
    """Return the failures without the unnamed answers of another system, if one of its answers has a name."""
    named = {each.detail for each in found if isinstance(each, OtherFailure) and each.name}
    return [
        each
        for each in found
        if not (
            isinstance(each, OtherFailure)
            and each.trouble is Trouble.NOT_IAM
            and each.name is None
            and each.detail in named
        )
    ]


def without_echoes(found: list[Failure]) -> list[Failure]:
    """Return the failures without those that say less than another failure, such as a title above the sentence."""
    said = [_facts(failure) for failure in found]
    facts = [_without_its_operation(each) for each in said]
    holders: dict[tuple[type, str, object], list[int]] = {}
    for index, failure in enumerate(found):
        for name, value in (("", None), *said[index].items()):
            holders.setdefault((type(failure), name, value), []).append(index)

    def echoes(index: int) -> bool:
        ours = facts[index]
        keys = [(type(found[index]), name, value) for name, value in (("", None), *ours.items())]
        rarest = min((holders[key] for key in keys), key=len)
        theirs = facts if "action" in ours else said
        return any(len(theirs[other]) > len(ours) and ours.items() <= said[other].items() for other in rarest)

    kept = [failure for index, failure in enumerate(found) if isinstance(failure, OtherFailure) or not echoes(index)]
    return [failure for failure in kept if not _is_title(failure, kept)]


def _without_its_operation(facts: dict[str, object]) -> dict[str, object]:
    """Return the facts without the name of the call, if the action has the same name."""
    if not str(facts.get("action", "")).endswith(f":{facts.get('operation')}"):
        return facts
    return {name: value for name, value in facts.items() if name != "operation"}


_S3_PATH = regex(r"\bs3://[^\s\"']+")


def without_bare_heads(found: list[Failure]) -> list[Failure]:
    """Return the failures without HeadObject's 403 if the text has the sentence about GetObject on the same object.

    A HEAD response has no body, and IAM checks s3:GetObject for both (Amazon S3 API Reference, "HeadObject",
    permissions: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html).
    """

    def same_object(bare: Denial, said: Denial) -> bool:
        path = _S3_PATH.search(bare.text)
        full = said.action == bare.action and said.principal is not None and said.resource is not None
        return full and (path is None or (said.resource or "").endswith(f":::{path[0].removeprefix('s3://')}"))

    denials = [each for each in found if isinstance(each, Denial)]
    bare = [
        each
        for each in denials
        if each.operation == "HeadObject" and each.principal is None and each.stated_reason is None
    ]
    gone = [each for each in bare if any(same_object(each, said) for said in denials if said not in bare)]
    return [each for each in found if each not in gone]


_TITLE = regex(r"[\w.:# ]{0,120}?(?P<code>[A-Z][A-Za-z]{4,60}?)(?:Exception|Error|Fault)?\s*:?\s*")


def _is_title(failure: Failure, found: list[Failure]) -> bool:
    """Whether the record is only an error's code, and another failure in the text has the code with its sentence."""
    if not isinstance(failure, OtherFailure) or not (title := _TITLE.fullmatch(failure.text.strip())):
        return False
    return any(other is not failure and (other.code or "").startswith(title["code"]) for other in found)


def _facts(failure: Failure) -> dict[str, object]:
    if isinstance(failure, OtherFailure):
        return {}
    names = (
        (
            "principal",
            "action",
            "resource",
            "operation",
            "stated_reason",
            "policy_arn",
            "missing_action",
            "encoded_message",
            "authorization_id",
            "service",
        )
        if isinstance(failure, Denial)
        else ("entity_type", "name", "operation", "owner_stack", "path")
    )
    facts = {name: value for name in names if (value := getattr(failure, name)) is not None}
    if (caller := facts.get("principal")) is not None and "action" in facts:
        # A table of calls may have only the end of the caller's ARN.
        facts["caller"] = identity_of(caller)[2] or caller
        if not caller.startswith("arn:"):
            del facts["principal"]
    return facts
