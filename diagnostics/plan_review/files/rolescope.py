"""Read rolescope's own plans, as ``create --json`` and ``change --json`` print them."""

from __future__ import annotations

import json
from pathlib import Path

from diagnostics.plan_review.planned import PlanFileError
from iam.changes.plan import Plan, PlanError, plan_from_value


def plan_in(path: Path) -> Plan | None:
    """Return the plan in a file; None for a file of another tool. Raises `PlanFileError`."""
    if path.is_dir():
        return None
    try:
        value = json.loads(path.read_text(encoding="utf-8-sig", errors="replace"))
    except OSError as error:
        raise PlanFileError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (ValueError, RecursionError):
        return None
    plan = value.get("plan") if isinstance(value, dict) else None
    if not isinstance(plan, dict) or "calls" not in plan:
        return None
    try:
        return plan_from_value(plan)
    except PlanError as error:
        raise PlanFileError(f"{path} is not a plan of rolescope: {error}") from error
