"""The account's latest denials, as CloudTrail tells them: enter explains one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import get_current_worker

from diagnostics.recent import COSTS, EVENTS_AT_ONCE, RecentDenial
from screens.base import PANES, BaseScreen
from screens.commands import Command, bindings
from screens.copying import Copy, copy_menu
from screens.messages import DiagnoseText
from screens.recent_walk import Progress, Walk, Walked
from screens.session import Session
from screens.text import ago, marks, plural, visible
from screens.widgets.facts import Paragraph
from screens.widgets.line import Line, Piece
from screens.widgets.look import FAINT, KEY, STRONG, WARN
from screens.widgets.rules import Rule
from screens.widgets.table import Column, Row, VirtualTable

COLUMNS = (
    Column("LAST", 7),
    Column("", 6, right=True),
    Column("WHO", 18, grow=2, most=44),
    Column("WAS DENIED", 22, grow=2, most=40),
    Column("ON", 12, grow=4, most=110),
    Column("ERROR", 20, most=32, grow=1, drop=2),
    Column("REGION", 12, drop=1),
)

COMMANDS = (
    Command("recent.filter", "/", "filter", "Narrow the list: words of any column.", show_in_footer=True),
    Command("recent.sort", "s", "sort", "Newest first, by caller, or by how often.", show_in_footer=True),
    Command("recent.more", "m", "further back", "Read further back where the reading stopped.", show_in_footer=True),
    Command("recent.read-again", "r", "read again", "Read CloudTrail from its newest event.", show_in_footer=True),
    Command("recent.copy", "y", "copy", "Copy the sentence, CloudTrail's record or the command.", show_in_footer=True),
    Command(
        "recent.back", "escape", "stop, back", "Stop the reading; else go back.", palette=False, show_in_footer=True
    ),
)
ORDERS = ("newest first", "by caller", "most often first")


class FilterBox(Input):
    """The filter's box: down, enter and tab go to the list."""

    async def _on_key(self, event: events.Key) -> None:
        if event.key in ("down", "enter", "tab"):
            event.prevent_default()
            event.stop()
            self.screen.set_focus(self.screen.query_one(VirtualTable))
            return
        await super()._on_key(event)


def row_id(denial: RecentDenial) -> str:
    failure = denial.failure
    return f"{denial.who}|{denial.what}|{failure.resource}|{failure.code}|{failure.stated_reason}|{failure.policy_arn}"


