"""Roles that IAM Identity Center creates from permission sets: the permission set is changed instead of the role.

IAM Identity Center User Guide, "Create, manage, and delete permission sets"
(https://docs.aws.amazon.com/singlesignon/latest/userguide/permissionsets.html).
"""

from __future__ import annotations

from diagnostics.fix import Fix, Note
from diagnostics.who import Who


def permission_set_sentence(role: str, permission_set: str) -> str:
    return (
        f"{role} belongs to IAM Identity Center: it is created from the permission set {permission_set}, and only the "
        "permission set can be changed."
    )


def permission_set_fix(role: str, permission_set: str, operation: str | None) -> Fix:
    return Fix(
        f"Edit the permission set {permission_set} in IAM Identity Center, and provision it again",
        Who.ORG_ADMIN,
        Note(
            role,
            f"Somebody asked for {operation or 'a change'} of {role}. Put the change into the permission set "
            f"{permission_set} (managed policies, inline policy, boundary or session length); Identity Center then "
            "changes the role in every account where it is assigned. With the CLI, provision it afterwards: aws "
            "sso-admin provision-permission-set. The role itself cannot be edited.",
        ),
    )
