"""A scrollbar of whole cells, seen without colours too."""

from __future__ import annotations

from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBar, ScrollBarRender

from screens.text import marks


class PlainBar(ScrollBarRender):
    """A thumb of solid cells on an empty track; Textual's own draws the thumb as a background colour only."""

    @classmethod
    def render_bar(
        cls,
        size: int = 25,
        virtual_size: float = 50,
        window_size: float = 20,
        position: float = 0,
        thickness: int = 1,
        vertical: bool = True,
        back_color: object = None,
        bar_color: object = None,
    ) -> Segments:
        up = {"@mouse.down": "scroll_up"}
        down = {"@mouse.down": "scroll_down"}
        grab = Style(dim=True, meta={"@mouse.down": "grab"})
        if not window_size or not size or virtual_size <= window_size:
            return Segments([Segment(" " * thickness if vertical else " ")] * size, new_lines=vertical)
        length = max(1, round(size * window_size / virtual_size))
        start = round((size - length) * position / max(1, virtual_size - window_size))
        start = max(0, min(start, size - length))
        sign = "#" if marks().ascii else "█"
        width = thickness if vertical else 1
        cells = [Segment(" " * width, Style(meta=up))] * start
        cells += [Segment(sign * width, grab)] * length
        cells += [Segment(" " * width, Style(meta=down))] * (size - start - length)
        return Segments(cells, new_lines=vertical)


def use_plain_bars() -> None:
    """Have every scrollbar drawn this way."""
    ScrollBar.renderer = PlainBar
