"""Plans that delete users, groups, MFA devices and server certificates, after removing everything that depends on them.

IAM does not delete a user that still has any of these (IAM API reference, DeleteUser): password, access keys, MFA
devices, signing certificates, SSH keys, service-specific credentials, inline and attached policies, groups.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from iam.account import Account, Group, User
from iam.arn import name_of
from iam.changes.operations.undo import Existing, with_undo
from iam.changes.plan import Call, Plan, PlanError, make_plan
from iam.sources.reader.entities import AccessKey, Credential, MfaDevice, ServerCertificate

NO_SECRET = "A secret cannot be restored, because AWS shows it only once: its owner needs a new secret."

# For each kind of `Credential`: the call that deletes it, its ID's parameter, and its usual name.
_CREDENTIALS = {
    "signing-certificate": ("DeleteSigningCertificate", "CertificateId", "signing certificate"),
    "ssh-key": ("DeleteSSHPublicKey", "SSHPublicKeyId", "SSH key"),
    "service-credential": (
        "DeleteServiceSpecificCredential",
        "ServiceSpecificCredentialId",
        "service credential",
    ),
}


@dataclass(frozen=True, slots=True)
class SignIn:
    """All credentials of a user, read completely."""

    password: bool = False
    keys: tuple[AccessKey, ...] = ()
    devices: tuple[MfaDevice, ...] = ()
    credentials: tuple[Credential, ...] = ()


def delete_user(user: User, sign_in: SignIn, account: Account, *, warnings: Iterable[str] = ()) -> Plan:
    """Return a plan that deletes a user and everything that depends on the user.

    ``user`` and ``sign_in`` must have been read completely just now. Raises `PlanError`.
    """
    if user.attached is None or user.inline is None or user.groups is None:
        raise PlanError(
            f"A plan to delete {user.name} would be incomplete: the items that depend on {user.name} could not be read."
        )
    name = {"UserName": user.name}
    calls = [
        *_sign_in_calls(user, sign_in),
        *_policy_calls(user, "User"),
        *(
            Call("RemoveUserFromGroup", {"GroupName": each, **name}, f"Remove {user.name} from {each}.", user.arn)
            for each in user.groups
        ),
        Call("DeleteUser", name, f"Delete the user {user.name}.", user.arn),
    ]
    lost = [
        *(["its password"] if sign_in.password else []),
        *([f"the access keys {', '.join(each.id for each in sign_in.keys)}"] if sign_in.keys else []),
        *(f"the MFA device {name_of(each.serial)}" for each in sign_in.devices),
        *(f"the {_CREDENTIALS[each.kind][2]} {each.id}" for each in sign_in.credentials),
    ]
    gone = f"Permanently lost, even after a roll-back: {'; '.join(lost)}." if lost else ""
    return _plan(f"delete user {user.name}", user.name, user.arn, calls, Existing(user), account, [gone, *warnings])


def _sign_in_calls(user: User, sign_in: SignIn) -> Iterator[Call]:
    name = {"UserName": user.name}
    if sign_in.password:
        why = f"Delete the password of {user.name}."
        yield Call("DeleteLoginProfile", name, why, user.arn, undo_note=NO_SECRET)
    for key in sign_in.keys:
        why = f"Delete the {'' if key.active else 'inactive '}access key {key.id} of {user.name}."
        caution = f"From then on, AWS refuses programs that use {key.id}." if key.active else ""
        given = {**name, "AccessKeyId": key.id}
        yield Call("DeleteAccessKey", given, why, user.arn, undo_note=NO_SECRET, caution=caution)
    for device in sign_in.devices:
        yield from _device_calls(device.serial, user.name, user.arn)
    for each in sign_in.credentials:
        operation, parameter, word = _CREDENTIALS[each.kind]
        why = f"Delete the {word} {each.id} of {user.name}."
        yield Call(operation, {**name, parameter: each.id}, why, user.arn, undo_note=NO_SECRET)


def _device_calls(serial: str, user: str | None, user_arn: str) -> Iterator[Call]:
    """Yield the calls that remove an MFA device from its user, and delete it if it is virtual.

    The serial number of a virtual device is an ARN.
    """
    note = "The seed exists only on the device: register the device again."
    if user:
        why = f"Remove the MFA device {name_of(serial)} from {user}."
        given = {"UserName": user, "SerialNumber": serial}
        yield Call("DeactivateMFADevice", given, why, user_arn, undo_note=note)
    if serial.startswith("arn:"):
        why = f"Delete the virtual MFA device {name_of(serial)}."
        yield Call("DeleteVirtualMFADevice", {"SerialNumber": serial}, why, serial, undo_note=note)


def _policy_calls(holder: User | Group, word: str) -> Iterator[Call]:
    name = {f"{word}Name": holder.name}
    for policy in holder.attached or ():
        why = f"Detach {policy.name} from {holder.name}."
        yield Call(f"Detach{word}Policy", {**name, "PolicyArn": policy.arn}, why, holder.arn)
    for inline in holder.inline or ():
        why = f"Delete the inline policy {inline.name} of {holder.name}."
        yield Call(f"Delete{word}Policy", {**name, "PolicyName": inline.name}, why, holder.arn)


def delete_group(group: Group, account: Account, *, warnings: Iterable[str] = ()) -> Plan:
    """Return a plan that deletes a group but not its members. Raises `PlanError` if the members could not be read."""
    if group.attached is None or group.inline is None:
        raise PlanError(
            f"A plan to delete {group.name} would be incomplete: the items that depend on {group.name} could not be "
            "read."
        )
    if account.users is None or "users" in account.incomplete or any(user.groups is None for user in account.users):
        raise PlanError(f"The members of the group {group.name} could not be read.")
    members = [user for user in account.users if group.name in (user.groups or ())]
    calls = [
        *(
            Call(
                "RemoveUserFromGroup",
                {"GroupName": group.name, "UserName": user.name},
                f"Remove {user.name} from {group.name}.",
                user.arn,
                caution=f"{user.name} loses the permissions that {group.name} gives.",
            )
            for user in members
        ),
        *_policy_calls(group, "Group"),
        Call("DeleteGroup", {"GroupName": group.name}, f"Delete the group {group.name}.", group.arn),
    ]
    return _plan(f"delete group {group.name}", group.name, group.arn, calls, Existing(group), account, warnings)


def delete_device(device: MfaDevice, account: Account, *, warnings: Iterable[str] = ()) -> Plan:
    name = name_of(device.serial)
    target = f"arn:{account.partition}:iam::{account.id}:user/{device.user}" if device.user else device.serial
    calls = list(_device_calls(device.serial, device.user, target))
    used = f"From then on, {device.user} signs in without a second factor, or not at all." if device.user else ""
    return _plan(f"delete MFA device {name}", name, device.serial, calls, Existing(), account, [used, *warnings])


def delete_certificate(certificate: ServerCertificate, account: Account, *, warnings: Iterable[str] = ()) -> Plan:
    given = {"ServerCertificateName": certificate.name}
    note = "The private key cannot be read: only somebody who has the key and the certificate can upload them again."
    why = f"Delete the server certificate {certificate.name}."
    call = Call("DeleteServerCertificate", given, why, certificate.arn, undo_note=note)
    title = f"delete server certificate {certificate.name}"
    return _plan(title, certificate.name, certificate.arn, [call], Existing(), account, warnings)


def _plan(
    title: str,
    name: str,
    target: str,
    calls: Iterable[Call],
    held: Existing,
    account: Account,
    warnings: Iterable[str],
) -> Plan:
    listed = [with_undo(call, held) for call in calls]
    sentence = f"{title[0].upper()}{title[1:]} and what depends on it, in {len(listed)} calls."
    return make_plan(
        title,
        sentence,
        listed,
        kind="delete-entity",
        target=target,
        account_id=account.id,
        type_name=name,
        warnings=[each for each in warnings if each],
        found=held.entities,
    )
