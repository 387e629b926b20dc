"""Conditions in a role's trust policy that can never be met by the service that assumes the role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from diagnostics.access_denied.pasted.condition_mistakes import out_of_form
from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.policy.condition_keys import Presence, presence
from iam.policy.decision import Fault
from iam.policy.operators import operator
from iam.policy.principal import Kind
from iam.policy.statements import ConditionBlock, Statement
from iam.words import listing


@dataclass(frozen=True, slots=True)
class _SentSource:
    """What a service sends as aws:SourceArn when it assumes a role: ``sends``, and never ``not_sent``.

    ``other`` is the beginning of the resource part in ARNs that people write by mistake. ``right`` is the beginning of
    the resource part that the service sends instead; ``{}`` in it is replaced by the first part of the mistaken
    resource's name. ``page`` is the page of AWS's documentation.
    """

    other: str
    right: str
    sends: str
    not_sent: str
    page: str


_SOURCES = {
    "scheduler": _SentSource(
        "schedule/",
        "schedule-group/{}",
        "the ARN of the schedule's group",
        "a schedule",
        "https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html",
    )
}


def of_a_services_conditions(principal: str, trusts: Iterable[Statement]) -> Finding | None:
    """Return the condition that keeps the service from assuming the role, if each statement for it has one; else None.

    ``principal`` is the service principal. A condition that the text shows without its statement has the principal
    ``*``.
    """
    own = [each for each in trusts if _may_be_of(principal, each)]
    faults = [next(_faults(principal, each), None) for each in own]
    if not faults or any(fault is None for fault in faults):
        return None
    return faults[0]


def _may_be_of(principal: str, trust: Statement) -> bool:
    named = trust.principal or ()
    return any(value in (principal, f"{principal}.cn", "*") for _, value in named)


def _faults(principal: str, trust: Statement) -> Iterator[Finding]:
    for block in trust.conditions:
        parts = operator(block.operator)
        if parts is None or parts.negated or parts.base == "Null" or parts.if_exists:
            continue
        low = block.key.lower()
        if presence(low, Kind.SERVICE, "sts:assumerole") is Presence.NEVER:
            yield _never(principal, block, "which no service's request has")
        elif low == "aws:sourceip" and not {"0.0.0.0/0", "::/0"} & set(block.values):
            yield _never(principal, block, "and the service calls from addresses of AWS")
        elif (odd := out_of_form([(block.operator, block.key, block.values)])) is not None:
            said = f"the trust policy requires {block.key} to be {listing(list(block.values), 'or')}; {odd.why}"
            fix = odd.fix("the trust policy", Who.RESOURCE_OWNER)
            yield Finding(f"trust.{Fault.CONDITION_UNMET.value}", said, f"In the text, {said}.", fix=fix)
        elif low == "aws:sourcearn" and (source := _SOURCES.get(principal.partition(".")[0])) is not None:
            yield from _of_another_source(principal, block, source)


def _never(principal: str, block: ConditionBlock, why: str) -> Finding:
    """Return the finding that no call of the service meets the condition.

    IAM User Guide, "AWS global condition context keys", availability of each key, and "Denies access to AWS based on
    the source IP"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html,
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_deny-ip.html).
    """
    said = f"the trust policy requires {block.key} ({listing(list(block.values), 'or')}), {why}"
    note = Note(
        "the trust policy in the text",
        f"Write a separate statement for {principal} without {block.key}; you can limit it with aws:SourceAccount. "
        "Keep the condition in the statement for people and roles.",
    )
    fix = Fix(f"Let {principal} assume the role in a separate statement", Who.RESOURCE_OWNER, note)
    sentence = f"In the text, {said}: {principal} cannot meet this condition, even if the policy names it."
    return Finding(f"trust.{Fault.CONDITION_UNMET.value}", said, sentence, fix=fix)


def _of_another_source(principal: str, block: ConditionBlock, source: _SentSource) -> Iterator[Finding]:
    heads = [value.split(":", 5) for value in block.values]
    if not all(len(parts) > 5 and parts[5].startswith(source.other) for parts in heads):
        return
    first = heads[0]
    right = ":".join([*first[:5], source.right.format(first[5].removeprefix(source.other).partition("/")[0])])
    said = (
        f"the trust policy requires {block.key} to be {listing(list(block.values), 'or')}, which is {source.not_sent}"
    )
    note = Note(
        "the trust policy in the text",
        f"Write {right} for {block.key}, because {principal} sends {source.sends} ({source.page}). Keep the "
        "statement's other conditions.",
    )
    fix = Fix(f"Write {right} for {block.key}", Who.RESOURCE_OWNER, note)
    sentence = f"In the text, {said}. The service sends {source.sends}: write {right}."
    yield Finding(f"trust.{Fault.CONDITION_UNMET.value}", said, sentence, fix=fix)
