"""The principals that a role's trust policy names in its Allow statements."""

from __future__ import annotations

from iam.account import Role
from iam.policy.named_principals import principals


def federated_of(role: Role) -> tuple[str, ...]:
    """Return the identity providers that the trust policy names."""
    return _named(role, "Federated")


def trusted_services(role: Role) -> tuple[str, ...]:
    """Return the services that the trust policy names."""
    return _named(role, "Service")


def _named(role: Role, wanted: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for kind, value in principals(role.trust) if kind == wanted))
