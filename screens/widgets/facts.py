"""Facts as pairs of label and value, wrapped over as many lines as they need."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip

from screens.text import fit, marks
from screens.widgets.line import Piece
from screens.widgets.plain_lines import PlainLines
from screens.widgets.strips import wrap
from screens.widgets.styles import FAINT, PLAIN, WARN

GAP = "   "


class FactsView(PlainLines):
    """The view of (label, value) pairs. The values must be `visible` already.

    If ``most_lines`` is not enough, the last line ends with ``more``, which says where the rest is.
    """

    DEFAULT_CSS = "FactsView { height: auto; width: 1fr; }"

    def __init__(self, *, most_lines: int = 6, more: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self.most_lines, self.more = most_lines, more
        self._facts: tuple[tuple[str, Piece], ...] = ()
        self._lines: list[list[Piece]] = []
        self._laid_out_for = 0

    def show(self, facts: Sequence[tuple[str, Piece]]) -> None:
        new = tuple(facts)
        if new == self._facts:
            return
        self._facts = new
        width, before = self._laid_out_for, len(self._lines)
        self._laid_out_for = 0
        if width:
            self._lay_out(width)
        self.refresh(layout=not width or len(self._lines) != before)

    def let_grow(self, most: int) -> None:
        if most != self.most_lines:
            self.most_lines, self._laid_out_for = most, 0
            self.refresh(layout=True)

    def _lay_out(self, width: int) -> None:
        if width == self._laid_out_for:
            return
        lines: list[list[Piece]] = [[(" ", PLAIN)]]
        used = 1
        for label, (value, style) in self._facts:
            length = (cell_len(label) + 1 if label else 0) + cell_len(value)
            if used > 1 and used + len(GAP) + length > width - 1:
                lines.append([(" ", PLAIN)])
                used = 1
            if used > 1:
                lines[-1].append((GAP, PLAIN))
                used += len(GAP)
            if label:
                lines[-1].append((f"{label} ", FAINT))
                used += cell_len(label) + 1
            room = max(8, width - 1 - used)
            first, *rest = [value] if cell_len(value) <= room else list(wrap(value, room, ""))
            lines[-1].append((first, style))
            used += cell_len(first)
            for part in rest:
                # A long value, such as a description, continues on the next line; nothing is left out.
                lines.append([(" ", PLAIN), (part, style)])
                used = 1 + cell_len(part)
        self._lines, self._laid_out_for = self._cut(lines, width), width

    def _cut(self, lines: list[list[Piece]], width: int) -> list[list[Piece]]:
        """Return at most the allowed number of lines. If some are left out, the last one says so."""
        shown = lines[: self.most_lines]
        if len(lines) > len(shown) and shown:
            sign = f" {marks().ellipsis} {self.more}".rstrip()
            text = "".join(text for text, _ in shown[-1])
            excess = cell_len(text) + cell_len(sign) - (width - 1)
            while excess > 0 and len(shown[-1]) > 1:
                last, style = shown[-1].pop()
                keep = cell_len(last) - excess
                excess -= cell_len(last)
                if keep > 0:
                    shown[-1].append((fit(last, keep), style))
            shown[-1].append((sign, WARN))
        return shown

    @property
    def text(self) -> str:
        """All facts as text, one on each line."""
        return "\n".join(f"{label:<19}{value}" if label else value for label, (value, _) in self._facts)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        self._lay_out(width)
        return len(self._lines)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        self._lay_out(width)
        base = self.base
        if y >= len(self._lines):
            return Strip([Segment(" " * width, base)], width)
        return Strip([Segment(text, base + style) for text, style in self._lines[y]]).adjust_cell_length(width, base)


class Paragraph(PlainLines):
    """A sentence or two, wrapped in a fixed number of lines. Nothing is parsed as markup."""

    DEFAULT_CSS = "Paragraph { height: 2; width: 1fr; }"

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.text = text

    def say(self, text: str) -> None:
        """Show the text, which must be `visible` already."""
        if text != self.text:
            self.text = text
            self.refresh()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        lines = list(wrap(self.text, max(4, width - 2))) if self.text else []
        text = lines[y] if y < len(lines) else ""
        if y == self.size.height - 1 and len(lines) > self.size.height:
            # The end of a truncated sentence must show that there is more.
            rest = self.text
            for line in lines[:y]:
                rest = rest.removeprefix(line).removeprefix(" ")
            text = fit(rest, width - 2)
        return Strip([Segment(f" {fit(text, width - 1)}", self.base)]).adjust_cell_length(width, self.base)
