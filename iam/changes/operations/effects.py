"""What AWS says of a write call's effect: is it there already, not yet, or is something else there.

This is how a call whose outcome nobody saw (a lost terminal, a killed process) is settled, and how a plan is verified.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from iam.account import Group, InstanceProfile, ManagedPolicy, OIDCProvider, Role, User
from iam.changes.compare import same_document
from iam.changes.plan import Call
from iam.sources.reader import AccessKey, Credential, LoginProfile, MfaDevice, Reading, ServerCertificate

T = TypeVar("T")


class EntityReader(Protocol):
    """The part of an account's reader that looking takes."""

    def role(self, name: str) -> Reading[Role]: ...
    def user(self, name: str) -> Reading[User]: ...
    def group(self, name: str) -> Reading[Group]: ...
    def instance_profile(self, name: str) -> Reading[InstanceProfile]: ...
    def managed_policy(self, arn: str) -> Reading[ManagedPolicy]: ...
    def oidc_provider(self, arn: str) -> Reading[OIDCProvider]: ...
    def login_profile(self, user: str) -> Reading[LoginProfile]: ...
    def access_keys(self, user: str) -> Reading[tuple[AccessKey, ...]]: ...
    def mfa_devices(self, user: str | None = None) -> Reading[tuple[MfaDevice, ...]]: ...
    def credentials(self, user: str) -> Reading[tuple[Credential, ...]]: ...
    def server_certificate(self, name: str) -> Reading[ServerCertificate]: ...


class Once:
    """Reads each entity once: for looking at many calls at one moment."""

    def __init__(self, reader: EntityReader) -> None:
        self._reader = reader
        self._read: dict[tuple[str, str], Any] = {}

    def _ask(self, question: Callable[[str], Reading[T]], name: str) -> Reading[T]:
        key = (question.__name__, name)
        if key not in self._read:
            self._read[key] = question(name)
        answer: Reading[T] = self._read[key]
        return answer

    def role(self, name: str) -> Reading[Role]:
        return self._ask(self._reader.role, name)

    def user(self, name: str) -> Reading[User]:
        return self._ask(self._reader.user, name)

    def group(self, name: str) -> Reading[Group]:
        return self._ask(self._reader.group, name)

    def instance_profile(self, name: str) -> Reading[InstanceProfile]:
        return self._ask(self._reader.instance_profile, name)

    def managed_policy(self, arn: str) -> Reading[ManagedPolicy]:
        return self._ask(self._reader.managed_policy, arn)

    def oidc_provider(self, arn: str) -> Reading[OIDCProvider]:
        return self._ask(self._reader.oidc_provider, arn)

    def login_profile(self, user: str) -> Reading[LoginProfile]:
        return self._ask(self._reader.login_profile, user)

    def access_keys(self, user: str) -> Reading[tuple[AccessKey, ...]]:
        return self._ask(self._reader.access_keys, user)

    def mfa_devices(self, user: str | None = None) -> Reading[tuple[MfaDevice, ...]]:
        return self._ask(lambda name: self._reader.mfa_devices(name or None), user or "")

    def credentials(self, user: str) -> Reading[tuple[Credential, ...]]:
        return self._ask(self._reader.credentials, user)

    def server_certificate(self, name: str) -> Reading[ServerCertificate]:
        return self._ask(self._reader.server_certificate, name)


