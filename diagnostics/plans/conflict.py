"""Turn a plan's call that failed because a name is taken into a `Conflict`, so that it can be explained."""

from __future__ import annotations

from collections.abc import Sequence

from diagnostics.already_exists.kinds import FACTS
from diagnostics.failure import Conflict
from diagnostics.new_role import NewRole
from iam.changes.plan import Call
from iam.policy.document import Document

TAKEN = "EntityAlreadyExists"


def conflict_of(call: Call, code: str, text: str, calls: Sequence[Call]) -> Conflict | None:
    """Return the conflict; None if the call failed for another reason or creates no entity with a name.

    ``text`` is AWS's error; ``calls`` are all calls of the plan, which show the intended role.
    """
    kind = next((kind for kind, facts in FACTS.items() if call.operation in facts.created_by), None)
    if code != TAKEN or kind is None:
        return None
    name = call.text("Url") or next((call.text(each) for each in call.parameters if each.endswith("Name")), "")
    return Conflict(
        text, code, kind.value, name or None, call.operation, path=call.text("Path") or None, wanted=_role_of(calls)
    )


def _role_of(calls: Sequence[Call]) -> NewRole | None:
    """Return the role that the calls create, with everything that they add to it."""
    made = next((call for call in calls if call.operation == "CreateRole"), None)
    if made is None:
        return None
    name, trust = made.text("RoleName"), made.text("AssumeRolePolicyDocument")
    of_role = [call for call in calls if call.text("RoleName") == name]
    return NewRole(
        name,
        path=made.text("Path") or "/",
        trust=Document(trust) if trust else None,
        attached=tuple(call.text("PolicyArn") for call in of_role if call.operation == "AttachRolePolicy"),
        inline={
            call.text("PolicyName"): Document(call.text("PolicyDocument"))
            for call in of_role
            if call.operation == "PutRolePolicy"
        },
        boundary=made.text("PermissionsBoundary") or None,
        tags=made.parameters.get("Tags"),
        description=made.text("Description") or None,
        max_session_seconds=made.parameters.get("MaxSessionDuration"),
        instance_profile=next(
            (call.text("InstanceProfileName") for call in of_role if call.operation == "AddRoleToInstanceProfile"), None
        ),
    )
