"""Whom a role's trust policy names in its Allow statements."""

from __future__ import annotations

from iam.account import Role
from iam.policy.document import PolicyError


def federated_of(role: Role) -> tuple[str, ...]:
    """The identity providers."""
    return _named(role, "Federated")


def trusted_services(role: Role) -> tuple[str, ...]:
    """The services."""
    return _named(role, "Service")


def _named(role: Role, wanted: str) -> tuple[str, ...]:
    if role.trust is None:
        return ()
    try:
        statements = role.trust.statements
    except PolicyError:
        return ()
    return tuple(
        dict.fromkeys(
            value
            for statement in statements
            if statement.effect == "Allow"
            for kind, value in statement.principal or ()
            if kind == wanted
        )
    )
