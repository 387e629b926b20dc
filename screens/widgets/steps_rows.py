"""Rows of one line each with a cursor: a virtual list, so that moving costs a line and length costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

Row = TypeVar("Row")


class Rows(ScrollView, Generic[Row], can_focus=True):
    """A list with one line a row and a cursor. Subclasses say how a row looks: `content_of`.

    The keys that move it are those of every screen (ux.md, "Everywhere"). With ``auto_height`` the widget is as high
    as its rows, up to what its style allows.
    """

    DEFAULT_CSS = """
    Rows {
        height: 1fr;
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
        & > .rows--cursor { background: $surface-lighten-2; text-style: bold; }
        & > .rows--cursor-focused {
            background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
        }
        & > .rows--cursor-focused:ansi { text-style: reverse; }
    }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"rows--cursor", "rows--cursor-focused"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("home,g", "first", "First", show=False),
        Binding("end,G", "last", "Last", show=False),
        Binding("pagedown,ctrl+f", "page(1)", "Page down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False),
        Binding("ctrl+d", "half_page(1)", "Half a page down", show=False),
        Binding("ctrl+u", "half_page(-1)", "Half a page up", show=False),
        Binding("enter", "choose", "Open", show=False),
    ]

    class Highlighted(Message):
        """The cursor stands on another row now."""

        def __init__(self, rows: Rows[Any], index: int) -> None:
            super().__init__()
            self.rows = rows
            self.index = index

        @property
        def control(self) -> Rows[Any]:
            return self.rows

    class Chosen(Highlighted):
        """``enter`` or a click on the row under the cursor."""

    def __init__(self, *, id: str | None = None, classes: str | None = None, auto_height: bool = False) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: list[Row] = []
        self._cursor = 0
        self._auto_height = auto_height

    def content_of(self, row: Row, index: int, width: int) -> Content:
        """How the row looks, ``width`` cells wide. Foreign text enters as plain text, never as markup."""
        raise NotImplementedError

    @property
    def rows(self) -> Sequence[Row]:
        return self._rows

    @property
    def cursor(self) -> int:
        return self._cursor

    @property
    def current(self) -> Row | None:
        return self._rows[self._cursor] if self._cursor < len(self._rows) else None

    def set_rows(self, rows: Sequence[Row], cursor: int = 0) -> None:
        self._rows = list(rows)
        self._cursor = min(max(cursor, 0), max(len(self._rows) - 1, 0))
        self._fit()
        self.scroll_to(y=0, animate=False)
        self._show_cursor()
        self.refresh()

    def add_row(self, row: Row) -> None:
        """Append a row. The cursor stays where it is, so that what somebody reads does not jump away."""
        self._rows.append(row)
        self._fit()
        self.refresh()

    def move_to(self, index: int) -> None:
        """Put the cursor on a row and bring it into sight; says so by `Highlighted` if that is another row."""
        index = min(max(index, 0), max(len(self._rows) - 1, 0))
        if not self._rows or index == self._cursor:
            return
        before, self._cursor = self._cursor, index
        for row in (before, index):
            self.refresh_line(row)
        self._show_cursor()
        self.post_message(self.Highlighted(self, index))

    def refresh_line(self, index: int) -> None:
        self.refresh(Region(0, index - self.scroll_offset.y, self.size.width, 1))

    def _fit(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width or self.size.width, len(self._rows))
        if self._auto_height:
            self.styles.height = max(len(self._rows), 1)

    def _show_cursor(self) -> None:
        height = self.scrollable_content_region.height
        if not height:
            return
        top = self.scroll_offset.y
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False)
        elif self._cursor >= top + height:
            self.scroll_to(y=self._cursor - height + 1, animate=False)

    def on_resize(self) -> None:
        self._fit()
        self._show_cursor()

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        index = self.scroll_offset.y + y
        if index >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        style = self.visual_style
        content = self.content_of(self._rows[index], index, width)
        if index == self._cursor and (self.has_focus or self.is_attached):
            name = "rows--cursor-focused" if self.has_focus else "rows--cursor"
            # One look for the whole line: the marks' colours would vanish on the cursor's background.
            style, content = self.get_visual_style(name), content.without_spans
        strips = Visual.to_strips(self, content, width, 1, style, pad=True, apply_selection=False)
        return strips[0] if strips else Strip.blank(width, style.rich_style)

    def action_move(self, rows: int) -> None:
        self.move_to(self._cursor + rows)

    def action_first(self) -> None:
        self.move_to(0)

    def action_last(self) -> None:
        self.move_to(len(self._rows) - 1)

    def action_page(self, direction: int) -> None:
        self.move_to(self._cursor + direction * max(self.scrollable_content_region.height - 1, 1))

    def action_half_page(self, direction: int) -> None:
        self.move_to(self._cursor + direction * max(self.scrollable_content_region.height // 2, 1))

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
