"""Every AWS call and every change of this run, also to profiles.

A call has its duration and outcome, a change its undo.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.timer import Timer
from textual.widget import Widget

from iam.arn import resource_of
from iam.changes.journal import End, JournalRecord
from iam.changes.undo_plan import undone_by, undone_sentence
from iam.sources.aws.calls import LoggedCall, LoggedOutcome
from screens.commands import Command, bindings
from screens.export.documents import Export
from screens.export.menu import export_menu, stamped
from screens.export.tables import table_texts
from screens.frame.base import PANES
from screens.frame.list_screen import ListScreen
from screens.text import marks, plural, visible
from screens.troubles.screen import call_log
from screens.use.profile import ChangesProfiles
from screens.widgets.modal import TextWindow
from screens.widgets.pane import Pane
from screens.widgets.styles import BAD, FAINT, PLAIN, WARN
from screens.widgets.table import Column, Row, VirtualTable, fitted

if TYPE_CHECKING:
    from iam.changes.entity_name import EntityName
    from iam.credentials.profile_file import WrittenProfile

COLUMNS = (
    Column("TIME", 8, given=True),
    Column("", 1, mark=True),
    Column("CALL", 24, grow=5, most=48),
    Column("ON", 12, grow=3, most=60),
    Column("REGION", 10, drop=3),
    Column("TOOK", 8, drop=2, right=True),
    Column("OUTCOME", 8, grow=2, most=40, mark=True),
)
REFRESH = 0.5
"""Seconds between checks of the log while the screen is shown. Nothing is redrawn if the log is unchanged."""

COMMANDS = (
    Command(
        "activity.failures",
        "E",
        "failures only",
        "Show only failed calls, or all calls.",
        show_in_footer=True,
    ),
    Command("activity.export", "e", "export", "Save the list of calls as Markdown or CSV.", show_in_footer=True),
    Command("activity.back", "escape", "back", "Show all calls.", palette=False),
)


_ANSWERED = (LoggedOutcome.OK, LoggedOutcome.ABSENT, LoggedOutcome.RUNNING)


def failed(call: LoggedCall) -> bool:
    """Return whether the call failed. A response that says that an entity does not exist is not a failure."""
    return call.outcome not in _ANSWERED


def outcome_text(call: LoggedCall) -> str:
    parts = [str(call.outcome)]
    if call.code and call.outcome is not LoggedOutcome.OK:
        parts.append(call.code)
    if call.retries:
        parts.append(plural(call.retries, "retry", "retries"))
    if call.throttled:
        parts.append(f"throttled {call.throttled}x")
    return ", ".join(parts)


def call_row(call: LoggedCall, started: datetime, *, whole: bool = False) -> Row:
    """Return the row for an AWS call. ``started`` is the time to show.

    With ``whole``, the row has the full ARN instead of the short name that fits the column.
    """
    signs = marks()
    mark, style = {
        LoggedOutcome.OK: (signs.passed, PLAIN),
        LoggedOutcome.ABSENT: (signs.none, PLAIN),
        LoggedOutcome.RUNNING: (signs.ellipsis, FAINT),
    }.get(call.outcome, (signs.failed, BAD))
    took = "" if call.seconds is None else f"{call.seconds * 1000:,.0f} ms"
    cells = (
        f"{started:%H:%M:%S}",
        mark,
        visible(call.name),
        visible(call.subject if whole else resource_of(call.subject)),
        call.region,
        took,
        outcome_text(call),
    )
    return Row(str(call.number), cells, style)


CHANGES = (
    Column("BEGUN", 11),
    Column("", 1, mark=True),
    Column("CHANGE", 26, grow=3, most=80),
    Column("CALLS", 5, right=True, drop=1),
    Column("STATE", 16, grow=2, most=48, mark=True),
)
MOST_CHANGES = 6
"""The maximum height of the list of changes, in lines."""


def change_row(
    record: JournalRecord, undo: JournalRecord | None, shown: Callable[[datetime], datetime] = lambda moment: moment
) -> Row:
    """Return the row for a change.

    ``shown`` converts a time of this machine's clock to the time to show; ``undo`` is the undo in effect, or None if
    the change is not undone.
    """
    ended_well = record.end in (End.APPLIED, End.ROLLED_BACK)
    half_done = record.unfinished or (undo is not None and undo.half_done)
    ended_well = ended_well and undo is None
    mark = marks().unknown if half_done else marks().passed if ended_well else marks().none
    cells = (
        f"{shown(record.started):%m-%d %H:%M}",
        mark,
        visible(record.plan.title),
        str(len(record.plan.calls)),
        undone_sentence(undo, shown) if undo is not None else record.sentence_at(shown),
    )
    return Row(record.plan.id, cells, WARN if half_done else FAINT if undo is not None else PLAIN)


def damaged_row(number: int, path: Path) -> Row:
    cells = ("", marks().failed, visible(path.name), "", "cannot be read (enter: why)")
    return Row(f"{_DAMAGED}{number}", cells, BAD)


def profile_row(written: WrittenProfile, time: datetime) -> Row:
    title = visible(f"Profile {written.name} in {written.path}")
    return Row(
        f"{_PROFILE}{written.time.isoformat()}",
        (f"{time:%m-%d %H:%M}", marks().passed, title, "", "written (enter: remove it)"),
    )


_NO_CHANGES = (
    "This run has made no changes. The demo account is the same at each start. Journals of earlier runs are on disk."
)
_DAMAGED = "damaged:"
_PROFILE = "profile:"
_OF_DAMAGED = (
    "This journal may record an unfinished change of an earlier run. That change cannot be undone or resumed from "
    "here. The file is text, with one line for each call: check which of these calls took effect in the account. "
    "Then move the file away."
)


class ActivityScreen(ListScreen, ChangesProfiles):
    MODE = "activity"
    AUTO_FOCUS = "#calls"
    DECLARED = (*COMMANDS, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)

    DEFAULT_CSS = """
    ActivityScreen #changed { height: auto; display: none; }
    """

    failures_only = False
    _seen: tuple[LoggedCall, ...] | None = None
    _timer: Timer | None = None
    _newest = ""
    _here = ""
    """The row where the screen last put the cursor. While the cursor is on that row, the screen moves it to each newer
    row."""

    def compose_body(self) -> Iterable[Widget]:
        with Pane(id="changed"):
            yield VirtualTable(CHANGES, id="changes")
        with Pane(id="called"):
            yield VirtualTable(COLUMNS, sorts=True, id="calls")

    def words(self) -> str:
        return (
            "Enter shows AWS's response to a call, or a change with its undo. Times are UTC. Of a read call's "
            "parameters, only names are recorded. Changes are recorded in the journal with everything that an undo "
            "needs."
        )

    def on_mount(self) -> None:
        self._timer = self.set_interval(REFRESH, self.look)
        self.look()

    def rests_on(self) -> Iterable[EntityName]:
        return ()  # this list shows the calls and journals as they are now

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        row = self.query_one("#changes", VirtualTable).row
        self._here = row.id if row is not None else ""

    def session_changed(self) -> None:
        self.show_changes()
        self.look()

    def show_changes(self) -> None:
        changes, damaged, profiles = self.session.changes, self.session.damaged, self.session.written_profiles
        table = self.query_one("#changes", VirtualTable)
        pane = self.query_one("#changed", Pane)
        demo = self.session.kind == "demo"
        any_there = bool(changes or damaged or profiles)
        there = pane.display and bool(table.rows)
        pane.display = any_there or demo
        if any_there and not there and self.query_one("#calls", VirtualTable).cursor == 0:
            self.set_focus(table)  # operators return to this screen for the changes
        shown_time = self.session.shown_time
        begun = [(record.started, change_row(record, undone_by(record, changes), shown_time)) for record in changes]
        begun += [(written.time, profile_row(written, shown_time(written.time))) for written in profiles]
        rows = [row for _, row in sorted(begun, key=lambda each: each[0], reverse=True)]
        rows += [damaged_row(number, path) for number, (path, _) in enumerate(damaged)]
        unread = f"{plural(len(damaged), 'journal')} cannot be read" if damaged else ""
        pane.name_it("Changes", "enter opens a change, to undo or resume it" if rows else "", unread)
        table.styles.height = min(max(1, len(rows)), MOST_CHANGES) + 1
        here = table.row.id if table.row is not None else ""
        table.show(rows, empty=_NO_CHANGES if demo else "", columns=fitted(CHANGES, rows))
        newest = rows[0].id if rows else ""
        if newest != self._newest and here == self._here:
            table.go_to(newest)
            self._here = newest
        self._newest = newest

    def calls(self) -> tuple[LoggedCall, ...]:
        log = call_log(self.session)
        calls = log.calls() if log else ()
        if self.failures_only:
            calls = tuple(call for call in calls if failed(call))
        return tuple(reversed(calls))

    def look(self) -> None:
        """Show the current log, newest first, if it has changed."""
        if not self.in_view:
            return
        calls = self.calls()
        if calls == self._seen:
            return
        self._seen = calls
        if call_log(self.session) is None:
            empty = "This account is read from a file: no AWS calls are made."
            if self.session.reader is None:
                empty = "No calls yet."
        else:
            empty = "No calls failed." if self.failures_only else "No calls yet."
        rows = [call_row(call, self.session.shown_time(call.started)) for call in calls]
        self.query_one("#calls", VirtualTable).show(rows, empty=empty, columns=fitted(COLUMNS, rows))
        faults = sum(failed(call) for call in calls)
        total = sum(call.seconds or 0 for call in calls)
        self.query_one("#called", Pane).name_it(
            "AWS calls",
            f"{plural(len(calls), 'call')}, {total:.1f} s in total",
            f"{faults} failed" if faults else "",
        )

    def on_virtual_table_chosen(self, message: VirtualTable.Chosen) -> None:
        message.stop()
        if message.table.id == "changes":
            self.open_change(message.row.id)
            return
        call = next((call for call in self._seen or () if str(call.number) == message.row.id), None)
        if call is not None:
            started = self.session.shown_time(call.started)
            lines = [
                f"{call.name} {call.subject}".strip(),
                f"region {call.region}, started {started:%Y-%m-%d %H:%M:%S} UTC, {outcome_text(call)}",
                f"request id {call.request_id or 'none'}",
            ]
            if call.message:
                lines += ["", call.message]
            self.app.push_screen(TextWindow("AWS call", "\n".join(lines)))

    def open_change(self, plan_id: str) -> None:
        if plan_id.startswith(_DAMAGED):
            path, why = self.session.damaged[int(plan_id.removeprefix(_DAMAGED))]
            self.app.push_screen(TextWindow("A journal that cannot be read", f"{path}\n\n{why}\n\n{_OF_DAMAGED}"))
            return
        if plan_id.startswith(_PROFILE):
            time = plan_id.removeprefix(_PROFILE)
            written = next((each for each in self.session.written_profiles if each.time.isoformat() == time), None)
            if written is not None:
                self.change_profile(written.taken_back)
            return
        from screens.plan.screen import PlanScreen

        record = next((each for each in self.session.changes if each.plan.id == plan_id), None)
        if record is not None:
            self.app.push_screen(PlanScreen(self.session, record.plan, record=record))

    def action_failures(self) -> None:
        self.failures_only = not self.failures_only
        self._seen = None
        self.look()

    def action_export(self) -> None:
        rows = [call_row(call, self.session.shown_time(call.started), whole=True) for call in self.calls()]
        texts = table_texts(COLUMNS, rows)
        export_menu(self, Export("Export the calls", stamped("calls", self.session.now), texts))

    def leave_filter(self) -> bool:
        shown_in_part = self.failures_only
        if shown_in_part:
            self.action_failures()
        return shown_in_part

    def leave(self) -> None:
        """Do nothing, because this is a main screen with no screen below it."""
