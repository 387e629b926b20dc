"""All details of one call of a plan: its parameters, the document change as a difference, its undo, and its result."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from rich.style import Style

from iam.account import ManagedPolicy
from iam.changes.operations.operation import ParameterKind
from iam.changes.operations.table import parameters_of
from iam.changes.plan import AnswerValue, Call, Plan
from iam.policy.document import Document, PolicyError
from iam.words import duration
from screens.plan.calls import PlannedCall
from screens.text import fit, marks, visible
from screens.widgets.difference import compare, difference_lines
from screens.widgets.line import Piece
from screens.widgets.lines import LinesView
from screens.widgets.strips import paragraph, text_lines, wrap
from screens.widgets.styles import BAD, FAINT, GOOD, KEY, PLAIN, STRONG, WARN

Rowed = Sequence[Piece]
Texts = Sequence[tuple[str, Style]]
WHOLE = 1_000_000
MOST_NAME = 26


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A document before and after a change.

    Each text is "" if the document does not exist at that time.
    """

    before: str
    after: str


def readable(text: str) -> str:
    """Return a document with line breaks and indentation, because AWS stores it on one line.

    Text that is not JSON is returned unchanged.
    """
    if "\n" in text.strip():
        return text
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def document_of(call: Call | None) -> str:
    """Return the policy document that a call sends; "" if it sends none."""
    if call is None:
        return ""
    kinds = parameters_of(call.operation)
    return next((call.text(name) for name in call.parameters if kinds.get(name) is ParameterKind.DOCUMENT), "")


def change_of(call: Call, plan: Plan, policies: Mapping[str, ManagedPolicy]) -> ShownChange | None:
    """Return the document that the call changes, before and after; None if it changes none.

    ``policies`` are the managed policies that were read, by ARN.
    """
    operation = call.operation
    if operation.endswith(("PolicyVersion", "DefaultPolicyVersion")):
        return _version_change(call, plan, policies.get(call.text("PolicyArn")))
    after = document_of(call)
    # The undo contains the document as it was.
    before = document_of(call.undo) if not operation.startswith("Create") else ""
    if operation.startswith("Delete") and operation.endswith("Policy") and before:
        return ShownChange(before, "")
    return ShownChange(before, after) if after else None


def _version_change(call: Call, plan: Plan, policy: ManagedPolicy | None) -> ShownChange | None:
    held = _text_before(plan, policy)
    match call.operation:
        case "CreatePolicyVersion":
            return ShownChange(held, document_of(call))
        case "DeletePolicyVersion":
            return ShownChange(_version_text(policy, call.parameters["VersionId"], plan) or document_of(call.undo), "")
    wanted = _version_text(policy, call.parameters["VersionId"], plan)
    return ShownChange(held, wanted) if wanted else None


def _text_before(plan: Plan, policy: ManagedPolicy | None) -> str:
    """Return the text of the version that was the default when the plan was made, which the undo restores.

    The policy may have been read again since the plan was carried out.
    """
    if policy is None:
        return ""
    undos = (each.undo for each in plan.calls if each.undo is not None and each.undo.text("PolicyArn") == policy.arn)
    put_back = (undo for undo in undos if undo.operation == "SetDefaultPolicyVersion")
    before = next((_version_text(policy, undo.parameters["VersionId"], plan) for undo in put_back), "")
    return before or (policy.document.text if policy.document is not None else "")


def _version_text(policy: ManagedPolicy | None, version: object, plan: Plan) -> str:
    if isinstance(version, AnswerValue):
        return document_of(plan.calls[version.call]) if version.call < len(plan.calls) else ""
    found = next((each for each in policy.versions if each.id == version), None) if policy is not None else None
    return found.document.text if found is not None else ""


def value_text(value: Any) -> str:
    """Return a parameter's value on one line."""
    if isinstance(value, AnswerValue):
        return f"(from the response of call {value.call + 1}: {value.path})"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={each}" for key, each in value.items()) or "none"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def parameter_rows(call: Call, *, indent: int = 2) -> Iterator[tuple[str, str, str]]:
    """Yield the name, the value before and the value of each parameter that is not a document.

    The value before is "" if there was none.
    """
    kinds = parameters_of(call.operation)
    undo = call.undo if call.undo is not None and call.undo.operation == call.operation else None
    for name, value in call.parameters.items():
        if kinds.get(name) is ParameterKind.DOCUMENT:
            continue
        before = value_text(undo.parameters[name]) if undo is not None and name in undo.parameters else ""
        after = value_text(value)
        yield name, before if before != after else "", after


def changed_values(call: Call, plan: Plan) -> Iterator[str]:
    """Yield ``Description: before → after`` for each value that a call of the plan changes, except documents."""
    arrow, undo = marks().arrow, call.undo
    if undo is None:
        return
    tags = call.parameters.get("Tags")
    if call.operation.startswith("Tag") and isinstance(tags, Mapping):
        before = undo.parameters.get("Tags")
        for key, value in tags.items():
            held = before.get(key) if isinstance(before, Mapping) else None
            yield f"Tag {key}: {value} (new)" if held is None else f"Tag {key}: {held} {arrow} {value}"
    elif call.operation.startswith("Untag"):
        before = undo.parameters.get("Tags")
        yield from (f"Tag {key}: {value} {arrow} removed" for key, value in dict(before or {}).items())
    elif undo.operation == call.operation:
        kinds = parameters_of(call.operation)
        for name, value in call.parameters.items():
            if kinds.get(name) is ParameterKind.DOCUMENT or undo.parameters.get(name, value) == value:
                continue
            label = _LABELS.get(name, name)
            yield f"{label}: {_value(name, undo.parameters[name], plan)} {arrow} {_value(name, value, plan)}"


