"""The write calls that create, change and delete roles."""

from __future__ import annotations

from dataclasses import replace

from iam.account import Role
from iam.changes.call import Call
from iam.changes.compare import canonical, same_document
from iam.changes.operations.holders import (
    Holder,
    attached_policies,
    inline_policies,
    look_at_holder,
    permissions_boundary,
    tags,
)
from iam.changes.operations.operation import Existing, Operation, ParameterKind, Parts, inverse, put, take
from iam.changes.operations.seen import NOT_DONE, EntityReader, Seen, State, done_if, unread

NEW_ID = (
    "The role would get a new unique ID: enter the role's ARN again in each policy that named the old role, and "
    "create its KMS grants again."
)


def _look_created(call: Call, reader: EntityReader) -> Seen:
    reading = reader.role(call.text("RoleName"))
    if reading.unreadable:
        return unread(reading)
    role = reading.value
    if role is None:
        return NOT_DONE
    differences = _differences(role, call)
    if differences:
        return Seen(
            State.OTHER, f"A role {role.name} already exists, and its {', '.join(differences)} differs from this plan."
        )
    return Seen(State.DONE, answer={"Role.Arn": role.arn, "Role.RoleId": role.id})


def _differences(role: Role, call: Call) -> tuple[str, ...]:
    """Return, in words, the parts of a role that differ from those in the CreateRole call.

    Unread parts are not compared.
    """
    wanted = call.parameters
    found = []
    if role.name != wanted["RoleName"]:
        found.append("spelling")
    if role.path != wanted.get("Path", "/"):
        found.append("path")
    if role.trust is not None and not same_document(role.trust, str(wanted["AssumeRolePolicyDocument"])):
        found.append("trust policy")
    if role.tags is not None:
        if role.boundary_arn != wanted.get("PermissionsBoundary"):
            found.append("permissions boundary")
        if dict(role.tags) != dict(wanted.get("Tags") or {}):
            found.append("tags")
    if (role.description or "") != wanted.get("Description", ""):
        found.append("description")
    if role.max_session_seconds not in (None, wanted.get("MaxSessionDuration", 3600)):
        found.append("session length")
    return tuple(found)


def _delete(call: Call, held: Existing, index: int) -> Call:
    name = call.text("RoleName")
    return inverse(call, "DeleteRole", f"Delete the new role {name}.", RoleName=name)


def _create_again(call: Call, held: Existing, index: int) -> Call | None:
    """Return the call that recreates a role without its policies.

    The policies are restored by the undo of the calls that removed them.
    """
    role = held.holder
    if not isinstance(role, Role) or role.trust is None:
        return None
    parameters: dict[str, object] = {
        "Path": role.path,
        "RoleName": role.name,
        "AssumeRolePolicyDocument": role.trust.stored,
        "MaxSessionDuration": role.max_session_seconds or 3600,
    }
    if role.description:
        parameters["Description"] = role.description
    if role.boundary_arn:
        parameters["PermissionsBoundary"] = role.boundary_arn
    if role.tags:
        parameters["Tags"] = dict(role.tags)
    return Call("CreateRole", parameters, f"Create the role {role.name} as it was, with a new unique ID.", role.arn)


def whole_update(call: Call, role: Role) -> Call:
    """Return the UpdateRole call with the values that do not change added to its parameters.

    IAM resets the session length to one hour if it is not sent (API reference, UpdateRole). Only the description of a
    service-linked role can be changed.
    """
    parameters: dict[str, object] = {"Description": role.description or ""}
    if not role.service_linked:
        parameters["MaxSessionDuration"] = role.max_session_seconds or 3600
    return replace(call, parameters={**parameters, **call.parameters})


def _see_updated(call: Call, role: Holder) -> Seen:
    assert isinstance(role, Role)
    description = call.parameters.get("Description")
    seconds = call.parameters.get("MaxSessionDuration")
    return done_if(
        (description is None or (role.description or "") == description)
        and (seconds is None or role.max_session_seconds == seconds)
    )


def _former_update(call: Call, held: Existing, index: int) -> Call | None:
    role = held.holder
    if not isinstance(role, Role):
        return None
    why = f"Restore the former description and session length of {role.name}."
    return whole_update(inverse(call, "UpdateRole", why, RoleName=call.text("RoleName")), role)


def _update(call: Call, parts: Parts) -> None:
    if "MaxSessionDuration" in call.parameters:
        put(parts, "session length", str(call.parameters["MaxSessionDuration"]))
    description = call.parameters.get("Description")
    if description:
        put(parts, "description", str(description))
    elif description is not None:
        take(parts, "description")


def _see_trust(call: Call, role: Holder) -> Seen:
    assert isinstance(role, Role)
    if role.trust is None:
        return Seen(State.UNKNOWN, f"The trust policy of {role.name} could not be read.")
    return done_if(same_document(role.trust, call.text("PolicyDocument")))


def _former_trust(call: Call, held: Existing, index: int) -> Call | None:
    role = held.holder
    if not isinstance(role, Role) or role.trust is None:
        return None
    given = {"RoleName": call.text("RoleName"), "PolicyDocument": role.trust.stored}
    return inverse(call, call.operation, f"Restore the former trust policy of {role.name}.", **given)


OPERATIONS = (
    Operation(
        "CreateRole",
        {
            "Path": ParameterKind.TEXT,
            "RoleName": ParameterKind.TEXT,
            "AssumeRolePolicyDocument": ParameterKind.DOCUMENT,
            "Description": ParameterKind.TEXT,
            "MaxSessionDuration": ParameterKind.NUMBER,
            "PermissionsBoundary": ParameterKind.TEXT,
            "Tags": ParameterKind.TAGS,
        },
        _look_created,
        _delete,
        optional=frozenset({"Path", "Description", "MaxSessionDuration", "PermissionsBoundary", "Tags"}),
        creates="role",
        tag_action="iam:TagRole",
        trust="AssumeRolePolicyDocument",
    ),
    Operation(
        "DeleteRole",
        {"RoleName": ParameterKind.TEXT},
        look_at_holder(lambda call, role: NOT_DONE, gone=True),
        _create_again,
        deletes="role",
        undo_note=NEW_ID,
    ),
    Operation(
        "UpdateRole",
        {"RoleName": ParameterKind.TEXT, "Description": ParameterKind.TEXT, "MaxSessionDuration": ParameterKind.NUMBER},
        look_at_holder(_see_updated),
        _former_update,
        {"role": _update},
        optional=frozenset({"Description", "MaxSessionDuration"}),
    ),
    Operation(
        "UpdateAssumeRolePolicy",
        {"RoleName": ParameterKind.TEXT, "PolicyDocument": ParameterKind.DOCUMENT},
        look_at_holder(_see_trust),
        _former_trust,
        {"role": lambda call, parts: put(parts, "trust policy", canonical(call.text("PolicyDocument")))},
        trust="PolicyDocument",
        takes_rights=True,
    ),
    *inline_policies("Role"),
    *attached_policies("Role"),
    *permissions_boundary("Role"),
    *tags("Role"),
)
