"""A list drawn line by line: the time depends on the visible rows, not on all rows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from diagnostics.columns import GAP, ListColumn, fit_columns
from diagnostics.columns import fitted as fitted_to_cells
from screens.commands import Command, bindings
from screens.text import fit, marks
from screens.widgets import cursor
from screens.widgets.strips import strip, wrap
from screens.widgets.styles import CURSOR, CURSOR_ASIDE, HEADING, PLAIN

MOVES = (*cursor.MOVES, replace(cursor.CHOOSE, show_in_footer=True))

DRAWN = 200
"""The maximum number of drawn lines that are cached."""
GUTTER = 3


@dataclass(frozen=True, slots=True)
class Column(ListColumn):
    """A column of a table.

    ``given``: the rows are already passed in this column's order, which is not the order of its words. ``mark``: the
    color of a row applies to this column; if no column has a mark, it applies to the entire row.
    """

    style: Style = PLAIN
    given: bool = False
    mark: bool = False


NONE_CHOSEN = "No line is chosen yet: j goes to the first one."
NO_LOOKS: Mapping[int, Style] = {}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table. ``id`` identifies it when the rows are shown again.

    The cells must be `visible` already. Dim and bold apply to the entire row, a color to the columns with ``mark``.
    ``opens`` says whether the row can be opened. ``looks`` contains the styles of single cells, by column index.
    """

    id: str
    cells: tuple[str, ...]
    style: Style = PLAIN
    opens: bool = True
    looks: tuple[tuple[int, Style], ...] = ()


def fitted(columns: Sequence[Column], rows: Sequence[Row]) -> tuple[Column, ...]:
    """Return the columns fitted to the rows, as `diagnostics.columns.fitted` does."""
    return fitted_to_cells(columns, [row.cells for row in rows])


def _mixed(first: Style, second: Style) -> Style:
    """Return the combination of the styles. Rich's own addition is slow even if one of them is empty."""
    return first if second is PLAIN else second if first is PLAIN else first + second


def _sort_key(cell: str) -> tuple[bool, float, str]:
    """Return a key that sorts numbers by value and before words, and ignores the case of words."""
    number = _NUMBER.match(cell)
    return number is None, float(number[0].replace(",", "")) if number else 0.0, cell.casefold()


_NUMBER = re.compile(r"\d[\d,]*")


