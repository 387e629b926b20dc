"""A scrolling text that is drawn line by line: only the lines in sight cost anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.strip import Strip

from screens.commands import Command, Commanded, Situation, bindings
from screens.session import Session
from screens.widgets.line import Piece
from screens.widgets.scrolling import StillScroll
from screens.widgets.strips import jump, strip

MOVES = (
    Command("lines.down", "j,down", "down", "A line down.", "Moving", palette=False),
    Command("lines.up", "k,up", "up", "A line up.", "Moving", palette=False),
    Command("lines.first", "g,home", "first", "Go to the first line.", "Moving", palette=False),
    Command("lines.last", "G,end", "last", "Go to the last line.", "Moving", palette=False),
    Command("lines.half-down", "ctrl+d", "half down", "Half a page down.", "Moving", palette=False),
    Command("lines.half-up", "ctrl+u", "half up", "Half a page up.", "Moving", palette=False),
    Command("lines.page-forward", "pagedown,ctrl+f,space", "page down", "A page down.", "Moving", palette=False),
    Command("lines.page-back", "pageup,ctrl+b", "page up", "A page up.", "Moving", palette=False),
)


class Lines(Commanded, StillScroll, can_focus=True):
    """Text in lines that fit the width. Subclasses lay it out for a width: `lines_for`."""

    DEFAULT_CSS = """
    Lines { height: 1fr; }
    """
    DECLARED = MOVES
    BINDINGS: ClassVar[list[BindingType]] = bindings(MOVES)

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._laid_out: Sequence[Sequence[Piece]] = ()
        self._laid_out_for = -1
        self._started_at = 0

    def situation(self) -> Situation:
        return self.screen.situation() if isinstance(self.screen, Commanded) else Situation(Session())

    def lines_for(self, width: int) -> Sequence[Sequence[Piece]]:
        """The lines, each at most ``width`` cells wide."""
        raise NotImplementedError

    def start_at(self, height: int) -> int:
        """The line that comes to the top when another text is shown, in ``height`` lines."""
        return 0

    def changed(self) -> None:
        """What is shown has changed: lay it out again."""
        self._laid_out_for = -1
        if self.size.width and self.size.height:
            self._lay_out()
            self._start()
            self.refresh()

    @property
    def lines(self) -> Sequence[Sequence[Piece]]:
        return self._laid_out

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        if width and width != self._laid_out_for:
            self._laid_out = self.lines_for(width)
            self._laid_out_for = width
            self.set_line_count(len(self._laid_out))

    def on_resize(self) -> None:
        unmoved = self._laid_out_for < 0 or self.scroll_offset.y == self._started_at
        self._lay_out()
        if unmoved:
            self._start()
        self.refresh()

    def _start(self) -> None:
        jump(self, self.start_at(self.size.height))
        self._started_at = self.scroll_offset.y

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        index = self.scroll_offset.y + y
        if index >= len(self._laid_out):
            return Strip.blank(width, self.rich_style)
        return strip(self._laid_out[index], width, self.rich_style)

    def _by(self, lines: int) -> None:
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False)

    @property
    def _page(self) -> int:
        return max(self.size.height, 2)

    def action_down(self) -> None:
        self._by(1)

    def action_up(self) -> None:
        self._by(-1)

    def action_first(self) -> None:
        self.scroll_to(y=0, animate=False)

    def action_last(self) -> None:
        self.scroll_to(y=self.max_scroll_y, animate=False)

    def action_half_down(self) -> None:
        self._by(self._page // 2)

    def action_half_up(self) -> None:
        self._by(-(self._page // 2))

    def action_page_forward(self) -> None:
        self._by(self._page - 1)

    def action_page_back(self) -> None:
        self._by(1 - self._page)
