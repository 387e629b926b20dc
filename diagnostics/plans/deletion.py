"""The call that deletes an entity, as the plan of deleting it with all that hangs on it."""

from __future__ import annotations

from diagnostics.already_exists.advice.deletion_plan import plan_of
from diagnostics.already_exists.kinds import DELETIONS, EntityKind, bare_name
from diagnostics.plans import role_deletion
from iam.changes.plan import Call, Plan
from iam.sources.reader import OpenedAccount


def deletion_plan(call: Call, opened: OpenedAccount) -> Plan:
    """With what hangs on the entity now, read whole. Raises `PlanError` where that cannot be seen. May block."""
    kind, parameter = DELETIONS[call.operation]
    name = call.text(parameter)
    if kind is EntityKind.ROLE:
        return role_deletion.deletion_plan(name, opened)
    return plan_of(kind, name if kind is EntityKind.MFA_DEVICE else bare_name(kind, name), opened)
