"""The account's latest denials, as CloudTrail recorded them. Enter explains one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import get_current_worker

from diagnostics.json_versions import versioned
from diagnostics.masking.masks import Masks
from diagnostics.recent.causes import DenialCause, causes
from diagnostics.recent.denials import COSTS, EVENTS_AT_ONCE, RecentDenial
from diagnostics.recent.report import HowFar, nothing_words, to_json, to_markdown
from diagnostics.right_size.trail import HOW_SLOW
from iam.changes.entity_name import EntityName
from iam.foreign_text import json_text
from iam.sources.reader.trail_queries import QueryPurpose, TrailQuestion, TrailSettings
from screens.ask_trail.screen import AgreedQuery, AskTrail
from screens.commands import Command, bindings
from screens.copy.menu import Copy, copy_menu
from screens.diagnose.recent.rows import COLUMNS, detail_of, holds_words, record_of, row_id, rows_of
from screens.diagnose.recent.walk import ListLeft, Walk, Walked, WalkProgress
from screens.export.menu import export_report, stamped
from screens.frame.base import PANES
from screens.frame.list_screen import FilterLine, ListScreen
from screens.messages import DiagnoseText
from screens.session import Session
from screens.text import heights, marks, plural, visible
from screens.widgets.facts import Paragraph
from screens.widgets.line import Line, Piece
from screens.widgets.pane import Pane
from screens.widgets.styles import FAINT, PLAIN, STRONG, WARN
from screens.widgets.table import VirtualTable, fitted
from screens.worker_failures import run_in_thread

COMMANDS = (
    Command("recent.filter", "/", "filter", "Filter the list by words in any column.", show_in_footer=True),
    Command("recent.sort", "s", "sort", "Sort by newest, by caller, or by count.", show_in_footer=True),
    Command(
        "recent.more", "<", "further back", "Read further back, from where the last read stopped.", show_in_footer=True
    ),
    Command(
        "recent.read-again", "r", "read again", "Read CloudTrail again from its newest event.", show_in_footer=True
    ),
    Command(
        "recent.ask",
        "Q",
        "query a trail",
        "Query a trail for denials in this account or in all accounts of the trail; you first see the query "
        "and its cost.",
        show_in_footer=True,
    ),
    Command("recent.export", "e", "export", "Save or copy the list shown: Markdown or JSON.", show_in_footer=True),
    Command(
        "recent.copy", "y", "copy", "Copy the sentence, the CloudTrail record or the resource.", show_in_footer=True
    ),
    Command("recent.back", "escape", "stop, back", "Stop reading, or go back.", palette=False, show_in_footer=True),
)
ASKED_DAYS = 7
"""The number of past days for which denials are queried from a trail."""
ORDERS = ("newest first", "by caller", "most often first")


CHART_FROM = 30
"""The minimum height of the terminal, in lines, at which a chart of the denials by hour is drawn."""


class RecentDenialsScreen(ListScreen):
    """The list of denials. ``role`` is the name of the only role to list, or None for the entire account."""

    MODE = "diagnose"
    DECLARED = (*COMMANDS, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)
    DEFAULT_CSS = """
    RecentDenialsScreen #recent-state, RecentDenialsScreen #recent-reach { height: 1; }
    RecentDenialsScreen #recent-unread { height: 1; }
    RecentDenialsScreen #recent-hours { height: 1; display: none; }
    RecentDenialsScreen #recent-newest { height: auto; }
    RecentDenialsScreen #recent-detail { height: 3; }
    RecentDenialsScreen.-tall #recent-detail { height: 5; }
    """

    def __init__(self, session: Session, role: str | None = None) -> None:
        super().__init__(session)
        self.role_name = role
        self.words_wanted: list[str] = []
        self.order = 0
        self.shown: dict[str, RecentDenial] = {}
        """The denial of each row, by row ID; for a cause in one row, its newest denial."""
        self.opened: frozenset[str] = frozenset()
        """The causes whose denials are listed individually."""
        self.causes: dict[str, DenialCause] = {}

    @property
    def mode(self) -> str:
        return "roles" if self.role_name else "diagnose"

    @property
    def walk(self) -> Walk | None:
        kept = self.session.recent
        return kept if isinstance(kept, Walk) and kept.reader is self.session.reader else None

    def compose_body(self) -> Iterable[Widget]:
        with Pane(title=f"Recent denials{f' about {visible(self.role_name)}' if self.role_name else ''}"):
            yield Line(id="recent-state")
            yield Line(id="recent-reach")
            yield Line(id="recent-hours")
            yield Line(id="recent-unread")
            yield FilterLine()
            yield VirtualTable(COLUMNS)
        with Pane(title="The newest", id="recent-newest"):
            yield Paragraph(id="recent-detail")

    def words(self) -> str:
        return (
            "CloudTrail's event history has management events of the last 90 days, without refused calls on S3 "
            "objects, DynamoDB items or Lambda functions. The event history cannot be queried for failures only, "
            "so rolescope reads every event: 50 at a time, twice a second in each Region. After "
            f"{EVENTS_AT_ONCE:,} events, press < to read on. Denials with the same cause form one row (+), which "
            "enter opens. The cause is the policy that AWS names, the role that could not be assumed, or a "
            "caller's missing permissions for one service. Denied reads by rolescope itself are left out. Q "
            "queries a trail with Athena or CloudTrail Lake, for refused calls only. The result includes data "
            "events if the trail logs any."
        )

    def why_not(self, command: Command) -> str:
        objection = super().why_not(command)
        if objection or not self.is_mounted:
            return objection
        progress = self.walk.progress if self.walk else WalkProgress()
        match command.action:
            case "more" if progress.running:
                return "CloudTrail is being read."
            case "more" if progress.ended and progress.why:
                return "All readable events have been read: r reads again."
            case "more" if progress.ended:
                return "CloudTrail has nothing older."
            case "ask" if self.session.reader is None or self.session.account is None:
                return "The account has not been read yet."
            case "export" if not progress.readable or self.session.reader is None:
                return "No denials could be read."
            case "copy" if self.table.row is None:
                return "There is no denial to copy."
        return ""

    def on_mount(self) -> None:
        self.table.sort_mark(0, True)
        if self.walk is None:
            self._begin()
        else:
            self._come_back(self.walk.left)
            if not self.walk.progress.ended and not self.walk.progress.events:
                self._go_on()

    def _come_back(self, left: ListLeft) -> None:
        if left.role != self.role_name:
            self.show()
            return
        with self.prevent(Input.Changed):
            self.query_one(Input).value = left.filter
        self.words_wanted, self.opened = left.filter.lower().split(), left.opened
        self._sort(left.order)
        if left.row:
            self.table.go_to(left.row)
            self.show_detail()

    def rests_on(self) -> Iterable[EntityName]:
        return ()  # the list shows what was denied then, whatever was changed since

    def session_changed(self) -> None:
        if self.is_mounted and self.walk is None:
            self._begin()

    # Reading

    def _begin(self, asked: AgreedQuery | None = None) -> None:
        reader = self.session.reader
        if reader is None:
            self.show()
            return
        self.session.recent = Walk(reader, asked)
        self._go_on()

    def _go_on(self) -> None:
        walk = self.walk
        if walk is None:
            return
        walk.progress = replace(walk.progress, readable=True, running=True)
        self.show()

        def work() -> None:
            worker = get_current_worker()
            walk.go_on(self.post_message, lambda: worker.is_cancelled)

        run_in_thread(self, work, "recent")

    def on_walked(self, message: Walked) -> None:
        message.stop()
        message.walk.progress = message.progress
        if message.walk is self.walk:
            self.show()

    @property
    def _reading(self) -> bool:
        return self.walk is not None and self.walk.progress.running

    def _stop(self) -> None:
        self.workers.cancel_group(self, "recent")
        if self.walk is not None:
            self.walk.stop()
            self.walk.progress = replace(self.walk.progress, running=False)

    # Showing

    def show(self) -> None:
        progress = self.walk.progress if self.walk else WalkProgress()
        chosen = [each for each in progress.denials if self._wanted(each)]
        found = list(causes(chosen))
        if self.order == 1:
            found.sort(key=lambda each: each.newest.who.lower())
        elif self.order == 2:
            found.sort(key=lambda each: -each.count)
        self.causes = {each.id: each for each in found if len(each.denials) > 1}
        self.shown = {row_id(each): each for each in chosen} | {each.id: each.newest for each in self.causes.values()}
        self.query_one("#recent-state", Line).show(*self._state(progress, len(chosen), len(found)))
        self.query_one("#recent-reach", Line).show(*self._reach(progress))
        hours = self._hours(progress)
        self.query_one("#recent-hours", Line).display = bool(hours)
        self.query_one("#recent-hours", Line).show(*hours)
        unread = self._unread(progress)
        self.query_one("#recent-unread", Line).display = bool(unread)
        self.query_one("#recent-unread", Line).show(*unread)
        here = self.session.account.id if self.session.account is not None else ""
        now = self.session.now
        rows = list(rows_of(found, self.opened, now, here))
        self.table.show(rows, empty=self._nothing(progress), columns=fitted(COLUMNS, rows))
        self.show_detail()
        self.refresh_bindings()

    def _wanted(self, denial: RecentDenial) -> bool:
        return (self.role_name is None or denial.concerns(self.role_name)) and holds_words(denial, self.words_wanted)

    def _hours(self, progress: WalkProgress) -> list[Piece]:
        """Return a chart of the denials.

        It shows the last day by hour or, if events so far back were read, the last two weeks by day.
        """
        if not progress.hours or self.role_name is not None or self.size.height < CHART_FROM:
            return []
        now, by_day = self.session.now, min(progress.hours) < self.session.now - timedelta(days=1)
        step, number, word = (timedelta(days=1), 14, "a day") if by_day else (timedelta(hours=1), 24, "an hour")
        counts = [0] * number
        for hour, count in progress.hours.items():
            place = (now - hour) // step
            if 0 <= place < number:
                counts[number - 1 - place] += count
        whole = "14 days" if by_day else "24 h"
        return [(f" {whole} to now ", FAINT), (heights(counts), STRONG), (f"  most {max(counts):,} in {word}", FAINT)]

    def _state(self, progress: WalkProgress, shown: int, found: int) -> list[Piece]:
        """Return the number of denials, and whether more are being read, in few words that fit any width."""
        pieces: list[Piece] = [(f" {plural(shown, 'kind of denial', 'kinds of denial')}", STRONG)]
        if found < shown:
            pieces.append((f" of {plural(found, 'cause')}", STRONG))
        if progress.running:
            pieces.append((f"  reading {marks().ellipsis} escape stops", WARN))
        elif progress.events and not progress.ended:
            pieces.append(("  < reads further back", PLAIN))
        pieces.append((f"  {ORDERS[self.order]}", FAINT))
        if progress.own:
            pieces.append((f"  {marks().dot} {progress.own:,} denied reads by rolescope itself left out", FAINT))
        if progress.left_out:
            pieces.append((f"  {marks().dot} {progress.left_out:,} more denials of other kinds dropped", FAINT))
        return pieces

    def _reach(self, progress: WalkProgress) -> list[Piece]:
        """Return how far back the events were read."""
        if progress.reached is None:
            return []
        end = "; nothing is older" if progress.ended and not progress.why else ""
        if self.walk is not None and (asked := self.walk.asked) is not None:
            where = f"{visible(asked.table.title)} since {asked.question.since:%Y-%m-%d}"
            return [(f" {plural(progress.events, 'refused call')} in {where}{end}", FAINT)]
        if progress.running:
            end = f"; {HOW_SLOW}"
        return [(f" {plural(progress.events, 'event')} back to {progress.reached:%Y-%m-%d %H:%M} UTC{end}", FAINT)]

    def _unread(self, progress: WalkProgress) -> list[Piece]:
        """Return the Regions that could not be read, and those that could."""
        if not progress.why or not progress.readable:
            return []
        said = "; ".join(f"{visible(region)}: {visible(why)}" for region, why in progress.why.items())
        return [(f" {marks().unknown} {said}", WARN)]

    def _nothing(self, progress: WalkProgress) -> str:
        if self.session.reader is None:
            return visible(self.session.failure) or "The account is not open yet."
        if not progress.readable:
            reasons = dict.fromkeys(visible(why) for why in progress.why.values())
            return f"{' '.join(reasons)} {COSTS}"
        if progress.running:
            return "No denial has been found yet."
        if self.words_wanted:
            return "No denial matches: escape shows all."
        return nothing_words(self.role_name)

    def show_detail(self) -> None:
        denial = self.shown.get(self.table.row.id) if self.table.row else None
        self.query_one("#recent-detail", Paragraph).say(detail_of(denial) if denial else "")

    def on_virtual_table_heading_clicked(self, message: VirtualTable.HeadingClicked) -> None:
        message.stop()
        order = {0: 0, 1: 2, 2: 1}.get(message.column)
        if order is not None:
            self._sort(order)

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self.words_wanted = message.value.lower().split()
        self.show()

    # Commands

    def on_virtual_table_chosen(self, message: VirtualTable.Chosen) -> None:
        """Open or close a cause with several denials, or explain a single one.

        To explain a denial, its CloudTrail record is put into the box on the Diagnose screen.
        """
        message.stop()
        if message.row.id in self.causes:
            self.opened ^= {message.row.id}
            self.show()
            return
        denial = self.shown.get(message.row.id)
        if denial is None:
            return
        if self.walk is not None:
            self.walk.left = ListLeft(
                self.role_name, self.query_one(Input).value, self.order, message.row.id, self.opened
            )
        app = self.app
        if self.role_name is None:
            # This screen covers the Diagnose screen, which must become visible now; there, escape restores the list.
            self.leave()
        app.post_message(DiagnoseText(record_of(denial), from_list=self.role_name is None))

    def action_sort(self) -> None:
        self._sort((self.order + 1) % len(ORDERS))

    def _sort(self, order: int) -> None:
        self.order = order
        self.table.sort_mark({0: 0, 1: 2, 2: 1}[order], order != 1)
        self.show()

    def action_more(self) -> None:
        self._go_on()

    def action_read_again(self) -> None:
        self._stop()
        self._begin()

    def action_ask(self) -> None:
        reader, account = self.session.reader, self.session.account
        if reader is None or account is None:
            return
        now = self.session.now
        questions = {
            scope: TrailQuestion(QueryPurpose.DENIALS, now - timedelta(days=ASKED_DAYS), now, of)
            for scope, of in (("this account", account.id), ("every account in it", None))
        }

        def agreed(found: AgreedQuery | None) -> None:
            if found is not None:
                self._stop()
                self._begin(found)

        self.app.push_screen(AskTrail(reader, questions, self.session.trail_settings or TrailSettings()), agreed)

    def action_export(self) -> None:
        progress = self.walk.progress if self.walk else WalkProgress()
        chosen = tuple(each for id, each in self.shown.items() if id not in self.causes)
        asked, account = self.walk.asked if self.walk else None, self.session.account
        here = account.id if account is not None else ""
        far = HowFar(progress.events, progress.reached, progress.ended, progress.why, asked, here)

        def write(suffix: str, masks: Masks | None) -> str:
            if suffix == "md":
                text = to_markdown(chosen, far, self.role_name)
            else:
                text = json_text(versioned("recent", to_json(chosen, far))) + "\n"
            return masks.document(text) if masks is not None else text

        export_report(self, "list", stamped("recent-denials", self.session.now), write)

    def action_copy(self) -> None:
        denial = self.shown.get(self.table.row.id) if self.table.row else None
        if denial is not None:
            failure = denial.failure
            copies = [
                Copy("s", "the sentence", detail_of(denial)),
                Copy("e", "CloudTrail's record of the newest denial", record_of(denial)),
            ]
            if failure.resource:
                copies.append(Copy("r", "the resource", failure.resource))
            copy_menu(self, copies)

    def stop_work(self) -> bool:
        reading = self._reading
        if reading:
            self._stop()
            self.show()
        return reading

    def leave(self) -> None:
        self._stop()
        self.dismiss()
