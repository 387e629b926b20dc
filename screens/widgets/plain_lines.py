"""Lines that go to the screen as they are."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

_LOOKS: WeakKeyDictionary[Widget, tuple[list[int], Style]] = WeakKeyDictionary()


def look_of(widget: Widget) -> Style:
    """Textual's `rich_style`, which it mixes again from all styles above the widget for each line that is drawn."""
    changes = [node.styles._cache_key for node in widget.ancestors_with_self]
    known = _LOOKS.get(widget)
    if known is None or known[0] != changes:
        known = _LOOKS[widget] = changes, widget.rich_style
    return known[1]


class PlainLines(Widget):
    """A widget that draws line by line (`render_line`).

    Textual would send each line through what draws borders, and keep it: of a page of text that takes longer than to
    draw the lines. Where there are none, the lines are taken as they are.
    """

    base = Style()
    """The look of the widget itself, which a line's own styles are added to."""
    across = 0
    """The cells of a line, beside a scrollbar. Both are as of the lines that are being drawn: to find them out for
    each line takes longer than the line."""

    def render_lines(self, crop: Region) -> list[Strip]:
        self.base, self.across = look_of(self), self.scrollable_content_region.width
        if self.styles.gutter:
            return super().render_lines(crop)
        strips = [self.render_line(y).crop(crop.x, crop.right) for y in crop.line_range]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, self.background_colors[1]) for strip in strips]
        return strips
