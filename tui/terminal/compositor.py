"""A compositor that renders only changed lines.

For each update, Textual renders all lines of every visible widget, and then drops those that were not requested. For a
key that moves the cursor by a line, that is most of the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from textual import screen
from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip

Chops = Sequence[Mapping[int, Strip | None]]
"""For each line, the strips to draw by start column; None if nothing is drawn there."""


class ChangedLines(Compositor):
    """Textual's compositor, changed to render only the lines that are drawn."""

    def render_partial_update(self) -> ChopsUpdate | None:
        regions = self._dirty_regions.copy()
        self._dirty_regions.clear()
        spans = [span for span in self._regions_to_spans(regions) if 0 <= span[0] < self.size.height]
        if not spans:
            return None
        wanted: dict[int, list[tuple[int, int]]] = {}
        for y, first, end in spans:
            wanted.setdefault(y, []).append((first, end))
        return ChopsUpdate(self._draw(wanted), spans, [cuts[1:] for cuts in self.cuts])

    def _render_chops(  # type: ignore[override]  # as Textual has it: None where nothing is drawn
        self, crop: Region, is_rendered_line: Callable[[int], bool]
    ) -> Chops:
        return self._draw({y: [crop.column_span] for y in crop.line_range if is_rendered_line(y)})

    def _draw(self, wanted: Mapping[int, Sequence[tuple[int, int]]]) -> Chops:
        """Draw the parts of lines in ``wanted``: by line, the first and end column of each part."""
        cuts = self.cuts
        chops: list[dict[int, Strip | None]] = [{} for _ in cuts]
        # by line, the columns at which something must be drawn and nothing has been drawn yet
        empty: dict[int, list[int]] = {}
        for y, stretches in wanted.items():
            chops[y] = dict.fromkeys(cuts[y][:-1])
            at = pairwise(cuts[y])
            empty[y] = [cut for cut, end in at if any(cut < last and first < end for first, last in stretches)]
        highest, lowest = min(wanted, default=0), max(wanted, default=-1)
        for widget, (region, clip) in self.visible_widgets.items():
            if region.y > lowest or region.y + region.height <= highest:
                continue
            seen = region.intersection(clip)
            (left, right), (top, bottom) = seen.column_span, seen.line_span
            # The widgets are ordered from front to back: what is drawn first stays visible.
            free = [y for y, at in empty.items() if top <= y < bottom and any(left <= cut < right for cut in at)]
            for start, end in _runs(free):
                part = Region(left - region.x, start - region.y, right - left, end - start)
                for y, strip in enumerate(widget.render_lines(part), start):
                    edges, chop = [cut for cut in cuts[y] if left <= cut <= right], chops[y]
                    pieces = strip.divide([cut - left for cut in edges[1:]]) if len(edges) > 2 else (strip,)
                    for cut, piece in zip(edges, pieces, strict=False):
                        if chop[cut] is None:
                            chop[cut] = piece
                    empty[y] = [cut for cut in empty[y] if chop[cut] is None]
                    if not empty[y]:
                        del empty[y]
            if not empty:
                break
        return chops


def _runs(lines: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and end line of each run of consecutive lines."""
    first = end = -1
    for y in lines:
        if y != end:
            if end > first:
                yield first, end
            first = y
        end = y + 1
    if end > first:
        yield first, end


def draw_changed_lines() -> None:
    """Make every Textual screen render only its changed lines."""
    screen.Compositor = ChangedLines  # type: ignore[attr-defined]
