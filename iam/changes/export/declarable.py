"""What a declaration can say of a plan, in whichever tool's language."""

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
    """Raises `PlanError` where the plan changes or deletes what is there; ``instead`` is what to do with ``tool``."""
    for call in plan.calls:
        if call.operation not in _DECLARABLE:
            raise PlanError(
                f"{tool} declares the intended state and cannot express {call.operation}: {instead}, or export the "
                "plan as CLI commands."
            )


def policy_value(text: str) -> Any:
    """The policy document as JSON's values. Raises `PlanError`."""
    try:
        return Document(text).value
    except PolicyError as error:
        raise PlanError(f"A policy of the plan cannot be declared: {error}") from None
