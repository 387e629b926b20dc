"""The state of an operation: a line with a heading in it, a sentence below it, and notes."""

from __future__ import annotations

from collections.abc import Sequence

from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from screens.text import marks
from screens.widgets.line import Piece
from screens.widgets.strips import plain, strip, wrap
from screens.widgets.styles import FAINT, PLAIN, WARN


class Headline(Widget):
    """The widget, which is as high as its text. Foreign text is allowed."""

    DEFAULT_CSS = """
    Headline { height: 1; width: 1fr; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._head: tuple[str, Style] = ("", FAINT)
        self._text: tuple[str, Style] = ("", PLAIN)
        self._notes: tuple[str, ...] = ()
        self._mark: Piece | None = None

    def say(self, head: str, sentence: str = "", *, trouble: bool = False) -> None:
        """Show progress or an error."""
        self.set((head, WARN if trouble else FAINT), (sentence, PLAIN), ())

    @property
    def text(self) -> str:
        """The shown text, as plain text."""
        return "\n".join("".join(text for text, _ in row).rstrip() for row in self._rows(self.size.width or 80))

    @property
    def head(self) -> str:
        return self._head[0]

    def set(
        self, head: tuple[str, Style], text: tuple[str, Style], notes: Sequence[str], mark: Piece | None = None
    ) -> None:
        """Set the heading, the text and the notes.

        With a ``mark``, the text is emphasized, and the heading is small at the end of the line. Without a heading, no
        line is drawn.
        """
        if (head, text, tuple(notes), mark) == (self._head, self._text, self._notes, self._mark):
            return
        self._head, self._text, self._notes, self._mark = head, text, tuple(notes), mark
        self._fit()
        self.refresh()

    def _fit(self) -> None:
        if self.size.width:
            self.styles.height = len(self._rows(self.size.width))

    def on_resize(self) -> None:
        self._fit()

    def _rows(self, width: int) -> list[list[Piece]]:
        head, look = self._head
        if not head:
            return self._text_rows(width)
        rule = marks().rule * 2
        rest = marks().rule * max(width - len(head) - 4 - len(rule), 0)
        if self._mark is not None:
            return [[(f" {rest} ", FAINT), (head, look), (f" {rule}", FAINT)], *self._text_rows(width)]
        return [[(f" {rule} ", FAINT), (head, look), (f" {rest}", FAINT)], *self._text_rows(width)]

    def _text_rows(self, width: int) -> list[list[Piece]]:
        """Return the rows below the line."""
        text, text_look = self._text
        rows: list[list[Piece]] = []
        if self._mark is not None:
            sign, sign_look = self._mark
            for number, piece in enumerate(wrap(plain(text), width - 4)):
                rows.append([(f" {sign} " if number == 0 else "   ", sign_look), (piece, text_look)])
        elif text:
            rows = [[(" ", PLAIN), (piece, text_look)] for piece in wrap(plain(text), width - 2)]
        for note in self._notes:
            rows += [[(" ", PLAIN), (piece, WARN)] for piece in wrap(plain(note), width - 2)]
        return rows

    def render_line(self, y: int) -> Strip:
        rows = self._rows(self.size.width)
        return strip(rows[y] if y < len(rows) else [], self.size.width, self.rich_style)
