"""The panes of a screen, each in a frame with its title. On a small terminal, only a line with the title remains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.containers import Vertical
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from screens.text import fit, marks
from screens.widgets.line import Piece
from screens.widgets.plain_lines import look_of
from screens.widgets.strips import strip
from screens.widgets.styles import FAINT, FRAME, FRAME_HERE, STRONG, TITLE_HERE

WIDE_FROM, TALL_FROM = 100, 34
"""The minimum terminal width and height at which panes have full frames."""
WIDTHS = [(0, "-slim"), (WIDE_FROM, "-wide")]
HEIGHTS = [(0, "-short"), (TALL_FROM, "-tall")]
"""The CSS classes of a screen by its height."""


@dataclass(frozen=True, slots=True)
class FrameLines:
    """The characters of a frame: the corners clockwise from the top left, then the lines."""

    corners: str
    across: str
    down: str


LIGHT, HEAVY = FrameLines("╭╮╯╰", "─", "│"), FrameLines("┏┓┛┗", "━", "┃")
ASCII_LIGHT, ASCII_HEAVY = FrameLines("++++", "-", "|"), FrameLines("++++", "=", "|")


def lines_of(*, here: bool) -> FrameLines:
    """Return the characters of a frame. ``here``: the pane has the focus, which heavy lines show without color."""
    if marks().ascii:
        return ASCII_HEAVY if here else ASCII_LIGHT
    return HEAVY if here else LIGHT


def title_line(title: Sequence[Piece], aside: str, width: int, *, here: bool, framed: bool) -> list[Piece]:
    """Return the top line: the title at the left, and ``aside`` at the right if it fits."""
    lines, look = lines_of(here=here), FRAME_HERE if here else FRAME
    begin, right = (lines.corners[0], lines.corners[1]) if framed else ("", lines.across)
    left = begin + lines.across * 2
    room = width - len(left) - len(right)
    pieces: list[Piece] = []
    used = 0
    for text, style in title:
        text = fit(text, min(cell_len(text), room - 2 - used)) if room - 2 > used else ""
        pieces.append((text, style))
        used += cell_len(text)
    if used:
        pieces = [(" ", look), *pieces, (" ", look)]
        used += 2
    said = f" {aside} " if aside and cell_len(aside) + 4 <= room - used else ""
    gap = lines.across * max(0, room - used - cell_len(said) - (1 if said else 0))
    end = (lines.across if said else "") + right
    return [(left, look), *pieces, (gap, look), (said, FAINT), (end, look)]


class Pane(Vertical):
    """A frame, drawn heavy while a widget inside has the focus. A click on it moves the focus there.

    ``title`` must be `visible` already. With the class ``-bare``, the title is shown only if the frame is complete.
    """

    DEFAULT_CSS = """
    Pane { height: 1fr; width: 1fr; padding: 1 0 0 0; }
    Pane.-bare { padding: 0; }
    """

    def __init__(self, *children: Widget, title: str = "", id: str | None = None, classes: str | None = None) -> None:
        super().__init__(*children, id=id, classes=classes)
        self._title, self._note, self._aside = title, "", ""
        self._here = False

    def name_it(self, title: str, note: str = "", aside: str = "") -> None:
        """Set the title. ``note`` follows the title in a lighter style, ``aside`` is at the other end.

        All must be `visible` already.
        """
        if (title, note, aside) != (self._title, self._note, self._aside):
            self._title, self._note, self._aside = title, note, aside
            self._draw(Region(0, 0, self.outer_size.width, 1))

    @property
    def title(self) -> str:
        """The text of the top line, as plain text."""
        return "  ".join(part for part in (self._title, self._note, self._aside) if part)

    @property
    def chrome(self) -> int:
        """The number of lines that the frame takes."""
        # Not from the styles, which follow a new terminal size only later.
        width, height = self.app.size
        return 2 if width >= WIDE_FROM and height >= TALL_FROM else 0 if self.has_class("-bare") else 1

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self._focus_moved()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        self._focus_moved()

    def _focus_moved(self) -> None:
        """Update the frame. When the focus moves within the pane, either widget may report it first."""
        focused = self.screen.focused
        self.show_focus(here=focused is not None and self.app.screen is self.screen and self in focused.ancestors)

    def show_focus(self, *, here: bool) -> None:
        """Set whether a widget inside the pane has the focus."""
        if here != self._here:
            self._here = here
            width, height = self.outer_size
            self._draw(
                Region(0, 0, width, 1),
                Region(0, height - 1, width, 1),
                Region(0, 0, 1, height),
                Region(width - 1, 0, 1, height),
            )

    def _draw(self, *regions: Region) -> None:
        """Redraw parts of the frame. Textual counts regions from the beginning of the contents."""
        self.refresh(*(region.translate(-self.content_offset) for region in regions))

    def on_click(self, event: events.Click) -> None:
        if not self._here and event.widget is self:
            first = next((each for each in self.query("*") if each.focusable and each.display), None)
            self.screen.set_focus(first or self.screen.focused)

    def render_lines(self, crop: Region) -> list[Strip]:
        base = look_of(self)
        width, height = self.outer_size
        framed = bool(self.styles.padding.left)
        lines, look = lines_of(here=self._here), FRAME_HERE if self._here else FRAME
        title = [(self._title, TITLE_HERE if self._here else STRONG), (f"  {self._note}" if self._note else "", FAINT)]
        sides = [(lines.down, look), (" " * (width - 2), look), (lines.down, look)] if framed else []
        between = strip(sides, width, base)  # one strip for all lines, so that Textual converts it only once
        strips = []
        for y in crop.line_range:
            drawn = between
            if y == 0 and self.styles.padding.top:
                drawn = strip(title_line(title, self._aside, width, here=self._here, framed=framed), width, base)
            elif framed and y == height - 1:
                drawn = strip([(lines.corners[3] + lines.across * (width - 2) + lines.corners[2], look)], width, base)
            drawn = drawn.crop(crop.x, crop.right)
            for line_filter in self.get_line_filters():
                drawn = drawn.apply_filter(line_filter, self.background_colors[1])
            strips.append(drawn)
        return strips
