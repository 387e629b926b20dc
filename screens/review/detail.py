"""A finding in full: the reason, the path, the fixes, and the statements that are the proof."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.style import Style

from diagnostics.diagnosis import Evidence
from diagnostics.fix import Fix
from diagnostics.report import tool_edit_lines
from diagnostics.review.finding import Finding
from iam.arn import resource_of
from iam.policy.document import PolicyError
from screens.diagnose.fix_plan import objection_to
from screens.text import marks, visible
from screens.widgets.line import Piece
from screens.widgets.lines import LinesView
from screens.widgets.strips import wrap
from screens.widgets.styles import FAINT, GOOD, LIT, PLAIN, STRONG, WARN

_MOST_OF_A_FIX = 6
"""Lines of a fix that are shown here; its plan shows all of them."""


class FindingDetail(LinesView):
    """Shows one finding; nothing while there is none."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.finding: Finding | None = None

    def show(self, finding: Finding | None) -> None:
        if finding != self.finding:
            self.finding = finding
            self.changed()

    def lines_for(self, width: int) -> Sequence[Sequence[Piece]]:
        return list(_lines(self.finding, max(20, width - 2))) if self.finding is not None else []


def title_of(one: Finding) -> str:
    """The title of the pane."""
    certain = "certain" if one.certain else "if"
    return f"{one.rule} {marks().dot} {certain}"


def _lines(one: Finding, width: int) -> Iterator[Sequence[Piece]]:
    yield from _wrapped(one.summary, width, STRONG)
    if one.accepted is not None:
        until = f" until {one.accepted.until}" if one.accepted.until else ""
        yield from _wrapped(f"{marks().passed} accepted{until}: {one.accepted.reason}", width, GOOD)
    if one.hangs_on:
        yield from _wrapped(f"{marks().unknown} if {', '.join(one.hangs_on)}", width, WARN)
    for number, hop in enumerate(one.path, 1):
        yield from _wrapped(f"{number} {', '.join(hop.actions)} on {resource_of(hop.on)}", width, PLAIN)
        yield from _wrapped(f"  {marks().arrow} {hop.gives}", width, PLAIN, "    ")
    for number, fix in enumerate(one.fixes, 1):
        yield from _wrapped(f"FIX {number}  {fix.title}{_proof(fix)}", width, STRONG, "       ")
        sentence, *edit = tool_edit_lines(fix) or ("",)
        if sentence:
            then = edit.pop() if fix.text else ""
            yield from _wrapped(f"  {sentence}", width, WARN, "    ")
            yield from _first_lines(edit, width)
            yield from _wrapped(f"  {then}", width, WARN, "    ") if then else ()
        if objection_to(fix):
            yield from _wrapped("  by hand: y copies it", width, FAINT, "    ")
        yield from _first_lines(fix.text.splitlines(), width)
        for caution in fix.cautions:
            yield from _wrapped(f"  ! {caution}", width, WARN, "    ")
    yield [("", PLAIN)]
    for each in one.evidence:
        yield from _evidence(each, width)
    yield [("", PLAIN)]
    yield from _wrapped(f"see {', '.join(one.references)}", width, FAINT, "    ")


def _first_lines(lines: Sequence[str], width: int) -> Iterator[Sequence[Piece]]:
    for line in lines[:_MOST_OF_A_FIX]:
        yield from _wrapped(f"  {line}", width, PLAIN, "    ")
    if len(lines) > _MOST_OF_A_FIX:
        yield [(f"    {marks().ellipsis} {len(lines) - _MOST_OF_A_FIX} more lines", FAINT)]


def _proof(fix: Fix) -> str:
    if fix.verified is None:
        return ""
    if fix.verified:
        return f"   {marks().passed} evaluated: this finding goes away"
    return f"   {marks().failed} evaluated: not enough, the finding remains"


def _evidence(each: Evidence, width: int) -> Iterator[Sequence[Piece]]:
    place = each.policy or ""
    if each.statement is not None:
        place += f", statement {each.sid or each.statement + 1}"
    if each.element:
        place += f", {each.element}"
    call = f"  [{each.call}]" if each.call else ""
    yield from _wrapped(f"{place}: {each.text}{call}" if place else f"{each.text}{call}", width, PLAIN, "    ")
    yield from _statement(each, width)


def _statement(each: Evidence, width: int) -> Iterator[Sequence[Piece]]:
    """The statement as it is written, the element lit that makes the finding."""
    if each.document is None or each.statement is None:
        return
    try:
        span = each.document.statement_span(each.statement)
        lit = each.document.element_span(each.statement, each.element) if each.element else None
    except (PolicyError, IndexError):
        return
    lines = each.document.text.splitlines()
    for number in range(span.first_line, span.last_line + 1):
        if number > len(lines):
            return
        is_lit = lit is not None and lit.first_line <= number <= lit.last_line
        mark = marks().lit if is_lit else " "
        look = LIT if is_lit else FAINT if lit else PLAIN
        yield from _wrapped(f"{mark} {lines[number - 1]}", width, look, "      ")


def _wrapped(text: str, width: int, style: Style, indent: str = "  ") -> Iterator[Sequence[Piece]]:
    for part in wrap(visible(text), width, indent):
        yield [(f" {part}", style)]