class VirtualTable(cursor.CursorView):
    """Rows below a heading, with a cursor, marks and the sign of the sorted column.

    Only the lines that a move changes are drawn. The rows are shown in the given order, because the owner sorts and
    filters them. With ``sorts``, a click on a heading sorts by that column, a second click reverses the order, and a
    third restores it. ``opens`` says whether rows can be opened.
    """

    DECLARED = MOVES
    BINDINGS: ClassVar[list[BindingType]] = bindings(MOVES)
    DEFAULT_CSS = """
    VirtualTable { height: 1fr; }
    """

    @dataclass(eq=False, repr=False)
    class Moved(Message):
        """The cursor moved to another row; None means that it is on no row."""

        table: VirtualTable
        row: Row | None

        @property
        def control(self) -> VirtualTable:
            return self.table

    @dataclass(eq=False, repr=False)
    class Chosen(Message):
        """Enter was pressed on a row, or it was clicked twice."""

        table: VirtualTable
        row: Row

        @property
        def control(self) -> VirtualTable:
            return self.table

    @dataclass(eq=False, repr=False)
    class HeadingClicked(Message):
        """The title of a column was clicked."""

        table: VirtualTable
        column: int

        @property
        def control(self) -> VirtualTable:
            return self.table

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        empty: str = "",
        heading: bool = True,
        opens: bool = True,
        sorts: bool = False,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.sorts = sorts
        self._given: Sequence[Row] = ()
        self.opens = opens
        self.top = 1 if heading else 0
        self.columns = tuple(columns)
        self.rows: Sequence[Row] = ()
        self.empty = empty
        self.cursor = 0
        self.unchosen = False
        """Whether no row is under the cursor, until the operator moves to one."""
        self.marked: frozenset[str] = frozenset()
        self.sorted_by: tuple[int, bool] | None = None
        self._layout: list[tuple[int, int]] = []
        # By index, each line as it was last drawn, with what it was drawn for. When a list scrolls, all lines but one
        # stay the same.
        self._drawn: dict[int, tuple[Row, str, Style, Strip]] = {}

    def why_not(self, command: Command) -> str:
        objection = super().why_not(command)
        if not objection and command.action == "choose" and self.unchosen and self.rows:
            return NONE_CHOSEN
        opens = self.opens and self.row is not None and self.row.opens
        if not objection and command.action == "choose" and not opens:
            return "There is nothing to open" + (f": {self.empty}" if self.empty and not self.rows else ".")
        return objection

    # What is shown

    @property
    def widths(self) -> Sequence[int]:
        """The width in cells of each visible column, in order."""
        return [width for _, width in self._layout]

    @property
    def row(self) -> Row | None:
        """The row under the cursor; None if there is none."""
        return None if self.unchosen else self.rows[self.cursor] if 0 <= self.cursor < len(self.rows) else None

    def show(self, rows: Sequence[Row], *, empty: str | None = None, columns: Sequence[Column] | None = None) -> None:
        """Show these rows, in other columns if some are given.

        The cursor stays on the row with the same ID, or else at the same position in the list.
        """
        before = self.row
        self.columns = tuple(columns) if columns is not None else self.columns
        self._given = rows
        if self.sorts and self.sorted_by is not None:
            column, descending = self.sorted_by
            rows = sorted(rows, key=lambda row: _sort_key(row.cells[column]), reverse=descending)
        self.rows = rows
        if empty is not None:
            self.empty = empty
        if before is not None and not (self.cursor < len(rows) and rows[self.cursor].id == before.id):
            found = next((index for index, row in enumerate(rows) if row.id == before.id), None)
            self.cursor = found if found is not None else 0
        self.cursor = max(0, min(self.cursor, len(rows) - 1))
        self._resize_contents()
        self._keep_in_sight()
        self.refresh()
        self.count_found()
        after = self.row
        self._keys_changed(before, after)
        if (before.id if before else None) != (after.id if after else None):
            self.tell(self.Moved(self, after))

    def _keys_changed(self, before: Row | None, after: Row | None) -> None:
        """Update the footer, because ``enter`` may open something on one row and nothing on another."""
        if (before is not None and before.opens) != (after is not None and after.opens) and self.is_attached:
            self.screen.refresh_bindings()

    def go_to(self, row_id: str) -> bool:
        """Move the cursor to the row with this ID. Return False if there is none."""
        for index, row in enumerate(self.rows):
            if row.id == row_id:
                self._move(index)
                return True
        return False

    def mark(self, marked: frozenset[str]) -> None:
        changed = self.marked ^ marked
        self.marked = marked
        for y in range(self.size.height):
            index = self.scroll_offset.y + y - self.top
            if y >= self.top and index < len(self.rows) and self.rows[index].id in changed:
                self.refresh_line(index + self.top)

    def sort_mark(self, column: int, descending: bool) -> None:
        self.sorted_by = (column, descending)
        self.refresh_line(self.scroll_offset.y)

    # Moving

    @property
    def lines_in_sight(self) -> int:
        return self.size.height - self.top

    def line_texts(self) -> Sequence[str]:
        return [" ".join(row.cells) for row in self.rows]

    @property
    def line_here(self) -> int:
        return self.cursor

    def move_by(self, lines: int) -> None:
        self._move(0 if self.unchosen else self.cursor + lines)

    def choose_none(self, unchosen: bool) -> None:
        """Set whether no row is under the cursor until the operator moves to one."""
        if unchosen == self.unchosen:
            return
        self.unchosen = unchosen
        self._keys_changed(None, self.row)
        self.tell(self.Moved(self, self.row))
        self.refresh_line(self.cursor + self.top)

    def move_to_end(self, *, last: bool) -> None:
        self._move(len(self.rows) - 1 if last else 0)

    def _move(self, index: int) -> None:
        index = max(0, min(index, len(self.rows) - 1))
        if (index == self.cursor and not self.unchosen) or not self.rows:
            return
        before, self.cursor, self.unchosen = self.cursor, index, False
        self._keys_changed(self.rows[before], self.rows[index])
        self.tell(self.Moved(self, self.row))
        self.refresh_line(before + self.top)
        self.refresh_line(index + self.top)
        self._keep_in_sight()

    def _keep_in_sight(self) -> None:
        page, top = self.lines_in_sight, self.scroll_offset.y
        if page <= 0:
            return
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor >= top + page:
            self.scroll_to(y=self.cursor - page + 1, animate=False, force=True)

    def action_choose(self) -> None:
        if self.row:
            self.post_message(self.Chosen(self, self.row))

    def on_click(self, event: events.Click) -> None:
        if event.y < self.top:
            left = GUTTER
            for index, width in self._layout:
                if left <= event.x < left + width and self.sorts:
                    self._sort_by(index)
                elif left <= event.x < left + width:
                    self.post_message(self.HeadingClicked(self, index))
                left += width + GAP
            return
        index = self.scroll_offset.y + event.y - self.top
        if 0 <= index < len(self.rows):
            self._move(index)
            if event.chain == 2:
                self.action_choose()

    def _sort_by(self, column: int) -> None:
        """Sort by a column: ascending, then descending; a third call restores the given order."""
        ups_and_downs = ((column, False), (column, True))
        if self.columns[column].given or self.sorted_by == ups_and_downs[1]:
            self.sorted_by = None
        else:
            self.sorted_by = ups_and_downs[self.sorted_by == ups_and_downs[0]]
        self.show(self._given)

    # Drawing

    def _resize_contents(self) -> None:
        self.set_line_count(len(self.rows) + self.top)
        self._layout = fit_columns(self.columns, self.room - GUTTER)
        self._drawn.clear()

    def on_resize(self, event: events.Resize) -> None:
        self._resize_contents()
        self._keep_in_sight()
        self.refresh()

    def on_focus(self) -> None:
        self.refresh_line(self.cursor + self.top)

    def on_blur(self) -> None:
        self.refresh_line(self.cursor + self.top)

    def _line(
        self,
        gutter: str,
        cells: Sequence[str],
        style: Style,
        look: Style = PLAIN,
        looks: Mapping[int, Style] = NO_LOOKS,
        *,
        plain: bool,
    ) -> Strip:
        """Return the drawn line.

        ``look`` is the style of the row or its marks; ``looks`` contains those of single cells.
        """
        marks_only = look.color is not None and any(column.mark for column in self.columns)
        pieces = [(gutter, PLAIN)]
        for index, width in self._layout:
            column = self.columns[index]
            text = cells[index]
            coloured = not marks_only or (column.mark and text.strip())  # a reversed blank would look like a mark
            own = _mixed(look, column.style) if coloured else column.style
            own = looks.get(index, own) if looks else own
            text = fit(text, width)
            if column.right and text.endswith(" "):
                stripped = text.rstrip(" ")
                text = " " * (width - len(text) + len(text) - len(stripped)) + stripped
            gap = " " * GAP if len(pieces) > 1 else ""
            if plain or own is PLAIN:
                pieces.append((gap + text, PLAIN))
                continue
            word = text.rstrip(" ")
            pieces += [(gap, PLAIN), (word, own), (" " * (len(text) - len(word)), PLAIN)]
        return strip(pieces, self.across, style)

    def _heading(self) -> Strip:
        if not self.rows:
            return Strip.blank(self.across, self.base)
        titles = [column.title for column in self.columns]
        if self.sorted_by is not None:
            column, descending = self.sorted_by
            titles[column] += " " + (marks().down if descending else marks().up)
        return self._line(" " * GUTTER, titles, self.base + HEADING, plain=True)

    def render_line(self, y: int) -> Strip:
        base = self.base
        if y < self.top:
            return self._heading()
        index = self.scroll_offset.y + y - self.top
        if index >= len(self.rows):
            text = ""
            if not self.rows:
                lines = list(wrap(self.empty, max(8, self.across - GUTTER - 1)))
                text = f"   {lines[index]}" if index < len(lines) else ""
            return Strip([Segment(fit(text, self.across), base)], self.across)
        row = self.rows[index]
        here = index == self.cursor and not self.unchosen
        gutter = f" {marks().cursor if here else ' '}{marks().marked if row.id in self.marked else ' '}"
        if here:
            return self._line(gutter, row.cells, base + (CURSOR if self.in_front else CURSOR_ASIDE), plain=True)
        drawn = self._drawn.get(index)
        if drawn is None or drawn[0] is not row or drawn[1:3] != (gutter, base) or drawn[3].cell_length != self.across:
            if len(self._drawn) >= DRAWN:
                self._drawn.clear()
            drawn = row, gutter, base, self._line(gutter, row.cells, base, row.style, dict(row.looks), plain=False)
            self._drawn[index] = drawn
        return drawn[3]
