"""A scrolling text that is drawn line by line: only the lines in sight cost anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual


class Lines(ScrollView, can_focus=True):
    """Text in lines that fit the width. Subclasses lay it out for a width: `lines_for`."""

    DEFAULT_CSS = """
    Lines {
        height: 1fr;
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 1;
        overflow-x: hidden;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "by(1)", "Down", show=False),
        Binding("up,k", "by(-1)", "Up", show=False),
        Binding("home,g", "top", "First line", show=False),
        Binding("end,G", "bottom", "Last line", show=False),
        Binding("pagedown,ctrl+f", "pages(2)", "Page down", show=False),
        Binding("pageup,ctrl+b", "pages(-2)", "Page up", show=False),
        Binding("ctrl+d", "pages(1)", "Half a page down", show=False),
        Binding("ctrl+u", "pages(-1)", "Half a page up", show=False),
    ]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._laid_out: Sequence[Content] = ()
        self._laid_out_for = -1

    def lines_for(self, width: int) -> Sequence[Content]:
        """The lines, each at most ``width`` cells wide."""
        raise NotImplementedError

    def changed(self, to_line: int = 0) -> None:
        """What is shown has changed: lay it out again and bring ``to_line`` to the top."""
        self._laid_out_for = -1
        self._lay_out()
        self.scroll_to(y=to_line, animate=False)
        self.refresh()

    @property
    def lines(self) -> Sequence[Content]:
        return self._laid_out

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        if width and width != self._laid_out_for:
            self._laid_out = self.lines_for(width)
            self._laid_out_for = width
            self.virtual_size = Size(width, len(self._laid_out))

    def on_resize(self) -> None:
        self._lay_out()

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        index = self.scroll_offset.y + y
        if index >= len(self._laid_out):
            return Strip.blank(width, self.rich_style)
        strips = Visual.to_strips(
            self, self._laid_out[index], width, 1, self.visual_style, pad=True, apply_selection=False
        )
        return strips[0] if strips else Strip.blank(width, self.rich_style)

    def action_by(self, lines: int) -> None:
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False)

    def action_top(self) -> None:
        self.scroll_to(y=0, animate=False)

    def action_bottom(self) -> None:
        self.scroll_to(y=self.max_scroll_y, animate=False)

    def action_pages(self, halves: int) -> None:
        half = max(self.scrollable_content_region.height // 2, 1)
        self.scroll_to(y=self.scroll_offset.y + halves * half, animate=False)
