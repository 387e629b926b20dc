"""The evidence of a step or fix as one scrolling text: words, AWS call, and document with a highlight."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from rich.style import Style

from diagnostics.diagnosis import Evidence, FirstLook, LookState, Step
from diagnostics.effect_words import incomplete_words
from diagnostics.fix import Fix, FixKind, Note, RoleCreation, ShellCommand, Wait
from diagnostics.fix_report import proof_of, tool_edit_lines
from diagnostics.who import Who
from iam.claims import RULED_OUT
from iam.policy.document import Document
from iam.questions.change.effects import GAINS, LOSSES
from screens.diagnose.claims import comparison_lines
from screens.diagnose.fix_plan import adopted_arn
from screens.diagnose.status import STATUS_LOOKS, mark_of
from screens.text import marks, plural, visible
from screens.widgets.difference import compare, difference_lines
from screens.widgets.highlight import HighlightedText, element_range, highlighted, statements_of
from screens.widgets.line import Piece
from screens.widgets.lines import LinesView
from screens.widgets.strips import broken, paragraph, plain, wrap
from screens.widgets.styles import ALSO_AT_FAULT, AT_FAULT, BAD, FAINT, GOOD, LINE_NUMBER, LIT, PLAIN, STRONG, WARN

AROUND = 1
"""The number of lines shown around a highlighted statement; enter shows the complete document."""

FOR = {
    Who.YOU: "for you",
    Who.ACCOUNT_ADMIN: "for an administrator of the account",
    Who.ORG_ADMIN: "for an administrator of the organization",
    Who.RESOURCE_OWNER: "for the owner of the resource",
    Who.CALLER: "for the caller",
}

Subject = Step | Fix | FirstLook
Row = Sequence[Piece]
Fault = tuple[int, int, Style]
"""The start and end of a wrong part, as offsets in the document's text, and its style."""


