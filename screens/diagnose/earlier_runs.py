"""The diagnoses of this run of the program: the one in sight, those before it, and the failures of the pasted text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from diagnostics.failure import Failure
from screens.diagnose.lists import short
from screens.diagnose.run import AGAIN_AFTER, Context, Run

NO_ANSWERS: Context = {}
MOST_KEPT = 30
"""Each holds what it looked at: with a day's diagnoses the memory would be full."""


class Runs:
    """Which failures there are and what was found of them. Only the screen's message handlers change it.

    ``waits`` are the seconds between evaluations after a change.
    """

    def __init__(self) -> None:
        self.number = 0
        self.failures: tuple[Failure, ...] = ()
        self.current: Run | None = None
        self.all: list[Run] = []
        self.waits: Sequence[float] = AGAIN_AFTER

    def next_number(self) -> int:
        """What is under way with a lower number is stale from now on."""
        self.number += 1
        return self.number

    def read(self, failures: tuple[Failure, ...]) -> None:
        """These are the failures to choose from now."""
        self.failures = failures

    def begin(self, failure: Failure, answers: Mapping[str, tuple[str, ...]], now: datetime) -> Run:
        """A run of this failure, in sight from now on; ``now`` is shown as its time."""
        self.current = Run(self.next_number(), failure, answers, now, waits=self.waits)
        return self.current

    def put_away(self) -> None:
        """Have nothing in sight; what is under way is stale."""
        self.next_number()
        self.failures, self.current = (), None

    def add(self, run: Run) -> None:
        """Into the list: the latest first, `MOST_KEPT` of them.

        A run that asked the same again, with other answers, takes its forerunner's place; the verdict before a change
        stays beside the one after it.
        """
        if self.all and self.all[0].failure is run.failure and (run.before is None or self.all[0].before):
            self.all.pop(0)
        self.all.insert(0, run)
        del self.all[MOST_KEPT:]

    def show(self, index: int) -> Run:
        """One of the list in sight again; what is under way is stale."""
        self.next_number()
        self.current = run = self.all[index]
        if run.failure not in self.failures:
            self.failures = ()
        return run

    def place(self) -> int:
        """The place of the failure in sight among those of the text, from 0."""
        chosen = self.current.failure if self.current else None
        return self.failures.index(chosen) if chosen in self.failures else 0

    def title(self) -> str:
        """What is in sight, in one line."""
        if self.current is None:
            return ""
        text = short(self.current.failure)
        if len(self.failures) > 1 and self.current.failure in self.failures:
            return f"{self.place() + 1} of {len(self.failures)}   {text}"
        return text
