"""Check a policy in a text without a failure: find actions that its statements do not really allow on any resource.

   Service Authorization Reference: an action is allowed on the resource types in its row, or only on ``*``
(https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from diagnostics.text.policy_questions.incomplete_arns import incomplete
from diagnostics.text.read.messages.required_or_invalid_values import reported_failure
from diagnostics.text.templates.policies import written_policies
from diagnostics.text.templates.reader import Computed
from iam.api_operations import actions_behind
from iam.facts.arn_ids import has_a_name_for_an_id
from iam.lazy_pattern import regex
from iam.policy.compiled import names_everything, wildcard_only
from iam.policy.match import overlap
from iam.service_reference import ResourceType, is_unlisted, services
from iam.service_reference import action as known_action
from iam.words import listing

_LONGEST = 40_000
_MOST = 3
_ENDINGS = {"s3": "/*", "logs": ":*", "secretsmanager": "-??????"}
"""Suffixes, by service, for a resource that names only the container, or a name without its suffix."""


@dataclass(frozen=True, slots=True)
class PolicyFault:
    """A mistake in a policy. ``sentence`` says what does not work; ``change`` says what to write instead."""

    sentence: str
    change: str


def allows_in(text: str) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """Return the Allow statements in the text's policies that name actions and resources, with Sids or numbers."""
    if len(text) > _LONGEST:
        return ()
    found = []
    for policy in written_policies(text):
        for number, statement in enumerate(policy.statements, 1):
            computed = any(isinstance(each, Computed) for each in _texts(statement.get("Resource")))
            if statement.get("Effect") == "Allow" and "Action" in statement and not computed:
                found.append((f"statement {statement.get('Sid') or number}", statement))
    return tuple(found)


def policy_faults(text: str) -> tuple[PolicyFault, ...]:
    """Return at most three mistakes in the text's policies: actions allowed on no resource, or variables as text."""
    shown = allows_in(text)
    variables = (variable_as_text(text, str(statement)) for _, statement in shown)
    old = [fault for fault in variables if fault is not None][:1]
    faults = [*old, *(fault for which, statement in shown for fault in _of_statement(which, statement))]
    without_objects = buckets_without_objects(shown)
    return tuple((*faults, *([without_objects] if without_objects else ()))[:_MOST])


_BUCKET = regex(r"arn:[\w*-]+:s3:::(?P<name>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])")
_OBJECT_PATTERN = regex(r"s3:(?:\*|\w*\*?Object\w*\*\w*|\*Object)", re.IGNORECASE)


def buckets_without_objects(allows: Sequence[tuple[str, Mapping[str, Any]]]) -> PolicyFault | None:
    """Return the fault that ``s3:*`` or a pattern of object actions is allowed on a bucket, and nothing on its objects.

    Actions on objects apply to the objects' ARNs: Amazon S3 User Guide, "Policies and permissions in Amazon S3"
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html).
    """
    named = [(which, _texts(each["Action"]), _texts(each.get("Resource"))) for which, each in allows]
    every = [one for _, actions, resources in named if any(map(_may_be_of_objects, actions)) for one in resources]
    for which, actions, resources in named:
        pattern = next((each for each in actions if _OBJECT_PATTERN.fullmatch(each)), None)
        bare = [each for each in resources if _BUCKET.fullmatch(each)]
        if pattern is None or not bare or len(bare) < len(resources):
            continue
        if any(overlap(each, f"{bare[0]}/*") for each in every if each not in bare):
            continue
        return PolicyFault(
            f"{which[0].upper()}{which[1:]} allows {pattern} only on {bare[0]}, and no statement names the "
            "bucket's objects. So actions on objects are not allowed (s3:GetObject, which HEAD needs, s3:PutObject "
            "…).",
            f"Add {bare[0]}/* to the Resource of {which}, in addition to {bare[0]}.",
        )
    return None


def _may_be_of_objects(action: str) -> bool:
    known = known_action(action)
    return "*" in action if known is None else any(each.name == "object" for each in known.resource_types)


def ineffective_name(text: str) -> PolicyFault | None:
    """Return the API call that a policy in the text names in place of an action, if the text reports a failure.

    IAM accepts such a name, but the name allows nothing. The call is therefore refused, whatever the program's message
    says.
    """
    if not reported_failure(text):
        return None
    return next((each for each in policy_faults(text) if _OF_A_CALL in each.sentence), None)


