"""Roles that IAM Identity Center creates from permission sets: the permission set is changed instead of the role.

IAM Identity Center User Guide, "Create, manage, and delete permission sets"
(https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsets.html).
"""

from __future__ import annotations

from diagnostics.fix import Fix, Note
from diagnostics.who import Who


def permission_set_sentence(role: str, permission_set: str) -> str:
    return (
        f"{role} belongs to IAM Identity Center, which creates the role from the permission set {permission_set}: "
        "only the permission set can be changed."
    )


def permission_set_fix(role: str, permission_set: str, operation: str | None) -> Fix:
    return Fix(
        f"Edit the permission set {permission_set} in IAM Identity Center, and provision it again",
        Who.ORG_ADMIN,
        Note(
            role,
            f"Somebody requested {operation or 'a change'} of {role}. Change the permission set {permission_set} "
            "instead (managed policies, inline policy, boundary or session length); Identity Center then changes "
            "the role in every account to which the permission set is assigned. With the CLI, provision the "
            "permission set afterwards: aws sso-admin provision-permission-set. The role itself cannot be edited.",
        ),
    )
