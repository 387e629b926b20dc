"""Make a plan that deletes an entity with everything that depends on it."""

from __future__ import annotations

from diagnostics.already_exists.advice.deletion_plan import plan_of
from diagnostics.already_exists.kinds import DELETIONS, EntityKind, bare_name
from iam.changes.builders.instance_profiles import finish_deletion
from iam.changes.plan import Call, Plan
from iam.sources.reader.opened import OpenedAccount


def deletion_plan(call: Call, opened: OpenedAccount) -> Plan:
    """Return the plan that deletes the call's entity, with everything that depends on it now.

    Raises `PlanError` if the dependents cannot be read completely. May block.
    """
    kind, parameter = DELETIONS[call.operation]
    name = call.text(parameter)
    if kind is EntityKind.ROLE:
        return role_deletion(name, opened)
    return plan_of(kind, name if kind is EntityKind.MFA_DEVICE else bare_name(kind, name), opened)


def role_deletion(name: str, opened: OpenedAccount) -> Plan:
    """Return the plan that deletes a role. Reasons not to delete it become warnings.

    For a role that no longer exists, the plan deletes what its deletion left behind. Raises `PlanError`. May block:
    call it in a worker.
    """
    if opened.reader.role(name).absent:
        return finish_deletion(name, opened.account, opened.reader)
    return plan_of(EntityKind.ROLE, name, opened)