_OF_A_CALL = "allows nothing, because it is the name of an API call, not an IAM action"


def _of_statement(which: str, statement: Mapping[str, Any]) -> Iterator[PolicyFault]:
    resources, actions = _texts(statement.get("Resource")), _texts(statement["Action"])
    alone = len(actions) == 1
    for written, lacks, whole in incomplete(actions, [each for each in resources if not _is_open(each)]):
        yield PolicyFault(
            f"{written} in {which} matches nothing, because it has {lacks}.",
            f"Write {whole} in {which} (or * for any Region and account).",
        )
    for action in actions:
        if "*" in action or "?" in action or ":" not in action:
            continue
        if behind := actions_behind(action):
            yield PolicyFault(
                f"{action} in {which} {_OF_A_CALL}.",
                f"Write {listing(behind)} instead of {action} in {which}.",
            )
        elif (prefix := action.partition(":")[0]).lower() not in services():
            yield PolicyFault(
                f"{action} in {which} most likely allows nothing, because its prefix {prefix} is not in AWS's list "
                "of services.",
                f"Look up the service's prefix, and correct {action} in {which}.",
            )
        elif is_unlisted(action):
            yield PolicyFault(
                f"{action} in {which} most likely allows nothing, because it is not in AWS's list of actions.",
                f"Look up the action's name, and correct {action} in {which}.",
            )
        elif resources and "*" not in resources and not any(map(_is_open, resources)):
            yield from on_nothing(action, which, resources, alone=alone)


_OLD = regex(r"\"?\bVersion\"?\s*[:=]\s*\"?2008-10-17\b")
_CURRENT = regex(r"\bVersion\"?\s*[:=]\s*\"?2012-10-17\b")
_VARIABLE = regex(r"\$\{(?!(?:self|opt|env|ssm|cf|param|file|sls):)[A-Za-z][\w.-]*:(?!:)[^{}]+\}")
"""A policy variable. CloudFormation and the Serverless Framework have references that look similar, and replace those
before IAM gets the policy."""


def variable_as_text(text: str, written: str) -> PolicyFault | None:
    """Return the mistake that a statement has a variable, if all policies of the text have Version 2008-10-17.

    ``written`` is what the statement contains. In that version, variables are plain text: IAM User Guide, "IAM policy
    elements: Variables and tags" (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
    """
    found = _VARIABLE.search(written)
    if found is None or not _OLD.search(text) or _CURRENT.search(text):
        return None
    return PolicyFault(
        f"The policy's Version is 2008-10-17, so {found[0]} is plain text, not a variable, and no request matches it.",
        'Set "Version": "2012-10-17".',
    )


def on_nothing(action: str, which: str, resources: tuple[str, ...], *, alone: bool) -> Iterator[PolicyFault]:
    """Yield the fault if the statement names no resource on which the action can be allowed.

    ``which`` identifies the statement in a sentence. ``alone``: the statement has no other action.
    """
    known = known_action(action)
    if known is None:
        return
    where = f"{which} names {listing(list(resources[:2]))}" + (" and more" if len(resources) > 2 else "")
    place = which if alone else f"a separate statement next to {which}"
    if wildcard_only(action):
        if any(names_everything(action, each) for each in resources):
            return
        yield PolicyFault(
            f"The statement does not allow {action}: the action cannot be limited to resources, but {where}.",
            f'Put {action} into {place} with "Resource": "*".',
        )
        return
    types = known.resource_types
    if not types or any(can_be(kind, each) for kind in types for each in resources):
        return
    meant = _meant(action, resources)
    fitting = [kind.name for kind in types if any(can_be(kind, each) for each in meant)]
    kinds = listing(fitting or [types[-1].name], "or")
    if (like := _of_the_same_kind(types, resources)) is not None and not meant:
        yield PolicyFault(
            f"The statement does not allow {action}: {where}, but an ARN of the type {like.name} is {shown_arn(like)}.",
            f"Write the ARN in {which} in the form {shown_arn(like)}.",
        )
        return
    yield PolicyFault(
        f"The statement does not allow {action}: the action applies to the resource type {kinds}, but {where}.",
        f"Put {action} into {place} with {listing(meant)} as its Resource."
        if meant
        else f"Name a resource of the type {kinds} for {action} ({shown_arn(types[-1])}).",
    )


