"""Scrolls over lines without a new layout when their number changes, because over SSH a layout sends kilobytes."""

from __future__ import annotations

from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.widget import Widget

from screens.widgets.plain_lines import PlainLines


class StillScroll(PlainLines, ScrollView):
    """A ScrollView that always reserves the scrollbar's column, so that contents do not move when they get longer."""

    DEFAULT_CSS = """
    StillScroll { overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1; }
    """

    @property
    def room(self) -> int:
        """The width of a line in cells, without the scrollbar."""
        return self.scrollable_content_region.width

    def refresh_line(self, y: int) -> None:
        """Redraw a line without the scrollbar."""
        self.refresh(Region(0, y - self.scroll_offset.y, self.across or self.size.width, 1))

    def set_line_count(self, count: int) -> None:
        """Set the number of lines to scroll over.

        Only the scrollbar is redrawn, and nothing if the number did not change.
        """
        size = Size(self.size.width, count)
        if size == self.virtual_size:
            return
        # Not by assignment, which would request a layout of the whole screen.
        self.set_reactive(Widget.virtual_size, size)
        bar = self.vertical_scrollbar
        bar.window_virtual_size, bar.window_size = count, self.size.height
        if (top := self.validate_scroll_y(self.scroll_y)) != self.scroll_y:
            self.scroll_y = top
