"""Fits text to a number of cells."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from diagnostics.marks import ago as ago
from diagnostics.marks import marks as marks
from diagnostics.marks import speaks_utf8 as speaks_utf8
from diagnostics.marks import visible as visible


def fit(text: str, width: int) -> str:
    """Return ``text`` truncated or padded to exactly ``width`` cells. Truncation is marked.

    The text must be `visible` already.
    """
    if width <= 0:
        return ""
    length = len(text) if text.isascii() else cell_len(text)
    if length <= width:
        return text + " " * (width - length)
    return set_cell_size(text, width - 1) + marks().ellipsis if width > 1 else marks().ellipsis


def fit_end(text: str, width: int) -> str:
    """Return ``text`` fitted like `fit`, but truncated at the beginning: an ARN is identified by its end."""
    mark = marks().ellipsis
    if cell_len(text) <= width or width <= len(mark):
        return fit(text, width)
    end = text[-(width - len(mark)) :]
    while cell_len(end) > width - len(mark):
        end = end[1:]
    return fit(mark + end, width)


def bar(part: int, of: int, width: int) -> str:
    """Return ``part`` of ``of`` as a bar of filled cells.

    A part above zero fills at least one cell; a part below the total does not fill all.
    """
    filled = round(width * part / of) if of else 0
    if 0 < part < of:
        filled = min(max(filled, 1), width - 1)
    full, empty = ("#", ".") if marks().ascii else ("█", "░")
    return full * filled + empty * (width - filled)


def heights(counts: Sequence[int]) -> str:
    """Return a character for each count, higher for larger counts; a dot for zero.

    In ASCII mode, the characters are digits, with 9 for the maximum.
    """
    signs = "123456789" if marks().ascii else "▁▂▃▄▅▆▇█"
    most, none = max(counts, default=0), "." if marks().ascii else marks().dot
    return "".join(signs[(count * len(signs) - 1) // most] if count else none for count in counts)


def plural(count: int, one: str, many: str = "") -> str:
    """Return the result of `iam.words.plural`, which is imported only when this is called."""
    from iam.words import plural as words  # the first frame needs nothing from iam

    return words(count, one, many)


def some_of(names: Sequence[str], most: int = 3) -> str:
    """Return the first ``most`` names, followed by the number of further ones."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")
