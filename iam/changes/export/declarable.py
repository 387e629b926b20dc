"""Checks and helpers for exporting a plan as a declaration in the language of any tool."""

from __future__ import annotations

from typing import Any

from iam.changes.plan import Plan, PlanError
from iam.policy.document import Document, PolicyError

_DECLARABLE = {
    "CreateOpenIDConnectProvider",
    "CreateRole",
    "PutRolePolicy",
    "AttachRolePolicy",
    "CreateInstanceProfile",
    "AddRoleToInstanceProfile",
    "CreatePolicy",
}


def check_declarable(plan: Plan, tool: str, instead: str) -> None:
    """Raise `PlanError` if the plan changes or deletes existing entities.

    ``instead`` says what to do in ``tool`` instead.
    """
    for call in plan.calls:
        if call.operation not in _DECLARABLE:
            raise PlanError(
                f"{tool} declares the intended state and cannot express {call.operation}: {instead}, or export the "
                "plan as CLI commands."
            )


def policy_value(text: str) -> Any:
    """Return the decoded JSON of a policy document. Raises `PlanError`."""
    try:
        return Document(text).value
    except PolicyError as error:
        raise PlanError(f"A policy of the plan cannot be declared: {error}") from None
