"""The gate's rules, and the outcomes of their findings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What a finding means for the change, most severe first.

    ``REFUSED``: AWS would reject a call, so none is made. ``UNUSABLE``: nobody could use the result. ``DANGEROUS``: it
    allows or denies more than is likely to be intended. For these two, the operator must type the name. ``NOTE``: worth
    knowing. ``UNKNOWN`` (could not be checked) and ``FINE`` (nothing wrong) are not findings.
    """

    REFUSED = "refused"
    UNUSABLE = "unusable"
    DANGEROUS = "dangerous"
    NOTE = "note"
    UNKNOWN = "unknown"
    FINE = "fine"

    @property
    def words(self) -> str:
        """The outcome in words, as the beginning of a sentence."""
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
        """Whether something was found: the outcome is neither ``UNKNOWN`` nor ``FINE``."""
        return self.rank <= Outcome.NOTE.rank

    @property
    def rank(self) -> int:
        """The position in the order of severity; 0 is the most severe."""
        return list(Outcome).index(self)


@dataclass(frozen=True, slots=True)
class GateRule:
    """A rule of the gate.

    ``code`` never changes and identifies the rule in JSON; ``sentence`` says what the rule finds, ``page`` is AWS's
    page.
    """

    code: str
    outcome: Outcome
    sentence: str
    page: str
