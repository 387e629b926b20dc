"""Cautions about permission to pass a role, which in effect grants the role's permissions.

They say who owns the role, and which service receives it.
"""

from __future__ import annotations

from typing import Any

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.fixes.copied_conditions import PASSED_TO
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.arn import name_of
from iam.layers import principal_layers
from iam.policy.condition_keys import Presence
from iam.policy.request import Request
from iam.policy.unknown_keys import possible
from iam.sources.reader.opened import OpenedAccount

_OWN_RIGHTS = ("iam:AttachRolePolicy", "iam:PutRolePolicy")


def passing_note(case: Case, statement: dict[str, Any]) -> Fix | None:
    """Return a note instead of ``statement`` if the statement would permit too much; otherwise None.

    The statement permits too much if the caller could pass an administrators' role, or pass any role to any service.
    """
    if case.request.action.lower() != "iam:passrole":
        return None
    name = name_of(case.request.resource)
    who = case.caller.name or "the caller"
    if administers(case.request.resource, case.opened):
        return Fix(
            f"Pass a role other than {name}: a caller that may pass an administrators' role gains all its permissions",
            Who.CALLER,
            Note(
                case.request.resource,
                f"{name} can give itself every permission. A service that receives this role has all these "
                "permissions, on behalf of the caller that passed the role. So rolescope offers no statement that "
                f"lets {who} pass it. Give the service its own role with the permissions that the service needs, "
                "and pass that role.",
            ),
        )
    if any(key.lower() == PASSED_TO.lower() for block in statement.get("Condition", {}).values() for key in block):
        return None
    return Fix(
        f"Say to which service {name} is passed: rolescope offers no statement that lets {who} pass the role "
        "to every service",
        Who.YOU,
        Note(
            case.caller.entity_arn or who,
            f"iam:PassRole should be limited by {PASSED_TO}, but neither the text nor the trust policy of {name} "
            f"shows the service. Give it with --context {PASSED_TO}=SERVICE.amazonaws.com",
        ),
    )


def administers(role_arn: str, opened: OpenedAccount) -> bool:
    """Return whether the role may change its own permissions, and so in effect has every permission.

    Conditions count as met, except those on keys that begin with ``iam:``. False if its policies cannot be read.
    """
    role = opened.account.role(role_arn)
    if role is None:
        return False

    def presence(key: str) -> Presence:
        return Presence.NEVER if key.startswith("iam:") else Presence.PERHAPS

    policies = principal_layers(role, opened.account, opened.reader, {}).policies
    return any(possible(Request(role.arn, action, role.arn), policies, presence).allowed for action in _OWN_RIGHTS)
