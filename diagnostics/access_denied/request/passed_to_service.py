"""To which service a role is passed: ``iam:PassRole`` depends on it, and texts seldom say it."""

from __future__ import annotations

from collections.abc import Mapping

from diagnostics.access_denied.request.operation import receiving_service
from diagnostics.access_denied.request.trust_principals import trusted_services
from diagnostics.failure import Denial
from iam.account import Account


def is_guess(denial: Denial, context: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether the service is only the one that the role's trust policy names."""
    told = any(key.lower() == "iam:passedtoservice" for key in context)
    return not told and not receiving_service(denial)


def services_passed_to(
    denial: Denial, role_arn: str, account: Account, context: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """The service that gets the role: as told, by the operation, else those that the role's trust policy names."""
    told = next((values for key, values in context.items() if key.lower() == "iam:passedtoservice"), None)
    if told:
        return told
    by_operation = receiving_service(denial)
    if by_operation:
        return (by_operation,)
    role = account.role(role_arn)
    return trusted_services(role) if role is not None else ()
