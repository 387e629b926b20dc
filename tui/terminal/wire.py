"""Send only changed cells to the terminal.

Textual writes every region that was refreshed, whether or not it looks different, and fills every line with blanks to
its end. Over SSH, opening a screen takes tens of kilobytes. Here, the displayed cells are remembered, and an update is
reduced to those that differ.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import compress, groupby
from operator import itemgetter, ne
from typing import Any

from rich.color import ColorSystem
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual._time import get_time
from textual.app import App
from textual.geometry import Size
from textual.screen import Screen
from textual.strip import Strip

Cell = tuple[str, str]
"""A character and the parameters of its SGR sequence."""

_SIGN_OF, _CODES_OF = itemgetter(0), itemgetter(1)

BLANK: Cell = (" ", "")
_INK_ONLY: set[str] = set()
"""SGR parameters that have no visible effect on a blank: they set neither a background nor a line."""
_BLANKS = re.compile(" {13,}")
GAP = 8
"""The maximum number of equal cells between two changes that are cheaper to rewrite than to skip."""

# Characters that take one cell on every terminal: Latin, Greek, Cyrillic, punctuation to box drawing, ✓ and ✗.
_ONE_CELL = (
    (0x20, 0x7E),
    (0xA0, 0xAC),
    (0xAE, 0x2FF),
    (0x370, 0x482),
    (0x48A, 0x52F),
    (0x2010, 0x2027),
    (0x2190, 0x25FF),
)
_CHECKS = "✓✗"


@lru_cache(maxsize=4096)
def _one_cell(sign: str) -> bool:
    return sign in _CHECKS or any(low <= ord(sign) <= high for low, high in _ONE_CELL)


class _Cells(dict[str, Cell]):
    """The cells of one style, by character, cached for speed."""

    def __init__(self, codes: str = "", blank: Cell = BLANK) -> None:
        super().__init__({" ": blank})
        self.codes = codes

    def __missing__(self, sign: str) -> Cell:
        cell = self[sign] = (sign, self.codes)
        return cell


_UNSTYLED = _Cells()


@lru_cache(maxsize=1024)
def _look(style: Style, colours: ColorSystem) -> _Cells | None:
    """Return the cells of a style, with the SGR parameters that set the style after a reset; None for a link.

    The terminal's default colors need no parameters. A blank that looks like an empty cell in this style is `BLANK`.
    """
    if style.link:
        return None
    codes = Strip.render_ansi(style, colours)
    for colour, code in ((style.bgcolor, "49"), (style.color, "39")):
        if colour is not None and colour.is_default:
            codes = codes.removesuffix(code).removesuffix(";")
    background = style.bgcolor is not None and not style.bgcolor.is_default
    if background or style.reverse or style.underline or style.underline2 or style.strike or style.overline:
        return _Cells(codes, (" ", codes))
    _INK_ONLY.add(codes)
    return _Cells(codes)


def cells_of(strips: Iterable[Strip], colours: ColorSystem) -> list[Cell] | None:
    """Return the cells of adjacent strips; None if terminals may disagree about the width of the text."""
    cells: list[Cell] = []
    for strip in strips:
        for text, style, _ in strip:
            look = _UNSTYLED if style is None else _look(style, colours)
            if look is None:
                return None
            if not (text.isascii() and text.isprintable()) and not all(map(_one_cell, set(text))):
                return None
            cells += map(look.__getitem__, text)
    return cells


class ChangedCells(CompositorUpdate):
    """A screen update that is already encoded as the text to send to the terminal."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Segment(self.text)

    def render_segments(self, console: Console) -> str:
        return self.text


class Wire:
    """What the terminal currently shows, line by line.

    If a line is unknown, it is None and will be written completely.
    """

    def __init__(self) -> None:
        self._lines: list[list[Cell] | None] = []
        self._size = Size(0, 0)

    def forget(self) -> None:
        """Treat every line as unknown: the terminal was resized or suspended, or other programs wrote to it."""
        self._lines = []
        self._size = Size(0, 0)

    def only_changes(self, update: RenderableType, size: Size, console: Console) -> RenderableType | None:
        """Return the update without the cells that the terminal already shows; None if nothing is left.

        ``size`` is that of the update's layout and of the terminal.
        """
        if size != self._size:
            self._size, self._lines = size, [None] * size.height
        if isinstance(update, LayoutUpdate) and update.region == size.region:
            pieces: Iterable[tuple[int, int, list[Strip]]] = (
                (y, 0, list(strips)) for y, strips in enumerate(update.strips)
            )
        elif isinstance(update, ChopsUpdate):
            pieces = _pieces(update)
        else:
            self.forget()
            return update
        colours = console._color_system or ColorSystem.TRUECOLOR
        text = "".join(self._write(y, x, strips, console, colours) for y, x, strips in pieces)
        return ChangedCells(text) if text else None

    def _write(self, y: int, x: int, strips: list[Strip], console: Console, colours: ColorSystem) -> str:
        """Return the text, with control codes, that draws this piece of a line on the terminal."""
        width = self._size.width
        new, known = cells_of(strips, colours), self._lines[y]
        if new is not None and len(new) + x <= width and known is not None:
            line = [*known[:x], *new, *known[x + len(new) :]]
        elif new is not None and x == 0 and len(new) == width:
            line, known = new, None
        else:
            self._lines[y] = None
            return _at(x, y) + "".join(strip.render(console) for strip in strips)
        self._lines[y] = line
        return "" if line == known else "".join(_line(y, line, known))


