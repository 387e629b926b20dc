"""What a check of the gate finds, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from iam.gate.rule import Outcome
from iam.gate.table import outcome_of
from iam.sources.reader.reading import Reading

TRY_IT = "You can only try: what was done until then can be rolled back."


class Level(StrEnum):
    """How a list shows a finding.

    ``ERROR``: the change fails, or its result is of no use. ``UNKNOWN``: this could not be looked at.
    """

    ERROR = "error"
    WARNING = "warning"
    UNKNOWN = "unknown"
    OK = "ok"


_LEVELS = {
    Outcome.REFUSED: Level.ERROR,
    Outcome.UNUSABLE: Level.ERROR,
    Outcome.DANGEROUS: Level.WARNING,
    Outcome.NOTE: Level.WARNING,
    Outcome.UNKNOWN: Level.UNKNOWN,
    Outcome.FINE: Level.OK,
}


@dataclass(frozen=True, slots=True)
class GateFinding:
    """``code`` names the rule (``name.taken``, ``lint.UNSUPPORTED_SID`` …), whose row decides the outcome unless
    ``known`` says that nothing was found. ``text`` says what was found, ``way_out`` what to do about it.

    ``field`` is the specification's field that it is about, ``value`` what a screen goes on with: the name that is
    taken, the boundary that is demanded, the code of the quota, the policy that something is wrong with. ``line`` is
    that of the policy's document, from 1, or 0. ``call`` is the index of the plan's call, -1 for the plan; ``role`` is
    the name of the role, "" for the plan.
    """

    code: str
    text: str
    way_out: str = ""
    field: str = ""
    value: str = ""
    line: int = 0
    known: Outcome | None = None
    call: int = -1
    role: str = ""

    @classmethod
    def unseen(
        cls, code: str, text: str, way_out: str = "", field: str = "", value: str = "", line: int = 0
    ) -> GateFinding:
        """What could not be looked at."""
        return cls(code, text, way_out, field, value, line, Outcome.UNKNOWN)

    @classmethod
    def fine(
        cls, code: str, text: str, way_out: str = "", field: str = "", value: str = "", line: int = 0
    ) -> GateFinding:
        """What was looked at and is as it should be."""
        return cls(code, text, way_out, field, value, line, Outcome.FINE)

    @property
    def outcome(self) -> Outcome:
        return outcome_of(self.code) if self.known is None else self.known

    @property
    def level(self) -> Level:
        return _LEVELS[self.outcome]

    @property
    def of_caller(self) -> bool:
        """Whether it is about what the caller may do, so that it stops nobody else."""
        return self.code in ("permission", "boundary.demanded", "undo.denied") or self.code.startswith("lockout.")


def about(role: str, findings: Iterable[GateFinding]) -> Iterator[GateFinding]:
    """The findings, marked as those of a role."""
    return (replace(each, role=role) for each in findings)


def unreadable(reading: Reading[Any]) -> str:
    """Why something could not be read, without AWS's repetition of who asked what on which resource."""
    return f"{(reading.why or reading.note).partition(': User: ')[0].rstrip('.')}."
