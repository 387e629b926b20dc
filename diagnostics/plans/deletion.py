"""The deletion of an entity with all that depends on it, as a plan."""

from __future__ import annotations

from diagnostics.already_exists.advice.deletion_plan import plan_of
from diagnostics.already_exists.kinds import DELETIONS, EntityKind, bare_name
from iam.changes.builders.instance_profiles import finish_deletion
from iam.changes.plan import Call, Plan
from iam.sources.reader import OpenedAccount


def deletion_plan(call: Call, opened: OpenedAccount) -> Plan:
    """Of the entity that the call deletes, with what depends on it now, read whole.

    Raises `PlanError` where that cannot be seen. May block.
    """
    kind, parameter = DELETIONS[call.operation]
    name = call.text(parameter)
    if kind is EntityKind.ROLE:
        return role_deletion(name, opened)
    return plan_of(kind, name if kind is EntityKind.MFA_DEVICE else bare_name(kind, name), opened)


def role_deletion(name: str, opened: OpenedAccount) -> Plan:
    """With all that speaks against it as warnings.

    Of a role that is gone, what its deletion left. Raises `PlanError`. May block: call it in a worker.
    """
    if opened.reader.role(name).absent:
        return finish_deletion(name, opened.account, opened.reader)
    return plan_of(EntityKind.ROLE, name, opened)
