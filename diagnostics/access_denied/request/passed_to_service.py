"""Determine the service that a role is passed to.

``iam:PassRole`` may depend on it, and error messages seldom name it.
"""

from __future__ import annotations

from collections.abc import Mapping

from diagnostics.access_denied.request.operation import receiving_service
from diagnostics.access_denied.request.trust_principals import trusted_services
from diagnostics.failure import Denial
from iam.account import Account


def is_guess(denial: Denial, context: Mapping[str, tuple[str, ...]]) -> bool:
    """Return whether the service is only a guess, taken from the role's trust policy."""
    stated = any(key.lower() == "iam:passedtoservice" for key in context)
    return not stated and not receiving_service(denial)


def services_passed_to(
    denial: Denial, role_arn: str, account: Account, context: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """Return the service that gets the role.

    It is the service in ``context``, or else the one that the operation passes roles to. If neither is known, those in
    the role's trust policy are returned.
    """
    stated = next((values for key, values in context.items() if key.lower() == "iam:passedtoservice"), None)
    if stated:
        return stated
    by_operation = receiving_service(denial)
    if by_operation:
        return (by_operation,)
    role = account.role(role_arn)
    return trusted_services(role) if role is not None else ()
