"""All details of a finding: reason, path, fixes, and the statements that prove it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from difflib import unified_diff

from rich.cells import cell_len
from rich.style import Style

from diagnostics.diagnosis import Evidence
from diagnostics.fix import Fix
from diagnostics.fix_report import tool_edit_lines
from diagnostics.review.causes import Cause
from diagnostics.review.endings import Ending, ending, why_note
from diagnostics.review.finding import Finding
from iam.arn import name_of, resource_of
from iam.facts.controls import CONTROLS
from iam.policy.document import PolicyError
from iam.words import listing
from screens.text import marks, visible
from screens.widgets.line import Piece
from screens.widgets.lines import LinesView
from screens.widgets.strips import wrap
from screens.widgets.styles import FAINT, GOOD, LIT, PLAIN, STRONG, WARN

_MOST_OF_A_DIFFERENCE = 14
_MOST_OF_A_FIX = 6
"""The maximum number of lines shown for a fix; its plan shows all of them."""


class FindingDetail(LinesView):
    """The view of one finding; empty if there is none."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.finding: Finding | None = None
        self.cause: Cause | None = None

    def show(self, finding: Finding | None, cause: Cause | None = None) -> None:
        """Show the finding. ``cause`` is set if it is the first of several findings with the same cause."""
        if (finding, cause) != (self.finding, self.cause):
            self.finding, self.cause = finding, cause
            self.changed()

    def lines_for(self, width: int) -> Sequence[Sequence[Piece]]:
        width = max(20, width - 2)
        if self.finding is None:
            return []
        of_cause = _of_cause(self.cause, width) if self.cause is not None else ()
        return [*of_cause, *_lines(self.finding, width)]


def title_of(one: Finding) -> str:
    """Return the title of the pane for this finding."""
    certain = "certain" if one.certain else "if"
    return f"{one.title} {marks().dot} {certain} {marks().dot} {one.rule}"


def _of_cause(cause: Cause, width: int) -> Iterator[Sequence[Piece]]:
    """Yield the lines about the cause and the entities that have it.

    The first entity's finding is shown in full below.
    """
    names = [name_of(arn) or arn for arn in cause.subjects]
    what = f" {marks().dot} {cause.what}" if cause.what else ""
    yield from _wrapped(f"{cause.who}{what}: {listing(names, limit=_MOST_NAMES)}", width, STRONG)


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
        key = _KEYS[ending(one, fix)]
        title, proof = f"FIX {number}  {fix.title}", f"{key}{_proof(fix)}"
        together = cell_len(f" {title}   {proof}") <= width
        yield from _wrapped(f"{title}   {proof}" if together else title, width, STRONG, "       ")
        if not together:
            yield from _wrapped(f"       {proof}", width, STRONG, "       ")
        sentence, *edit = tool_edit_lines(fix) or ("",)
        if sentence:
            then = edit.pop() if fix.text else ""
            yield from _wrapped(f"  {sentence}", width, WARN, "    ")
            yield from _first_lines(edit, width)
            yield from _wrapped(f"  {then}", width, WARN, "    ") if then else ()
        yield from _change(fix, width)
        if why := why_note(one, fix):
            yield from _wrapped(f"  {why}", width, FAINT, "    ")
        for caution in fix.cautions:
            yield from _wrapped(f"  ! {caution}", width, WARN, "    ")
    yield [("", PLAIN)]
    for each in one.evidence:
        yield from _evidence(each, width)
    yield [("", PLAIN)]
    yield from _wrapped(f"see {', '.join(one.references)}", width, FAINT, "    ")
    if controls := CONTROLS.get(one.rule):
        named = ", ".join(f"{each.framework} {each.id}" for each in controls)
        yield from _wrapped(f"controls: {named}", width, FAINT, "    ")


def _change(fix: Fix, width: int) -> Iterator[Sequence[Piece]]:
    """Yield the lines of the difference that the fix makes, or of its text if it has none."""
    before, after = fix.change.before, fix.change.after
    if before is None or after is None:
        yield from _first_lines(fix.text.splitlines(), width)
        return
    try:
        old, new = (json.dumps(each.value, indent=2, ensure_ascii=False).splitlines() for each in (before, after))
    except PolicyError:
        yield from _first_lines(fix.text.splitlines(), width)
        return
    lines = [line for line in unified_diff(old, new, n=1, lineterm="") if not line.startswith(("---", "+++", "@@"))]
    for line in lines[:_MOST_OF_A_DIFFERENCE]:
        style = GOOD if line.startswith("+") else WARN if line.startswith("-") else FAINT
        yield from _wrapped(f"  {line}", width, style, "    ")
    if len(lines) > _MOST_OF_A_DIFFERENCE:
        yield [(f"    {marks().ellipsis} {len(lines) - _MOST_OF_A_DIFFERENCE} more lines", FAINT)]


def _first_lines(lines: Sequence[str], width: int) -> Iterator[Sequence[Piece]]:
    for line in lines[:_MOST_OF_A_FIX]:
        yield from _wrapped(f"  {line}", width, PLAIN, "    ")
    if len(lines) > _MOST_OF_A_FIX:
        yield [(f"    {marks().ellipsis} {len(lines) - _MOST_OF_A_FIX} more lines", FAINT)]


_KEYS = {
    Ending.PLAN: "p plan",
    Ending.DELETION: "p plan",
    Ending.DRAFT: "l draft",
    Ending.TOOL_EDIT: "y copy",
    Ending.OTHERS: "y copy, and send it",
    Ending.NOTE: "y copy",
}
_MOST_NAMES = 12


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
    """Yield the lines of the statement as written, with the element that causes the finding highlighted."""
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
