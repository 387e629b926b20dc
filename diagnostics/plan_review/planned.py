"""What a file of another tool will change, in IAM's terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from iam.policy.document import Document, PolicyError
from iam.policy.lint import PolicyKind
from iam.policy.statements import Statement


class Kind(StrEnum):
    """What one resource of a file is. ``INLINE`` and ``ATTACHMENT`` belong to their holders."""

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
    """Who has a policy: ``kind`` is ``ROLE``, ``USER`` or ``GROUP``."""

    kind: Kind
    name: str


class UnknownDocument(Document):
    """A policy document that the file does not contain: it is known only after the change.

    Nothing is guessed of it; what needs it counts as unread.
    """

    def __init__(self, why: str) -> None:
        super().__init__('"known only after the change"')
        self.why = why

    @property
    def unplaced_statements(self) -> tuple[Statement, ...]:
        raise PolicyError(self.why)


@dataclass(frozen=True, slots=True)
class Planned:
    """One resource after the change, or one that it deletes.

    ``address`` is the tool's name of it. ``inline`` and ``attached`` of a role, user or group replace what it has;
    None leaves them as they are. ``holders`` of a policy or attachment get it; with ``only_holders`` nobody else
    keeps it. ``before`` are the names under which it was known before, where the change renames it.
    ``arn`` is the policy that an attachment attaches, the resource that carries a resource policy, or the role of a
    function. ``boundary`` is
    "" where the role or user has none after the change, None where the file does not say.
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
        """The policy documents of the resource: where each is, and what it is for."""
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

    ``notes`` say in a sentence each what is unknown or not understood, and so not in the review. ``tool`` is what made
    the file.
    """

    tool: str
    resources: tuple[Planned, ...]
    notes: tuple[str, ...] = ()
    lines: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    """By address: the file and line where a person finds it."""


class PlanFileError(ValueError):
    """A file that is none of those that are read. ``str()`` is one sentence."""
