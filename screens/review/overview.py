"""An overview of the review: charts of its findings by severity, team and rule, and of the roles by last use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget

from diagnostics.review.overview import Breakdown
from screens.commands import Command, bindings
from screens.frame.base import PANES, BaseScreen
from screens.frame.list_screen import ListScreen
from screens.session import Session
from screens.text import bar, visible
from screens.widgets.pane import Pane
from screens.widgets.styles import STRONG
from screens.widgets.table import Column, Row, VirtualTable

COMMANDS = (Command("overview.back", "escape", "back", "Back to the findings.", palette=False, show_in_footer=True),)
BAR = 24


class OverviewScreen(ListScreen):
    MODE = "review"
    DECLARED = (*COMMANDS, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)

    @dataclass(eq=False, repr=False)
    class Chosen(Message):
        """A bar was chosen. ``words`` is the filter that shows its findings."""

        words: str

    def __init__(self, session: Session, parts: Sequence[Breakdown], opener: BaseScreen, *, ended: bool) -> None:
        super().__init__(session)
        self.parts, self.opener, self.ended = parts, opener, ended
        self.read_at = session.writes.present
        self._words: dict[str, str] = {}

    def compose_body(self) -> Iterable[Widget]:
        with Pane(title=f"The review at a glance{'' if self.ended else ', incomplete'}"):
            yield VirtualTable(
                (Column("", 20, grow=2, most=40), Column("", 6, right=True), Column("", BAR), Column("", 14)),
                heading=False,
            )

    def words(self) -> str:
        return "Accepted findings are not counted. enter on a bar shows its findings."

    def on_mount(self) -> None:
        rows: list[Row] = []
        for part in self.parts:
            if rows:
                rows.append(Row(f"{part.title} ", ("", "", "", ""), opens=False))
            rows.append(Row(part.title, (visible(part.title), "", "", ""), STRONG, opens=False))
            for one in part.slices:
                id = f"{part.title} {one.label}"
                self._words[id] = one.filter
                rows.append(
                    Row(
                        id,
                        (f"  {visible(one.label)}", f"{one.count:,}", bar(one.count, one.of, BAR), one.worst),
                        opens=bool(one.filter),
                    )
                )
        table = self.table
        table.show(rows, empty="No findings.")
        if first := next((row for row in rows if row.opens), None):
            table.go_to(first.id)

    def on_virtual_table_chosen(self, message: VirtualTable.Chosen) -> None:
        message.stop()
        words = self._words.get(message.row.id)
        if words:
            self.opener.post_message(self.Chosen(words))
            self.dismiss()
