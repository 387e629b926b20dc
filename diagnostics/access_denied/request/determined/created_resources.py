"""Whether the denied request adds tags to what the same call creates, and which operation creates it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.failure import Denial
from iam.claims import Source, Sourced, Values
from iam.lazy_pattern import regex
from iam.service_reference import action as known_action

_CREATES = regex(
    r"(?<![\w\"'])(?:(?P<kebab>run-instances|create-(?!tags\b)[a-z]+(?:-[a-z]+){0,4})|(?P<camel>RunInstances|Create(?!Tags|Action)"
    r"[A-Z]\w+))(?![\w\"'-])"
)


def of_tags_of_ec2(denial: Denial, action: str, resource: str) -> Iterator[tuple[str, Sourced[Values]]]:
    """Yield ec2:CreateAction for a call that adds tags."""
    if action.lower() != "ec2:createtags":
        return
    if _HAS_AN_ID.search(resource):
        yield (
            "ec2:CreateAction",
            Sourced((), Source.DEFAULT, "a resource with an ID exists already, so no call creates it"),
        )
    elif creates := _creating(denial.text):
        yield (
            "ec2:CreateAction",
            Sourced((creates,), Source.COMMAND, f"the call that creates such a resource is {creates}"),
        )
    elif _EXISTS.search(denial.text):
        yield (
            "ec2:CreateAction",
            Sourced((), Source.DEFAULT, "the call tags an existing resource, so no call creates it"),
        )


def _creating(text: str) -> str:
    """Return the EC2 operation that creates something according to the text; "" if it names none, or several.

    IAM evaluates ec2:CreateTags with the name of that operation (Amazon EC2 User Guide, "Grant permission to tag Amazon
    EC2 resources during creation":
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html).
    """
    written = (
        each["camel"] or each["kebab"].replace("-", " ").title().replace(" ", "") for each in _CREATES.finditer(text)
    )
    found = {each for each in written if known_action(f"ec2:{each}") is not None}
    return found.pop() if len(found) == 1 else ""


_HAS_AN_ID = regex(r"/[a-z]+-(?:[0-9a-f]{8}|[0-9a-f]{17})$")


_EXISTS = regex(r"\b(?:tags?|tagging|retag\w*)\b[^.\n]{0,40}\b(?:existing|already exist\w*|running)\b", re.IGNORECASE)


_MAKES = regex(
    r"\bError: creating\b|\bCREATE_FAILED\b|when calling the (?:Create(?!Tags)|Run|Register|Import|Allocate)[A-Z]?\w*"
    r" operation|\bfailed to create\b"
    r"|\boperation error [\w .&-]{2,60}: (?:Create(?!Tags|Grant)|Run|Register|Import|Allocate)[A-Z]?\w*,"
)


_TAGS = regex(r"[\w-]+:(?:tag\w+|createtags|addtags\w*|\w+tagging)$")


IS_NEW = "a resource that is just being created has no tags yet"


def is_created(denial: Denial, action: str) -> bool:
    """Return whether the denied request is part of the creation of its resource, which so has no tags yet.

    It adds tags to what the same call creates, or CloudFormation makes it for a resource that it is just creating.

    IAM User Guide, "Controlling access to AWS resources using tags": aws:RequestTag is for the tags that a request
    passes, aws:ResourceTag for those that the resource has already
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html).
    """
    if _TAGS.match(action.lower()) is not None and _MAKES.search(denial.text) is not None:
        return True
    made = _STACK_CREATES.search(denial.text)
    return made is not None and made["service"].lower() == action.partition(":")[0].lower()


_STACK_CREATES = regex(r"\bCREATE_FAILED\b[^\n]{0,200}?\bAWS::(?P<service>(?!EC2\b)\w+)::\w+")
"""CloudFormation's event for a resource that it is creating. What EC2 creates uses other resources that have tags."""
