"""Lines between parts of a screen: a character's width, in no colour of their own."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from screens.text import fit, marks
from screens.widgets.line import Line, Piece
from screens.widgets.plain_lines import PlainLines
from screens.widgets.styles import FAINT, STRONG


class Divider(PlainLines):
    """A vertical line between two panes."""

    DEFAULT_CSS = "Divider { width: 1; height: 1fr; }"

    def render_line(self, y: int) -> Strip:
        return Strip([Segment(marks().bar, self.base + FAINT)], 1)


class TitledRule(Line):
    """A horizontal line with a title in it. The title must be `visible` already."""

    def __init__(self, title: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.title = title

    def name_it(self, title: str) -> None:
        if title != self.title:
            self.title = title
            self.refresh()

    def pieces(self, width: int) -> Sequence[Piece]:
        sign = marks().rule
        title = f" {self.title} " if self.title else ""
        if cell_len(title) > width - 4:
            title = fit(title, max(0, width - 4))
        return [(sign * 2, FAINT), (title, STRONG), (sign * max(0, width - 2 - cell_len(title)), FAINT)]