def _pieces(update: ChopsUpdate) -> Iterator[tuple[int, int, list[Strip]]]:
    """Yield line, column and strip of every piece that Textual would write."""
    for y, left, right in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is not None and x < right and end > left:
                whole = left <= x < right and end <= right
                yield y, x, [strip if whole else strip.crop(0, min(end, right) - x)]


def _line(y: int, line: list[Cell], known: list[Cell] | None) -> Iterator[str]:
    """Yield the text that changes the line from its known state to the new line."""
    inked = len(line)
    while inked and line[inked - 1] == BLANK:
        inked -= 1
    for first, last in _runs(line, known):
        yield _at(first, y)
        codes = ""
        for wanted, cells in groupby(line[first : min(last, inked)], _CODES_OF):
            text = "".join(map(_SIGN_OF, cells))
            if wanted != codes and not (codes in _INK_ONLY and not wanted and text.isspace()):
                yield f"\x1b[0;{wanted}m" if codes and wanted else f"\x1b[{wanted}m"
                codes = wanted
            erasable = _erases() and (not codes or codes in _INK_ONLY)
            yield _BLANKS.sub(_erased, text) if erasable else text
        if codes:
            yield "\x1b[m"
        if last > inked:
            # The rest of the line is blank.
            yield "\x1b[K"
            return


@cache
def _erases() -> bool:
    """Whether the terminal can erase a number of cells (ECH, of the VT220).

    According to terminfo, only old terminals and GNU screen cannot.
    """
    return not os.environ.get("TERM", "").startswith(("vt1", "screen", "eterm", "sun", "cons25"))


def _erased(blanks: re.Match[str]) -> str:
    """Return the same blanks in fewer bytes: erase this many cells, and move past them."""
    return f"\x1b[{len(blanks[0])}X\x1b[{len(blanks[0])}C"


def _runs(line: list[Cell], known: list[Cell] | None) -> list[tuple[int, int]]:
    """Return the first and end column of each differing part. Short equal parts between them are included."""
    if known is None:
        return [(0, len(line))]
    differing = list(compress(range(len(line)), map(ne, line, known)))
    if differing and len(differing) == differing[-1] + 1 - differing[0]:
        return [(differing[0], differing[-1] + 1)]  # as when the cursor enters or leaves a line
    runs: list[tuple[int, int]] = []
    for at in differing:
        if runs and at - runs[-1][1] <= GAP:
            runs[-1] = (runs[-1][0], at + 1)
        else:
            runs.append((at, at + 1))
    return runs


def _at(x: int, y: int) -> str:
    return f"\x1b[{y + 1};{x + 1}H"


VISIBLE_BEHIND = 8
"""The maximum number of screens that are drawn behind a window."""


class DrawsChanges(App[None]):
    """An app that redraws only the parts of the screen that changed. Use it instead of Textual's App."""

    def __init__(self) -> None:
        super().__init__()
        self._wire = Wire()
        self._drawn_since = float("inf")

    @property
    def _background_screens(self) -> list[Screen[Any]]:
        """The screens to draw behind a window: the nearest ones only.

        Textual draws each of them inside the one above it, which exceeds Python's recursion limit at forty. Textual
        also stores, with each screen, the screen that was behind it when it was last drawn. These references are
        dropped here, because they reach further back than the nearest screens, and can form a circle.
        """
        nearest = super()._background_screens[-VISIBLE_BEHIND:]
        for screen in (*nearest, *self.screen_stack[-1:]):
            screen._layout_cache.pop("_render.visual", None)
        return nearest

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Write to the terminal. Textual draws its screens only through this method.

        An update that Textual would drop is not recorded as shown.
        """
        if renderable is None or self._batch_count or not self._running or self._closed or self.is_headless:
            super()._display(screen, renderable)
            return
        self._drawn_since = min(self._drawn_since, get_time())
        if screen._compositor.size != self.size:
            # The terminal's size has changed. The screen is about to be laid out for the new size, and drawn
            # completely.
            super()._display(screen, None)
            return
        changes = self._wire.only_changes(renderable, self.size, self.console)
        if changes is None and self.cursor_position != self._previous_cursor_position:
            changes = ChangedCells("")
        super()._display(screen, changes)

    def on_resize(self, event: events.Resize) -> None:
        # Redraw even if the size is the same: meanwhile, the terminal may have dropped cells, and returning from a
        # suspension causes this event too. An event from before the first frame needs no redraw.
        if event.time > self._drawn_since:
            self.action_redraw()

    def action_redraw(self) -> None:
        self._wire.forget()
        self.screen.refresh()
