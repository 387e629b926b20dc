"""The changes in another tool's file, in IAM's terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from iam.policy.document import Document, PolicyError
from iam.policy.lint import PolicyKind
from iam.policy.statements import Statement


class Kind(StrEnum):
    """The kind of a resource in a file. ``INLINE`` and ``ATTACHMENT`` belong to their holders."""

    ROLE = "role"
    USER = "user"
    GROUP = "group"
    POLICY = "policy"
    INLINE = "inline policy"
    ATTACHMENT = "attachment"
    MEMBERSHIP = "group membership"
    PROVIDER = "identity provider"
    RESOURCE_POLICY = "resource policy"
    PERMISSION = "permission of a function"
    FUNCTION = "function"


@dataclass(frozen=True, slots=True)
class Holder:
    """The entity that has a policy. ``kind`` is ``ROLE``, ``USER`` or ``GROUP``."""

    kind: Kind
    name: str


class UnknownDocument(Document):
    """A policy document that is not in the file because it is known only after the change.

    Nothing is guessed; results that need it count as unread.
    """

    def __init__(self, why: str) -> None:
        super().__init__('"known only after the change"')
        self.why = why

    @property
    def unplaced_statements(self) -> tuple[Statement, ...]:
        raise PolicyError(self.why)


@dataclass(frozen=True, slots=True)
class Planned:
    """A resource after the change, or one that the change deletes.

    ``address`` is the tool's name for it. ``inline`` and ``attached`` replace the existing policies of a role, user or
    group; None leaves them unchanged. ``holders`` are the entities that a policy or attachment is attached to; with
    ``only_holders``, it is detached from all others. ``before`` are the earlier names if the change renames it. ``arn``
    is the policy that an attachment attaches, the resource with a resource policy, or the role of a function.
    ``boundary`` is "" if the role or user has none after the change, None if the file does not say.
    """

    address: str
    kind: Kind
    name: str
    deleted: bool = False
    path: str = "/"
    document: Document | None = None
    boundary: str | None = None
    inline: Mapping[str, Document] | None = None
    attached: tuple[str, ...] | None = None
    tags: Mapping[str, str] | None = None
    holders: tuple[Holder, ...] = ()
    only_holders: bool = False
    arn: str = ""
    groups: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    statement: Mapping[str, Any] | None = None

    def documents(self) -> tuple[tuple[str, PolicyKind, Document], ...]:
        """Return the policy documents of the resource, with their places and kinds."""
        found: list[tuple[str, PolicyKind, Document]] = []
        if self.document is not None:
            kinds = {Kind.ROLE: PolicyKind.TRUST, Kind.RESOURCE_POLICY: PolicyKind.RESOURCE}
            found.append((self.address, kinds.get(self.kind, PolicyKind.IDENTITY), self.document))
        for name, document in (self.inline or {}).items():
            found.append((f"{self.address} ({name})", PolicyKind.IDENTITY, document))
        return tuple((where, kind, each) for where, kind, each in found if not isinstance(each, UnknownDocument))


@dataclass(frozen=True, slots=True)
class PlannedChanges:
    """Everything that a file changes.

    ``notes`` are sentences about what is unknown or not understood, and so not part of the review. ``tool`` is the tool
    that wrote the file.
    """

    tool: str
    resources: tuple[Planned, ...]
    notes: tuple[str, ...] = ()
    lines: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """The file and line of each resource, by its address."""


class PlanFileError(ValueError):
    """Raised if the file has no supported format. ``str()`` is one sentence."""
