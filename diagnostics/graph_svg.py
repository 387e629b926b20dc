"""Draw a directed graph as an SVG picture with columns: sources on the left, the final targets on the right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from itertools import accumulate, repeat

from diagnostics.graph import Edge, to_dot, to_mermaid
from iam.foreign_text import visible

_CHAR, _LINE, _PAD, _GAP = 7.3, 15, 8, 14.0
"""Sizes in pixels: the width of a 12 px monospace character, the height of a line, a box's padding, the gap between
boxes.
"""
_ROOM = 60.0
"""The space in pixels between a column's labels and the next column."""
_MOST = 56
"""The maximum number of characters that are drawn of a name or label; the shape's title has the complete text."""
_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{w:.0f}" height="{h:.0f}" viewBox="0 0 {w:.0f} {h:.0f}"'
    ' font-family="monospace" font-size="12">\n'
    '<defs><marker id="to" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    '<path d="M0 0 8 4 0 8z" fill="#57606a"/></marker></defs>\n'
    '<rect width="100%" height="100%" fill="#ffffff"/>\n'
)


def to_svg(edges: Iterable[Edge]) -> str:
    """Return the graph as SVG. Names are escaped, and the file depends on no other file."""
    listed = list(dict.fromkeys(edges))
    columns = _columns(listed)
    outgoing: dict[str, list[Edge]] = {name: [] for column in columns for name in column}
    for edge in listed:
        outgoing[edge.source].append(edge)
    widths = [max(map(_width, column)) + 2 * _PAD for column in columns]
    labels = (max([_width(edge.label) for name in column for edge in outgoing[name]], default=0) for column in columns)
    lefts = list(accumulate(map(sum, zip(widths, labels, repeat(_ROOM))), initial=_GAP))
    place: dict[str, tuple[float, float, float]] = {}
    bottom = _GAP
    for column, left, wide in zip(columns, lefts, widths, strict=False):
        top = _GAP
        for name in column:
            tall = max(1, len(outgoing[name])) * _LINE + 2 * _PAD
            place[name] = left, top + tall / 2, wide
            top += tall + _GAP
        bottom = max(bottom, top)
    lines = [_HEAD.format(w=lefts[-1] + 1, h=bottom)]
    lines += [line for name in outgoing for line in _arrows(outgoing[name], place)]
    lines += [_box(name, *place[name]) for name in outgoing]
    return "".join((*lines, "</svg>\n"))


def _columns(edges: Sequence[Edge]) -> list[tuple[str, ...]]:
    """Return the names in columns, ordered by greatest distance from an end, the farthest first.

    Within a column, a name is placed close to the names that it leads to.
    """
    targets: dict[str, list[str]] = {}
    for edge in edges:
        targets.setdefault(edge.source, []).append(edge.target)
        targets.setdefault(edge.target, [])
    steps: dict[str, int] = {}

    def count(name: str, passed: tuple[str, ...]) -> int:
        if name not in steps:  # a circle ends where it closes
            ahead = [count(one, (*passed, name)) for one in targets[name] if one not in (*passed, name)]
            steps[name] = 1 + max(ahead, default=-1)
        return steps[name]

    found: dict[int, list[str]] = {}
    for name in targets:
        found.setdefault(count(name, ()), []).append(name)
    rank: dict[str, int] = {}
    for number in sorted(found):
        found[number].sort(key=lambda name: min((rank[one] for one in targets[name] if one in rank), default=0))
        rank.update((name, place) for place, name in enumerate(found[number]))
    return [tuple(found[number]) for number in sorted(found, reverse=True)]


def _width(text: str) -> float:
    return min(len(visible(text)), _MOST + 1) * _CHAR


def _arrows(edges: Sequence[Edge], place: Mapping[str, tuple[float, float, float]]) -> Iterable[str]:
    for number, edge in enumerate(edges):
        left, middle, wide = place[edge.source]
        start, y = left + wide, middle + (number - (len(edges) - 1) / 2) * _LINE
        to, end, _ = place[edge.target]
        turn = start + _width(edge.label) + 16
        if to < start:  # back, in a circle
            turn, to = start + 8, to + place[edge.target][2]
        line = f"M{start:.0f} {y:.0f}H{turn:.0f}L{to:.0f} {end:.0f}"
        yield f'<path d="{line}" fill="none" stroke="#57606a" marker-end="url(#to)"/>\n'
        if edge.label:
            yield _text(edge.label, start + 8, y - 3, "#57606a")


def _box(name: str, left: float, middle: float, wide: float) -> str:
    top = middle - _LINE / 2 - _PAD / 2
    at = f'x="{left:.0f}" y="{top:.0f}" width="{wide:.0f}" height="{_LINE + _PAD}"'
    return f'<rect {at} rx="3" fill="#f6f8fa" stroke="#24292f"/>\n' + _text(name, left + _PAD, middle + 4, "#24292f")


def _text(text: str, x: float, y: float, fill: str) -> str:
    whole = visible(text)
    cut = whole if len(whole) <= _MOST else f"{whole[:_MOST]}…"
    at = f'x="{x:.0f}" y="{y:.0f}" fill="{fill}"'
    return f'<text {at} xml:space="preserve">{escape(cut)}<title>{escape(whole)}</title></text>\n'


GRAPH_FORMS: Mapping[str, Callable[[Iterable[Edge]], str]] = {"mermaid": to_mermaid, "dot": to_dot, "svg": to_svg}
"""Functions that write a graph, by the name of the format."""
ENDINGS: Mapping[str, str] = {"mermaid": "mmd", "dot": "dot", "svg": "svg"}
"""File name endings, by the name of the format."""
