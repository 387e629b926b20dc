"""The write calls that change users, their groups and their credentials."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from iam.account import User
from iam.changes.call import Call
from iam.changes.operations.holders import (
    Holder,
    attached_policies,
    inline_policies,
    look_at_holder,
    permissions_boundary,
    tags,
)
from iam.changes.operations.operation import Existing, Look, Operation, ParameterKind, adds, inverse, removes
from iam.changes.operations.roles import NEW_ID
from iam.changes.operations.seen import DONE, NOT_DONE, EntityReader, Seen, State, done_if, unread
from iam.sources.reader.reading import Reading


def _delete(call: Call, held: Existing, index: int) -> Call:
    name = call.text("UserName")
    return inverse(call, "DeleteUser", f"Delete the new user {name}.", UserName=name)


def _create_again(call: Call, held: Existing, index: int) -> Call | None:
    user, name = held.holder, call.text("UserName")
    if not isinstance(user, User):
        return None
    given: dict[str, object] = {"Path": user.path, "UserName": name}
    if user.boundary_arn:
        given["PermissionsBoundary"] = user.boundary_arn
    if user.tags:
        given["Tags"] = dict(user.tags)
    return inverse(call, "CreateUser", f"Create the user {name} again, with path and tags.", **given)


def _add_to_group(call: Call, held: Existing, index: int) -> Call:
    user, group = call.text("UserName"), call.text("GroupName")
    return inverse(call, "AddUserToGroup", f"Add {user} to {group} again.", GroupName=group, UserName=user)


def _remove_from_group(call: Call, held: Existing, index: int) -> Call:
    user, group = call.text("UserName"), call.text("GroupName")
    return inverse(call, "RemoveUserFromGroup", f"Remove {user} from {group}.", GroupName=group, UserName=user)


def _see_member(member: bool) -> Callable[[Call, Holder], Seen]:
    def see(call: Call, user: Holder) -> Seen:
        if not isinstance(user, User) or user.groups is None:
            return Seen(State.UNKNOWN, f"The groups of {user.name} could not be read.")
        return done_if((call.text("GroupName") in user.groups) == member)

    return see


def _look_deleted(
    read: Callable[[EntityReader, Call], Reading[Any]], id_of: Callable[[Any], str], parameter: str
) -> Look:
    """Return a function that checks whether the credential with the ID in ``parameter`` is deleted."""

    def look(call: Call, reader: EntityReader) -> Seen:
        reading = read(reader, call)
        if reading.unreadable:
            return unread(reading)
        return done_if(call.text(parameter) not in {id_of(each) for each in reading.value or ()})

    return look


def _look_login_profile(call: Call, reader: EntityReader) -> Seen:
    password = reader.login_profile(call.text("UserName"))
    return unread(password) if password.unreadable else done_if(not password.found)


def _look_certificate(call: Call, reader: EntityReader) -> Seen:
    certificate = reader.server_certificate(call.text("ServerCertificateName"))
    return unread(certificate) if certificate.unreadable else done_if(not certificate.found)


def _look_key_status(call: Call, reader: EntityReader) -> Seen:
    keys = reader.access_keys(call.text("UserName"))
    if keys.unreadable:
        return unread(keys)
    key = next((each for each in keys.value or () if each.id == call.text("AccessKeyId")), None)
    if key is None:
        return Seen(State.OTHER, f"The access key {call.text('AccessKeyId')} no longer exists.")
    return done_if(key.active == (call.text("Status") == "Active"))


def _other_status(call: Call, held: Existing, index: int) -> Call:
    key, user = call.text("AccessKeyId"), call.text("UserName")
    status, verb = ("Active", "Activate") if call.text("Status") == "Inactive" else ("Inactive", "Deactivate")
    why = f"{verb} the access key {key} of {user} again."
    return inverse(call, "UpdateAccessKey", why, UserName=user, AccessKeyId=key, Status=status)


_look_mfa_device = _look_deleted(
    lambda reader, call: reader.mfa_devices(call.text("UserName") or None), lambda each: each.serial, "SerialNumber"
)


def _credential(name: str, parameter: str) -> Operation:
    look = _look_deleted(
        lambda reader, call: reader.credentials(call.text("UserName")), lambda each: each.id, parameter
    )
    return Operation(name, {"UserName": ParameterKind.TEXT, parameter: ParameterKind.TEXT}, look)


_MEMBERSHIP = {"GroupName": ParameterKind.TEXT, "UserName": ParameterKind.TEXT}

OPERATIONS = (
    Operation(
        "CreateUser",
        {
            "Path": ParameterKind.TEXT,
            "UserName": ParameterKind.TEXT,
            "PermissionsBoundary": ParameterKind.TEXT,
            "Tags": ParameterKind.TAGS,
        },
        look_at_holder(lambda call, user: DONE),
        _delete,
        optional=frozenset({"Path", "PermissionsBoundary", "Tags"}),
        creates="user",
        tag_action="iam:TagUser",
    ),
    Operation(
        "DeleteUser",
        {"UserName": ParameterKind.TEXT},
        look_at_holder(lambda call, user: NOT_DONE, gone=True),
        _create_again,
        deletes="user",
        undo_note=NEW_ID.replace("The role", "The user"),
    ),
    *inline_policies("User"),
    *attached_policies("User"),
    *permissions_boundary("User"),
    *tags("User"),
    Operation(
        "AddUserToGroup",
        _MEMBERSHIP,
        look_at_holder(_see_member(True)),
        _remove_from_group,
        {"user": adds("group", "GroupName")},
    ),
    Operation(
        "RemoveUserFromGroup",
        _MEMBERSHIP,
        look_at_holder(_see_member(False), gone=True),
        _add_to_group,
        {"user": removes("group", "GroupName")},
    ),
    Operation("DeleteLoginProfile", {"UserName": ParameterKind.TEXT}, _look_login_profile),
    Operation(
        "UpdateAccessKey",
        {"UserName": ParameterKind.TEXT, "AccessKeyId": ParameterKind.TEXT, "Status": ParameterKind.TEXT},
        _look_key_status,
        _other_status,
    ),
    Operation(
        "DeleteAccessKey",
        {"UserName": ParameterKind.TEXT, "AccessKeyId": ParameterKind.TEXT},
        _look_deleted(
            lambda reader, call: reader.access_keys(call.text("UserName")), lambda each: each.id, "AccessKeyId"
        ),
    ),
    Operation(
        "DeactivateMFADevice", {"UserName": ParameterKind.TEXT, "SerialNumber": ParameterKind.TEXT}, _look_mfa_device
    ),
    Operation("DeleteVirtualMFADevice", {"SerialNumber": ParameterKind.TEXT}, _look_mfa_device),
    _credential("DeleteSigningCertificate", "CertificateId"),
    _credential("DeleteSSHPublicKey", "SSHPublicKeyId"),
    _credential("DeleteServiceSpecificCredential", "ServiceSpecificCredentialId"),
    Operation("DeleteServerCertificate", {"ServerCertificateName": ParameterKind.TEXT}, _look_certificate),
)
