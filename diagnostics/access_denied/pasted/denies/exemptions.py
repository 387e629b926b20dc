"""Exempt the caller from a Deny statement, or name the new ID of a resource that the statement's condition exempts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from diagnostics.access_denied.pasted.denies.deny import Deny
from diagnostics.access_denied.pasted.denies.needed_request import chosen_conditions, needed_request_or_exception
from diagnostics.access_denied.pasted.denies.passing_values import is_negated, look_alike
from diagnostics.access_denied.pasted.principal_arns import names_root
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.arn import account_of
from iam.lazy_pattern import regex
from iam.policy.explain import MetCondition
from iam.policy.request import Request
from iam.policy.words import unmet
from iam.words import listing


def use_a_role_instead_of_root(deny: Deny) -> Fix | None:
    """The root user called, and the statement tests the caller."""
    exempt = exempting(chosen_conditions(deny))
    if exempt is None or not names_root(exempt.had):
        return None
    also = _passing_otherwise(deny, exempt)
    if deny.by_assume_root:
        title = "Exempt sessions of AssumeRoot, or make a request that meets the other exemptions"
        text = (
            "A root session of sts:AssumeRoot makes the call, and the statement also denies such "
            f"sessions.{_IF_WANTED}{also}"
        )
        return Fix(title, deny.owner, Note(deny.place, text))
    if deny.word == "scp":
        title = "Use a role of the account instead of its root user, or exempt sessions of AssumeRoot"
        return Fix(title, Who.CALLER, Note(deny.place, f"{_AS_ROLE}{_ROOT_IN_AN_SCP}{_FOR_SESSIONS}{also}"))
    return Fix("Use a role of the account instead of its root user", Who.CALLER, Note(deny.place, f"{_AS_ROLE}{also}"))


def _passing_otherwise(deny: Deny, exempt: MetCondition) -> str:
    """Return the other values that pass the statement, such as the addresses of a network; "" if there are none."""
    others = [each for each in chosen_conditions(deny) if each is not exempt and is_negated(each)]
    needs = listing([unmet(each.operator, each.key, each.wanted) for each in others], "or")
    return f" Otherwise, to avoid this Deny, the request needs {needs}." if others else ""


def exempt_the_account(deny: Deny) -> Fix | None:
    """The caller is from outside the organization that the statement exempts."""
    outside = _account_outside(chosen_conditions(deny), deny.request)
    if not outside or any(map(look_alike, deny.conditions)):
        return None
    added = json.dumps({"StringNotEqualsIfExists": {"aws:PrincipalAccount": outside}})
    text = (
        f"Add {added} to the statement's conditions, so that it no longer matches this account. Otherwise: "
        f"{needed_request_or_exception(deny)}"
    )
    title = f"Exempt account {outside} in {deny.which}, if its callers should have access"
    return Fix(title, deny.owner, Note(deny.place, text))


def write_the_new_id(deny: Deny) -> Fix | None:
    """The condition may name the old ID of a VPC or endpoint that was created again."""
    other = _recreated(deny.conditions)
    if other is None:
        return None
    old, new = other
    text = (
        f"A resource that is deleted and created again has a new ID. If {new} replaced {old}, write {new} instead "
        f"of {old}. If both should be allowed, list both. Keep the Deny. Otherwise: "
        f"{needed_request_or_exception(deny)}"
    )
    title = f"Write {new} in the condition of {deny.which}, if it replaced {old}"
    return Fix(title, Who.RESOURCE_OWNER, Note(deny.place, text))


_WHO_CALLS = ("aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:sourcevpce", "aws:sourcevpc")


_GET_NEW_IDS = ("aws:sourcevpce", "aws:sourcevpc")
"""Keys whose value is the ID of a resource. A resource that is deleted and created again has a different ID."""


def _recreated(conditions: Sequence[MetCondition]) -> tuple[str, str] | None:
    """Return the ID in a condition and the ID in the request, if the requested resource may replace the one named."""
    for each in conditions:
        if each.key.lower() in _GET_NEW_IDS and is_negated(each) and each.had and len(each.wanted) == 1:
            had, (wanted,) = each.had[0], each.wanted
            if not look_alike(each) and "*" not in wanted and had.partition("-")[0] == wanted.partition("-")[0]:
                return wanted, had
    return None


def exempting(conditions: Iterable[MetCondition]) -> MetCondition | None:
    """Return the first condition by which the statement's owner can exempt the caller; None if no condition can."""
    on_caller = [each for each in conditions if each.key.lower() in _WHO_CALLS and each.had]
    return next((each for each in on_caller if is_negated(each) or each.key.lower() == "aws:principalarn"), None)


def _account_outside(conditions: Iterable[MetCondition], request: Request) -> str:
    """Return the account of a caller from outside the resource's organization, such as a vendor's; else "".

    IAM User Guide, "Establish permissions guardrails using data perimeters": trusted third parties are exceptions
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html).
    """
    by_organization = any(each.key.lower() == "aws:principalorgid" and is_negated(each) for each in conditions)
    home, owner = account_of(request.principal or ""), account_of(request.resource)
    return home if by_organization and home and owner and home != owner else ""


def exemption(condition: MetCondition) -> str:
    """Return what to add to the condition, so that the statement no longer denies the caller's requests."""
    had = listing(condition.had or ())
    if is_negated(condition):
        return f"{had} to the condition's values"
    return f'"ArnNotLike": {json.dumps({condition.key: had})} to the conditions, all of which must be met'


_AS_ROLE = (
    "The statement also denies requests of the root user. Sign in with a role or user of the account. If a task "
    "needs the root user, the statement's owner must make an exception for the time of the task."
)


_ROOT_IN_AN_SCP = (
    " An SCP limits the root user of every member account; only the management account's root user is exempt."
)
"""AWS Organizations User Guide, "Service control policies (SCPs)"
(https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html).
"""


_IF_WANTED = (
    ' If such sessions should work in this account, add {"Null": {"aws:AssumedRoot": "true"}} to the '
    "statement's conditions, all of which must be met."
)
"""The condition of AWS's example: https://github.com/aws-samples/service-control-policy-examples,
Privileged-access-controls, "Prevent root credentials management in member accounts in AWS Organizations".
"""
_FOR_SESSIONS = (
    f" The statement also denies the short root sessions of sts:AssumeRoot (central root access).{_IF_WANTED}"
)
# IAM User Guide, "Track privileged tasks in CloudTrail": what the record of such a session contains
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-track-privileged-tasks.html).
_ASSUMED_ROOT = regex(r"\bassumedRoot[\"']?\s*[:=]\s*[\"']?true\b", re.IGNORECASE)


def is_by_assume_root(text: str) -> bool:
    """Return whether the text has the record of a call with a session of sts:AssumeRoot."""
    return _ASSUMED_ROOT.search(text) is not None
