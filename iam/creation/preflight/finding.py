"""What a check before a creation finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from iam.sources.reader import Reading

TRY_IT = "Trying tells: what was made until then can be rolled back."


class Level(StrEnum):
    """``ERROR``: the creation would fail. ``UNKNOWN``: this could not be looked at."""

    ERROR = "error"
    WARNING = "warning"
    UNKNOWN = "unknown"
    OK = "ok"


@dataclass(frozen=True, slots=True)
class PreflightFinding:
    """``text`` says what was found, ``way_out`` what to do about it. ``code`` is short and stable (``name.taken``,
    ``quota``, ``permission`` …), ``field`` the spec's field that it is about, ``value`` what a screen goes on with:
    the name that is taken, the boundary that is demanded, the code of the quota, the policy that something is wrong
    with. ``line`` is that of the policy's document, from 1, or 0."""

    level: Level
    code: str
    text: str
    way_out: str = ""
    field: str = ""
    value: str = ""
    line: int = 0

    @property
    def of_caller(self) -> bool:
        """Whether it is about what the caller may do, so that it stops nobody else."""
        return self.code in ("permission", "boundary.demanded")


def unreadable(reading: Reading[Any]) -> str:
    """Why something could not be read, without AWS's repetition of who asked what on which resource."""
    return f"{(reading.why or reading.note).partition(': User: ')[0].rstrip('.')}."
