"""A scrollbar made of full cells, which is visible without colors too."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.widget import Widget

from screens.text import marks
from screens.widgets.plain_lines import look_of

UP = Style(meta={"@mouse.down": "scroll_up"})
GRAB = Style(dim=True, meta={"@mouse.down": "grab"})
DOWN = Style(meta={"@mouse.down": "scroll_down"})


def thumb(cells: int, lines: int, in_sight: int, position: float) -> range:
    """Return the cells of the bar that represent the visible part; none if everything is visible."""
    if not cells or not in_sight or lines <= in_sight:
        return range(0)
    length = max(1, round(cells * in_sight / lines))
    start = round((cells - length) * position / (lines - in_sight))
    start = max(0, min(start, cells - length))
    return range(start, start + length)


def _render_lines(bar: ScrollBar, crop: Region) -> list[Strip]:
    """Return solid cells on an empty track.

    Textual's own scrollbar uses only a background color, and drawing a line of it takes as long as a line of text.
    """
    if not bar.vertical:
        return Widget.render_lines(bar, crop)
    base, width = look_of(bar), crop.width
    solid = thumb(bar.size.height, int(bar.window_virtual_size), int(bar.window_size), bar.position)
    sign = "#" if marks().ascii else "▐"
    above, on, below = (
        Strip([Segment(cell * width, base + look)], width) for cell, look in ((" ", UP), (sign, GRAB), (" ", DOWN))
    )
    return [above if y < solid.start else on if y in solid else below for y in crop.line_range]


def use_plain_bars() -> None:
    """Draw all scrollbars with full cells."""
    ScrollBar.render_lines = _render_lines  # type: ignore[method-assign, assignment]
