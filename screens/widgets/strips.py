"""Foreign text on one line or wrapped over several, and strips made of pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.cells import cell_len, chop_cells
from rich.segment import Segment
from rich.style import Style
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from screens.text import fit, visible
from screens.widgets.line import Piece
from screens.widgets.styles import PLAIN


def plain(text: str) -> str:
    """Return ``text`` on one line: white space becomes single spaces, and control characters are made visible."""
    return visible(" ".join(text.split(" ")) if text.isprintable() else " ".join(text.replace("\t", " ").split()))


def clip(text: str, width: int) -> str:
    """Return ``text`` in at most ``width`` cells. Truncation is marked."""
    return text if cell_len(text) <= width else fit(text, width)


def text_lines(text: str) -> list[str]:
    """Return the lines of a foreign text, each made visible. Tabs become spaces."""
    return [visible(line.expandtabs(4)) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]


def wrap(text: str, width: int, indent: str = "") -> Iterator[str]:
    """Yield a visible line as lines of at most ``width`` cells, broken at spaces if possible.

    The second and later lines begin with ``indent``. Nothing is left out: a word that is too long is broken.
    """
    most = max(width, 0) // 2
    lead = " " * min(len(text) - len(text.lstrip(" ")), most)
    indent = indent[:most]
    line = lead
    filled = False
    for word in text.lstrip(" ").split(" "):
        candidate = f"{line} {word}" if filled else line + word
        if cell_len(candidate) <= width:
            line, filled = candidate, True
            continue
        if filled:
            yield line
            line = indent
        at, room = 0, max(width - cell_len(line), 1)
        while (end := _end_of_part(word, at, room)) < len(word):
            yield line + word[at:end]
            at = end
        line, filled = line + word[at:], True
    yield line


def _end_of_part(text: str, begin: int, room: int) -> int:
    """Return the end of the part that begins at this position and has at most ``room`` cells.

    The part has at least one character. It ends after a space, or else after a part of an ARN, a path or a name if that
    is late enough, so that no account ID is broken.
    """
    head = text[begin : begin + room + 1]
    if cell_len(head) > room:
        head = chop_cells(head, room)[0] or head[:1]
    if begin + len(head) >= len(text):
        return len(text)
    for signs in (" ", ":/", ".-_"):
        cut = max(head.rfind(sign) for sign in signs) + 1
        if cut * 2 > len(head):
            return begin + cut
    return begin + len(head)


def broken(pieces: Iterable[Piece], width: int, indent: int = 0) -> Iterator[list[Piece]]:
    """Yield pieces of visible text as rows of at most ``width`` cells, with the second and later ones indented.

    A word that fits on a row is not broken. Nothing is left out: if not even one character fits, a row still contains
    one.
    """
    indent = min(indent, max(width, 0) // 2)
    row: list[Piece] = []
    used = start = 0
    for text, look in pieces:
        at = 0
        while at < len(text):
            room = width - used
            end = _end_of_part(text, at, max(room, 1))
            word = text.find(" ", end)
            moves = text[end - 1] != " " and room < cell_len(text[at : word if word >= 0 else None]) <= width - indent
            if used == start or (cell_len(text[at:end]) <= room and not moves):
                row.append((text[at:end], look))
                used += cell_len(text[at:end])
                at = end
            if at < len(text):
                yield row
                row, used, start = [(" " * indent, PLAIN)], indent, indent
    yield row


def paragraph(text: str, width: int, look: Style = PLAIN, indent: str = "") -> list[list[Piece]]:
    """Return a foreign text of one or more lines as rows that fit ``width``."""
    return [[(piece, look)] for line in text_lines(text) for piece in wrap(line, width, indent)]


def strip(pieces: Iterable[Piece], width: int, base: Style) -> Strip:
    """Return the pieces side by side on one line of ``width`` cells; longer text is truncated, with a mark."""
    # Neighbors with the same style become one segment: later processing takes time for each segment.
    texts: list[str] = []
    looks: list[Style] = []
    left = width
    for text, look in pieces:
        length = cell_len(text)
        if length > left:
            text, length = fit(text, left), left
        if looks and look is looks[-1]:
            texts[-1] += text
        else:
            texts.append(text)
            looks.append(look)
        left -= length
        if left <= 0:
            break
    segments = [Segment(text, base if look is PLAIN else base + look) for text, look in zip(texts, looks, strict=True)]
    if left > 0:
        segments.append(Segment(" " * left, base))
    return Strip(segments, width)


def with_words(line: Strip, words: str, look: Style) -> Strip:
    """Return the line with all occurrences of these words, ignoring case, in another style."""
    text, sought = line.text.lower(), words.lower()
    if not sought or sought not in text or len(text) != len(line.text):
        return line
    edges: list[int] = []
    at = text.find(sought)
    while at >= 0:
        end = at + len(sought)
        edges += (cell_len(line.text[:at]), cell_len(line.text[:end]))
        at = text.find(sought, end)
    parts = line.divide([*edges, line.cell_length])
    return Strip.join(part.apply_style(look) if count % 2 else part for count, part in enumerate(parts))


def jump(view: ScrollView, line: int) -> None:
    """Scroll so that a line is at the top, without drawing: the caller knows which lines look different."""
    line = max(0, min(line, int(view.virtual_size.height) - view.size.height))
    view.set_reactive(Widget.scroll_y, float(line))
    view.set_reactive(Widget.scroll_target_y, float(line))
    view.vertical_scrollbar.position = line
