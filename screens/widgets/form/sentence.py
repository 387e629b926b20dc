"""A sentence below a field: a fault, a warning, or a hint. Without a text, it takes no space."""

from __future__ import annotations

from enum import StrEnum

from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip
from textual.widget import Widget

from screens.text import fit, marks, visible
from screens.widgets.strips import wrap
from screens.widgets.styles import BAD, FAINT, GOOD, PLAIN, WARN

MOST_LINES = 4


class Tone(StrEnum):
    FAULT = "fault"
    WARNING = "warning"
    GOOD = "good"
    NOTE = "note"
    HINT = "hint"
    """A note on one line, truncated if it does not fit. It has only one line because many fields have a note."""


_LOOKS = {Tone.FAULT: BAD, Tone.WARNING: WARN, Tone.GOOD: GOOD, Tone.NOTE: FAINT, Tone.HINT: FAINT}


class Sentence(Widget):
    DEFAULT_CSS = "Sentence { height: auto; width: 1fr; display: none; }"

    def __init__(self, *, indent: int = 0, id: str | None = None) -> None:
        super().__init__(id=id)
        self.text, self.tone = "", Tone.NOTE
        self._indent = indent

    def say(self, text: str, tone: Tone = Tone.NOTE) -> None:
        """Show the text, with control and invisible characters escaped. "" removes it."""
        text = visible(text)
        if (text, tone) == (self.text, self.tone):
            return
        before = self._height(self.size.width) if self.text else 0
        self.text, self.tone = text, tone
        self.display = bool(text)
        if text and self.size.width and self._height(self.size.width) == before:
            self.refresh()
        else:
            self.refresh(layout=True)

    def _lines(self, width: int) -> list[str]:
        lines = list(wrap(self.text, max(8, width - self._indent - 3)))
        most = 1 if self.tone is Tone.HINT else MOST_LINES
        if len(lines) > most:
            lines = [*lines[: most - 1], fit(" ".join(lines[most - 1 :]), max(8, width - self._indent - 3))]
        return lines

    def _height(self, width: int) -> int:
        return len(self._lines(width or 40))

    def lines_in(self, width: int) -> int:
        """Return the number of lines that the sentence takes in this width."""
        return self._height(width) if self.text else 0

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self.lines_in(width)

    def render_line(self, y: int) -> Strip:
        width, base = self.size.width, self.rich_style
        lines = self._lines(width) if self.text else []
        if y >= len(lines):
            return Strip.blank(width, base)
        signs = marks()
        mark = {Tone.FAULT: signs.failed, Tone.WARNING: "!", Tone.GOOD: signs.passed}.get(self.tone, " ")
        look = _LOOKS[self.tone]
        lead = f"{' ' * self._indent}{mark if y == 0 else ' '} "
        return Strip(
            [Segment(lead, base + look), Segment(lines[y], base + (look if self.tone is not Tone.FAULT else PLAIN))]
        ).adjust_cell_length(width, base)