class RecentDenialsScreen(BaseScreen):
    """``role`` is the name of the role that the list is narrowed to, or None for the whole account."""

    MODE = "diagnose"
    AUTO_FOCUS = "VirtualTable"
    DECLARED = (*COMMANDS, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)
    DEFAULT_CSS = """
    RecentDenialsScreen #recent-filter-line { height: 1; }
    RecentDenialsScreen #recent-sign { width: 3; }
    RecentDenialsScreen #recent-filter { width: 1fr; }
    RecentDenialsScreen #recent-detail { height: 3; }
    """

    def __init__(self, session: Session, role: str | None = None) -> None:
        super().__init__(session)
        self.role_name = role
        self.words_wanted: list[str] = []
        self.order = 0
        self.shown: dict[str, RecentDenial] = {}

    @property
    def mode(self) -> str:
        return "roles" if self.role_name else "diagnose"

    @property
    def walk(self) -> Walk | None:
        kept = self.session.recent
        return kept if isinstance(kept, Walk) and kept.reader is self.session.reader else None

    @property
    def table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    def compose_body(self) -> Iterable[Widget]:
        yield Rule(f"Recent denials{f' about {visible(self.role_name)}' if self.role_name else ''}")
        yield Line(id="recent-state")
        with Horizontal(id="recent-filter-line"):
            yield Line([(" / ", KEY)], id="recent-sign")
            yield FilterBox(id="recent-filter", placeholder="filter", compact=True, select_on_focus=False)
        yield VirtualTable(COLUMNS)
        yield Rule()
        yield Paragraph(id="recent-detail")

    def words(self) -> str:
        return (
            "CloudTrail keeps management events for 90 days; refusals of S3 objects, DynamoDB items or Lambda calls "
            "are not among them. It cannot be asked for failures only, so every event is read, 50 at a time and twice "
            f"a second in each region; after {EVENTS_AT_ONCE:,} events the reading waits for m. Equal denials are "
            "one row. rolescope's own refused reads are left out."
        )

    def why_not(self, command: Command) -> str:
        objection = super().why_not(command)
        if objection or not self.is_mounted:
            return objection
        progress = self.walk.progress if self.walk else Progress()
        match command.action:
            case "more" if progress.running:
                return "It is being read."
            case "more" if progress.ended:
                return "CloudTrail has nothing older."
            case "copy" if self.table.row is None:
                return "There is no denial to copy."
        return ""

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False
        self.table.sort_mark(0, True)
        if self.walk is None:
            self._begin()
        else:
            self.show()
            if not self.walk.progress.ended and not self.walk.progress.events:
                self._go_on()

    def session_changed(self) -> None:
        if self.is_mounted and self.walk is None:
            self._begin()

    # Reading

    def _begin(self) -> None:
        reader = self.session.reader
        if reader is None:
            self.show()
            return
        self.session.recent = Walk(reader)
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

        self.run_worker(work, thread=True, exclusive=True, group="recent", exit_on_error=False)

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
            self.walk.progress = replace(self.walk.progress, running=False)

    # Showing

    def show(self) -> None:
        progress = self.walk.progress if self.walk else Progress()
        chosen = [each for each in progress.denials if self._wanted(each)]
        if self.order == 1:
            chosen.sort(key=lambda each: each.who.lower())
        elif self.order == 2:
            chosen.sort(key=lambda each: -each.count)
        self.shown = {row_id(each): each for each in chosen}
        self.query_one("#recent-state", Line).show(*self._state(progress, len(chosen)))
        self.table.show([self._row(each) for each in chosen], empty=self._nothing(progress))
        if self.walk is not None and self.walk.chosen:
            self.table.go_to(self.walk.chosen)
            self.walk.chosen = ""
        self._show_detail()
        self.refresh_bindings()

    def _wanted(self, denial: RecentDenial) -> bool:
        if self.role_name is not None and not denial.concerns(self.role_name):
            return False
        failure = denial.failure
        text = " ".join(
            (denial.who, denial.what, failure.resource or "", failure.code or "", *denial.regions, *denial.roles)
        ).lower()
        return all(word in text for word in self.words_wanted)

    def _state(self, progress: Progress, shown: int) -> list[Piece]:
        pieces: list[Piece] = [(f" {plural(shown, 'kind of denial', 'kinds of denial')}", STRONG)]
        if progress.running:
            pieces.append((f"  reading {marks().ellipsis} escape stops", WARN))
        said = [ORDERS[self.order]]
        if progress.reached is not None:
            end = ", nothing is older" if progress.ended else ""
            said.append(f"{plural(progress.events, 'event')} back to {progress.reached:%Y-%m-%d %H:%M}{end}")
        if progress.events and not (progress.ended or progress.running):
            said.append("m reads further back")
        if progress.own:
            said.append(f"{progress.own:,} refused reads of rolescope left out")
        if progress.left_out:
            said.append(f"{progress.left_out:,} more of other kinds are not kept")
        pieces.append(("  " + f" {marks().dot} ".join(said), FAINT))
        for region, why in progress.why.items():
            if progress.readable:
                pieces.append((f"  {marks().unknown} {visible(region)}: {visible(why)}", WARN))
        return pieces

    def _nothing(self, progress: Progress) -> str:
        if self.session.reader is None:
            return visible(self.session.failure) or "The account is not open yet."
        if not progress.readable:
            reasons = dict.fromkeys(visible(why) for why in progress.why.values())
            return f"{' '.join(reasons)} {COSTS}"
        if progress.running:
            return "No denial was found yet."
        if self.words_wanted:
            return "No denial matches: escape shows all."
        about = f" about {visible(self.role_name)}" if self.role_name else ""
        return f"No request{about} was refused in the events that were read."

    def _row(self, denial: RecentDenial) -> Row:
        failure = denial.failure
        times = f"{denial.count:,}{'x' if marks().ascii else '×'}" if denial.count > 1 else ""
        cells = (
            ago(denial.last, self.session.now),
            times,
            visible(denial.who),
            visible(denial.what),
            visible(short_resource(failure.resource or "")),
            visible(failure.code or ""),
            visible(", ".join(denial.regions)),
        )
        return Row(row_id(denial), cells)

    def _show_detail(self) -> None:
        denial = self.shown.get(self.table.row.id) if self.table.row else None
        self.query_one("#recent-detail", Paragraph).say(_detail(denial) if denial else "")

    def on_virtual_table_moved(self, message: VirtualTable.Moved) -> None:
        message.stop()
        self._show_detail()
        self.refresh_bindings()

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
        """Explain it: CloudTrail's record goes into the box of the Diagnose screen."""
        message.stop()
        denial = self.shown.get(message.row.id)
        if denial is None:
            return
        if self.walk is not None:
            self.walk.chosen = message.row.id
        app = self.app
        if self.role_name is None:
            # It lies over the Diagnose screen, which is to be seen now; R brings the list back as it was.
            self._leave()
        app.post_message(DiagnoseText(record_of(denial)))

    def action_filter(self) -> None:
        self.set_focus(self.query_one(Input))

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

    def action_copy(self) -> None:
        denial = self.shown.get(self.table.row.id) if self.table.row else None
        if denial is not None:
            failure = denial.failure
            copies = [
                Copy("s", "the sentence", _detail(denial)),
                Copy("e", "CloudTrail's record of the newest one", record_of(denial)),
            ]
            if failure.resource:
                copies.append(Copy("r", "the resource", failure.resource))
            copy_menu(self, copies)

    def action_back(self) -> None:
        field = self.query_one(Input)
        if self._reading:
            self._stop()
            self.show()
        elif field.value or field.has_focus:
            field.value = ""
            self.set_focus(self.table)
        else:
            self._leave()

    def _leave(self) -> None:
        self._stop()
        self.dismiss()


