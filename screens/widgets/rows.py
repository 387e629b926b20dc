"""A list with a cursor and one line for each row.

A move redraws single lines, and its time does not depend on the length.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from screens.commands import bindings
from screens.widgets.cursor import LIST_MOVES, UNBROKEN, CursorView, unpadded
from screens.widgets.line import Piece
from screens.widgets.strips import jump, strip
from screens.widgets.styles import CURSOR, CURSOR_ASIDE

Row = TypeVar("Row")


class Rows(CursorView, Generic[Row]):
    """A list with a cursor and one line for each row. Subclasses define how a row looks (`pieces_of`)."""

    DEFAULT_CSS = """
    Rows { height: 1fr; }
    """
    DECLARED = LIST_MOVES
    BINDINGS: ClassVar[list[BindingType]] = bindings(LIST_MOVES)

    @dataclass(eq=False, repr=False)
    class Highlighted(Message):
        """The cursor moved to another row."""

        rows: Rows[Any]
        index: int

        @property
        def control(self) -> Rows[Any]:
            return self.rows

        @property
        def stands(self) -> bool:
            """Whether the row still exists. All rows may have been replaced before this message arrives."""
            return self.index < len(self.rows.rows)

    class Chosen(Highlighted):
        """``enter`` was pressed on the row, or it was double-clicked."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: list[Row] = []
        self._cursor = 0
        self._height = 0

    def pieces_of(self, row: Row, index: int, width: int) -> Sequence[Piece]:
        """Return the pieces of the row for ``width`` cells. The text must be `visible` already."""
        raise NotImplementedError

    @property
    def rows(self) -> Sequence[Row]:
        return self._rows

    @property
    def cursor(self) -> int:
        return self._cursor

    @property
    def current(self) -> Row | None:
        return self._rows[self._cursor] if 0 <= self._cursor < len(self._rows) else None

    def set_rows(self, rows: Sequence[Row], cursor: int = 0) -> None:
        """Show these rows, with the cursor on the row ``cursor``; -1 means on none yet."""
        self._rows = list(rows)
        self._cursor = min(cursor, max(len(self._rows) - 1, 0))
        self.set_line_count(len(self._rows))
        jump(self, 0)
        self._show_cursor()
        self.refresh()

    def add_row(self, row: Row) -> None:
        """Append a row. The cursor does not move, so that the text being read stays in its place."""
        self._rows.append(row)
        self.set_line_count(len(self._rows))
        self.refresh_row(len(self._rows) - 1)

    def replace_row(self, index: int, row: Row) -> None:
        """Replace a row with its new state, and redraw only its line."""
        if self._rows[index] != row:
            self._rows[index] = row
            self.refresh_row(index)

    def move_to(self, index: int) -> None:
        """Move the cursor to a row and scroll to it. Post `Highlighted` if that is another row."""
        index = min(max(index, 0), max(len(self._rows) - 1, 0))
        if self.point_at(index):
            self.tell(self.Highlighted(self, index))

    def point_at(self, index: int) -> bool:
        """Move the cursor to a row without posting a message. Return False if it is already there."""
        if not self._rows or index == self._cursor:
            return False
        before, self._cursor = self._cursor, index
        self.refresh_row(before)
        self.refresh_row(index)
        self._show_cursor()
        return True

    def refresh_row(self, index: int) -> None:
        """Redraw one row instead of the entire list."""
        self.refresh(Region(0, index - self.scroll_offset.y, self.size.width, 1))

    def _show_cursor(self) -> None:
        height = self.size.height
        if not height:
            return
        top = self.scroll_offset.y
        if 0 <= self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False)
        elif self._cursor >= top + height:
            self.scroll_to(y=self._cursor - height + 1, animate=False)

    def on_resize(self) -> None:
        """Show more rows above the cursor if there is more space."""
        grown, self._height = self.size.height > self._height, self.size.height
        self.set_line_count(len(self._rows))
        top = max(self._cursor - self._height + 1, 0)
        if grown and top < self.scroll_offset.y:
            self.scroll_to(y=top, animate=False)
        self._show_cursor()

    def on_focus(self) -> None:
        self.refresh_row(self._cursor)

    def on_blur(self) -> None:
        self.refresh_row(self._cursor)

    def render_line(self, y: int) -> Strip:
        width = self.across
        index = self.scroll_offset.y + y
        if index >= len(self._rows):
            return Strip.blank(width, self.base)
        pieces = self.pieces_of(self._rows[index], index, width)
        if index == self._cursor:
            # One style for the whole line: the colors of marks would be invisible on the cursor.
            look = CURSOR if self.in_front else CURSOR_ASIDE
            return strip([(text, look) for text, _ in pieces], width, self.base + look)
        return strip(pieces, width, self.base)

    def line_texts(self) -> Sequence[str]:
        width = self.scrollable_content_region.width
        return ["".join(text for text, _ in self.pieces_of(row, at, width)) for at, row in enumerate(self._rows)]

    def whole_lines(self) -> Sequence[str]:
        return [unpadded(self.pieces_of(row, at, UNBROKEN)) for at, row in enumerate(self._rows)]

    @property
    def line_here(self) -> int:
        return self._cursor

    def move_by(self, lines: int) -> None:
        self.move_to(self._cursor + lines)

    def move_to_end(self, *, last: bool) -> None:
        self.move_to(len(self._rows) - 1 if last else 0)

    def action_choose(self) -> None:
        if self._rows:
            self.post_message(self.Chosen(self, self._cursor))

    def on_click(self, event: events.Click) -> None:
        index = event.y + self.scroll_offset.y
        if index >= len(self._rows):
            return
        if index == self._cursor and event.chain > 1:
            self.action_choose()
        else:
            self.move_to(index)
