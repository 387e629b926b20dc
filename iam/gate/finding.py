"""The findings of the gate's checks, and their location."""

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
    """The level with which a list shows a finding.

    ``ERROR``: the change fails, or its result is unusable. ``UNKNOWN``: this could not be checked.
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
    """A finding of a check. ``code`` is its rule (``name.taken``, ``lint.UNSUPPORTED_SID`` …).

    The rule's row determines the outcome, unless ``known`` says that the check found nothing. ``text`` says what was
    found, ``way_out`` what to do about it.

    ``field`` is the field of the specification, ``value`` the value that a screen needs to continue: the name that is
    taken, the boundary that is required, the code of the quota, the faulty policy. ``line`` is the line of the policy's
    document, from 1, or 0. ``call`` is the index of the plan's call, -1 for the plan; ``role`` is the name of the role,
    "" for the plan.
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
        """Return a finding for something that could not be checked."""
        return cls(code, text, way_out, field, value, line, Outcome.UNKNOWN)

    @classmethod
    def fine(
        cls, code: str, text: str, way_out: str = "", field: str = "", value: str = "", line: int = 0
    ) -> GateFinding:
        """Return a finding for something that was checked and is fine."""
        return cls(code, text, way_out, field, value, line, Outcome.FINE)

    @property
    def outcome(self) -> Outcome:
        return outcome_of(self.code) if self.known is None else self.known

    @property
    def level(self) -> Level:
        return _LEVELS[self.outcome]

    @property
    def of_caller(self) -> bool:
        """Whether the finding is about the caller's own permissions, so that it does not stop other callers."""
        return self.code in ("permission", "boundary.demanded", "undo.denied") or self.code.startswith("lockout.")


def about(role: str, findings: Iterable[GateFinding]) -> Iterator[GateFinding]:
    """Yield the findings with the name of their role."""
    return (replace(each, role=role) for each in findings)


def unreadable(reading: Reading[Any]) -> str:
    """Return why a read failed, without the caller, action and resource that AWS repeats in its message."""
    return f"{(reading.why or reading.note).partition(': User: ')[0].rstrip('.')}."
