"""The write calls that change instance profiles."""

from __future__ import annotations

from iam.changes.call import Call
from iam.changes.operations.operation import Existing, Operation, ParameterKind, adds, inverse, removes
from iam.changes.operations.seen import DONE, NOT_DONE, EntityReader, Seen, State, done_if, unread


def _look_created(call: Call, reader: EntityReader) -> Seen:
    reading = reader.instance_profile(call.text("InstanceProfileName"))
    if reading.unreadable:
        return unread(reading)
    profile = reading.value
    if profile is None:
        return NOT_DONE
    if profile.path != (call.text("Path") or "/"):
        return Seen(State.OTHER, f"An instance profile {profile.name} exists at another path.")
    return DONE


def _look_deleted(call: Call, reader: EntityReader) -> Seen:
    reading = reader.instance_profile(call.text("InstanceProfileName"))
    return unread(reading) if reading.unreadable else done_if(reading.value is None)


def _look_added(call: Call, reader: EntityReader) -> Seen:
    reading = reader.instance_profile(call.text("InstanceProfileName"))
    if reading.unreadable:
        return unread(reading)
    profile = reading.value
    if profile is None or not profile.roles:
        return NOT_DONE
    if call.text("RoleName") in profile.roles:
        return DONE
    return Seen(State.OTHER, f"The instance profile {profile.name} contains the role {profile.roles[0]}.")


def _look_removed(call: Call, reader: EntityReader) -> Seen:
    reading = reader.instance_profile(call.text("InstanceProfileName"))
    if reading.unreadable:
        return unread(reading)
    return done_if(reading.value is None or call.text("RoleName") not in reading.value.roles)


def _delete(call: Call, held: Existing, index: int) -> Call:
    name = call.text("InstanceProfileName")
    why = f"Delete the new instance profile {name}."
    return inverse(call, "DeleteInstanceProfile", why, InstanceProfileName=name)


def _create_again(call: Call, held: Existing, index: int) -> Call:
    name = call.text("InstanceProfileName")
    given: dict[str, object] = {"Path": held.profile.path if held.profile else "/"}
    if held.profile and held.profile.tags:
        given["Tags"] = dict(held.profile.tags)
    why = f"Create the instance profile {name} again, with a new unique ID."
    return inverse(call, "CreateInstanceProfile", why, InstanceProfileName=name, **given)


def _remove(call: Call, held: Existing, index: int) -> Call:
    name, role = call.text("InstanceProfileName"), call.text("RoleName")
    why = f"Remove {role} from the instance profile {name}."
    return inverse(call, "RemoveRoleFromInstanceProfile", why, InstanceProfileName=name, RoleName=role)


def _add(call: Call, held: Existing, index: int) -> Call:
    name, role = call.text("InstanceProfileName"), call.text("RoleName")
    why = f"Add {role} to the instance profile {name} again."
    return inverse(call, "AddRoleToInstanceProfile", why, InstanceProfileName=name, RoleName=role)


OPERATIONS = (
    Operation(
        "CreateInstanceProfile",
        {"InstanceProfileName": ParameterKind.TEXT, "Path": ParameterKind.TEXT, "Tags": ParameterKind.TAGS},
        _look_created,
        _delete,
        optional=frozenset({"Path", "Tags"}),
        creates="instance profile",
        tag_action="iam:TagInstanceProfile",
    ),
    Operation(
        "DeleteInstanceProfile",
        {"InstanceProfileName": ParameterKind.TEXT},
        _look_deleted,
        _create_again,
        deletes="instance profile",
    ),
    Operation(
        "AddRoleToInstanceProfile",
        {"InstanceProfileName": ParameterKind.TEXT, "RoleName": ParameterKind.TEXT},
        _look_added,
        _remove,
        {"role": adds("instance profile", "InstanceProfileName"), "instance profile": adds("role", "RoleName")},
        passes_to="ec2.amazonaws.com",
    ),
    Operation(
        "RemoveRoleFromInstanceProfile",
        {"InstanceProfileName": ParameterKind.TEXT, "RoleName": ParameterKind.TEXT},
        _look_removed,
        _add,
        {"role": removes("instance profile", "InstanceProfileName"), "instance profile": removes("role", "RoleName")},
        takes_rights=True,
    ),
)
