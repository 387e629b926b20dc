"""The write calls that change groups. Membership is changed in `iam.changes.operations.users`."""

from __future__ import annotations

from iam.account import Group
from iam.changes.call import Call
from iam.changes.operations.holders import attached_policies, inline_policies, look_at_holder
from iam.changes.operations.operation import Existing, Operation, ParameterKind, inverse
from iam.changes.operations.seen import DONE, NOT_DONE


def _delete(call: Call, held: Existing, index: int) -> Call:
    name = call.text("GroupName")
    return inverse(call, "DeleteGroup", f"Delete the new group {name}.", GroupName=name)


def _create_again(call: Call, held: Existing, index: int) -> Call | None:
    group, name = held.holder, call.text("GroupName")
    if not isinstance(group, Group):
        return None
    why = f"Create the group {name} again, with path and tags."
    return inverse(call, "CreateGroup", why, Path=group.path, GroupName=name)


OPERATIONS = (
    Operation(
        "CreateGroup",
        {"Path": ParameterKind.TEXT, "GroupName": ParameterKind.TEXT},
        look_at_holder(lambda call, group: DONE),
        _delete,
        optional=frozenset({"Path"}),
        creates="group",
    ),
    Operation(
        "DeleteGroup",
        {"GroupName": ParameterKind.TEXT},
        look_at_holder(lambda call, group: NOT_DONE, gone=True),
        _create_again,
        deletes="group",
        undo_note="The group would get a new unique ID.",
    ),
    *inline_policies("Group"),
    *attached_policies("Group"),
)
