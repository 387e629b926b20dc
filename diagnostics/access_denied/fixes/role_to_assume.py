"""A fix for a caller from another account: assume a role of this account that trusts the caller's account."""

from __future__ import annotations

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.evidence.other_roles import MOST_TRIED, may_do
from diagnostics.access_denied.judge import DenialFinding
from diagnostics.commands import Untypable, aws
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.account import Role
from iam.arn import identity_of
from iam.policy.unknown_keys import Certainty

_OF_THE_CALLER = ("identity", "boundary", "session", "scp")
"""Layers of the caller's own account. A role in this account does not change what they allow."""
_BEST = (Certainty.CERTAIN, Certainty.IF, Certainty.NEVER)
_EXTERNAL_ID = "sts:ExternalId"
"""See https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html."""


def role_to_assume(case: Case, finding: DenialFinding) -> Fix | None:
    """Return the fix to assume a role of this account that trusts the caller's account, before the call.

    None if the caller is from this account, if no role trusts the caller's account, or if no role can help.
    """
    caller, account = case.caller, case.caller.account_id
    if caller.here or account is None or account == case.account.id or case.trust or finding.word in _OF_THE_CALLER:
        return None
    if finding.word == "resource" and finding.fault == "explicit-deny":
        return None  # the resource's owner denies this caller, so only the owner can offer another way
    trusting = [each for each in case.account.roles if _trusts(each, account, caller.arn or "")][:MOST_TRIED]
    found = [(may_do(case, each), each) for each in trusting]
    found.sort(key=lambda each: _BEST.index(each[0]))
    if not found:
        return None
    may, role = found[0]
    external = role.trust is not None and _EXTERNAL_ID.lower() in role.trust.text.lower()
    options = [("role-arn", role.arn), ("role-session-name", caller.session or "session")]
    try:
        command = aws("sts", "assume-role", *options) + (" --external-id ID" if external else "")
    except Untypable:
        return None
    with_id = " with the agreed external ID" if external else ""
    allowed = {
        Certainty.CERTAIN: f"In that account, {role.name} is allowed to perform {case.request.action}.",
        Certainty.IF: (
            f"In that account, {role.name} is allowed to perform {case.request.action}, as far as can be read."
        ),
        Certainty.NEVER: (
            f"{role.name} is not allowed to perform {case.request.action} either: allow the action there, too."
        ),
    }[may]
    text = (
        f"The role trusts account {account}. Assume the role{with_id}, and call with its credentials. {allowed}\n"
        f"{command}"
    )
    return Fix(f"Assume {role.name}: it trusts account {account}", Who.CALLER, Note(role.arn, text))


def _trusts(role: Role, account: str, caller: str) -> bool:
    """Return whether an Allow of the trust policy names the caller's account, or its user or role."""
    if role.service_owned or role.trust is None or account not in role.trust.text:
        return False
    pairs = (pair for each in role.trust.statements if each.effect == "Allow" for pair in each.principal or ())
    named = (value for kind, value in pairs if kind == "AWS")
    whole = (account, "root", "root")
    return any(value == account or identity_of(value) in (whole, identity_of(caller)) for value in named)
