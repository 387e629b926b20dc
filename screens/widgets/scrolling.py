"""Scrolling over lines without a new layout each time their number changes: over SSH a layout is kilobytes."""

from __future__ import annotations

from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.widget import Widget

from screens.widgets.plain_lines import PlainLines


class StillScroll(PlainLines, ScrollView):
    """A ScrollView whose bar always has its column, so that longer and shorter contents have the same place."""

    DEFAULT_CSS = """
    StillScroll { overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1; }
    """

    @property
    def room(self) -> int:
        """Cells of a line beside the bar."""
        return self.scrollable_content_region.width

    def refresh_line(self, y: int) -> None:
        """The bar beside it stays as it is."""
        self.refresh(Region(0, y - self.scroll_offset.y, self.across or self.size.width, 1))

    def set_line_count(self, count: int) -> None:
        """Scroll over so many lines from now on. Repaints the bar only, and nothing where the number is the same."""
        size = Size(self.size.width, count)
        if size == self.virtual_size:
            return
        # Not by assignment: that asks for a layout of the whole screen.
        self.set_reactive(Widget.virtual_size, size)
        bar = self.vertical_scrollbar
        bar.window_virtual_size, bar.window_size = count, self.size.height
        if (top := self.validate_scroll_y(self.scroll_y)) != self.scroll_y:
            self.scroll_y = top
