"""A recorded change as a value: which documents of an entity it changed, and what its success proves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """The kind of entity that a change concerns."""

    ROLE = "role"
    USER = "user"
    GROUP = "group"
    POLICY = "policy"
    RESOURCE = "resource"
    ENDPOINT = "vpc-endpoint"
    ORGANIZATION_POLICY = "organization-policy"
    TARGET = "organization-target"
    PERMISSION_SET = "permission-set"


HOLDERS = frozenset({Kind.ROLE, Kind.USER, Kind.GROUP})
"""The kinds of entities that have inline and attached policies."""


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity, identified as records identify it.

    ``name`` is the name of a role, user or group; the ARN of a managed policy, a resource or a permission set; or the
    ID of an endpoint, an organization's policy or one of its targets (root, unit, account).
    """

    kind: Kind
    name: str


class Part(StrEnum):
    """The part of an entity that changes. Its value is a document or a name, or it is only present or absent."""

    EXISTENCE = "existence"
    TRUST = "trust"
    INLINE = "inline"
    ATTACHED = "attached"
    BOUNDARY = "boundary"
    TAG = "tag"
    MEMBER = "member"
    VERSION = "version"
    DEFAULT = "default"
    POLICY = "policy"
    UNIT = "unit"


DOCUMENTS = frozenset({Part.TRUST, Part.INLINE, Part.VERSION, Part.POLICY})
"""The parts whose value is a policy document. The others are names, or only present or absent."""


@dataclass(frozen=True, slots=True)
class Place:
    """One part of one entity.

    ``name`` is the name of the inline policy, the ARN of the attached policy, the tag's key, the group's name or the
    version's ID; "" if an entity has only one such part.
    """

    entity: Entity
    part: Part
    name: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A known state: ``value`` is the document's JSON text or a name, "" if only present, None if absent.

    In a `Timeline`, equivalent documents have the same ``value``, and ``written`` is the text as it was recorded or
    read.
    """

    value: str | None
    written: str | None = field(default=None, compare=False)

    @property
    def text(self) -> str | None:
        """The document as it was recorded or read; None if absent."""
        return self.value if self.written is None else self.written


ABSENT = Known(None)
PRESENT = Known("")


@dataclass(frozen=True, slots=True)
class Unknown:
    """An unknown state. ``why`` is a clause: "its parameters are hidden in the record"."""

    why: str


State = Known | Unknown


class Proves(StrEnum):
    """The facts that a call's success proves about the document before the call."""

    NOTHING = "nothing"
    EXISTED = "existed"
    ABSENT = "absent"
    THIS = "this document"


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect of a change on one place: ``after`` is the state after it.

    ``proves`` says what the change proves about the state before it. If that is THIS, ``before`` is the state. ``add``
    and ``sid`` are used, instead of ``after``, for calls that edit one statement of a policy. ``sid`` is the
    statement's ID, ``add`` its JSON text. ``add`` is None if the statement is removed, or if it is added but missing in
    the record: then ``proves`` is ABSENT.
    """

    place: Place
    after: State
    proves: Proves = Proves.NOTHING
    before: State | None = None
    add: str | None = None
    sid: str | None = None


class Lifecycle(StrEnum):
    """How a change affects the entity itself."""

    CREATED = "created"
    DELETED = "deleted"
    OPAQUE = "opaque"
    """The record does not say how the entity changed, so every document may have changed."""


@dataclass(frozen=True, slots=True)
class Change:
    """One recorded call that changes permissions.

    ``by`` is the caller's ARN or another identifier; ``via`` the user agent; ``error`` the error code of a failed call,
    which changed nothing. ``entity`` is None if the record does not identify it; ``kinds`` then lists the kinds and
    parts that it may concern. ``omitted`` is a clause that says what the record omits. ``parameters`` are the request's
    parameters in the record.
    """

    at: datetime
    event_id: str
    event: str
    source: str
    by: str
    via: str
    entity: Entity | None
    effects: tuple[Effect, ...] = ()
    lifecycle: Lifecycle | None = None
    error: str | None = None
    omitted: str = ""
    account: str = ""
    region: str = ""
    kinds: tuple[tuple[Kind, Part], ...] = ()
    arn: str | None = None
    parameters: Any = None

    @property
    def changed(self) -> bool:
        """Whether the call succeeded, so that it may have changed something."""
        return self.error is None
