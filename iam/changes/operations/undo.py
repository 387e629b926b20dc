"""The call that takes another back, worked out from what is there before it is made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from iam.account import Group, InstanceProfile, ManagedPolicy, Role, User
from iam.arn import name_of
from iam.changes.entity_facts import Entity
from iam.changes.plan import Answer, Call

NEW_ID = (
    "The role would get a new unique ID: trust policies, key grants and resource policies that named the old one have "
    "to be saved again."
)


_NEW_IDS = {
    "DeleteRole": NEW_ID,
    "DeleteUser": NEW_ID.replace("The role", "The user"),
    "DeleteGroup": "The group would get a new unique ID.",
}


@dataclass(frozen=True, slots=True)
class Held:
    """What a call finds: the entity that it changes, None where there is none yet."""

    holder: Role | User | Group | None = None
    profile: InstanceProfile | None = None
    policy: ManagedPolicy | None = None

    @property
    def entities(self) -> tuple[Entity, ...]:
        return tuple(each for each in (self.holder, self.profile, self.policy) if each is not None)


NOTHING = Held()

# IAM shows a deleted principal of a trust policy by its unique ID, and refuses to save it so.
_ORPHAN = re.compile(r'"A(?:ROA|IDA)[A-Z0-9]{8,}"')


def with_undo(call: Call, held: Held = NOTHING, *, index: int = 0) -> Call:
    """The call with its undo. ``index`` is its place in the plan, for what only its answer tells."""
    undo = undo_of(call, held, index)
    if undo is not None and _ORPHAN.search(undo.text("PolicyDocument") + undo.text("AssumeRolePolicyDocument")):
        note = "IAM takes the former trust policy no more: it names a principal that was deleted."
        return replace(call, undo_note=note)
    if undo is None:
        return replace(call, undo_note=call.undo_note or "Nothing takes this back.")
    note = _NEW_IDS.get(call.operation, call.undo_note)
    if call.operation == "DeleteInstanceProfile" and (held.profile is None or held.profile.tags is None):
        note = "The tags of the instance profile are unknown, and do not come back."
    return replace(call, undo=undo, undo_note=note)


def undo_of(call: Call, held: Held, index: int) -> Call | None:
    """None where nothing takes the call back, or what it takes for that is not known."""
    make = _OTHERS.get(call.operation)
    if make is not None:
        return make(call, held, index)
    if call.operation == "DeleteRole":
        return _create_role(call, held.holder)
    word = next((word for word in ("Role", "User", "Group") if call.text(f"{word}Name")), None)
    return None if word is None else _of_holder(call, held.holder, word)


def _make(call: Call, operation: str, why: str, **parameters: object) -> Call:
    return Call(operation, parameters, why, call.target)


def _of_holder(call: Call, holder: Role | User | Group | None, word: str) -> Call | None:
    name = {f"{word}Name": call.text(f"{word}Name")}
    whose = call.text(f"{word}Name")
    policy, arn = call.text("PolicyName"), call.text("PolicyArn")
    old = next((each for each in (holder.inline if holder else None) or () if each.name == policy), None)
    match call.operation.replace(word, ""):
        case "Create":
            return _make(call, f"Delete{word}", f"Delete the {word.lower()} {whose} again.", **name)
        case "Delete" if isinstance(holder, User | Group):
            given: dict[str, object] = {"Path": holder.path, **name}
            if isinstance(holder, User):
                given |= {"PermissionsBoundary": holder.boundary_arn} if holder.boundary_arn else {}
                given |= {"Tags": dict(holder.tags)} if holder.tags else {}
            return _make(
                call, f"Create{word}", f"Create the {word.lower()} {whose} again, with path and tags.", **given
            )
        case "PutPolicy" | "DeletePolicy" if old is not None:
            why = f"Put the inline policy {policy} of {whose} back as it was."
            document = old.document.stored
            return _make(call, f"Put{word}Policy", why, **name, PolicyName=policy, PolicyDocument=document)
        case "PutPolicy":
            why = f"Take the inline policy {policy} from {whose} again."
            return _make(call, f"Delete{word}Policy", why, **name, PolicyName=policy)
        case "AttachPolicy":
            return _make(call, f"Detach{word}Policy", f"Detach {_last(arn)} from {whose} again.", **name, PolicyArn=arn)
        case "DetachPolicy":
            return _make(call, f"Attach{word}Policy", f"Attach {_last(arn)} to {whose} again.", **name, PolicyArn=arn)
    if isinstance(holder, Role | User):
        return _attributes(call, holder, word, name)
    return None


def _attributes(call: Call, holder: Role | User, word: str, name: Mapping[str, str]) -> Call | None:
    operation = call.operation
    if operation.endswith("PermissionsBoundary"):
        if holder.boundary_arn is None:
            why = f"Take the permissions boundary from {holder.name} again."
            return _make(call, f"Delete{word}PermissionsBoundary", why, **name)
        why = f"Give {holder.name} its former boundary {_last(holder.boundary_arn)} back."
        return _make(call, f"Put{word}PermissionsBoundary", why, **name, PermissionsBoundary=holder.boundary_arn)
    tags = holder.tags or {}
    if operation == f"Tag{word}":
        new = tuple(key for key in call.parameters["Tags"] if key not in tags)
        if new:
            return _make(call, f"Untag{word}", f"Take the new tags from {holder.name} again.", **name, TagKeys=new)
        before = {key: tags[key] for key in call.parameters["Tags"]}
        return _make(call, f"Tag{word}", f"Give the tags of {holder.name} their former values.", **name, Tags=before)
    if operation == f"Untag{word}":
        before = {key: tags[key] for key in call.parameters["TagKeys"] if key in tags}
        return _make(call, f"Tag{word}", f"Give {holder.name} its tags back.", **name, Tags=before) if before else None
    if isinstance(holder, Role) and operation == "UpdateAssumeRolePolicy" and holder.trust is not None:
        why = f"Put the former trust policy of {holder.name} back."
        return _make(call, operation, why, **name, PolicyDocument=holder.trust.stored)
    if isinstance(holder, Role) and operation == "UpdateRole":
        former = whole_update(_make(call, operation, "", **name), holder)
        return replace(former, why=f"Give {holder.name} its former description and session length.")
    return None


def whole_update(call: Call, role: Role) -> Call:
    """An UpdateRole with what it leaves as it is, too: IAM sets a session length that is not sent back to one hour
    (API reference, UpdateRole). Of a service-linked role the description alone can be changed."""
    parameters: dict[str, object] = {"Description": role.description or ""}
    if not role.service_linked:
        parameters["MaxSessionDuration"] = role.max_session_seconds or 3600
    return replace(call, parameters={**parameters, **call.parameters})


def _create_role(call: Call, holder: object) -> Call | None:
    """A role as it was, without its policies: those come back by the undo of the calls that took them."""
    if not isinstance(holder, Role) or holder.trust is None:
        return None
    parameters: dict[str, object] = {
        "Path": holder.path,
        "RoleName": holder.name,
        "AssumeRolePolicyDocument": holder.trust.stored,
        "MaxSessionDuration": holder.max_session_seconds or 3600,
    }
    if holder.description:
        parameters["Description"] = holder.description
    if holder.boundary_arn:
        parameters["PermissionsBoundary"] = holder.boundary_arn
    if holder.tags:
        parameters["Tags"] = dict(holder.tags)
    return Call("CreateRole", parameters, f"Create the role {holder.name} as it was, with a new unique ID.", holder.arn)


def _add_user(call: Call, held: Held, index: int) -> Call:
    adding = call.operation.startswith("Remove")
    operation = "AddUserToGroup" if adding else "RemoveUserFromGroup"
    user, group = call.text("UserName"), call.text("GroupName")
    why = f"{'Put' if adding else 'Take'} {user} {'into' if adding else 'out of'} {group} again."
    return _make(call, operation, why, GroupName=group, UserName=user)


def _profile(call: Call, held: Held, index: int) -> Call | None:
    name, role = call.text("InstanceProfileName"), call.text("RoleName")
    match call.operation:
        case "CreateInstanceProfile":
            why = f"Delete the instance profile {name} again."
            return _make(call, "DeleteInstanceProfile", why, InstanceProfileName=name)
        case "AddRoleToInstanceProfile":
            why = f"Take {role} out of the instance profile {name} again."
            return _make(call, "RemoveRoleFromInstanceProfile", why, InstanceProfileName=name, RoleName=role)
        case "RemoveRoleFromInstanceProfile":
            why = f"Put {role} into the instance profile {name} again."
            return _make(call, "AddRoleToInstanceProfile", why, InstanceProfileName=name, RoleName=role)
    parameters: dict[str, object] = {"Path": held.profile.path if held.profile else "/"}
    if held.profile and held.profile.tags:
        parameters["Tags"] = dict(held.profile.tags)
    why = f"Create the instance profile {name} again, with a new unique ID."
    return _make(call, "CreateInstanceProfile", why, InstanceProfileName=name, **parameters)


def _policy(call: Call, held: Held, index: int) -> Call | None:
    arn = call.text("PolicyArn")
    if call.operation == "CreatePolicy":
        return _make(call, "DeletePolicy", f"Delete the policy {call.text('PolicyName')} again.", PolicyArn=call.target)
    name = _last(arn)
    if call.operation == "CreatePolicyVersion":
        version = Answer(index, "PolicyVersion.VersionId")
        why = f"Delete the new version of {name} again."
        return _make(call, "DeletePolicyVersion", why, PolicyArn=arn, VersionId=version)
    policy = held.policy
    if policy is None:
        return None
    if call.operation == "SetDefaultPolicyVersion" and policy.default_version_id:
        why = f"Make {policy.default_version_id} the default version of {name} again."
        return _make(call, call.operation, why, PolicyArn=arn, VersionId=policy.default_version_id)
    if call.operation == "DeletePolicyVersion":
        old = next((each for each in policy.versions if each.id == call.text("VersionId")), None)
        if old is not None:
            why = f"Save what {old.id} of {name} was as a version with a new number."
            return _make(call, "CreatePolicyVersion", why, PolicyArn=arn, PolicyDocument=old.document.stored)
    if call.operation == "DeletePolicy" and policy.document is not None:
        given: dict[str, object] = {"Description": policy.description} if policy.description else {}
        if policy.tags:
            given["Tags"] = dict(policy.tags)
        document = policy.document.stored
        why = f"Create the policy {name} as it was."
        return _make(
            call, "CreatePolicy", why, PolicyName=policy.name, Path=policy.path, PolicyDocument=document, **given
        )
    return None


def _provider(call: Call, held: Held, index: int) -> Call | None:
    arn, client = call.text("OpenIDConnectProviderArn"), call.text("ClientID")
    match call.operation:
        case "CreateOpenIDConnectProvider":
            why = f"Delete the provider {call.text('Url')} again."
            return _make(call, "DeleteOpenIDConnectProvider", why, OpenIDConnectProviderArn=call.target)
        case "AddClientIDToOpenIDConnectProvider":
            operation, why = "RemoveClientIDFromOpenIDConnectProvider", f"Take the audience {client} away again."
        case "RemoveClientIDFromOpenIDConnectProvider":
            operation, why = "AddClientIDToOpenIDConnectProvider", f"Add the audience {client} again."
        case _:
            return None
    return _make(call, operation, why, OpenIDConnectProviderArn=arn, ClientID=client)


_OTHERS = {
    "AddUserToGroup": _add_user,
    "RemoveUserFromGroup": _add_user,
    "CreateInstanceProfile": _profile,
    "DeleteInstanceProfile": _profile,
    "AddRoleToInstanceProfile": _profile,
    "RemoveRoleFromInstanceProfile": _profile,
    "CreatePolicy": _policy,
    "DeletePolicy": _policy,
    "CreatePolicyVersion": _policy,
    "DeletePolicyVersion": _policy,
    "SetDefaultPolicyVersion": _policy,
    "CreateOpenIDConnectProvider": _provider,
    "DeleteOpenIDConnectProvider": _provider,
    "AddClientIDToOpenIDConnectProvider": _provider,
    "RemoveClientIDFromOpenIDConnectProvider": _provider,
}


def _last(arn: str) -> str:
    return name_of(arn)
