"""How findings look in the list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from rich.style import Style

from diagnostics.review.finding import Finding
from iam.arn import name_of
from iam.risks.risk import Severity
from screens.text import marks, visible
from screens.widgets.styles import BAD, DANGER, FAINT, PLAIN
from screens.widgets.table import Column, Row

COLUMNS = (
    Column("SEVERITY", 8, given=True, mark=True),
    Column("NAME", 16, grow=2, most=26),
    Column("RULE", 16, grow=3, most=29),
    Column("", 1, mark=True),
    Column("WHY", 22, grow=4, most=220),
)
_STYLES: dict[Severity, Style] = {Severity.CRITICAL: BAD, Severity.HIGH: DANGER}


def row_id(one: Finding) -> str:
    return f"{one.rule} {one.subject}"


def row_of(one: Finding) -> Row:
    name = name_of(one.subject) or one.subject
    sign = marks().passed if one.accepted is not None else marks().unknown if one.hangs_on else ""
    why = one.summary.removeprefix(f"{name} ")
    cells = (one.severity.value, visible(name), one.rule, sign, visible(why))
    return Row(row_id(one), cells, FAINT if one.accepted is not None else _STYLES.get(one.severity, PLAIN))


class FindingRows(Sequence[Row]):
    """The rows of findings, each made when it is looked at: of thousands a screenful is."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = findings

    def __len__(self) -> int:
        return len(self.findings)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> FindingRows: ...
    def __getitem__(self, index: int | slice) -> Row | FindingRows:
        found = self.findings[index]
        return row_of(found) if isinstance(found, Finding) else FindingRows(found)
