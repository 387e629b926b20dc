"""One write call as a record: all that the program knows about the operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from iam.account import Group, InstanceAssociation, InstanceProfile, ManagedPolicy, Role, User
from iam.changes.call import Call
from iam.changes.entity_facts import Entity
from iam.changes.operations.seen import EntityReader, Seen


class ParameterKind(StrEnum):
    """How a parameter's value is spelled.

    ``DOCUMENT`` is a policy's JSON text, ``TAGS`` a mapping of texts, ``PROFILE`` an instance profile's name, which EC2
    takes as a structure.
    """

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    LIST = "list"
    TAGS = "tags"
    DOCUMENT = "document"
    PROFILE = "instance profile"


@dataclass(frozen=True, slots=True)
class Existing:
    """What a call finds: the entity that it changes, None where there is none yet."""

    holder: Role | User | Group | None = None
    profile: InstanceProfile | None = None
    policy: ManagedPolicy | None = None
    association: InstanceAssociation | None = None

    @property
    def entities(self) -> tuple[Entity, ...]:
        found = (self.holder, self.profile, self.policy, self.association)
        return tuple(each for each in found if each is not None)


Parts = dict[str, dict[str, str] | None]
"""An entity's facts while calls change them (`iam.changes.entity_facts.EntityFacts.parts`)."""
Look = Callable[[Call, EntityReader], Seen]
Undo = Callable[[Call, Existing, int], Call | None]
Effect = Callable[[Call, Parts], None]


def no_undo(call: Call, held: Existing, index: int) -> Call | None:
    return None


@dataclass(frozen=True, slots=True)
class Operation:
    """``look`` says whether the call's effect is there.

    ``undo`` makes the call that undoes it from what was there before and the call's index in its plan; None where
    nothing does.

    ``effects`` are, by kind of entity (`EntityFacts.kind`), what the call makes of its facts; ``creates`` and
    ``deletes`` name such a kind. ``tag_action`` is the permission that tags in the call need besides, ``passes_to``
    the service that the call passes a role to. ``trust`` is the parameter that is a trust policy. ``undo_note`` is
    what the undo does not bring back. ``takes_rights``: a role may have less after the call.
    """

    name: str
    parameters: Mapping[str, ParameterKind]
    look: Look
    undo: Undo = no_undo
    effects: Mapping[str, Effect] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    creates: str = ""
    deletes: str = ""
    tag_action: str = ""
    passes_to: str = ""
    trust: str = ""
    undo_note: str = ""
    takes_rights: bool = False
    service: str = "iam"

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(name for name in self.parameters if name not in self.optional)


def inverse(call: Call, operation: str, why: str, **parameters: object) -> Call:
    """A call that undoes ``call``, on the same target."""
    return Call(operation, parameters, why, call.target, service=call.service)


def put(parts: Parts, part: str, value: str, name: str = "") -> None:
    """Set a value of a part, unless the part is unread."""
    values = parts.get(part)
    if values is not None:
        values[name] = value


def take(parts: Parts, part: str, name: str = "") -> None:
    """Remove a value of a part, unless the part is unread."""
    values = parts.get(part)
    if values is not None:
        values.pop(name, None)


def adds(part: str, parameter: str) -> Effect:
    """The effect of adding the name that ``parameter`` gives to a part."""
    return lambda call, parts: put(parts, part, "", call.text(parameter))


def removes(part: str, parameter: str = "") -> Effect:
    """The effect of removing the name that ``parameter`` gives from a part, or its only value."""
    return lambda call, parts: take(parts, part, call.text(parameter) if parameter else "")
