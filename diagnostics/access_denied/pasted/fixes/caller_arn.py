"""The ARN that names a caller in a policy, and the placeholder for an unnamed caller."""

from __future__ import annotations

from iam.policy.principal import Kind
from iam.policy.principal import caller as request_caller

NOBODY = "arn:aws:iam::000000000000:role/unknown"
"""The placeholder for a caller that the text does not name. Use it only for statements that do not test the caller."""


def arn_to_name(principal: str) -> str:
    """Return the ARN that names a caller in a policy.

    For a session, that is the ARN of its role without the path, because the path is unknown.
    """
    who = request_caller(principal)
    return f"arn:{who.partition}:iam::{who.account}:role/{who.name}" if who.kind is Kind.SESSION else principal


def path_note(principal: str | None) -> str:
    """Return a sentence saying that the ARN from `arn_to_name` lacks the role's path; "" if that ARN is complete."""
    who = request_caller(principal) if principal is not None else None
    if who is None or who.kind is not Kind.SESSION:
        return ""
    if who.service_linked:
        return " Add the role's path, aws-service-role/ and the service's principal, as iam get-role shows it."
    return " Add the role's path, if it has one."
