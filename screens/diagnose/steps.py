"""The steps of a diagnosis, one line each: mark, number, question, answer, and who was heard."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from diagnostics.diagnosis import Status, Step
from screens.diagnose.status import STATUS_LOOKS, mark_of
from screens.text import fit, marks
from screens.widgets.line import Piece
from screens.widgets.rows import Rows
from screens.widgets.strips import plain
from screens.widgets.styles import FAINT, PLAIN, STRONG, WARN

TITLE_WIDTH = 23


class Steps(Rows[Step]):
    """Draws steps as they come."""

    def pieces_of(self, row: Step, index: int, width: int) -> Sequence[Piece]:
        """Return, for example, ``✗ 6 Identity policies   nearest: …              2 agree``."""
        title_width = min(TITLE_WIDTH, max(width // 3, 12))
        title, summary = plain(row.title), plain(row.summary)
        witnesses = witnesses_in_short(row)
        room = width - title_width - 8 - (cell_len(witnesses) + 2 if witnesses else 0)
        aside = FAINT if row.status is Status.SKIPPED else PLAIN
        return [
            (f" {mark_of(row.status)} ", STATUS_LOOKS[row.status]),
            (f"{index + 1:>2} ", FAINT),
            (fit(title, title_width), STRONG if row.status is Status.FAIL else aside),
            ("  " + fit(summary, room), aside),
            (f"  {witnesses}" if witnesses else "", WARN if row.agree is False else FAINT),
        ]


def tally(steps: Sequence[Step]) -> str:
    """How many steps failed, are unknown, passed: ``1 failed · 2 unknown · 8 passed``."""
    names = {Status.FAIL: "failed", Status.UNKNOWN: "unknown", Status.PASS: "passed"}
    counts = [(sum(step.status is status for step in steps), name) for status, name in names.items()]
    return f" {marks().dot} ".join(f"{count} {name}" for count, name in counts if count)


def witnesses_in_short(step: Step) -> str:
    """Whether those who were heard agree, in a word; who they are and what they said stands with the evidence."""
    if step.agree is None:
        return ""
    return f"{step.heard} agree" if step.agree else "differ"
