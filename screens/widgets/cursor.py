"""One cursor for every list and every text: its keys have one id each, whatever they move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual.binding import BindingType

from screens.commands import Command, Commanded, CommandSituation, bindings
from screens.session import Session
from screens.widgets.scrolling import StillScroll


def _move(name: str, keys: str, title: str, help: str) -> Command:
    return Command(f"cursor.{name}", keys, title, help, "Moving", palette=False)


MOVES = (
    _move("down", "j,down", "down", "A line down."),
    _move("up", "k,up", "up", "A line up."),
    _move("first", "g,home", "first", "Go to the first line."),
    _move("last", "G,end", "last", "Go to the last line."),
    _move("half-down", "ctrl+d", "half down", "Half a page down."),
    _move("half-up", "ctrl+u", "half up", "Half a page up."),
    _move("page-forward", "pagedown,ctrl+f", "page down", "A page down."),
    _move("page-back", "pageup,ctrl+b", "page up", "A page up."),
)
CHOOSE = _move("choose", "enter", "open", "Open what the cursor is on.")
LIST_MOVES = (*MOVES, CHOOSE)
TEXT_MOVES = tuple(
    replace(each, keys=f"{each.keys},space") if each.id == "cursor.page-forward" else each for each in MOVES
)
"""In a text the space bar pages, as in a pager; in a list it marks."""


class CursorView(Commanded, StillScroll, can_focus=True):
    """Something that a cursor moves through, line by line. Subclasses say what a move does (`move_by`, `move_to_end`)
    and how many lines are in sight."""

    DECLARED: ClassVar[Sequence[Command]] = MOVES
    BINDINGS: ClassVar[list[BindingType]] = bindings(MOVES)

    def move_by(self, lines: int) -> None:
        """So many lines down, or up where it is negative; no further than the ends."""
        raise NotImplementedError

    def move_to_end(self, *, last: bool) -> None:
        """To the first line, or to the last."""
        raise NotImplementedError

    @property
    def lines_in_sight(self) -> int:
        return self.size.height

    @property
    def page(self) -> int:
        """The lines that a page key moves by."""
        return max(1, self.lines_in_sight)

    def situation(self) -> CommandSituation:
        return self.screen.situation() if isinstance(self.screen, Commanded) else CommandSituation(Session())

    def action_down(self) -> None:
        self.move_by(1)

    def action_up(self) -> None:
        self.move_by(-1)

    def action_first(self) -> None:
        self.move_to_end(last=False)

    def action_last(self) -> None:
        self.move_to_end(last=True)

    def action_half_down(self) -> None:
        self.move_by(max(1, self.lines_in_sight // 2))

    def action_half_up(self) -> None:
        self.move_by(-max(1, self.lines_in_sight // 2))

    def action_page_forward(self) -> None:
        self.move_by(self.page)

    def action_page_back(self) -> None:
        self.move_by(-self.page)
