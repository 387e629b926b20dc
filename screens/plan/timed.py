"""A change made for a limited time. It is undone unless the operator keeps it, whichever screen is shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

from textual.message import Message

from iam.changes.apply import WayBack
from iam.changes.journal import JournalError, JournalRecord, journal_path
from iam.changes.timed import Waited, wait_for_keep
from iam.gate.passed import Passed
from iam.sources.reader.account_reader import AccountReader
from screens.plan.run import CallHappened, Order, RunOver, calls_made, over_as_it_is
from screens.widgets.modal import MenuChoice

TIMES = (
    ("1m", "one minute", timedelta(minutes=1)),
    ("10m", "10 minutes", timedelta(minutes=10)),
    ("30m", "30 minutes", timedelta(minutes=30)),
    ("2h", "two hours", timedelta(hours=2)),
)
CHOICES = [MenuChoice(id, f"for {words}", "", str(number)) for number, (id, words, _) in enumerate(TIMES, 1)]
OTHER_PROFILE = MenuChoice("profile", "with the credentials of another profile", "", "p")
LAST_SECONDS, SELDOM = 60, 10
"""The final seconds in which the remaining time is updated every second, and the seconds between updates before that.

Updates are rare because the connection to the terminal may be slow.
"""


@dataclass(eq=False, repr=False)
class TimedOver(Message):
    """A timed change was kept or undone, or its undo failed."""

    over: RunOver


@dataclass
class TimedWatch:
    """Applies the change in a separate thread, waits for the operator to keep it, and undoes it otherwise.

    The change is undone when its time is over or the program ends, even if only some calls were made, with the
    credentials of ``undoer``. ``stop`` ends the calls, but not the wait. ``tell_call`` receives each call's outcome;
    ``tell`` is called when the wait ends. Both are called in that thread.
    """

    passed: Passed
    reader: AccountReader
    undoer: AccountReader
    way_back: WayBack
    writable: bool
    stop: Event
    tell_call: Callable[[CallHappened | RunOver], object]
    tell: Callable[[RunOver], object]
    _end: Event = field(default_factory=Event)
    _now: Event = field(default_factory=Event)
    _thread: Thread | None = None

    def start(self) -> None:
        context = copy_context()
        self._thread = Thread(target=lambda: context.run(self._run), name="rolescope-timed")
        self._thread.start()

    def end(self) -> None:
        """Undo the change now, without waiting long for a response, because the program is ending."""
        self._end.set()
        self.stop.set()

    def take_back(self) -> None:
        """Undo the change now, before its time is over."""
        self._now.set()

    def join(self, seconds: float) -> None:
        """Wait for the end of the thread, at most this many seconds."""
        if self._thread is not None:
            self._thread.join(max(0.0, seconds))

    def _run(self) -> None:
        try:
            self._made_and_watched()
        finally:
            if self.undoer is not self.reader:
                self.undoer.close()

    def _made_and_watched(self) -> None:
        plan = self.passed.plan
        path = journal_path(plan.id)
        trouble = calls_made(
            Order.TIMED,
            self.passed,
            self.reader,
            writable=self.writable,
            stop=self.stop,
            tell=lambda message: self._tell(self.tell_call, message),
            way_back=self.way_back,
        )
        if not self._end.is_set():
            self._tell(self.tell_call, over_as_it_is(plan, self.reader, trouble))
        if not path.exists():  # no call was made
            self._tell(self.tell, RunOver(plan.id, None, None, ""))
            return
        try:
            ended = wait_for_keep(path, cut=self._is_cut, sleep=self._sleep)
        except JournalError:
            ended = Waited.OVER  # the operator can no longer keep the change
        if ended is Waited.KEPT:
            self._tell(self.tell, over_as_it_is(plan, self.reader))
            return
        trouble = calls_made(
            Order.ROLL_BACK,
            self.passed,
            self.undoer,
            writable=self.writable,
            stop=Event(),
            tell=lambda message: None,
            at_once=self._end.is_set(),
        )
        self._tell(self.tell, over_as_it_is(plan, self.reader, trouble))

    def _is_cut(self) -> bool:
        return self._end.is_set() or self._now.is_set()

    def _sleep(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._is_cut() and (left := until - time.monotonic()) > 0:
            self._end.wait(min(left, 0.2))

    def _tell(self, tell: Callable[[Any], object], message: CallHappened | RunOver) -> None:
        with suppress(RuntimeError):  # the program has ended, so its event loop is closed
            tell(message)


def left_words(record: JournalRecord, now: datetime | None = None) -> str:
    """Return how long the change remains unless it is kept: ``9 min 58 s``; "" for a change without a time limit."""
    if record.until is None:
        return ""
    seconds = max(0, round((record.until - (now or datetime.now(UTC))).total_seconds()))
    hours, minutes = divmod(seconds // 60, 60)
    parts = [(hours, "h"), (minutes, "min"), (seconds % 60, "s")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number or unit == "s")


def shows_now(record: JournalRecord, now: datetime | None = None) -> bool:
    """Return whether the displayed remaining time must be updated in this second."""
    if record.until is None:
        return False
    seconds = round((record.until - (now or datetime.now(UTC))).total_seconds())
    return seconds <= LAST_SECONDS or seconds % SELDOM == 0
