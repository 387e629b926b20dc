"""The steps of a diagnosis, one line each: mark, number, question, answer, and who was heard."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from diagnostics.diagnosis import Status, Step
from screens.diagnose.status import STATUS_LOOKS, mark_of
from screens.text import fit
from screens.widgets.line import Piece
from screens.widgets.rows import Rows
from screens.widgets.strips import clip, plain
from screens.widgets.styles import FAINT, PLAIN, STRONG

TITLE_WIDTH = 30
WITNESSES_FROM = 100
"""The width from which the witnesses have a column of their own; below it they stand with the evidence."""


class Steps(Rows[Step]):
    """Draws steps as they come."""

    def pieces_of(self, row: Step, index: int, width: int) -> Sequence[Piece]:
        """``✗ 6 Identity policies   nearest: …              AWS simulator and local engine agree``"""
        title_width = min(TITLE_WIDTH, max(width // 4, 12))
        title, summary = plain(row.title), plain(row.summary)
        witnesses = plain(row.witnesses) if width >= WITNESSES_FROM else ""
        room = width - title_width - 8
        if witnesses:
            # What the summary leaves, but never less than a third.
            least = min(cell_len(witnesses), room // 3)
            witnesses = clip(witnesses, max(least, room - cell_len(summary) - 2))
            room -= cell_len(witnesses) + 2
        aside = FAINT if row.status is Status.SKIPPED else PLAIN
        return [
            (f" {mark_of(row.status)} ", STATUS_LOOKS[row.status]),
            (f"{index + 1:>2} ", FAINT),
            (fit(title, title_width), STRONG if row.status is Status.FAIL else aside),
            ("  " + fit(summary, room), aside),
            (f"  {witnesses}" if witnesses else "", FAINT),
        ]