def short_resource(arn: str) -> str:
    """A resource as a list shows it: what stands behind the account's number."""
    parts = arn.split(":", 5)
    return parts[5] if len(parts) == 6 and parts[0] == "arn" and parts[5] else arn


def record_of(denial: RecentDenial) -> str:
    """CloudTrail's record of the newest one, laid out to be read."""
    text = denial.failure.text
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _detail(denial: RecentDenial) -> str:
    """When, from where, and the service's own words; who and what, where those do not say it."""
    failure = denial.failure
    when = f"{denial.last:%Y-%m-%d %H:%M:%S} UTC"
    if denial.count > 1:
        when = f"{denial.count:,} times, {denial.first:%Y-%m-%d %H:%M:%S} to {when}"
    told = [failure.code or "", when, *denial.sources[:3], *denial.regions]
    message = message_of(denial)
    if "is not authorized to perform" not in message:
        where = f" on {failure.resource}" if failure.resource else ""
        message = f"{denial.who}: {denial.what}{where}. {message}"
    return visible(f"{', '.join(part for part in told if part)}. {message}")


def message_of(denial: RecentDenial) -> str:
    """The words of the service, out of the record."""
    try:
        record = json.loads(denial.failure.text)
    except (ValueError, RecursionError):
        return ""
    message = record.get("errorMessage") if isinstance(record, dict) else None
    return message[:600] if isinstance(message, str) else ""
