"""Only the lines that change are drawn.

Textual has every widget in sight draw all of its lines for each update, and then drops those that nobody asked for: of
a key that moves the cursor by a line, that is most of the work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from textual import screen
from textual._compositor import Compositor
from textual.geometry import Region
from textual.strip import Strip


class ChangedLines(Compositor):
    """Textual's compositor, which asks the widgets for the lines to be drawn and for no others."""

    def _render_chops(  # type: ignore[override]  # as Textual has it: None where nothing is drawn
        self, crop: Region, is_rendered_line: Callable[[int], bool]
    ) -> Sequence[Mapping[int, Strip | None]]:
        """By line, the strips that begin at each cut; of a line that is not to be drawn, none."""
        cuts = self.cuts
        lines = [y for y in crop.line_range if is_rendered_line(y)]
        first, last = crop.column_span
        chops: list[dict[int, Strip | None]] = [{} for _ in cuts]
        for y in lines:
            chops[y] = dict.fromkeys(cuts[y][:-1])
        # By line, the cuts at which something is to be drawn, and nothing is yet.
        empty = {y: [cut for cut, end in pairwise(cuts[y]) if cut < last and first < end] for y in lines}
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            if not seen.overlaps(crop):
                continue
            (left, right), (top, bottom) = seen.column_span, seen.line_span
            # The widgets come from the front to the back: what was drawn first is seen.
            free = [y for y in empty if top <= y < bottom and any(left <= cut < right for cut in empty[y])]
            for start, end in _runs(free):
                part = Region(left - region.x, start - region.y, right - left, end - start)
                for y, strip in enumerate(widget.render_lines(part), start):
                    at, chop = [cut for cut in cuts[y] if left <= cut <= right], chops[y]
                    pieces = strip.divide([cut - left for cut in at[1:]]) if len(at) > 2 else (strip,)
                    for cut, piece in zip(at, pieces, strict=False):
                        if chop[cut] is None:
                            chop[cut] = piece
                    empty[y] = [cut for cut in empty[y] if chop[cut] is None]
                    if not empty[y]:
                        del empty[y]
            if not empty:
                break
        return chops


def _runs(lines: Sequence[int]) -> Iterator[tuple[int, int]]:
    """(first, end) of the stretches of lines one below the other."""
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
    """Have every screen drawn this way."""
    screen.Compositor = ChangedLines  # type: ignore[attr-defined]
