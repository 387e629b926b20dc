"""A text area with several lines."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import TextArea


class Area(TextArea):
    """Textual's text area without a blinking cursor. Both ctrl+z and ctrl+_ (as in readline) undo."""

    DEFAULT_CSS = "Area { scrollbar-size-vertical: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+underscore", "undo", show=False)]

    def __init__(
        self, text: str = "", *, placeholder: str = "", show_line_numbers: bool = False, id: str | None = None
    ) -> None:
        super().__init__(
            text,
            id=id,
            soft_wrap=True,
            tab_behavior="focus",
            show_line_numbers=show_line_numbers,
            compact=True,
            placeholder=placeholder,
            highlight_cursor_line=False,
        )
        self.cursor_blink = False

    def render_lines(self, crop: Region) -> list[Strip]:
        if self.rich_style.bgcolor is None:
            # The mouse can be over the widget before it has styles. Textual would then interpret the theme's name as a
            # color.
            return [Strip.blank(crop.width)] * crop.height
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        # Textual would wrap the placeholder to a width of 0.
        return super().render_line(y) if self.content_size.width else Strip.blank(self.size.width)
