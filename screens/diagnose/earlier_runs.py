"""The diagnoses since the program started, the one that is shown, and the failures in the pasted text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from diagnostics.failure import Failure
from screens.diagnose.lists import short
from screens.diagnose.run import AGAIN_AFTER, Context, Run

NO_ANSWERS: Context = {}
MOST_KEPT = 30
"""The maximum number of diagnoses to keep. Each diagnosis refers to the data that it read, so more diagnoses would use
too much memory."""


class Runs:
    """The failures and their diagnoses. Only the screen's message handlers change it.

    ``waits`` are the numbers of seconds before each repeated evaluation after a change.
    """

    def __init__(self) -> None:
        self.number = 0
        self.failures: tuple[Failure, ...] = ()
        self.asked = ""
        self.current: Run | None = None
        self.all: list[Run] = []
        self.waits: Sequence[float] = AGAIN_AFTER

    def next_number(self) -> int:
        """Return a new run number. All work in progress with a lower number is stale."""
        self.number += 1
        return self.number

    def read(self, failures: tuple[Failure, ...], asked: str) -> None:
        """Set the failures to choose from, and the source: the text, or the form's answers."""
        self.failures, self.asked = failures, asked

    def begin(self, failure: Failure, answers: Mapping[str, tuple[str, ...]], now: datetime) -> Run:
        """Start and show a diagnosis of this failure. ``now`` is shown as its time."""
        before = self.current
        asked = before.asked if before is not None and before.failure is failure else self.asked
        self.current = Run(self.next_number(), failure, answers, now, asked, waits=self.waits)
        return self.current

    def put_away(self) -> None:
        """Show no diagnosis, and mark all work in progress as stale."""
        self.next_number()
        self.failures, self.current = (), None

    def add(self, run: Run) -> None:
        """Add a diagnosis to the front of the list. The list contains at most `MOST_KEPT` diagnoses.

        A run for the same failure with other answers replaces the previous one. The first run that verifies a change
        does not: the run before the change stays in the list next to it.
        """
        if self.all and self.all[0].failure is run.failure and (run.before is None or self.all[0].before):
            self.all.pop(0)
        self.all.insert(0, run)
        del self.all[MOST_KEPT:]

    def show(self, index: int) -> Run:
        """Show a diagnosis in the list again, and mark all work in progress as stale."""
        self.next_number()
        self.current = run = self.all[index]
        if run.failure not in self.failures:
            self.failures = ()
        return run

    def place(self) -> int:
        """Return the index, from 0, of the shown failure among those in the text."""
        chosen = self.current.failure if self.current else None
        return self.failures.index(chosen) if chosen in self.failures else 0

    def title(self) -> str:
        """Return a title for what is shown, on one line."""
        if self.current is None:
            return ""
        text = short(self.current.failure)
        if len(self.failures) > 1 and self.current.failure in self.failures:
            return f"{self.place() + 1} of {len(self.failures)}   {text}"
        return text
