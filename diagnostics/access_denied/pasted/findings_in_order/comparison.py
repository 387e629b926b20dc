"""The denied request and the policy documents with which it is compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.failure import Denial
from diagnostics.words import is_trust_action
from iam.arn import identity_of


@dataclass(frozen=True, slots=True)
class Comparison:
    """A denied request and the text's documents.

    ``text`` is the part of the text that is read, ``values`` are its parsed values. ``documents`` are all that
    may matter.
    """

    denial: Denial
    action: str
    text: str
    values: tuple[tuple[int, int, Any], ...]
    documents: tuple[PastedPolicy, ...]

    @property
    def found(self) -> tuple[PastedPolicy, ...]:
        """The documents about the request's service."""
        return tuple(one for one in self.documents if one.speaks)

    @property
    def stated(self) -> str:
        """The layer that AWS names, such as ``scp``; "" if it names none."""
        return (self.denial.stated_reason or "").partition(":")[2]

    @property
    def is_explicit(self) -> bool:
        """Whether AWS says that a Deny matched."""
        return (self.denial.stated_reason or "").partition(":")[0] == "explicit"

    @property
    def is_trust(self) -> bool:
        return is_trust_action(self.action)

    @property
    def word(self) -> str:
        """The layer in which the caller's documents are evaluated."""
        return self.stated if self.stated not in ("", "unknown", "resource", "trust") else "identity"

    @property
    def name(self) -> str:
        """The name of the calling role or user."""
        return identity_of(self.denial.principal or "")[2]


def allows(findings: Sequence[Finding]) -> bool:
    """Return whether one of the findings says that the documents allow the request."""
    return any(one.code is None for one in findings)


def lacks(findings: Sequence[Finding]) -> bool:
    """Return whether one of the findings names something that the documents lack or deny."""
    return any(one.code is not None for one in findings)