class State(StrEnum):
    """``OTHER``: something with the same name is there that this call did not make, or not like this."""

    DONE = "done"
    NOT_DONE = "not-done"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look found. ``what`` is a sentence for ``OTHER`` and ``UNKNOWN``; ``answer`` is what the call would have
    answered, where it is done already (`iam.changes.plan.KEPT_OF_ANSWERS`)."""

    state: State
    what: str = ""
    answer: Mapping[str, str] = field(default_factory=dict)


_DONE, _NOT_DONE = Seen(State.DONE), Seen(State.NOT_DONE)


def look(call: Call, reader: EntityReader) -> Seen:
    """Whether the effect of ``call`` is there. Its parameters must be resolved. Makes only read calls."""
    operation = call.operation
    if operation in _ROLE_LOOKS or operation == "CreateRole" or operation == "DeleteRole":
        return _role(call, reader)
    if "InstanceProfile" in operation:
        return _profile(call, reader)
    if operation in ("CreatePolicy", "DeletePolicy", "SetDefaultPolicyVersion") or operation.endswith("PolicyVersion"):
        return _policy(call, reader)
    if "OpenIDConnectProvider" in operation:
        return _provider(call, reader)
    if operation in _PARTS or operation in ("DeleteVirtualMFADevice", "DeleteServerCertificate"):
        return _part(call, reader)
    if operation in ("CreateUser", "DeleteUser", "CreateGroup", "DeleteGroup"):
        there = reader.user(call.text("UserName")) if call.text("UserName") else reader.group(call.text("GroupName"))
        return _unread(there) if there.unreadable else _if(there.found == operation.startswith("Create"))
    if call.text("UserName"):
        return _holder(call, reader.user(call.text("UserName")), "user")
    if call.text("GroupName"):
        return _holder(call, reader.group(call.text("GroupName")), "group")
    return Seen(State.UNKNOWN, f"There is no way to see whether {operation} was done.")


def _unread(reading: Reading[Any]) -> Seen:
    return Seen(State.UNKNOWN, reading.why)


def _if(done: bool) -> Seen:
    return _DONE if done else _NOT_DONE


_ROLE_LOOKS = frozenset(
    {
        "UpdateRole",
        "UpdateAssumeRolePolicy",
        "PutRolePolicy",
        "DeleteRolePolicy",
        "AttachRolePolicy",
        "DetachRolePolicy",
        "PutRolePermissionsBoundary",
        "DeleteRolePermissionsBoundary",
        "TagRole",
        "UntagRole",
    }
)
_TAKING_AWAY = ("Delete", "Detach", "Untag", "Remove")


def _role(call: Call, reader: EntityReader) -> Seen:
    name = call.text("RoleName")
    reading = reader.role(name)
    if reading.unreadable:
        return _unread(reading)
    role = reading.value
    if call.operation == "DeleteRole":
        return _if(role is None)
    if call.operation != "CreateRole":
        return _holder(call, reading, "role")
    if role is None:
        return _NOT_DONE
    differences = role_differences(role, call)
    if differences:
        return Seen(State.OTHER, f"A role {role.name} is there, and its {', '.join(differences)} is not this plan's.")
    return Seen(State.DONE, answer={"Role.Arn": role.arn, "Role.RoleId": role.id})


def role_differences(role: Role, call: Call) -> tuple[str, ...]:
    """What of a role is not as a CreateRole call would have made it, in words. Unread parts are not compared."""
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


def _holder(call: Call, reading: Reading[Role] | Reading[User] | Reading[Group], word: str) -> Seen:
    """Policies, boundary, tags and the like of a role, user or group."""
    if reading.unreadable:
        return _unread(reading)
    holder = reading.value
    operation = call.operation.replace(word.capitalize(), "")
    if holder is None:
        return _if(operation.startswith(_TAKING_AWAY))
    match operation:
        case "PutPolicy" | "DeletePolicy":
            if holder.inline is None:
                return Seen(State.UNKNOWN, f"The inline policies of {holder.name} could not be read.")
            held = next((each for each in holder.inline if each.name == call.text("PolicyName")), None)
            if operation == "DeletePolicy":
                return _if(held is None)
            return _if(held is not None and same_document(held.document, call.text("PolicyDocument")))
        case "AttachPolicy" | "DetachPolicy":
            if holder.attached is None:
                return Seen(State.UNKNOWN, f"The policies attached to {holder.name} could not be read.")
            attached = call.text("PolicyArn") in {each.arn for each in holder.attached}
            return _if(attached == (operation == "AttachPolicy"))
        case "AddToGroup" | "RemoveFromGroup":
            groups = holder.groups if isinstance(holder, User) else None
            if groups is None:
                return Seen(State.UNKNOWN, f"The groups of {holder.name} could not be read.")
            return _if((call.text("GroupName") in groups) == operation.startswith("Add"))
    if isinstance(holder, Group):
        return Seen(State.UNKNOWN, f"There is no way to see whether {call.operation} was done.")
    return _attributes(call, holder, operation)


def _attributes(call: Call, holder: Role | User, operation: str) -> Seen:
    if operation in ("Tag", "Untag", "PutPermissionsBoundary", "DeletePermissionsBoundary"):
        if holder.tags is None:  # boundary and tags come with the same read
            return Seen(State.UNKNOWN, f"The tags and the boundary of {holder.name} could not be read.")
        tags = holder.tags
        match operation:
            case "Tag":
                return _if(all(tags.get(key) == value for key, value in call.parameters["Tags"].items()))
            case "Untag":
                return _if(not any(key in tags for key in call.parameters["TagKeys"]))
            case "PutPermissionsBoundary":
                return _if(holder.boundary_arn == call.text("PermissionsBoundary"))
        return _if(holder.boundary_arn is None)
    if isinstance(holder, Role) and operation == "UpdateAssumePolicy":
        if holder.trust is None:
            return Seen(State.UNKNOWN, f"The trust policy of {holder.name} could not be read.")
        return _if(same_document(holder.trust, call.text("PolicyDocument")))
    if isinstance(holder, Role) and operation == "Update":
        description = call.parameters.get("Description")
        seconds = call.parameters.get("MaxSessionDuration")
        return _if(
            (description is None or (holder.description or "") == description)
            and (seconds is None or holder.max_session_seconds == seconds)
        )
    return Seen(State.UNKNOWN, f"There is no way to see whether {call.operation} was done.")


def _profile(call: Call, reader: EntityReader) -> Seen:
    name, role = call.text("InstanceProfileName"), call.text("RoleName")
    reading = reader.instance_profile(name)
    if reading.unreadable:
        return _unread(reading)
    profile = reading.value
    match call.operation:
        case "CreateInstanceProfile":
            if profile is None:
                return _NOT_DONE
            if profile.path != (call.text("Path") or "/"):
                return Seen(State.OTHER, f"An instance profile {profile.name} is there, at another path.")
            return _DONE
        case "DeleteInstanceProfile":
            return _if(profile is None)
        case "RemoveRoleFromInstanceProfile":
            return _if(profile is None or role not in profile.roles)
    if profile is None or not profile.roles:
        return _NOT_DONE
    if role in profile.roles:
        return _DONE
    return Seen(State.OTHER, f"The instance profile {profile.name} holds the role {profile.roles[0]}.")


def _policy(call: Call, reader: EntityReader) -> Seen:
    arn = call.text("PolicyArn") or call.target
    reading = reader.managed_policy(arn)
    if reading.unreadable:
        return _unread(reading)
    policy = reading.value
    match call.operation:
        case "DeletePolicy":
            return _if(policy is None)
        case "DeletePolicyVersion":
            return _if(policy is None or call.text("VersionId") not in {each.id for each in policy.versions})
    if policy is None:
        return _NOT_DONE
    if call.operation == "SetDefaultPolicyVersion":
        return _if(policy.default_version_id == call.text("VersionId"))
    if call.operation == "CreatePolicy":
        if same_document(policy.document, call.text("PolicyDocument")):
            return Seen(State.DONE, answer={"Policy.Arn": policy.arn})
        return Seen(State.OTHER, f"A policy {policy.name} is there, with another document.")
    return _version(call, policy)


def _version(call: Call, policy: ManagedPolicy) -> Seen:
    for version in policy.versions:
        if same_document(version.document, call.text("PolicyDocument")):
            return Seen(State.DONE, answer={"PolicyVersion.VersionId": version.id})
    return _NOT_DONE


# What deleting a user takes away one by one: where it is asked for, and which parameter is its ID.
_PARTS = {
    "DeleteLoginProfile": "",
    "DeleteAccessKey": "AccessKeyId",
    "DeactivateMFADevice": "SerialNumber",
    "DeleteSigningCertificate": "CertificateId",
    "DeleteSSHPublicKey": "SSHPublicKeyId",
    "DeleteServiceSpecificCredential": "ServiceSpecificCredentialId",
}


def _part(call: Call, reader: EntityReader) -> Seen:
    """A credential or a certificate that is deleted: by its ID among those that are there."""
    user, id = call.text("UserName"), call.text(_PARTS.get(call.operation, ""))
    reading: Reading[Any]
    match call.operation:
        case "DeleteLoginProfile":
            reading, left = (password := reader.login_profile(user)), password.found
        case "DeleteServerCertificate":
            name = call.text("ServerCertificateName")
            reading, left = (certificate := reader.server_certificate(name)), certificate.found
        case "DeleteAccessKey":
            reading = keys = reader.access_keys(user)
            left = id in {each.id for each in keys.value or ()}
        case "DeactivateMFADevice" | "DeleteVirtualMFADevice":
            reading = devices = reader.mfa_devices(user or None)
            left = call.text("SerialNumber") in {each.serial for each in devices.value or ()}
        case _:
            reading = held = reader.credentials(user)
            left = id in {each.id for each in held.value or ()}
    return _unread(reading) if reading.unreadable else _if(not left)


def _provider(call: Call, reader: EntityReader) -> Seen:
    reading = reader.oidc_provider(call.text("OpenIDConnectProviderArn") or call.target)
    if reading.unreadable:
        return _unread(reading)
    provider = reading.value
    if call.operation == "CreateOpenIDConnectProvider":
        return _if(provider is not None)
    if call.operation == "DeleteOpenIDConnectProvider":
        return _if(provider is None)
    adding = call.operation.startswith("Add")
    if provider is None:
        return _if(not adding)
    if provider.client_ids is None:
        return Seen(State.UNKNOWN, f"The audiences of {provider.url} could not be read.")
    return _if((call.text("ClientID") in provider.client_ids) == adding)
