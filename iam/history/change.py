"""A recorded change as a value: which documents of which entity it touched, and what its success proves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What kind of entity a change is about."""

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
"""Entities that have inline and attached policies."""


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity by what records call it.

    ``name`` is the name of a role, user or group; the ARN of a managed policy, a resource or a permission set; the ID
    of an endpoint, an organization's policy or one of its targets (root, unit, account).
    """

    kind: Kind
    name: str


class Part(StrEnum):
    """Which document of an entity."""

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
"""Parts whose value is a policy document; the others are names, or only present or absent."""


@dataclass(frozen=True, slots=True)
class Place:
    """One document of one entity: ``name`` is the inline policy's, the attached policy's ARN, the tag's key, the
    group's name or the version's ID; empty where an entity has one such document.
    """

    entity: Entity
    part: Part
    name: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A known state. ``value`` is the document's JSON text, a name or "" for what is only present; None is absent.

    Of a `Timeline`'s states, ``value`` is one text for all documents that say the same, and ``written`` as it was
    recorded or read.
    """

    value: str | None
    written: str | None = field(default=None, compare=False)

    @property
    def text(self) -> str | None:
        """The document as it was recorded or read."""
        return self.value if self.written is None else self.written


ABSENT = Known(None)
PRESENT = Known("")


@dataclass(frozen=True, slots=True)
class Unknown:
    """A state that is not known. ``why`` is a clause: "its parameters are hidden in the record"."""

    why: str


State = Known | Unknown


class Proves(StrEnum):
    """What a call's success proves of a document before the call."""

    NOTHING = "nothing"
    EXISTED = "existed"
    ABSENT = "absent"
    THIS = "this document"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change did to one place: ``after``, and what it proves of the state before.

    ``before`` is the state where ``proves`` is THIS. ``add`` and ``sid`` are for calls that edit one statement of a
    policy: the statement as JSON text (None for one that is removed, or that the record lacks: then ``proves`` is
    ABSENT) and its ID; ``after`` does not count then.
    """

    place: Place
    after: State
    proves: Proves = Proves.NOTHING
    before: State | None = None
    add: str | None = None
    sid: str | None = None


class Lifecycle(StrEnum):
    """What a change did to an entity as a whole."""

    CREATED = "created"
    DELETED = "deleted"
    OPAQUE = "opaque"
    """The record does not say what it did to the entity: every document may have changed."""


@dataclass(frozen=True, slots=True)
class Change:
    """One recorded change call.

    ``by`` is the caller's ARN, or what names it; ``via`` the user agent; ``error`` the code of a call that failed,
    which changed nothing. ``entity`` is None where the record does not name it; ``kinds`` then says what it may be
    about. ``omitted`` says what the record leaves out, as a clause. ``parameters`` are those of the record.
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
        """Whether the call succeeded, and so may have changed something."""
        return self.error is None
