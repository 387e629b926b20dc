"""A scrolling text drawn line by line: the time depends only on the visible lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.strip import Strip

from screens.commands import bindings
from screens.widgets.cursor import MOVES, UNBROKEN, CursorView, unpadded
from screens.widgets.line import Piece
from screens.widgets.strips import jump, strip


def unbroken(whole: Sequence[str], shown: Sequence[str], at: int) -> str:
    """Return the line in ``whole`` that contains ``shown[at]``.

    If ``whole`` and ``shown`` do not correspond, return ``shown[at]`` itself.
    """
    line = place = 0
    for part in shown[: at + 1]:
        while line < len(whole) and (found := whole[line].find(part, place)) < 0:
            line, place = line + 1, 0
        if line == len(whole):
            return shown[at]
        place = found + len(part)
    return whole[line] if shown[at] else ""


class LinesView(CursorView):
    """A text in lines that fit the width. Subclasses define the lines for a width (`lines_for`)."""

    DEFAULT_CSS = """
    LinesView { height: 1fr; }
    """
    DECLARED = MOVES
    BINDINGS: ClassVar[list[BindingType]] = bindings(MOVES)

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._laid_out: Sequence[Sequence[Piece]] = ()
        self._laid_out_for = -1
        self._started_at = 0
        self._line_found: int | None = None

    def lines_for(self, width: int) -> Sequence[Sequence[Piece]]:
        """Return the lines, each at most ``width`` cells wide."""
        raise NotImplementedError

    def start_at(self, height: int) -> int:
        """Return the line to put at the top when another text is shown, for a view of ``height`` lines."""
        return 0

    def changed(self) -> None:
        """Lay out the text again, because it changed."""
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
        width = self.across
        index = self.scroll_offset.y + y
        if index >= len(self._laid_out):
            return Strip.blank(width, self.base)
        return strip(self._laid_out[index], width, self.base)

    @property
    def page(self) -> int:
        """The number of lines by which a page key scrolls.

        One line stays visible, to help the reader find the place.
        """
        return max(1, self.lines_in_sight - 1)

    def line_texts(self) -> Sequence[str]:
        return ["".join(text for text, _ in line) for line in self._laid_out]

    def whole_lines(self) -> Sequence[str]:
        return [unpadded(line) for line in self.lines_for(UNBROKEN)]

    def whole_line_here(self) -> str:
        shown = [line.strip() for line in self.line_texts()]
        return unbroken(self.whole_lines(), shown, min(self.line_here, len(shown) - 1)) if shown else ""

    @property
    def line_here(self) -> int:
        """The index of the line that a search found last. After a move, it is the index of the line at the top."""
        return self.scroll_offset.y if self._line_found is None else self._line_found

    def go_to_line(self, line: int) -> None:
        if not self.scroll_offset.y <= line < self.scroll_offset.y + self.lines_in_sight:
            self.scroll_to(y=line - self.lines_in_sight // 3, animate=False)
        self._line_found = line

    def move_by(self, lines: int) -> None:
        self._line_found = None
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False)

    def move_to_end(self, *, last: bool) -> None:
        self.scroll_to(y=self.max_scroll_y if last else 0, animate=False)
