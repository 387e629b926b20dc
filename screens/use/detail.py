"""All details of one way to assume a role: why it works or not, what it needs, and the lines to copy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.style import Style

from diagnostics.use.report import duration_words
from diagnostics.use.way import Method, Way
from screens.widgets.line import Piece
from screens.widgets.lines import LinesView
from screens.widgets.strips import text_lines, wrap
from screens.widgets.styles import BAD, FAINT, KEY, PLAIN, STRONG


class WayDetail(LinesView):
    """The view of one way; empty if there is none. The answer is shown above this view and is not repeated in it."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.way: Way | None = None
        self.answer = ""

    def show(self, way: Way | None, answer: str = "") -> None:
        if (way, answer) != (self.way, self.answer):
            self.way, self.answer = way, answer
            self.changed()

    def lines_for(self, width: int) -> Sequence[Sequence[Piece]]:
        return list(_lines(self.way, self.answer, max(20, width - 2))) if self.way is not None else []


def _lines(way: Way, answer: str, width: int) -> Iterator[Sequence[Piece]]:
    if way.why[1:] not in answer:  # in the answer, its first letter may be lower case
        yield from _wrapped(way.why, width, STRONG)
    refusal = way.refusal
    if refusal is not None and way.works is False:
        place = f", statement {refusal.statement + 1}" if refusal.statement is not None else ""
        sid = f" ({refusal.sid})" if refusal.sid else ""
        where = ", ".join(filter(None, (refusal.layer, refusal.policy)))
        yield from _wrapped(f"denied by: {where}{place}{sid}", width, BAD)
        if way.method not in (Method.WEB_IDENTITY, Method.SAML):
            yield [(" d", KEY), (": what would allow it", FAINT)]
    sid = f" ({way.sid})" if way.sid else ""
    place = f", in statement {way.statement + 1}{sid} of the trust policy" if way.statement is not None else ""
    yield from _wrapped(f"who: {way.principal}{place}", width, PLAIN)
    yield from _wrapped(f"longest session: {duration_words(way.seconds)}", width, PLAIN)
    for need in way.needs:
        yield from _wrapped(f"needs: {way.need_words(need)}", width, PLAIN)
    if way.command and way.command not in way.steps:
        yield [("", PLAIN)]
        if not way.for_me or way.works is False:
            yield from _wrapped(
                "for principals that this statement allows:" if not way.for_me else "once the call is allowed:",
                width,
                FAINT,
            )
        yield from _wrapped(way.command, width, PLAIN)
    for number, step in enumerate(way.steps):
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
