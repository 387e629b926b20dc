"""Fixes for a Deny that protects a guard: a boundary, a trail, a service control policy, or the Deny itself.

A principal that is exempt from such a Deny can remove every other limit, so no exemption is drafted. One fix leaves the
guard as it is. The other has the change made once by a principal that the Deny does not limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.fixes.notes import request_words
from diagnostics.access_denied.judge import DenialFinding
from diagnostics.access_denied.near_misses import place_words
from diagnostics.fix import Fix, Note
from diagnostics.who import OWNERS, Who
from iam.facts.guards import BOUNDARY, guard_of_action
from iam.policy.decision import Reason
from iam.service_reference import spelled

_EDITS_A_POLICY = ("iam:createpolicyversion", "iam:setdefaultpolicyversion", "iam:deletepolicy*")
_EDITS_AN_ENTITY = ("iam:putrolepolicy", "iam:deleterolepolicy", "iam:detachrolepolicy", "iam:attachrolepolicy")
_EDITS_A_USER = tuple(each.replace("role", "user") for each in _EDITS_AN_ENTITY)


def guard_of(case: Case, deny: Reason | None) -> str | None:
    """Describe the guard that a Deny protects from the caller; None if the Deny protects none."""
    if deny is None:
        return None
    action, resource = case.request.action.lower(), case.request.resource
    if (found := guard_of_action(action)) is not None:
        return found
    edits_policy = any(fnmatchcase(action, pattern) for pattern in _EDITS_A_POLICY)
    if edits_policy and deny.policy.arn is not None and resource == deny.policy.arn:
        return f"the policy {deny.policy.name}"
    edits_itself = action in (*_EDITS_AN_ENTITY, *_EDITS_A_USER) and resource == case.caller.entity_arn
    return f"the limits of {case.caller.name}" if edits_itself else None


def guard_fixes(case: Case, finding: DenialFinding, guard: str, text: str) -> Iterator[Fix]:
    """Yield the fixes: leave the guard, or have a principal that the Deny does not limit make the change.

    ``text`` is the Deny statement.
    """
    assert finding.deny is not None
    place = place_words(finding.deny.policy.name, finding.deny.statement, finding.deny.sid)
    who, action = case.caller.name or "the caller", spelled(case.request.action)
    on = case.request.resource if case.resource_known else who
    note = f"{request_words(case)}. {place} denies the request on purpose, and no Allow can help:\n{text}"
    boundary = guard == BOUNDARY
    named = case.caller.role.boundary_arn if case.caller.role is not None and boundary else None
    value = f' = "{named}"' if named else ""
    how = (
        " If a tool tries to remove the boundary, declare the boundary in the tool: in Terraform as "
        f"permissions_boundary{value}, in CloudFormation as PermissionsBoundary."
        if boundary
        else f" If a tool tries to change {guard}, declare the account's current state in the tool."
    )
    yield Fix(
        f"Keep {guard}: change the program or template that asks for {action}",
        Who.CALLER,
        Note(on, f"{note}\nThe statement protects {guard}.{how}"),
    )
    limit = finding.deny.policy.name or "the policy"
    yield Fix(
        f"If the change is intended, ask an administrator to whom {limit} does not apply to make the change once",
        OWNERS.get(finding.word, Who.ACCOUNT_ADMIN),
        Note(
            on,
            f"{request_words(case)}. An exception for {who} in {place} would give {who} power over {guard} itself, "
            f"and so over the other limits of {who}. Ask whoever manages {guard} to make this change instead.",
        ),
    )
