"""The type of the rows that describe write operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from iam.account import Group, InstanceProfile, ManagedPolicy, Role, User
from iam.changes.call import Call
from iam.changes.entity_facts import Entity
from iam.changes.operations.seen import EntityReader, Seen
from iam.other_services import InstanceAssociation


class ParameterKind(StrEnum):
    """The format of a parameter's value.

    ``DOCUMENT`` is a policy's JSON text, ``TAGS`` maps keys to values, ``PROFILE`` is the name of an instance profile;
    EC2 expects the name in a structure.
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
    """The existing entities that a call changes. A field is None if the entity does not exist or does not matter."""

    holder: Role | User | Group | None = None
    profile: InstanceProfile | None = None
    policy: ManagedPolicy | None = None
    association: InstanceAssociation | None = None

    @property
    def entities(self) -> tuple[Entity, ...]:
        found = (self.holder, self.profile, self.policy, self.association)
        return tuple(each for each in found if each is not None)


Parts = dict[str, dict[str, str] | None]
"""An entity's facts while they are modified, call by call (`iam.changes.entity_facts.EntityFacts.parts`)."""
Look = Callable[[Call, EntityReader], Seen]
Undo = Callable[[Call, Existing, int], Call | None]
Effect = Callable[[Call, Parts], None]


def no_undo(call: Call, held: Existing, index: int) -> Call | None:
    return None


@dataclass(frozen=True, slots=True)
class Operation:
    """A write operation.

    ``look`` checks whether the call's effect exists. ``undo`` returns the call that undoes it, from the previous state
    and the call's index in its plan; None if it cannot be undone. ``effects`` maps kinds of entities
    (`EntityFacts.kind`) to functions that change their facts; ``creates`` and ``deletes`` name such a kind.
    ``tag_action`` is the additional permission that a call with tags requires; ``passes_to`` is the service to which
    the call passes a role. ``trust`` is the parameter that contains a trust policy. ``undo_note`` says what the undo
    does not restore. ``takes_rights``: a role may have fewer permissions after the call.
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
    """Return a call with this operation that undoes ``call``, on the same target."""
    return Call(operation, parameters, why, call.target, service=call.service)


def put(parts: Parts, part: str, value: str, name: str = "") -> None:
    """Set a value in a part, unless the part was not read."""
    values = parts.get(part)
    if values is not None:
        values[name] = value


def take(parts: Parts, part: str, name: str = "") -> None:
    """Remove a value from a part, unless the part was not read."""
    values = parts.get(part)
    if values is not None:
        values.pop(name, None)


def adds(part: str, parameter: str) -> Effect:
    """Return an effect that adds the name in ``parameter`` to a part."""
    return lambda call, parts: put(parts, part, "", call.text(parameter))


def removes(part: str, parameter: str = "") -> Effect:
    """Return an effect that removes the name in ``parameter`` from a part.

    Without ``parameter``, it removes the part's only value.
    """
    return lambda call, parts: take(parts, part, call.text(parameter) if parameter else "")
