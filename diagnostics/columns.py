"""Compute the widths of a list's columns, in cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

GAP = 2
"""The number of cells between two columns."""


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column of a list.

    ``width`` is the minimum number of cells. ``grow`` is its share of the remaining space, up to ``most`` cells, and
    then up to the length of its longest cell, ``need`` (see `fitted`). If the terminal is too narrow, the columns with
    the highest ``drop`` are removed first; a column with 0 is never removed. ``empty``: no row has a value in it.
    """

    title: str
    width: int
    grow: int = 0
    most: int = 999
    need: int = 0
    drop: int = 0
    right: bool = False
    empty: bool = False


C = TypeVar("C", bound=ListColumn)


def fit_columns(columns: Sequence[ListColumn], room: int) -> list[tuple[int, int]]:
    """Return (index, width) of each column that fits into ``room`` cells, in order.

    Empty columns are removed before another column is truncated.
    """
    layout = _share(columns, list(range(len(columns))), room)
    if len(layout) == len(columns) and all(width >= _wanted(columns[index]) for index, width in layout):
        return layout
    return _share(columns, [index for index, column in enumerate(columns) if not column.empty], room)


def _wanted(column: ListColumn) -> int:
    """Return the width that the column has if there is enough space."""
    return max(column.most, column.need if column.grow else 0)


def _share(columns: Sequence[ListColumn], chosen: list[int], room: int) -> list[tuple[int, int]]:
    def needed() -> int:
        return sum(columns[index].width for index in chosen) + GAP * (len(chosen) - 1)

    while needed() > room and (droppable := [index for index in chosen if columns[index].drop]):
        chosen.remove(max(droppable, key=lambda index: (columns[index].drop, index)))
    widths = {index: columns[index].width for index in chosen}
    spare = room - needed()
    for most in (
        {index: columns[index].most for index in chosen},
        {index: _wanted(columns[index]) for index in chosen},
    ):
        while spare > 0:
            growing = [index for index in chosen if columns[index].grow and widths[index] < most[index]]
            if not growing:
                break
            shares = sum(columns[index].grow for index in growing)
            before = spare
            for index in growing:
                more = min(most[index] - widths[index], max(1, before * columns[index].grow // shares), spare)
                widths[index] += more
                spare -= more
    giving = [index for index in chosen if columns[index].grow] or chosen[:1]
    while (
        spare < 0 and (widest := max(giving, key=lambda index: widths[index], default=-1)) >= 0 and widths[widest] > 1
    ):
        # Columns that can grow are narrowed, the widest first. The other columns are short anyway.
        widths[widest] -= 1
        spare += 1
    return [(index, widths[index]) for index in chosen]


def fitted(columns: Sequence[C], rows: Sequence[Sequence[str]]) -> tuple[C, ...]:
    """Return the columns, each at most as wide as its longest cell. ``rows`` contains their cells.

    So no column is truncated while another has unused space.
    """
    lengths = zip(*(tuple(map(len, cells)) for cells in rows), strict=True) if rows else [(0,)] * len(columns)
    return tuple(_fitted(column, max(its), bool(rows)) for column, its in zip(columns, lengths, strict=False))


def _fitted(column: C, longest: int, has_rows: bool) -> C:
    title = len(column.title) + 2 if column.title else 0  # with the sign of the sorted column
    most = max(title, longest)
    return replace(
        column,
        width=min(column.width, most),
        most=max(1, min(column.most, most)),
        need=most,
        empty=has_rows and not longest,
    )
