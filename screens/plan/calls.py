"""The calls of a plan in order, one line each: the operation, its target, and its state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.style import Style

from iam.changes.journal import CallProgress, CallState
from iam.changes.plan import Call
from screens.text import fit, marks
from screens.widgets.line import Piece
from screens.widgets.rows import Rows
from screens.widgets.strips import plain
from screens.widgets.styles import BAD, FAINT, GOOD, KEY, PLAIN, STRONG, WARN

OPERATION_WIDTH = 30
"""The width in cells of the longest common operation name; longer ones are truncated, with a mark."""


@dataclass(frozen=True, slots=True)
class PlannedCall:
    """A call of a plan and its state.

    ``running``: it is in progress. ``again``: the message from AWS if the call waits for another attempt. ``sentence``
    describes the outcome.
    """

    index: int
    call: Call
    state: CallState
    running: bool = False
    again: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """The contents of the first row: what the plan does overall, and what to know first."""

    title: str
    words: str
    trouble: bool = False


def state_words(row: PlannedCall) -> tuple[str, str, Style]:
    """Return the mark, the words and the style for the state of a call."""
    signs = marks()
    if row.again:
        return signs.ellipsis, "AWS: not yet", WARN
    match row.state.progress:
        case CallProgress.WAITING:
            return " ", "", FAINT
        case CallProgress.STARTED:
            return (signs.ellipsis, "running", STRONG) if row.running else (signs.unknown, "outcome unknown", WARN)
        case CallProgress.DONE:
            return signs.passed, "done", GOOD
        case CallProgress.ALREADY:
            return signs.passed, "already done", GOOD
        case CallProgress.FAILED:
            return signs.failed, "failed", BAD
        case CallProgress.UNDO_STARTED:
            return (signs.ellipsis, "undoing", STRONG) if row.running else (signs.unknown, "undo unknown", WARN)
        case CallProgress.UNDONE:
            return signs.none, "undone", FAINT
        case CallProgress.UNDO_FAILED:
            return signs.failed, "undo failed", BAD


class PlanCalls(Rows[Summary | PlannedCall]):
    """The list with the summary and the calls."""

    def pieces_of(self, row: Summary | PlannedCall, index: int, width: int) -> Sequence[Piece]:
        if isinstance(row, Summary):
            look = WARN if row.trouble else FAINT
            title = f"    {plain(row.title)}"
            return [(title, STRONG), (fit(f"  {plain(row.words)}", max(0, width - cell_len(title))), look)]
        mark, words, look = state_words(row)
        if row.call.undo is None and not words:
            words, look = "no undo", WARN
        longest = max(cell_len(each.call.operation) for each in self.rows if isinstance(each, PlannedCall))
        operation = min(OPERATION_WIDTH, max(16, width // 3), longest)
        room = max(0, width - 10 - operation - cell_len(words) - 2)
        return [
            (f" {mark} ", look),
            (f"{row.index + 1:>3}  ", KEY),
            (fit(row.call.operation, operation), STRONG),
            ("  ", PLAIN),
            (fit(plain(row.call.why), room), PLAIN),
            (f"  {words}", look),
        ]
