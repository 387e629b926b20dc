"""A change that is made for a time: waiting until it is kept, or taking it back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from iam.changes.apply import CallOutcome, Writer, roll_back
from iam.changes.journal import End, read_journal
from iam.gate.passed import Passed
from iam.sources.reader import AccountReader

POLL = 0.5
"""Seconds between looks into the journal, where another process says that the change is kept."""


class Waited(StrEnum):
    """How the wait ended. ``CUT`` is the loss of the terminal, or whoever stopped it: take it back at once."""

    KEPT = "kept"
    OVER = "over"
    CUT = "cut"


def wait_for_keep(
    path: Path,
    *,
    cut: Callable[[], bool] = lambda: False,
    sleep: Callable[[float], None] = time.sleep,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Waited:
    """Wait until the journal says that the change is kept (or taken back by somebody else), its time is over, or
    ``cut``. Raises `JournalError`."""
    while True:
        record = read_journal(path)
        if not record.roll_back_pending or record.until is None:
            return Waited.KEPT
        if cut():
            return Waited.CUT
        left = (record.until - now()).total_seconds()
        if left <= 0:
            return Waited.OVER
        sleep(min(POLL, left))


def take_back(path: Path, passed: Passed, reader: AccountReader, writer: Writer) -> Iterator[CallOutcome]:
    """Undo the change. The gate let it through together with its way back, so that nothing is asked again."""
    return roll_back(path, passed, reader, writable=True, writer=writer)


def is_over(path: Path) -> bool:
    """Whether the change was taken back to its end. Raises `JournalError`."""
    return read_journal(path).end is End.ROLLED_BACK
