"""Widgets whose rendered lines are sent to the screen unchanged."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

_LOOKS: WeakKeyDictionary[Widget, tuple[list[int], Style]] = WeakKeyDictionary()


def look_of(widget: Widget) -> Style:
    """Return Textual's `rich_style` from a cache.

    Textual would compute this style again, from the styles of all ancestors, for each line.
    """
    changes = [node.styles._cache_key for node in widget.ancestors_with_self]
    known = _LOOKS.get(widget)
    if known is None or known[0] != changes:
        known = _LOOKS[widget] = changes, widget.rich_style
    return known[1]


class PlainLines(Widget):
    """A widget that renders line by line (`render_line`).

    Textual would pass each line through its border renderer and cache it, which costs more than rendering the lines.
    Widgets without borders skip that step.
    """

    base = Style()
    """The style of the widget itself, which is combined with the styles of a line."""
    across = 0
    """The width of a line in cells, without the scrollbar.

    `base` and ``across`` are computed once for all lines being drawn. Computing them for each line would take longer
    than drawing the line.
    """

    def render_lines(self, crop: Region) -> list[Strip]:
        self.base, self.across = look_of(self), self.scrollable_content_region.width
        if self.styles.gutter:
            return super().render_lines(crop)
        strips = [self.render_line(y).crop(crop.x, crop.right) for y in crop.line_range]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, self.background_colors[1]) for strip in strips]
        return strips
