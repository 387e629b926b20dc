"""Lines that go to the screen as they are."""

from __future__ import annotations

from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class PlainLines(Widget):
    """A widget that draws line by line (`render_line`) and has neither border nor padding.

    Textual would send each line through what draws those, and keep it: of a page of text that takes longer than to
    draw the lines.
    """

    base = Style()
    """The look of the widget itself, as of the lines that are being drawn: what a line's own styles are added to."""

    def render_lines(self, crop: Region) -> list[Strip]:
        self.base = self.rich_style  # looked up once, not for each line: it asks all that contain the widget
        strips = [self.render_line(y).crop_extend(crop.x, crop.right, self.base) for y in crop.line_range]
        for line_filter in self.get_line_filters():
            strips = [strip.apply_filter(line_filter, self.background_colors[1]) for strip in strips]
        return strips
