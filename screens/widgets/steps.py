"""The steps of a diagnosis, one line each: mark, number, question, answer, and who was heard."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content, Span

from diagnostics.diagnosis import Status, Step
from screens.text import fit
from screens.widgets.steps_rows import Rows
from screens.widgets.steps_text import MUTED, STYLES, clip, mark_of, plain

TITLE_WIDTH = 24
WITNESSES_FROM = 100
"""The width from which the witnesses have a column of their own; below it they stand with the evidence."""


class Steps(Rows[Step]):
    """Draws steps as they come."""

    def content_of(self, row: Step, index: int, width: int) -> Content:
        """``✗ 6 Identity policies   nearest: …              AWS simulator and local engine agree``"""
        mark = mark_of(row.status)
        head = f" {mark} {index + 1:>2} "
        title_width = min(TITLE_WIDTH, max(width // 4, 12))
        title = fit(plain(row.title), title_width)
        witnesses = plain(row.witnesses) if width >= WITNESSES_FROM else ""
        room = width - len(head) - title_width - 3
        if witnesses:
            witnesses = clip(witnesses, max(room // 3, 10))
            room -= cell_len(witnesses) + 2
        summary = clip(plain(row.summary), max(room, 1))
        line = f"{head}{title}  {summary}"
        spans = [Span(1, 1 + len(mark), STYLES[row.status])]
        if row.status is Status.FAIL:
            spans.append(Span(len(head), len(head) + title_width, "bold"))
        if row.status is Status.SKIPPED:
            spans.append(Span(0, len(line), MUTED))
        if witnesses:
            line = f"{head}{title}  {fit(summary, room)}  {witnesses}"
            spans.append(Span(len(line) - len(witnesses), len(line), MUTED))
        return Content(line, spans)
