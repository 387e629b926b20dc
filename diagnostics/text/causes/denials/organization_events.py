"""A change in the organization, as an event of CloudTrail in the text, before a guardrail refused calls."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who
from iam.arn import account_of
from iam.lazy_pattern import regex

_EVENT = regex(r"\"eventName\"\s*:\s*\"(?P<name>MoveAccount|AttachPolicy|UpdatePolicy|EnablePolicyType)\"")
_LAYERS = ("scp", "rcp", "unknown")
"""The last parts of stated reasons that a guardrail of the organization may explain."""
_WITHIN = 1_500
_FAILED = regex(r"\"errorCode\"\s*:\s*\"\w")


def changed_organization(signs: Signs) -> Iterator[FirstLook]:
    """Yield the change, if AWS says that a guardrail denied the call and the text has an event that changed guardrails.

    AWS Organizations User Guide, "SCP evaluation": an account has the SCPs of each unit above it
    (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html); API
    Reference, "MoveAccount" (https://docs.aws.amazon.com/organizations/latest/APIReference/API_MoveAccount.html).
    """
    denial = signs.denial
    text = denial.pasted or denial.text
    if (denial.stated_reason or "").rpartition(":")[2] not in _LAYERS or "organizations.amazonaws.com" not in text:
        return
    found = next(reversed(list(_EVENT.finditer(text))), None)
    if found is None:
        return
    event = text[max(0, found.start() - _WITHIN // 3) : found.end() + _WITHIN]
    moved = _value(event, "accountId") if found["name"] == "MoveAccount" else ""
    if _FAILED.search(event) or (moved and (account_of(denial.principal or "") or moved) != moved):
        return
    at, who = _value(event, "eventTime"), _value(event, "arn")
    when = f" at {at}" if at else ""
    by = f" by {who}" if who else ""
    yield FirstLook(
        f"{_change(found['name'], event)}{when}{by} ({found['name']}): most likely the calls are denied since then."
        f"{_look(found['name'], event)}",
        contains(found[0].strip('"')),
        _check(found["name"], event),
        Who.ORG_ADMIN,
    )


def _value(event: str, name: str) -> str:
    found = re.search(rf'"{name}"\s*:\s*"([^"]{{1,200}})"', event)
    return found[1] if found else ""


def _change(name: str, event: str) -> str:
    policy, target = _value(event, "policyId") or "a policy", _value(event, "targetId") or "a target"
    match name:
        case "MoveAccount":
            unit = _value(event, "destinationParentId") or "another unit"
            return f"The account {_value(event, 'accountId')} was moved to {unit}".replace("  ", " ")
        case "AttachPolicy":
            return f"{policy} was attached to {target}"
        case "UpdatePolicy":
            return f"{policy} was changed"
    return "A type of policy was enabled in the organization"


def _look(name: str, event: str) -> str:
    if name != "MoveAccount":
        return (
            " Read that policy. If the access is intended, exempt the roles in the policy's condition, or undo the "
            "change."
        )
    source, there = _value(event, "sourceParentId"), _value(event, "destinationParentId")
    back = ""
    if source and there:
        back = (
            " If the move was a mistake, move the account back: aws organizations move-account --account-id "
            f"{_value(event, 'accountId')} --source-parent-id {there} --destination-parent-id {source}."
        )
    return f" The account now has that unit's guardrails.{back}"


def _check(name: str, event: str) -> str | None:
    unit, policy = _value(event, "destinationParentId"), _value(event, "policyId")
    if name == "MoveAccount" and re.fullmatch(r"[\w-]+", unit):
        return f"aws organizations list-policies-for-target --target-id {unit} --filter SERVICE_CONTROL_POLICY"
    if re.fullmatch(r"p-[\w-]+", policy):
        return f"aws organizations describe-policy --policy-id {policy} --query Policy.Content --output text"
    return None
