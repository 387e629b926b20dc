"""A caller whose role AWS keeps: its policies are changed elsewhere, or by nobody."""

from __future__ import annotations

from typing import Any

from diagnostics.access_denied.case import Case
from diagnostics.access_denied.edits import printed, with_statement
from diagnostics.access_denied.fixes.proof import evaluated, with_identity
from diagnostics.fix import Fix, Note, OtherPlace, PolicyChange, Who
from iam.lazy_pattern import regex
from iam.policy.request import NamedPolicy

_PERMISSION_SET = regex(r"AWSReservedSSO_(?P<set>[\w+=,.@-]+)_[0-9a-f]{16}")


def owned_role_fix(case: Case, statement: dict[str, Any]) -> Fix:
    """Where ``statement`` belongs: in the permission set that the role is made from; for a service-linked role
    nowhere, and another role is wanted."""
    name = case.caller.name or ""
    match = _PERMISSION_SET.fullmatch(name)
    if match is None:
        return Fix(
            f"Leave {name} to its service, and let a role of your own do {statement['Action']}",
            Who.YOU,
            Note(
                case.caller.entity_arn or name,
                f"{name} is a role that AWS keeps: nobody can change its policies. If the service lets you choose a "
                f"role, give it one that has this statement:\n{printed(statement)}",
            ),
        )
    changed = with_identity(case.effective_policies, NamedPolicy(with_statement(None, statement), statement["Sid"]))
    title = (
        f"Add {statement['Action']} on {statement['Resource']} to the permission set {match['set']}, and provision it "
        "again: the role itself cannot be edited"
    )
    change = PolicyChange(OtherPlace(f"permission set {match['set']} (IAM Identity Center)"), statement)
    return evaluated(case, title, Who.ORG_ADMIN, change, changed, condition=statement.get("Condition"))
