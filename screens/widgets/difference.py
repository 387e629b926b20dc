"""The difference between two documents, side by side or one below the other, with the marks - and +."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from rich.style import Style

from screens.text import fit, marks, plural
from screens.widgets.cursor import UNBROKEN, unpadded
from screens.widgets.line import Piece
from screens.widgets.lines import LinesView
from screens.widgets.strips import text_lines, wrap
from screens.widgets.styles import BAD, FAINT, GOOD, PLAIN, STRONG

SIDE_BY_SIDE_FROM = 110
"""The minimum width at which each document has a column of its own."""
CONTEXT = 4
"""The number of unchanged lines shown around a change."""

HEADS = ("before", "after")

NUMBERS = 6
"""The number of cells before a line's text, for its mark and line number."""

REMOVED = BAD
ADDED = GOOD + STRONG


@dataclass(frozen=True, slots=True)
class Pair:
    """A line of the text before, and the line of the text after that is shown next to it.

    None means that one side has no line. ``numbers`` are the line numbers, from 1. ``skipped`` is the number of
    unchanged lines that are left out here.
    """

    before: str | None
    after: str | None
    numbers: tuple[int, int] = (0, 0)
    skipped: int = 0

    @property
    def changed(self) -> bool:
        return self.before != self.after


def compare(before: str, after: str, context: int = CONTEXT) -> list[Pair]:
    """Return the lines of both texts in pairs. Long unchanged stretches are left out and counted."""
    old, new = (text_lines(text) if (text := each.rstrip("\n")) else [] for each in (before, after))
    pairs: list[Pair] = []
    for tag, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            stretch = [
                Pair(line, line, (old_from + offset + 1, new_from + offset + 1))
                for offset, line in enumerate(old[old_from:old_to])
            ]
            pairs.extend(_shortened(stretch, first=old_from == 0, last=old_to == len(old), context=context))
            continue
        for offset in range(max(old_to - old_from, new_to - new_from)):
            at_old, at_new = old_from + offset, new_from + offset
            pairs.append(
                Pair(
                    old[at_old] if at_old < old_to else None,
                    new[at_new] if at_new < new_to else None,
                    (at_old + 1, at_new + 1),
                )
            )
    return pairs


def compare_parts(parts: Iterable[tuple[str, str]], context: int = CONTEXT) -> list[Pair]:
    """Compare each part of two texts with its counterpart, which is "" if only one text has the part.

    Lines are numbered through all parts. A part without a difference is left out if it is longer than the context; its
    lines are then only counted.
    """
    pairs: list[Pair] = []
    old_above = new_above = 0
    for before, after in parts:
        lines = text_lines(before.rstrip("\n")) if before == after else []
        found = [Pair(None, None, skipped=len(lines))] if len(lines) > context else compare(before, after, context)
        for pair in found:
            old, new = pair.numbers
            pairs.append(replace(pair, numbers=(old + old_above, new + new_above)))
        old_above += len(text_lines(before.rstrip("\n"))) if before else 0
        new_above += len(text_lines(after.rstrip("\n"))) if after else 0
    return pairs


def _shortened(stretch: list[Pair], *, first: bool, last: bool, context: int) -> list[Pair]:
    head, tail = (0 if first else context), (0 if last else context)
    left_out = len(stretch) - head - tail
    if left_out < 3 or (first and last):
        return stretch
    return [*stretch[:head], Pair(None, None, skipped=left_out), *stretch[len(stretch) - tail :]]


