"""``rolescope change … --keep-within 10m``: undo a change unless ``rolescope change --keep ID`` keeps it.

The process waits. If its terminal is lost, a signal ends it, or a call fails, it immediately undoes what was done. If
it is killed, or the undo is rejected, the journal says "roll back pending", which the next start shows first.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from diagnostics.masking.kinds import without_credentials
from iam.foreign_text import visible
from iam.own_command import own_command
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from tui.commands.plans.output import carried_out, follow, say_how_to_go_on
from tui.exit_status import ANSWERED, CANNOT_TELL, UsageError
from tui.open_account import open_reader

if TYPE_CHECKING:
    from iam.changes.apply import CallOutcome, WayBack
    from iam.gate.passed import Passed
    from iam.gate.verdict import Verdict

_UNITS = {"s": 1, "m": 60, "h": 3600}
_LEAST, _MOST = timedelta(seconds=1), timedelta(hours=24)
_LOST = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)
_AT_ONCE = (0.5, 1.0)
"""Seconds between attempts of an undo call after the terminal was lost. The process ends within five seconds."""


def duration(text: str) -> timedelta:
    """Return a duration such as ``90s``, ``10m`` or ``1h``. Raises ValueError, as argparse expects."""
    match = re.fullmatch(r"(\d{1,5})([smh])", text)
    found = timedelta(seconds=int(match[1]) * _UNITS[match[2]]) if match is not None else timedelta()
    if not _LEAST <= found <= _MOST:
        raise ValueError(f"{text} is not a time between 1s and 24h, such as 90s, 10m or 1h.")
    return found


def keep_change(options: argparse.Namespace) -> int:
    """Keep a temporary change: ``rolescope change --keep ID``. Returns the exit status."""
    from iam.changes.apply import keep
    from iam.changes.journal import JournalError, journal_path, read_journal

    path = journal_path(options.keep)
    if not path.exists():
        raise UsageError(
            f"There is no plan {options.keep} in the journal; `rolescope info` shows where the journal is."
        )
    try:
        keep(path)
        print(visible(f"{read_journal(path).plan.title}: kept."))
    except JournalError as error:
        print(visible(str(error)), file=sys.stderr)
        return CANNOT_TELL
    return ANSWERED


class TimedChange:
    """A change that is undone unless it is confirmed before its deadline.

    Raises `UsageError` if the undo cannot be guaranteed.
    """

    def __init__(self, verdict: Verdict, opened: OpenedAccount, options: argparse.Namespace) -> None:
        from diagnostics.check.run import why_no_way_back
        from iam.changes.apply import WayBack

        self._options, self._verdict = options, verdict
        self._reader = opened.reader
        if options.undo_profile:
            if options.demo or options.snapshot:
                raise UsageError(
                    "--undo-profile names a profile of the AWS configuration: leave out --demo and --snapshot."
                )
            self._reader = open_reader(argparse.Namespace(**{**vars(options), "profile": options.undo_profile}))
        if why := why_no_way_back(verdict.plan, opened, self._reader):
            other = (
                "" if options.undo_profile else " Use --undo-profile NAME to name credentials that can undo the change."
            )
            raise UsageError(f"An undo cannot be guaranteed. {why}{other}")
        self.way_back: WayBack = WayBack(options.keep_within, options.undo_profile or "")

    def carry_out(self, passed: Passed, reader: AccountReader) -> tuple[list[CallOutcome], str]:
        """Make the change, and wait until it is kept, or undo it.

        Returns the outcomes of the calls, and one of ``kept``, ``rolled-back``, ``pending`` (the undo is incomplete),
        ``stopped`` (nothing was done).
        """
        from iam.changes.journal import JournalError

        with _signals() as lost:
            on_terminal = os.isatty(0)

            def cut() -> bool:
                return lost.is_set() or (on_terminal and not os.isatty(0))

            outcomes = carried_out(passed, reader, self._options, self.way_back, stop=cut)
            try:
                return outcomes, self._wait(passed, cut)
            except JournalError as error:
                self._say(str(error))
                return outcomes, "pending"

    def _wait(self, passed: Passed, cut: Callable[[], bool]) -> str:
        from iam.changes.journal import End, JournalError, journal_path, read_journal
        from iam.changes.timed import Waited, is_over, wait_for_keep

        path = journal_path(passed.plan.id)
        if not path.exists() or not (record := read_journal(path)).roll_back_pending:
            return "stopped"
        ended = Waited.CUT
        if record.end is End.APPLIED:
            how = own_command("change", "--keep", passed.plan.id)
            self._say(f"\nWill be undone at {record.until:%H:%M:%S} UTC unless you keep it: {how}")
            ended = wait_for_keep(path, cut=cut)
        if ended is Waited.KEPT:
            kept = read_journal(path).kept
            self._say("Kept." if kept else "The change has already been undone.")
            return "kept" if kept else "rolled-back"
        self._say("Undoing the change ...")
        with contextlib.suppress(JournalError):
            self._take_back(passed, at_once=cut())
        if is_over(path):
            self._say("The change was undone.")
            return "rolled-back"
        say_how_to_go_on(passed.plan.id, self._reader)
        return "pending"

    def _take_back(self, passed: Passed, *, at_once: bool) -> None:
        from iam.changes.apply import NotWritable, Writer, writer_for
        from iam.changes.journal import journal_path
        from iam.changes.plan import PlanError
        from iam.changes.timed import take_back

        try:
            writer: Writer = writer_for(self._reader, writable=True, without_secrets=without_credentials)
            if at_once:
                writer = Writer(writer.client, time.sleep, _AT_ONCE, writer.regional, writer.without_secrets)
            run = take_back(journal_path(passed.plan.id), passed, self._reader, writer)
            quiet = self._options.json or at_once
            follow(run, [], len(passed.plan.calls), quiet=quiet)
        except (NotWritable, PlanError, OSError) as error:
            self._say(str(error))

    def _say(self, text: str) -> None:
        """Print a sentence, to standard error with --json; nothing if the terminal is gone."""
        with contextlib.suppress(OSError, ValueError):
            print(visible(text) if "\n" not in text else text, file=sys.stderr if self._options.json else sys.stdout)
            (sys.stderr if self._options.json else sys.stdout).flush()


@contextlib.contextmanager
def _signals() -> Iterator[threading.Event]:
    """Return an event that is set by the signals that would end the process."""
    lost = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield lost
        return
    before = {number: signal.signal(number, lambda *_: lost.set()) for number in _LOST}
    try:
        yield lost
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
