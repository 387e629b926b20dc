"""One way into a role, whole: why, what it needs, and the lines to copy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.style import Style

from diagnostics.use.report import duration_words
from diagnostics.use.way import Way
from screens.widgets.line import Piece
from screens.widgets.lines import LinesView
from screens.widgets.strips import text_lines, wrap
from screens.widgets.styles import BAD, FAINT, PLAIN, STRONG


class WayDetail(LinesView):
    """Shows one way; nothing while there is none."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.way: Way | None = None

    def show(self, way: Way | None) -> None:
        if way != self.way:
            self.way = way
            self.changed()

    def lines_for(self, width: int) -> Sequence[Sequence[Piece]]:
        return list(_lines(self.way, max(20, width - 2))) if self.way is not None else []


def _lines(way: Way, width: int) -> Iterator[Sequence[Piece]]:
    yield from _wrapped(way.why, width, STRONG)
    refusal = way.refusal
    if refusal is not None and way.works is False:
        place = f", statement {refusal.statement + 1}" if refusal.statement is not None else ""
        sid = f" ({refusal.sid})" if refusal.sid else ""
        yield from _wrapped(f"in the way: {refusal.layer}, {refusal.policy or ''}{place}{sid}", width, BAD)
    sid = f" ({way.sid})" if way.sid else ""
    place = f", by statement {way.statement + 1}{sid} of its trust policy" if way.statement is not None else ""
    yield from _wrapped(f"who: {way.principal}{place}", width, PLAIN)
    yield from _wrapped(f"longest session: {duration_words(way.seconds)}", width, PLAIN)
    for need in way.needs:
        yield from _wrapped(f"needs: {need.words}", width, PLAIN)
    if way.command:
        yield [("", PLAIN)]
        yield from _wrapped(way.command, width, PLAIN)
    for number, step in enumerate(way.steps):
        if step == way.command:
            continue
        if number % 2 == 0:
            yield [("", PLAIN)]
        for line in step.splitlines():
            yield from _wrapped(line, width, FAINT if number % 2 == 0 else PLAIN)
    if way.profile:
        yield [("", PLAIN)]
        yield from _wrapped("in ~/.aws/config:", width, FAINT)
        for line in way.profile.splitlines():
            yield from _wrapped(line, width, PLAIN)


def _wrapped(text: str, width: int, style: Style) -> Iterator[Sequence[Piece]]:
    for line in text_lines(text):
        yield from ([(f" {part}", style)] for part in wrap(line, width, "  "))