def unified(pairs: Sequence[Pair], width: int) -> Iterator[Sequence[Piece]]:
    """Yield the lines one below the other: the removed lines of a change, then the added ones."""
    removed: list[Pair] = []
    added: list[Pair] = []

    def flush() -> Iterator[Sequence[Piece]]:
        for pair in removed:
            yield from _wrapped("-", pair.numbers[0], pair.before or "", width, REMOVED)
        for pair in added:
            yield from _wrapped("+", pair.numbers[1], pair.after or "", width, ADDED)
        removed.clear()
        added.clear()

    for pair in pairs:
        if pair.changed:
            if pair.before is not None:
                removed.append(pair)
            if pair.after is not None:
                added.append(pair)
            continue
        yield from flush()
        if pair.skipped:
            yield _gap(pair.skipped, width)
        else:
            yield from _wrapped(" ", pair.numbers[1], pair.after or "", width, PLAIN)
    yield from flush()


def side_by_side(pairs: Sequence[Pair], width: int, heads: tuple[str, str] = HEADS) -> Iterator[Sequence[Piece]]:
    half = _half(width)
    bar: Piece = (f" {marks().bar} ", FAINT)
    above: list[Piece] = [(fit(" " * NUMBERS + head, half), FAINT) for head in heads]
    yield [above[0], bar, above[1]]
    for pair in pairs:
        if pair.skipped:
            yield _gap(pair.skipped, width)
            continue
        removed, added = (REMOVED, ADDED) if pair.changed else (PLAIN, PLAIN)
        left = _cell("-" if pair.changed else " ", pair.numbers[0], pair.before, half, removed)
        right = _cell("+" if pair.changed else " ", pair.numbers[1], pair.after, half, added)
        yield [*left, bar, *right]


def difference_lines(pairs: Sequence[Pair], width: int, heads: tuple[str, str] = HEADS) -> Iterator[Sequence[Piece]]:
    """Yield the lines of the comparison, with the titles ``heads``.

    They are side by side if the texts differ and every line fits its column; otherwise they are one below the other,
    with long lines wrapped.
    """
    longest = max((len(line) for pair in pairs for line in (pair.before, pair.after) if line), default=0)
    differs = any(pair.changed for pair in pairs)
    if differs and width >= SIDE_BY_SIDE_FROM and longest + NUMBERS <= _half(width):
        return side_by_side(pairs, width, heads)
    return unified(pairs, width)


def _half(width: int) -> int:
    return (width - 3) // 2


def _gap(skipped: int, width: int) -> Sequence[Piece]:
    return [(fit(f"      {marks().ellipsis} {plural(skipped, 'unchanged line')}", width), FAINT)]


def _wrapped(mark: str, number: int, text: str, width: int, look: Style) -> Iterator[Sequence[Piece]]:
    indent = " " * (len(text) - len(text.lstrip()) + 2)
    for count, piece in enumerate(wrap(text, width - NUMBERS, indent)):
        yield _cell(mark, number if count == 0 else 0, piece, width, look)


def _cell(mark: str, number: int, text: str | None, width: int, look: Style) -> Sequence[Piece]:
    if text is None:
        return [(" " * width, PLAIN)]
    numbered = f"{mark}{number or '':>4} "
    return [(numbered, look if look is not PLAIN else FAINT), (fit(text, width - NUMBERS), look)]


class DifferenceView(LinesView):
    """The view of two documents that are compared."""

    def __init__(self, *, heads: tuple[str, str] = HEADS, id: str | None = None) -> None:
        super().__init__(id=id)
        self.heads = heads
        self._pairs: list[Pair] = []

    def show(self, before: str, after: str, context: int = CONTEXT) -> None:
        """Show the difference between the two texts; the complete text if they are equal."""
        self._put(compare(before, after, context))

    def show_parts(self, parts: Iterable[tuple[str, str]], context: int = CONTEXT) -> None:
        self._put(compare_parts(parts, context))

    def _put(self, pairs: list[Pair]) -> None:
        self._pairs = pairs
        self.changed()

    def whole_lines(self) -> Sequence[str]:
        """Return the lines one below the other, because side by side each would be twice as wide."""
        return [unpadded(line) for line in unified(self._pairs, UNBROKEN)]

    def lines_for(self, width: int) -> Sequence[Sequence[Piece]]:
        return list(difference_lines(self._pairs, width, self.heads))
