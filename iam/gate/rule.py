"""A rule of the gate, and how grave it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What a finding means for the change, the gravest first.

    ``REFUSED``: AWS would refuse a call, so none is made. ``UNUSABLE``: nobody could use the result. ``DANGEROUS``: it
    opens, or closes, more than is likely to be meant. The name is typed for both. ``NOTE``: worth knowing. The others
    are no findings: something ``UNKNOWN`` that could not be looked at, and something ``FINE``.
    """

    REFUSED = "refused"
    UNUSABLE = "unusable"
    DANGEROUS = "dangerous"
    NOTE = "note"
    UNKNOWN = "unknown"
    FINE = "fine"

    @property
    def words(self) -> str:
        """As a sentence begins with it."""
        return {"refused": "Refused by AWS", "note": "Worth knowing"}.get(self.value, self.value.capitalize())

    @property
    def stops(self) -> bool:
        """Whether ``--check`` fails."""
        return self in (Outcome.REFUSED, Outcome.UNUSABLE, Outcome.DANGEROUS)

    @property
    def asks_for_the_name(self) -> bool:
        return self in (Outcome.UNUSABLE, Outcome.DANGEROUS)

    @property
    def found(self) -> bool:
        """Whether it is a finding, and not something unknown or fine."""
        return self.rank <= Outcome.NOTE.rank

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Outcome).index(self)


@dataclass(frozen=True, slots=True)
class GateRule:
    """``code`` is stable and names the rule in JSON. ``sentence`` says what it finds, ``page`` is AWS's page."""

    code: str
    outcome: Outcome
    sentence: str
    page: str
