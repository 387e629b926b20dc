"""The facts about an entity that a plan records, to detect changes by others.

Before the first call, the recorded facts are compared with the current state. At the end, the state then is compared
with the expected result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from iam.account import Group, InstanceProfile, ManagedPolicy, OIDCProvider, Role, User
from iam.arn import name_of
from iam.changes.compare import canonical
from iam.foreign_text import shortened
from iam.other_services import InstanceAssociation

Entity = Role | User | Group | InstanceProfile | ManagedPolicy | OIDCProvider | InstanceAssociation
Part = Mapping[str, str] | None
"""Values by name (a tag's key, a policy's name or ARN; "" if there is only one); None if they were not read."""

PROFILE_PART = "instance profile"

SHOWN = frozenset({"path", "description", "session length", "permissions boundary", "tag"})
"""The parts of an entity whose values are short enough for a sentence."""


@dataclass(frozen=True, slots=True)
class EntityFacts:
    """The facts about an entity.

    ``kind`` is the word for the kind of entity; ``name`` is its name in API calls: the ARN for policies, providers and
    instances.
    """

    kind: str
    name: str
    parts: Mapping[str, Part]

    def differences(self, now: EntityFacts, verb: str = "was") -> dict[tuple[str, str], str]:
        """Return phrases, by part and name, for how ``now`` differs from these facts.

        ``verb`` introduces the value in these facts (``was``). Parts that were not read for both are left out.
        """
        found = {}
        for part, values in self.parts.items():
            others = now.parts.get(part)
            if values is None or others is None:
                continue
            for name in dict.fromkeys((*values, *others)):
                if values.get(name) != others.get(name):
                    found[part, name] = _words(part, name, values.get(name), others.get(name), verb)
        return found

    def to_value(self) -> dict[str, Any]:
        parts = {part: None if values is None else dict(values) for part, values in self.parts.items()}
        return {"kind": self.kind, "name": self.name, "parts": parts}

    @classmethod
    def from_value(cls, value: Mapping[str, Any]) -> EntityFacts:
        parts = {
            str(part): None if values is None else {str(name): str(each) for name, each in values.items()}
            for part, values in value["parts"].items()
        }
        return cls(str(value["kind"]), str(value["name"]), parts)


def _words(part: str, name: str, was: str | None, is_: str | None, verb: str) -> str:
    what = f"{part} {shortened(name, 120)}" if name else part
    if was is None:
        return f"{what} is new"
    if is_ is None:
        return f"{what} is gone"
    return (
        f"{what} is “{shortened(is_)}”, and {verb} “{shortened(was)}”"
        if part in SHOWN
        else f"{what} is a different one"
    )


DOCUMENTED = ("inline policy", "attached policy")
"""The parts that contain policies. Each policy is read by a separate call."""


def facts_of(entity: Entity) -> EntityFacts:
    """Return the facts about an entity that was read."""
    match entity:
        case Role():
            return EntityFacts("role", entity.name, _role(entity))
        case User():
            groups = None if entity.groups is None else dict.fromkeys(entity.groups, "")
            return EntityFacts("user", entity.name, {**_holder(entity), **_attributes(entity), "group": groups})
        case Group():
            return EntityFacts("group", entity.name, _holder(entity))
        case InstanceProfile():
            parts = {"path": {"": entity.path}, "tag": entity.tags, "role": dict.fromkeys(entity.roles, "")}
            return EntityFacts("instance profile", entity.name, {**parts, "unique ID": _id(entity.id)})
        case ManagedPolicy():
            return EntityFacts("policy", entity.arn, _policy(entity))
        case InstanceAssociation():
            held = {name_of(entity.profile_arn): ""} if entity.profile_arn else {}
            return EntityFacts("instance", entity.arn, {PROFILE_PART: held})
        case OIDCProvider():
            audiences = None if entity.client_ids is None else dict.fromkeys(entity.client_ids, "")
            return EntityFacts("identity provider", entity.arn, {"audience": audiences})


def _role(role: Role) -> dict[str, Part]:
    profiles = role.instance_profiles
    # ListRoles and GetRole return the description and session length; GetAccountAuthorizationDetails does not.
    listed = role.max_session_seconds is not None
    return {
        **_holder(role),
        **_attributes(role),
        "trust policy": None if role.trust is None else {"": canonical(role.trust)},
        "description": _if_any(role.description) if listed else None,
        "session length": {"": str(role.max_session_seconds)} if listed else None,
        PROFILE_PART: None if profiles is None else dict.fromkeys(profiles, ""),
    }


def _holder(holder: Role | User | Group) -> dict[str, Part]:
    inline, attached = holder.inline, holder.attached
    return {
        "unique ID": _id(holder.id),
        "path": {"": holder.path},
        "inline policy": None if inline is None else {each.name: canonical(each.document) for each in inline},
        "attached policy": None if attached is None else {each.arn: "" for each in attached},
    }


def _attributes(holder: Role | User) -> dict[str, Part]:
    # Calls of IAM that return the tags also return the boundary.
    boundary = None if holder.tags is None else _if_any(holder.boundary_arn)
    return {"tag": holder.tags, "permissions boundary": boundary}


def _policy(policy: ManagedPolicy) -> dict[str, Part]:
    return {
        "unique ID": _id(policy.id),
        "tag": policy.tags,
        "default version": None if policy.document is None else {"": canonical(policy.document)},
    }


def _id(id: str) -> Part:
    return {"": id} if id else None


def _if_any(value: str | None) -> Part:
    return {"": value} if value else {}
