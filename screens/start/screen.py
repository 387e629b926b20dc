"""Start: the items that need attention, each with the place that it opens.

They are read in the background, in parts.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from diagnostics.review.limits import Limits
from screens.commands import Command, bindings
from screens.diagnose.recent.walk import Walk, Walked, WalkProgress
from screens.frame.base import BaseScreen
from screens.messages import DiagnoseText, OpenDraft, ReviewChanged, RunOnScreen, ShowScreen
from screens.plan.screen import PlanScreen
from screens.review.run import ReviewRun, ReviewWent
from screens.session import unread_lines
from screens.start.lines import (
    READING,
    Place,
    Section,
    StartLine,
    change_lines,
    denial_lines,
    denials_title,
    draft_lines,
    finding_lines,
    forecast_lines,
    plan_lines,
    section,
)
from screens.text import marks
from screens.typed import earlier
from screens.widgets.confirm import YES, Confirm, question
from screens.widgets.pane import Pane
from screens.widgets.severity import severity_mark, severity_style
from screens.widgets.styles import FAINT, PLAIN, STRONG, WARN
from screens.widgets.table import Column, Row, VirtualTable, fitted
from screens.worker_failures import run_in_thread

if TYPE_CHECKING:
    from diagnostics.history.log import Entry
    from iam.account import Account
    from iam.sources.reader.account_reader import AccountReader

COLUMNS = (Column("", 1, mark=True), Column("WHAT", 40, grow=1), Column("", 12, mark=True))


DISCARD = Command(
    "start.discard",
    "x",
    "discard",
    "Discard the typed text of this line, after one question.",
    show_in_footer=True,
    palette=False,
)


@dataclass(eq=False, repr=False)
class ChangesFound(Message):
    """The recorded changes of the last day in this account were read; ``why`` says why they could not be."""

    account: Account
    entries: tuple[Entry, ...]
    why: str = ""


class StartScreen(BaseScreen):
    MODE = "start"
    AUTO_FOCUS = "VirtualTable"
    DECLARED = (DISCARD, *BaseScreen.DECLARED)
    BINDINGS: ClassVar[list[BindingType]] = bindings((DISCARD,))

    begun_for: Account | None = None
    changes: ChangesFound | None = None
    _left_at = ""
    """The line on which `show` left the cursor. If the cursor is now on another line, the operator moved it."""
    _by_hand = False
    """Whether the operator moved the cursor to its present line."""

    def compose_body(self) -> Iterable[Widget]:
        with Pane(title="Start"):
            yield VirtualTable(COLUMNS, heading=False)

    def words(self) -> str:
        return (
            "Critical and high findings by cause, what will break at a known time, denials and changes of the "
            "last day, unfinished changes, and what could not be read. enter opens the screen for a line; r "
            "reads again."
        )

    def on_mount(self) -> None:
        self.session_changed()

    def session_changed(self) -> None:
        session, account = self.session, self.session.account
        if not self.is_mounted or not self.in_view:
            return
        reader = session.reader if not session.loading else None
        if account is not None and reader is not None and self.begun_for is not account:
            self.begun_for, self.changes = account, None
            self._begin(account, reader)
        self.show()

    # Reading

    def _begin(self, account: Account, reader: AccountReader) -> None:
        session = self.session
        run = session.review if isinstance(session.review, ReviewRun) else None
        if run is None or run.account is not account:
            session.review = run = ReviewRun(
                account, reader, session.review_limits or Limits(), session.accepted_path, session.review
            )
        walk = session.recent if isinstance(session.recent, Walk) and session.recent.reader is reader else None
        if walk is None and session.kind != "snapshot":
            session.recent = walk = Walk(reader)
            walk.progress = replace(walk.progress, running=True)
        unread_walk = walk if walk is not None and not walk.progress.events else None
        review = run
        # In separate workers: CloudTrail allows two calls a second, and a review reads policies.
        if unread_walk is not None:
            self._work("denials", lambda gone: unread_walk.go_on(self.post_message, gone))
        self._work("changes", lambda gone: self._read_changes(account, reader))
        if not review.ended and not review.stopped:
            self._work("review", lambda gone: review.go(self.post_message, lambda: gone() or review.stopped))

    def _work(self, part: str, work: Callable[[Callable[[], bool]], None]) -> None:
        """Run ``work`` in a thread. It gets a function that returns whether the work was canceled."""

        def begin() -> None:
            worker = get_current_worker()
            work(lambda: worker.is_cancelled)

        run_in_thread(self, begin, f"start-{part}")

    def _read_changes(self, account: Account, reader: AccountReader) -> None:
        from diagnostics.history.log import entries
        from iam.history.cache import EventCache
        from iam.history.gather import recorded_for
        from iam.sources.reader.opened import OpenedAccount
        from iam.sources.source_error import SourceError

        opened = OpenedAccount(account, reader)
        cache = EventCache(account.id) if reader.kind == "aws" else None
        try:
            recorded = recorded_for((), opened, account.now - timedelta(days=1), cache=cache, whole=True)
            self.post_message(ChangesFound(account, tuple(entries(recorded.history(opened), None))))
        except SourceError as error:
            self.post_message(ChangesFound(account, (), str(error)))

    def on_review_went(self, message: ReviewWent) -> None:
        message.stop()
        run = message.run
        run.review, run.progress, run.warnings = message.review, message.progress, message.warnings
        run.ended = message.progress is None
        if run.ended and run is self.session.review:
            self.session.findings = run.review.by_subject()
            self.app.post_message(ReviewChanged())
        self.show()

    def on_walked(self, message: Walked) -> None:
        message.stop()
        message.walk.progress = message.progress
        self.show()

    def on_changes_found(self, message: ChangesFound) -> None:
        message.stop()
        if message.account is self.begun_for:
            self.changes = message
            self.show()

    # Showing

    def sections(self) -> Sequence[Section]:
        session = self.session
        now = session.now
        run = session.review if isinstance(session.review, ReviewRun) else None
        if run is not None and run.account is not session.account:
            run = None
        stopped = run is not None and run.stopped
        reviewed = stopped or (run is not None and run.ended)
        none = "the review was stopped: r restarts it" if stopped else "none"
        findings = run.review.findings if run is not None else ()
        walk = session.recent if isinstance(session.recent, Walk) else None
        progress = walk.progress if walk is not None else WalkProgress()
        unread = [StartLine(f"{call}: {why}", "", Place("unread")) for call, why, _ in unread_lines(session)]
        unread += [StartLine(one.what, "", Place("rules")) for one in (run.review.unread if run is not None else ())]
        changes = self.changes
        grave = Place("review", "severity:high")
        roles = {role.name for role in session.account.roles} if session.account is not None else frozenset()
        drafts = list(draft_lines(session.typed, roles))
        return (
            section("Critical and high findings", finding_lines(findings), none, grave, reading=not reviewed),
            section("What breaks soon", forecast_lines(findings), none, reading=not reviewed),
            section(
                denials_title(progress, now),
                denial_lines(progress.denials, now),
                "a snapshot has no record of calls" if walk is None else _no_denials(progress),
                Place("recent"),
                reading=progress.running,
            ),
            section(
                "Changes of the last day",
                change_lines(changes.entries, now) if changes is not None else (),
                (changes.why if changes is not None else "") or "none on record",
                Place("history"),
                reading=changes is None,
            ),
            section("Unfinished changes", plan_lines(session.unfinished, session.shown_time), "none"),
            *([section("Typed and not used yet", drafts, "")] if drafts else []),
            section("Not read", unread, "nothing is known to be missing", Place("unread"), reading=not reviewed),
        )

    def show(self) -> None:
        self.places: dict[str, Place] = {}
        self.drafts: dict[str, str] = {}
        rows: list[Row] = []
        if self.session.account is None or self.session.loading:
            rows.append(Row("loading", ("", "The account is being read ...", ""), FAINT))
        else:
            for each in self.sections():
                head = f"{each.title}: {each.said}" if each.said else each.title
                # The ID is the first word of the title: the rest of a title may change while its part is read.
                rows.append(Row(each.title.partition(" ")[0], ("", head, ""), STRONG if each.lines else FAINT))
                for line in each.lines:
                    id = _id_of(line, self.places)
                    self.places[id] = line.place
                    self.drafts[id] = line.draft
                    sign, style = _look(line)
                    rows.append(Row(id, (sign, f"  {line.text}", line.aside), style))
        table = self.query_one(VirtualTable)
        before = table.row.id if table.row is not None else ""
        self._by_hand = self._by_hand or (bool(before) and before != self._left_at)
        table.show(rows, columns=fitted(COLUMNS, rows))
        after = table.row.id if table.row is not None else ""
        self._by_hand = self._by_hand and after == before
        # Once the cursor is on a line, it stays with that line: a key opens the line that the reader saw marked.
        if not self._by_hand and after not in self.places and (first := self._first_settled()):
            table.go_to(first)
        self._left_at = table.row.id if table.row is not None else ""
        self.refresh_bindings()

    @property
    def _draft_here(self) -> str:
        """The place of the typed text on the current line; "" if the line is not about typed text."""
        row = self.query_one(VirtualTable).row if self.is_mounted else None
        return self.drafts.get(row.id, "") if row is not None else ""

    def why_not(self, command: Command) -> str:
        if command.action == "discard":
            if not self._draft_here:
                return "Only unused text that you typed can be discarded here."
            if self._draft_here in _OPENS:
                return f"enter opens {_OPENS[self._draft_here].capitalize()}: f2 clears the text there."
        return super().why_not(command)

    def action_discard(self) -> None:
        place = self._draft_here

        def answered(answer: str | None) -> None:
            if answer == YES and self.session.typed.put(place, {}):
                run_in_thread(self, self.session.typed.save, "drafts")
                self.show()
                self.say(f"{place}: discarded.")

        text = "Your text is deleted and cannot be restored. Nothing in the account changes."
        self.app.push_screen(Confirm(f"Discard: {place}", text, question("discard it"), careful=True), answered)

    def _first_settled(self) -> str:
        """Return the ID of the first line, if nothing above it is still being read; "" otherwise."""
        taken: dict[str, Place] = {}
        for each in self.sections() if self.places else ():
            if each.said == READING:
                return ""
            for line in each.lines:
                return _id_of(line, taken)
        return ""

    def _open_draft(self, place: str) -> None:
        if place in _OPENS:
            self.app.post_message(ShowScreen(_OPENS[place]))
        else:
            self.say(f"Your text is restored when you open {place} again.")

    def on_virtual_table_moved(self, message: VirtualTable.Moved) -> None:
        message.stop()
        self.refresh_bindings()

    async def on_virtual_table_chosen(self, message: VirtualTable.Chosen) -> None:
        message.stop()
        place = self.places.get(message.row.id)
        if place is None:
            return
        match place.kind:
            case "review":
                self.app.post_message(RunOnScreen("review", "set_filter", place.words))
            case "diagnose":
                self.app.post_message(DiagnoseText(place.words))
            case "recent":
                self.app.post_message(RunOnScreen("diagnose", "action_recent"))
            case "history":
                await self.app.run_action("app.history")
            case "role":
                self.app.post_message(OpenDraft(place.words, self.drafts[message.row.id]))
            case "drafts":
                self._open_draft(place.words)
            case "rules":
                self.app.post_message(RunOnScreen("review", "action_unread"))
            case "unread":
                await self.app.run_action("app.troubles")
            case "plan":
                record = next((each for each in self.session.unfinished if each.plan.id == place.words), None)
                if record is not None:
                    self.app.push_screen(PlanScreen(self.session, record.plan, record=record))


_OPENS = {"Diagnose": "diagnose", earlier("Diagnose"): "diagnose", "Create": "create"}
"""The main screens that restore drafts, by the place of the draft."""


def _id_of(line: StartLine, taken: Container[str]) -> str:
    """Return an ID for a line, so that it is found again after other lines were added above it.

    It consists of the line's place, and a number if several lines have that place.
    """
    id = place = f"{line.place.kind}/{line.place.words}"
    number = 0
    while id in taken:
        number += 1
        id = f"{place}/{number}"
    return id


def _look(line: StartLine) -> tuple[str, Style]:
    """Return the sign before a line, and its style."""
    if line.severity is not None:
        return severity_mark(line.severity), severity_style(line.severity)
    return (marks().failed, WARN) if line.failed else ("", PLAIN)


def _no_denials(progress: WalkProgress) -> str:
    return "none on record" if progress.readable else "CloudTrail could not be read"