_LABELS = {"MaxSessionDuration": "Maximum session", "VersionId": "Default version"}


def _value(name: str, value: Any, plan: Plan) -> str:
    if isinstance(value, AnswerValue) and name == "VersionId":
        made = plan.calls[value.call]
        if made.operation == "DeletePolicyVersion":  # its undo creates the version again, with a new number
            return made.text("VersionId")
        return f"the new version from call {value.call + 1}"
    return duration(value) if name == "MaxSessionDuration" else value_text(value) or "none"


class CallDetail(LinesView):
    """The view of one call, or of a text with a heading."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._row: PlannedCall | None = None
        self._changed: ShownChange | None = None
        self._shown: tuple[Texts, Sequence[ShownChange], Texts] = ((), (), ())

    def show_call(self, row: PlannedCall, changed: ShownChange | None) -> None:
        if (row, changed) != (self._row, self._changed):
            self._row, self._changed, self._shown = row, changed, ((), (), ())
            self.changed()

    def show_texts(self, first: Texts, changes: Sequence[ShownChange], last: Texts) -> None:
        """Show paragraphs, each in its own style, above and below the document change. Foreign text is allowed."""
        shown = (tuple(first), tuple(changes), tuple(last))
        if self._row is not None or shown != self._shown:
            self._row, self._changed, self._shown = None, None, shown
            self.changed()

    def lines_for(self, width: int) -> Sequence[Rowed]:
        if self._row is not None:
            return list(self._call_lines(self._row, width))
        first, changes, last = self._shown
        parts = [
            list(_paragraphs(first, width)),
            *(list(_document_lines(changed, width)) for changed in changes),
            list(_paragraphs(last, width)),
        ]
        lines: list[Rowed] = []
        for part in parts:
            lines += [[], *part] if lines and part else part
        return lines

    def _call_lines(self, row: PlannedCall, width: int) -> Iterator[Rowed]:
        call = row.call
        if row.sentence:
            look = BAD if row.state.code or row.state.progress.value.endswith("failed") else PLAIN
            yield from _stated(row.sentence, width, look)
        if row.state.message and row.state.message not in row.sentence:
            said = f"AWS said {row.state.code}: {row.state.message}"
            yield from _stated(said, width, FAINT)
        if row.sentence or row.state.message:
            yield []
        yield from _stated(call.why, width, STRONG)
        if call.caution:
            yield from _stated(f"! {call.caution}", width, WARN)
        if call.target:
            yield from _named("on", call.target, width)
        yield from _parameters(call, width)
        yield []
        yield from _undo_lines(call, width)
        if self._changed is not None:
            yield []
            yield from _document_lines(self._changed, width)


def _paragraphs(texts: Texts, width: int) -> Iterator[Rowed]:
    for text, look in texts:
        for line in paragraph(text, width - 2, look, "  "):
            yield [(" ", PLAIN), *line]


def _stated(text: str, width: int, look: Style) -> Iterator[Rowed]:
    for line in paragraph(text, width - 2, look, "  "):
        yield [(" ", PLAIN), *line]


def _named(name: str, value: str, width: int, look: Style = PLAIN, indent: int = 3) -> Iterator[Rowed]:
    label = f"{' ' * indent}{fit(name, max(MOST_NAME, cell_len(name)))} "
    room = max(8, width - cell_len(label) - 1)
    for count, part in enumerate(wrap(visible(value), room)):
        yield [(label if count == 0 else " " * cell_len(label), FAINT), (part, look)]


def _parameters(call: Call, width: int, indent: int = 3) -> Iterator[Rowed]:
    for name, before, after in parameter_rows(call):
        if before:
            yield from _named(name, f"{before} {marks().arrow} {after}", width, GOOD, indent)
        else:
            yield from _named(name, after, width, PLAIN, indent)


def _undo_lines(call: Call, width: int) -> Iterator[Rowed]:
    undo = call.undo
    if undo is None:
        yield from _stated(f"UNDO  none. {call.undo_note}", width, WARN)
        return
    head = f"UNDO  {undo.operation}  "
    for count, part in enumerate(wrap(visible(undo.why), max(8, width - 1 - cell_len(head)))):
        yield [(" ", PLAIN), (head if count == 0 else " " * cell_len(head), KEY), (part, PLAIN)]
    # The undo usually has the same parameters: only those that differ are shown.
    for name, _, value in parameter_rows(undo):
        if value_text(call.parameters.get(name, "")) != value:
            yield from _named(name, value, width, PLAIN, 7)
    if call.undo_note:
        yield from _stated(call.undo_note, width, WARN)


def _document_lines(changed: ShownChange, width: int) -> Iterator[Rowed]:
    before, after = readable(changed.before), readable(changed.after)
    if before and after:
        yield [(" THE DOCUMENT, as a difference", STRONG)]
        yield from difference_lines(compare(before, after), width)
        return
    if after:
        yield [(" THE DOCUMENT, new", STRONG)]
        mark, look, text = "+", GOOD, after
    else:
        yield [(" THE DOCUMENT that is deleted", STRONG)]
        mark, look, text = "-", BAD, before
    for number, line in enumerate(text_lines(text.rstrip("\n")), 1):
        lead = len(line) - len(line.lstrip())
        for count, part in enumerate(wrap(line, max(8, width - 7), " " * (lead + 2))):
            yield [(f"{mark if count == 0 else ' '}{number if count == 0 else '':>4} ", look), (part, look)]
    problem = _problem(after)
    if problem:
        yield from _stated(problem, width, WARN)


def _problem(text: str) -> str:
    if not text:
        return ""
    try:
        problems = Document(text).problems
    except PolicyError as error:
        return str(error)
    return f"{problems[0].message} (line {problems[0].line})" if problems else ""
