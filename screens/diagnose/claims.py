"""A token's claims next to the values that a policy requires: a table if it fits, else a block for each claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from rich.cells import cell_len
from rich.style import Style

from diagnostics.diagnosis import ClaimComparison
from screens.text import marks
from screens.widgets.line import Piece
from screens.widgets.strips import plain, wrap
from screens.widgets.styles import BAD, FAINT, GOOD, PLAIN, STRONG, WARN

TABLE_FROM = 72
"""The minimum width in cells to show the two values side by side. In less space, many values would be truncated."""

_MOST_NAME = 18

Row = Sequence[Piece]


def comparison_lines(rows: Sequence[ClaimComparison], width: int) -> Iterator[Row]:
    """Yield the lines of the comparison. No value is truncated, because subjects often differ only at their ends."""
    if not rows:
        return
    name = min(max(len("CLAIM"), *(cell_len(row.claim) for row in rows)), _MOST_NAME)
    yield []
    if width < TABLE_FROM:
        for row in rows:
            yield from _block(row, width)
        return
    half = (width - name - 8) // 2
    yield [("   ", PLAIN), (f"{'CLAIM':<{name}}  {'TOKEN':<{half}}  WANTED", FAINT)]
    for row in rows:
        columns = (wrap(plain(row.claim), name), wrap(plain(row.had), half), wrap(plain(row.wanted), half))
        for number, (claim, had, wanted) in enumerate(zip_longest(*columns, fillvalue="")):
            yield [
                (f" {_mark(row)[0]} " if number == 0 else "   ", _mark(row)[1]),
                (_padded(claim, name + 2), STRONG),
                (_padded(had, half + 2), _value_look(row)),
                (wanted, PLAIN),
            ]
        yield from _note(row, width, name + 5)


def _block(row: ClaimComparison, width: int) -> Iterator[Row]:
    sign, look = _mark(row)
    for number, piece in enumerate(wrap(plain(row.claim), width - 4)):
        yield [(f" {sign} " if number == 0 else "   ", look), (piece, STRONG)]
    for label, value, style in (("has", row.had, _value_look(row)), ("wanted", row.wanted, PLAIN)):
        for number, piece in enumerate(wrap(plain(value), width - 11)):
            yield [(f"   {label if number == 0 else '':<7} ", FAINT), (piece, style)]
    yield from _note(row, width, 3)


def _note(row: ClaimComparison, width: int, indent: int) -> Iterable[Row]:
    if row.note:
        for piece in wrap(plain(row.note), width - indent - 1):
            yield [(" " * indent, PLAIN), (piece, WARN)]


def _mark(row: ClaimComparison) -> tuple[str, Style]:
    signs = marks()
    if row.holds is None:
        return signs.unknown, WARN
    return (signs.passed, GOOD) if row.holds else (signs.failed, BAD)


def _value_look(row: ClaimComparison) -> Style:
    return BAD if row.holds is False else PLAIN


def _padded(text: str, width: int) -> str:
    return text + " " * max(width - cell_len(text), 0)
