"""Deleting a role, as a plan for its screen."""

from __future__ import annotations

from diagnostics.already_exists.advice.deletion_plan import plan_of
from diagnostics.already_exists.kinds import EntityKind
from iam.changes.builders.instance_profiles import finish_deletion
from iam.changes.plan import Plan
from iam.sources.reader import OpenedAccount


def deletion_plan(name: str, opened: OpenedAccount) -> Plan:
    """With all that speaks against it as warnings. Of a role that is gone, what its deletion left. Raises `PlanError`.
    May block: call it in a worker."""
    if opened.reader.role(name).absent:
        return finish_deletion(name, opened.account, opened.reader)
    return plan_of(EntityKind.ROLE, name, opened)
