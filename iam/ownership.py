"""The owner of a role that the account cannot change. rolescope offers no change that AWS would reject or revert.

Roles under /aws-reserved/sso.amazonaws.com/ are created from permission sets of IAM Identity Center, and only changed
through them (https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html). Service-linked
roles are changed by their service (https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from iam.arn import SERVICE_LINKED_PATH, SERVICE_PATHS, Arn, name_of

if TYPE_CHECKING:
    from iam.account import Account, Group, Role, User

# IAM Identity Center appends 16 hexadecimal digits. In a pasted text they may be shortened, or masked with x.
_PERMISSION_SET = re.compile(r"AWSReservedSSO_(?P<set>[\w+=,.@-]+)_[0-9a-fxX]{4,16}")
_LINKED = re.compile(r"AWSServiceRoleFor(?P<service>\w+)")


class OwnerKind(StrEnum):
    """The kind of owner of a role that the account cannot change."""

    IDENTITY_CENTER = "IAM Identity Center"
    SERVICE = "an AWS service"


@dataclass(frozen=True, slots=True)
class Owner:
    """The owner of a role that the account itself cannot change.

    ``name`` is the permission set, or the service as far as the role's path or name contains it. ``region`` is the
    Region of IAM Identity Center; the role's path contains it unless it is us-east-1.
    """

    kind: OwnerKind
    name: str
    region: str = ""

    @property
    def refusal(self) -> str:
        """Return one sentence that says why IAM calls cannot change the role, and what to do instead."""
        if self.kind is OwnerKind.IDENTITY_CENTER:
            return (
                f"IAM Identity Center creates this role from the permission set {self.name}: change the permission "
                "set, and provision it again."
            )
        return f"The role belongs to {self.name}, and only that service changes it: create a role of your own."


def owner_of(entity: Role | User | Group | None) -> Owner | None:
    """Return the owner of the entity, or None if the account itself can change it."""
    from iam.account import Role  # a denial's text needs only names

    if not isinstance(entity, Role) or not entity.path.startswith(SERVICE_PATHS):
        return None
    return owner_named(entity.name, entity.path)


def owner_of_arn(arn: str, account: Account) -> Owner | None:
    """Return the owner of a role, given the role's ARN or a session's ARN (which lacks the role's path)."""
    parts = Arn.parse_principal(arn)
    if parts is None or (parts.account and parts.account != account.id):
        return None
    if parts.type == "assumed-role":
        return owner_of(account.role(parts.resource.split("/")[1]))
    if parts.type != "role":
        return None
    found = account.role(arn)
    if found is not None:
        return owner_of(found)
    path = f"/{parts.resource.partition('/')[2].rpartition('/')[0]}/"
    return owner_named(name_of(arn), path) if path.startswith(SERVICE_PATHS) else None


def owner_named(name: str, path: str = "") -> Owner:
    """Return the owner of a role that AWS owns, derived from the role's name and, if known, its path."""
    permission_set = _PERMISSION_SET.fullmatch(name)
    if permission_set is not None:
        region = path.partition("/sso.amazonaws.com/")[2].strip("/")
        return Owner(OwnerKind.IDENTITY_CENTER, permission_set["set"], region or "us-east-1")
    if path.startswith(SERVICE_LINKED_PATH) and (service := path.removeprefix(SERVICE_LINKED_PATH).strip("/")):
        return Owner(OwnerKind.SERVICE, service)
    linked = _LINKED.match(name)
    return Owner(OwnerKind.SERVICE, f"the service {linked['service']}" if linked else "an AWS service")


def permission_set_of(role: str | None) -> str:
    """Return the permission set from which the role is created, according to its name; "" for any other role."""
    owner = owner_named(role) if role else None
    return owner.name if owner is not None and owner.kind is OwnerKind.IDENTITY_CENTER else ""
