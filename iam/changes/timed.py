"""Temporary changes: wait until the operator keeps the change, or undo it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from iam.changes.apply import CallOutcome, Writer, roll_back
from iam.changes.journal import End, in_use, read_journal
from iam.gate.passed import Passed
from iam.sources.reader.account_reader import AccountReader

POLL = 0.5
"""Seconds between reads of the journal. Another process may record there that the change is kept."""


BUSY_POLL, MOST_BUSY = 0.1, 3.0
"""Seconds between checks while an immediate undo waits for calls in progress, and the maximum time of the wait."""


class Waited(StrEnum):
    """How the wait ended. ``CUT``: the terminal was lost or the wait was stopped, so undo at once."""

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
    """Wait until the journal says that the change is kept or undone, its time is over, or ``cut`` returns True.

    While calls are being made or undone, even by another process, only ``cut`` ends the wait, after a few seconds.
    Raises `JournalError`.
    """
    busy = 0.0
    while True:
        record = read_journal(path)
        if not record.roll_back_pending or record.until is None:
            return Waited.KEPT
        left = (record.until - now()).total_seconds()
        ended = Waited.CUT if cut() else Waited.OVER if left <= 0 else None
        if ended is not None and (busy >= MOST_BUSY or not in_use(path)):
            return ended
        if ended is Waited.CUT:
            busy += BUSY_POLL
            time.sleep(BUSY_POLL)
        else:
            sleep(POLL if ended else min(POLL, left))


def take_back(path: Path, passed: Passed, reader: AccountReader, writer: Writer) -> Iterator[CallOutcome]:
    """Undo the change. The gate approved the change together with its undo, so no new confirmation is needed."""
    return roll_back(path, passed, reader, writable=True, writer=writer)


def is_over(path: Path) -> bool:
    """Whether the change was undone completely. Raises `JournalError`."""
    return read_journal(path).end is End.ROLLED_BACK
