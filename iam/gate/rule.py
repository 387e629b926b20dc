"""A rule of the gate, and its severity."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """The meaning of a finding for the change, most severe first.

    ``REFUSED``: AWS would reject a call, so none is made. ``UNUSABLE``: nobody could use the result. ``DANGEROUS``: it
    opens, or closes, more than is likely to be intended. Both require typing the name. ``NOTE``: worth knowing. The
    others are not findings: something ``UNKNOWN`` that could not be checked, and something ``FINE``.
    """

    REFUSED = "refused"
    UNUSABLE = "unusable"
    DANGEROUS = "dangerous"
    NOTE = "note"
    UNKNOWN = "unknown"
    FINE = "fine"

    @property
    def words(self) -> str:
        """The outcome in words for the beginning of a sentence."""
        return {"refused": "Refused by AWS", "note": "Worth knowing"}.get(self.value, self.value.capitalize())

    @property
    def stops(self) -> bool:
        """Whether the outcome makes ``--check`` fail."""
        return self in (Outcome.REFUSED, Outcome.UNUSABLE, Outcome.DANGEROUS)

    @property
    def asks_for_the_name(self) -> bool:
        return self in (Outcome.UNUSABLE, Outcome.DANGEROUS)

    @property
    def found(self) -> bool:
        """Whether the outcome is a finding, not unknown or fine."""
        return self.rank <= Outcome.NOTE.rank

    @property
    def rank(self) -> int:
        """The position of the severity; 0 is the most severe."""
        return list(Outcome).index(self)


@dataclass(frozen=True, slots=True)
class GateRule:
    """A rule of the gate.

    ``code`` is stable and identifies it in JSON; ``sentence`` is what it finds, ``page`` AWS's page.
    """

    code: str
    outcome: Outcome
    sentence: str
    page: str
