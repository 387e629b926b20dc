"""The command that shows which entity has a taken name."""

from __future__ import annotations

from diagnostics.failure import Conflict
from diagnostics.text.causes.build_causes import SERVICE_ROLES, reading
from iam.arn import name_of

_READ_BY_NAME = {
    "role": ("get-role", "role-name"),
    "user": ("get-user", "user-name"),
    "group": ("get-group", "group-name"),
    "instance-profile": ("get-instance-profile", "instance-profile-name"),
    "server-certificate": ("get-server-certificate", "server-certificate-name"),
}


def seen(conflict: Conflict) -> str | None:
    """Return the command that shows what has the name; None if none exists, or if the text lacks the values for it."""
    kind, name = conflict.entity_type or "", conflict.name
    if read := _READ_BY_NAME.get(kind):
        return reading("iam", read[0], (read[1], name_of(name) if name else None))
    if conflict.operation == "CreateAccountAlias":
        return reading("iam", "list-account-aliases")
    match kind:
        case "login-profile":
            return reading("iam", "get-login-profile", ("user-name", name))
        case "virtual-mfa-device":
            return reading("iam", "list-virtual-mfa-devices", ("assignment-status", "Unassigned"))
        case "policy":
            return reading("iam", "list-policies", ("scope", "Local"), query="Policies[].Arn")
        case "oidc-provider":
            return reading("iam", "list-open-id-connect-providers")
        case "saml-provider":
            return reading("iam", "list-saml-providers")
        case "service-linked-role":
            return SERVICE_ROLES
    return reading("iam", "get-role", ("role-name", name)) if conflict.operation == "CreateRole" else None
