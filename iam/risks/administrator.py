"""Use the policy engine to find principals that are effectively administrators."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from iam.account import Role, User
from iam.policy.compiled import CompiledStatement
from iam.policy.match import has_wildcard
from iam.policy.request import NamedPolicy
from iam.questions.catalogue import PROBE
from iam.questions.index import Principal
from iam.risks.judged_account import JudgedAccount, statements

NO_SERVICE, NEW_ACTION = "rolescope", "RolescopeProbe"
"""A service that AWS does not have, and an action that AWS may add to a service in the future."""

# A principal that may perform these on any resource can give itself all other permissions.
_ADMINISTRATION = (
    ("iam:PutRolePolicy", "role"),
    ("iam:AttachUserPolicy", "user"),
    ("iam:CreatePolicyVersion", "policy"),
    ("iam:PassRole", "role"),
    ("iam:UpdateAssumeRolePolicy", "role"),
)
# Keys of resources. Without a particular resource they have no value, so a condition on them narrows a wildcard.
_OF_RESOURCE = (
    "aws:resourcetag/",
    "s3:existingobjecttag/",
    "kms:resourcealiases",
    "kms:encryptioncontext",
    "kms:viaservice",
    "cloudwatch:namespace",
    "dynamodb:leadingkeys",
    "iam:permissionsboundary",
)


def unnamed(key: str) -> bool:
    """Whether a condition key belongs to resources. Such a key has no value, because no resource was selected."""
    return key.startswith(_OF_RESOURCE) or ":resourcetag/" in key


def names_any_service(one: CompiledStatement) -> bool:
    """Whether a statement applies to services that it does not name."""
    return one.action.negated or any(
        has_wildcard(pattern.partition(":")[0]) or ":" not in pattern for pattern in one.action.patterns
    )


def is_administrator(
    judged: JudgedAccount, principal: Principal, extra: Iterable[NamedPolicy] = ()
) -> tuple[str, ...] | None:
    """Return the condition keys and unread layers on which a principal's administrator access depends.

    None if it is not an administrator. The boundary and the organization's policies are included. ``extra`` are
    identity policies that the principal is assumed to have in addition.

    The engine evaluates an action of a service that AWS does not have, and the write actions with which a principal can
    get all other permissions.
    """
    given = tuple(extra)
    identity = (*principal.identity, *given)
    if not any(names_any_service(one) and not one.deny for policy in identity for one in statements(policy)):
        return None
    if not judged.may(principal, f"{NO_SERVICE}:{NEW_ACTION}", "*", extra=given).allowed:
        return None
    hangs: dict[str, None] = {}
    for action, kind in _ADMINISTRATION:
        found = judged.may(principal, action, judged.arn(f"{kind}/{PROBE}"), absent=unnamed, extra=given)
        if not found.allowed:
            return None
        hangs.update(dict.fromkeys(judged.hangs_on(found, principal)))
    return tuple(hangs)


def administrators(judged: JudgedAccount) -> dict[str, tuple[str, ...]]:
    """Return, by ARN, all roles and users that are administrators, with what this depends on. Computed once."""
    known = judged.worked_out.get("administrators")
    if known is None:
        known = {}
        for principal in judged.principals:
            hangs = is_administrator(judged, principal)
            if hangs is not None:
                known[principal.entity.arn] = hangs
        judged.worked_out["administrators"] = known
    return known


def unbounded(principal: Principal) -> Principal:
    """Return the principal as if it had no permissions boundary."""
    entity: Role | User = replace(principal.entity, boundary_arn=None)
    return Principal(entity, principal.identity, None, principal.unread)