def can_be(kind: ResourceType, written: str) -> bool:
    """Whether ``written`` can match a resource of this type.

    Its form must fit, and no name may be where an ID belongs.
    """
    return kind.fits(written) and not has_a_name_for_an_id(kind.arn, written)


def _of_the_same_kind(types: Sequence[ResourceType], resources: Sequence[str]) -> ResourceType | None:
    """Return the resource type whose ARN begins like a resource but continues differently; None if there is none."""
    begins = {(parts[2], re.split("[/:]", parts[5])[0]) for each in resources if len(parts := each.split(":", 5)) > 5}
    alike = (
        kind
        for kind in types
        if (parts := kind.arn.split(":", 5)) and (parts[2], re.split("[/:]", parts[-1])[0]) in begins
    )
    return next(alike, None)


def shown_arn(kind: ResourceType) -> str:
    """Return the ARN of a resource type with words for its variable parts: ``arn:PARTITION:kafka:REGION:…``."""
    return re.sub(r"\$\{(\w+)\}", lambda found: _WORDS.sub("-", found[1]).upper(), kind.arn)


_WORDS = regex(r"(?<=[a-z])(?=[A-Z])")


def _meant(action: str, resources: tuple[str, ...]) -> list[str]:
    """Return the resources in the form that the action needs.

    For example, the bucket instead of its objects, a bucket's objects, or a log group's streams.
    """
    known = known_action(action)
    types = known.resource_types if known is not None else ()
    out: dict[str, None] = {}
    for each in resources:
        shorter = re.sub(r"(arn:[\w-]+:s3:::[^/]+)/.*", r"\1", each)
        longer = f"{each}{_ENDINGS.get(action.partition(':')[0].lower(), '')}"
        for tried in (shorter, longer):
            if any(can_be(kind, tried) for kind in types):
                out[tried] = None
                break
    return list(out)


def _is_open(resource: str) -> bool:
    return "${" in resource or "<" in resource or not resource.startswith("arn:")


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


# What a person writes who wants a policy checked.
_TO_CHECK = regex(
    r"\b(?:sanity|double)[- ]?check|\bcheck\b|\breview\b|\blooks? (?:ok|good|right|fine|correct)|\bis (?:this|it) "
    r"(?:ok|right|correct|enough|fine)|\bbefore (?:I|we) (?:attach|apply|merge|deploy|roll)|\bnothing (?:has )?failed"
    r"|\bany (?:problems?|mistakes?)|\bwill (?:this|it) work|\bcorrect\s*\?|\bwrong\b|\benough\s*\?"
    r"|\bdo(?:es)? not provide permissions\b",
    re.IGNORECASE,
)


_HAS_A_CALL = regex(r"\berrors?\b[^\n]{0,20}\b[45]\d\d\b|^[ \t]*\$ aws\b", re.IGNORECASE | re.MULTILINE)


def policy_checked(text: str) -> str:
    """Return the result of checking the policy that the text asks to check; "" if the text asks for no check."""
    if "Effect" not in text or not _TO_CHECK.search(text):
        return ""
    if faults := policy_faults(text):
        return f"The policy has a mistake. {' '.join(each.sentence for each in faults)}"
    allows = allows_in(text)
    if not allows or _HAS_A_CALL.search(text):
        return ""
    found = "its actions exist, and each can be on a resource that its statement names"
    if len(allows) < sum(len(policy.statements) for policy in written_policies(text)) or any(map(_is_partly, allows)):
        found = (
            "only the policy's Allow statements were checked, and in these statements only actions and ARNs that "
            "are written in full"
        )
    return (
        f"No mistake was found in the policy: {found}. It is unknown whether these permissions are enough, because "
        "the text has no error and no call."
    )


def _is_partly(allow: tuple[str, Mapping[str, Any]]) -> bool:
    """Return whether some of a statement's actions or resources are patterns or incomplete, and so were not checked."""
    actions, resources = _texts(allow[1]["Action"]), _texts(allow[1].get("Resource"))
    return any("*" in each or "?" in each for each in actions) or any(
        _is_open(each) for each in resources if each != "*"
    )
