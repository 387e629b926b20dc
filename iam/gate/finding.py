"""The findings of the gate's checks, and what they refer to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from iam.gate.rule import Outcome
from iam.gate.table import outcome_of
from iam.sources.reader.reading import Reading

TRY_IT = "You can only try: if a call fails, the earlier calls can be rolled back."


class Level(StrEnum):
    """The level at which lists show a finding.

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
    """A finding of a check. ``code`` identifies its rule (``name.taken``, ``lint.UNSUPPORTED_SID`` …).

    The outcome is that of the rule; ``known`` replaces it if the check found nothing wrong, or could not be made.
    ``text`` says what was found, ``way_out`` what to do about it.

    ``field`` is the field of the specification, and ``value`` the value that a screen needs to continue: the taken
    name, the required boundary, the quota's code, or the faulty policy. ``line`` is a line in the policy's document,
    from 1; 0 if none. ``call`` is the index of the call in the plan, -1 if the finding is about the entire plan;
    ``role`` is the name of the role, "" if it is about the entire plan.
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
        """Return a finding that says that something could not be checked."""
        return cls(code, text, way_out, field, value, line, Outcome.UNKNOWN)

    @classmethod
    def fine(
        cls, code: str, text: str, way_out: str = "", field: str = "", value: str = "", line: int = 0
    ) -> GateFinding:
        """Return a finding that says that a check found nothing wrong."""
        return cls(code, text, way_out, field, value, line, Outcome.FINE)

    @property
    def outcome(self) -> Outcome:
        return outcome_of(self.code) if self.known is None else self.known

    @property
    def level(self) -> Level:
        return _LEVELS[self.outcome]

    @property
    def of_caller(self) -> bool:
        """Whether the finding is about the caller's own permissions, so that another caller may succeed."""
        return self.code in ("permission", "boundary.demanded", "undo.denied") or self.code.startswith("lockout.")


def about(role: str, findings: Iterable[GateFinding]) -> Iterator[GateFinding]:
    """Yield the findings, marked as being about this role."""
    return (replace(each, role=role) for each in findings)


def unreadable(reading: Reading[Any]) -> str:
    """Return why a read failed: AWS's message without the caller, action and resource that it repeats."""
    return f"{(reading.why or reading.note).partition(': User: ')[0].rstrip('.')}."
