"""A single line on the screen, drawn as one strip and redrawn only if it changes."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from screens.text import fit
from screens.widgets.plain_lines import PlainLines
from screens.widgets.styles import PLAIN

Piece = tuple[str, Style]


class Line(PlainLines):
    """Pieces of text side by side on one line. The text must be `visible` already."""

    DEFAULT_CSS = "Line { height: 1; width: 1fr; }"

    def __init__(
        self,
        pieces: Sequence[Piece] = (),
        *,
        style: Style = PLAIN,
        right: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._right = right
        self._pieces: tuple[Piece, ...] = tuple(pieces)
        self._style = style

    def show(self, *pieces: Piece | str) -> None:
        new = tuple((piece, PLAIN) if isinstance(piece, str) else piece for piece in pieces)
        if new != self._pieces:
            self._pieces = new
            self.refresh()

    def pieces(self, width: int) -> Sequence[Piece]:
        """Return the pieces to draw in ``width`` cells; longer text is truncated, with a mark."""
        return self._pieces

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces(self.size.width))

    def render_line(self, y: int) -> Strip:
        width = self.across
        style = self.base + self._style
        segments = []
        left = width
        for text, piece_style in self.pieces(width):
            length = cell_len(text)
            if length > left:
                text, length = fit(text, left), left
            segments.append(Segment(text, style if piece_style is PLAIN else style + piece_style))
            left -= length
            if left <= 0:
                break
        if left > 0:
            segments.insert(0 if self._right else len(segments), Segment(" " * left, style))
        return Strip(segments, width)