class EvidencePane(LinesView):
    """Shows one step's evidence or one fix. With `whole`, every line of the documents is shown."""

    def __init__(self, *, whole: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self.whole = whole
        self.subject: Subject | None = None

    def show(self, subject: Subject | None) -> None:
        if subject is self.subject:
            return
        self.subject = subject
        self.changed()

    def start_at(self, height: int) -> int:
        """Return the smallest scroll offset that shows the first wrong element; 0 if there is none."""
        if isinstance(self.subject, Step) and self.subject.comparisons:
            return 0  # in that case, the table shows what is at fault
        faults = [at for at, row in enumerate(self.lines) if any(look is AT_FAULT for _, look in row)]
        if not faults:
            return 0
        # Only the first element: further documents follow below it.
        last = next((at for at in faults if at + 1 not in faults), faults[0])
        return max(min(faults[0], last - height + 1), 0)

    def lines_for(self, width: int) -> Sequence[Row]:
        match self.subject:
            case Step():
                return list(step_lines(self.subject, width, self.whole))
            case Fix():
                return list(fix_lines(self.subject, width, self.whole))
            case FirstLook():
                return list(look_lines(self.subject, width))
            case None:
                return ()


def step_lines(step: Step, width: int, whole: bool = False) -> Iterator[Row]:
    mark = f" {mark_of(step.status)} "
    for number, row in enumerate(paragraph(step.summary, width - 4)):
        yield [(mark if number == 0 else "   ", STATUS_LOOKS[step.status]), *row]
    if step.witnesses:
        yield from _labelled("heard", plain(step.witnesses), width)
    yield from comparison_lines(step.comparisons, width)
    for document, group in groupby(step.evidence, key=lambda each: each.document):
        pieces = tuple(group)
        for evidence in pieces:
            yield from _evidence(evidence, step.summary, width)
        if document is not None:
            yield from document_lines(document, pieces, width, whole)
        for evidence in pieces:
            yield from _source(evidence, width)


def _evidence(evidence: Evidence, summary: str, width: int) -> Iterator[Row]:
    """Yield the place and the text of the evidence, unless the step's summary already says the same."""
    if evidence.text in summary and evidence.document is None and not evidence.policy:
        return  # there is only a place to name
    yield []
    place = [evidence.layer or "", evidence.policy or ""]
    if evidence.statement is not None:
        place.append(f"statement {evidence.sid or evidence.statement + 1}")
    place.append(evidence.element or "")
    named = f" {marks().dot} ".join(plain(part) for part in place if part)
    if named and (evidence.policy or evidence.statement is not None or evidence.element):
        for piece in wrap(named, width - 2):
            yield [(" ", PLAIN), (piece, STRONG)]
    if evidence.text not in summary:
        for row in paragraph(evidence.text, width - 2):
            yield [(" ", PLAIN), *row]


def _source(evidence: Evidence, width: int) -> Iterator[Row]:
    """Yield the policy's ARN, and the AWS call that returned it."""
    if evidence.arn and evidence.arn != evidence.policy and evidence.arn not in evidence.text:
        yield from _labelled("arn", plain(evidence.arn), width)
    if evidence.call:
        yield from _labelled("call", plain(evidence.call), width)


def _labelled(label: str, text: str, width: int) -> Iterator[Row]:
    for number, piece in enumerate(wrap(text, width - 9)):
        yield [(f" {label if number == 0 else '':<7} ", FAINT), (piece, FAINT)]


def document_lines(
    document: Document, evidence: Iterable[Evidence] = (), width: int = 80, whole: bool = True
) -> Iterator[Row]:
    """Yield the document with line numbers.

    Statements that the evidence names have a bar; the elements at fault are in reverse video with a pointer. Unless
    ``whole``, lines far from these elements are omitted and counted.
    """
    parts = highlighted(document.text)
    lit, faults = _lit_and_faults(document, parts, evidence)
    digits = len(str(len(parts.lines)))
    shown = _lines_around(lit, len(parts.lines)) if lit and not whole else range(len(parts.lines))
    left_out = 0
    for number, line in enumerate(parts.lines):
        if number not in shown:
            left_out += 1
            continue
        if left_out:
            yield _left_out(left_out, digits)
            left_out = 0
        pieces, faulty = _with_faults(line, parts.starts[number], faults)
        bar = marks().lit if number in lit else " "
        edge = (f"{bar} ", BAD if faulty else STRONG)
        base = LIT if number in lit else PLAIN if not lit else FAINT
        based = [(text, look if look in (AT_FAULT, ALSO_AT_FAULT) else base + look) for text, look in pieces]
        text = "".join(piece for piece, _ in based)
        indent = len(text) - len(text.lstrip(" ")) + 2
        for count, row in enumerate(broken(based, width - digits - 4, indent)):
            yield [edge, (f"{number + 1 if count == 0 else '':>{digits}} ", LINE_NUMBER), *row]
    if left_out:
        yield _left_out(left_out, digits)


def _lit_and_faults(
    document: Document, parts: HighlightedText, evidence: Iterable[Evidence]
) -> tuple[set[int], list[Fault]]:
    """Return the lines (from 0) of the statements that the evidence names, and the positions of the parts at fault."""
    statements = {statement.index: statement for statement in statements_of(document)}
    lit: set[int] = set()
    faults: list[Fault] = []
    for each in evidence:
        statement = statements.get(each.statement) if each.statement is not None else None
        if statement is None:
            continue
        lit.update(range(statement.first_line - 1, statement.last_line))
        if each.element and (found := element_range(parts, statement, each.element)):
            faults.append((*found, ALSO_AT_FAULT if faults else AT_FAULT))
    return lit, faults


def _lines_around(lit: Collection[int], count: int) -> set[int]:
    """Return the highlighted lines with their neighbors.

    A gap no longer than the text that would replace it is filled.
    """
    around = {line + offset for line in lit for offset in range(-AROUND, AROUND + 1)}
    for line in sorted(around):
        # Leaving out one or two lines saves nothing: the lines themselves say more than "2 lines".
        around.update(between for between in range(line + 1, line + 3) if line + 3 in around)
    if min(around) <= AROUND:
        around.update(range(min(around)))
    if max(around) >= count - 1 - AROUND:
        around.update(range(max(around), count))
    return around


def _left_out(count: int, digits: int) -> Row:
    return [("  " + " " * digits + f" {marks().ellipsis} {plural(count, 'line')}", FAINT)]


def _with_faults(line: Sequence[tuple[str, Style]], start: int, faults: Sequence[Fault]) -> tuple[list[Piece], bool]:
    """Return the line's pieces made visible, with the parts at fault in their style, and whether it has any."""
    pieces: list[Piece] = []
    faulty = False
    at = start
    for text, style in line:
        cuts = sorted({0, len(text), *(min(max(edge - at, 0), len(text)) for fault in faults for edge in fault[:2])})
        for low, high in pairwise(cuts):
            piece = text[low:high]
            look = next((look for first, last, look in faults if piece.strip() and first <= at + low < last), None)
            faulty = faulty or look is not None
            pieces.append((visible(piece), look or style))
        at += len(text)
    return pieces, faulty


def fix_lines(fix: Fix, width: int, each_effect: bool = False) -> Iterator[Row]:
    """Yield lines about a fix.

    They say who makes the change, what is changed, what was checked, and what else the change allows. Its text and the
    difference follow.
    """
    for piece in wrap(plain(fix.title), width - 2):
        yield [(" ", PLAIN), (piece, STRONG)]
    run = isinstance(fix.change, ShellCommand) and "\n" not in fix.text.strip()
    if run:
        yield from _labelled("run", plain(fix.text.strip()), width)
    yield from _labelled("who", f"{FOR[fix.who]}", width)
    if fix.target:
        yield from _labelled("where", plain(fix.target), width)
    if fix.forms:
        yield from _labelled("covers", _scopes(fix), width)
    for each in fix.cautions:
        yield from _labelled("know", plain(each), width)
    for number, line in enumerate(tool_edit_lines(fix)):
        if line.startswith("  "):
            yield from paragraph(plain(line), width, indent="    ")
        else:
            yield from _labelled("first" if number == 0 else "then", plain(line), width)
    if way := way_of(fix):
        yield from _labelled("p", plain(way), width)
    mark, look = proof_mark(fix)
    for number, piece in enumerate(wrap(plain(proof_words(fix)), width - 4)):
        yield [(f" {mark} " if number == 0 else "   ", look), (piece, look)]
    grouped = {sign: fix.grouped(kinds) for sign, kinds in (("+", GAINS), ("-", LOSSES))}
    for sign, sentences in grouped.items():
        for also in sentences:
            for number, piece in enumerate(wrap(plain(also), width - 7)):
                yield [(f"     {sign if number == 0 else ' '} ", WARN), (piece, PLAIN)]
    listed = _each_effect(fix, sum(map(len, grouped.values())))
    if listed and not each_effect:
        count = fix.effect_count(*GAINS, *LOSSES)
        yield [(f"     enter lists {'all' if count == len(listed) else 'more of'} {count:,}", FAINT)]
    differs = fix.before is not None and fix.after is not None and fix.before != fix.after
    if not run and (not differs or fix.kind in (FixKind.COMMAND, FixKind.NOTE)):
        # The command to run or the note to send comes first: a difference only shows the effect.
        yield []
        for row in paragraph(fix.text, width - 1, indent="  "):
            yield [(" ", PLAIN), *row]
    if fix.before is not None and fix.after is not None and differs:
        yield []
        yield from difference_lines(compare(fix.before.text, fix.after.text), width)
    if listed and each_effect:
        yield []
        yield [(" Every effect", STRONG)]
        for sign, also in listed:
            for number, piece in enumerate(wrap(plain(also), width - 7)):
                yield [(f"     {sign if number == 0 else ' '} ", WARN), (piece, PLAIN)]


def _each_effect(fix: Fix, grouped: int) -> Sequence[tuple[str, str]]:
    """Return each effect with its sign. If the grouped sentences already list every effect, return nothing.

    ``grouped`` is the number of those sentences.
    """
    found = [(sign, line) for sign, kinds in (("+", GAINS), ("-", LOSSES)) for line in fix.effect_lines(*kinds)]
    return found if len(found) > grouped else ()


def look_lines(look: FirstLook, width: int) -> Iterator[Row]:
    """Yield lines about a common cause.

    They show the evidence for the cause in the text, what the steps found, how to check the cause, and who can remove
    it.
    """
    for piece in wrap(plain(look.cause), width - 2):
        yield [(" ", PLAIN), (piece, STRONG)]
    yield from _labelled("because", plain(look.because.text), width)
    if look.state is LookState.READ:
        yield from _labelled("read", plain(look.why), width)
    elif look.state is not LookState.OPEN:
        said = "confirmed" if look.state is LookState.FOUND else RULED_OUT
        yield from _labelled("steps", plain(f"{said}: {look.why}"), width)
    if look.check:
        yield from _labelled("check", plain(look.check), width)
    yield from _labelled("who", FOR[look.who] + look.where, width)


def _scopes(fix: Fix) -> str:
    """Return what the fix covers, and what its wider and narrower forms would cover."""
    also = [f"{key} {plain(form.scope)}" for key, by in (("+", 1), ("-", -1)) if (form := fix.in_form(by))]
    return f"{plain(fix.scope)}   ({', '.join(also)})"


def way_of(fix: Fix) -> str:
    """Return what ``p`` does for the fix, unless ``p`` shows a plan; then ""."""
    if adopted_arn(fix):
        return "shows the code or commands with which your tool adopts the role; nothing is changed in AWS"
    match fix.change:
        case RoleCreation(role=role):
            return f"starts creating the role {role.name} with the values that are known"
        case Wait():
            return "shows the progress of the deletion, and explains the failure again when the deletion ends"
    return fix.change.no_plan


def informs(fix: Fix) -> bool:
    """Return whether the fix changes nothing, so that there is nothing to evaluate."""
    return isinstance(fix.change, Note) and fix.change.informs


def proof_mark(fix: Fix) -> tuple[str, Style]:
    signs = marks()
    if informs(fix):
        return " ", PLAIN
    if fix.hangs_on or (fix.together is not None and (fix.together.hangs_on or fix.together.verified is None)):
        return signs.unknown, WARN
    if fix.together is not None:
        return "&", GOOD  # not sufficient alone, so no tick
    if fix.verified is None:
        return signs.none, FAINT
    return (signs.passed, GOOD) if fix.verified else (signs.failed, BAD)


def proof_words(fix: Fix) -> str:
    """Return a short phrase for what was checked. It has only the number of additional effects; the fix lists them."""
    if informs(fix):
        return ""
    if fix.verified and fix.effects and fix.together is None:
        counted = [
            f"{plural(count, noun)} {words}"
            for kinds, noun, words in ((GAINS, "other thing", "newly allowed"), (LOSSES, "thing", "no longer allowed"))
            if (count := fix.effect_count(*kinds))
        ]
        return "; ".join(["evaluated: allowed", *counted, *filter(None, [incomplete_words(fix.effects)])])
    return proof_of(fix)
