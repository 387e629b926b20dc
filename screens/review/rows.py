"""The rows of the review: causes, with the findings of expanded causes below them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

from diagnostics.review.causes import Cause
from diagnostics.review.finding import Finding
from iam.arn import name_of
from screens.text import marks, visible
from screens.widgets.severity import severity_style, severity_words
from screens.widgets.styles import FAINT
from screens.widgets.table import Column, Row

COLUMNS = (
    Column("SEVERITY", 10, given=True, mark=True),
    Column("WHO", 16, grow=2, most=28),
    Column("FINDING", 41, grow=3, most=72),
    Column("", 1, mark=True),
    Column("WHY", 22, grow=4, most=220, drop=1),
)

Shown = Cause | Finding


def row_id(one: Finding) -> str:
    return f"{one.rule} {one.subject}"


def id_of(shown: Shown) -> str:
    return f"cause {shown.id}" if isinstance(shown, Cause) else row_id(shown)


def lines_of(causes: Sequence[Cause], opened: frozenset[str]) -> list[Shown]:
    """Return the lines of the list.

    A cause with one finding is shown as that finding. The findings of each cause whose ID is in ``opened`` follow it.
    """
    found: list[Shown] = []
    for cause in causes:
        if len(cause.findings) == 1:
            found.append(cause.findings[0])
            continue
        found.append(cause)
        found += cause.findings if cause.id in opened else ()
    return found


def row_of(shown: Shown, *, inside: bool = False, is_open: bool = False) -> Row:
    """Return the row for a cause or finding.

    ``inside``: the finding is listed under its expanded cause. ``is_open``: the cause itself is expanded.
    """
    if isinstance(shown, Cause):
        accepted = shown.accepted
        sign = marks().passed if accepted else ""
        who, why = f"{'[-]' if is_open else '[+]'} {shown.who}", shown.what or shown.findings[0].summary
    else:
        accepted = shown.accepted is not None
        sign = marks().passed if accepted else marks().unknown if shown.hangs_on else ""
        name = name_of(shown.subject) or shown.subject
        who, why = f"{'  ' if inside else ''}{name}", shown.summary.removeprefix(f"{name} ")
    style = FAINT if accepted else severity_style(shown.severity)
    return Row(id_of(shown), (severity_words(shown.severity), visible(who), shown.title, sign, visible(why)), style)


class FindingRows(Sequence[Row]):
    """A sequence of rows, each created when first accessed, because only a screenful of thousands is needed."""

    def __init__(
        self, lines: Sequence[Shown], opened: frozenset[str] = frozenset(), inside: frozenset[str] = frozenset()
    ) -> None:
        """Create the sequence.

        ``opened`` contains the IDs of expanded causes; ``inside`` contains the row IDs of findings below a cause.
        """
        self.lines, self._opened, self._inside = lines, opened, inside

    def __len__(self) -> int:
        return len(self.lines)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> FindingRows: ...
    def __getitem__(self, index: int | slice) -> Row | FindingRows:
        found = self.lines[index]
        if isinstance(found, list):
            return FindingRows(found, self._opened, self._inside)
        assert isinstance(found, Cause | Finding)
        is_open = isinstance(found, Cause) and found.id in self._opened
        return row_of(found, inside=id_of(found) in self._inside, is_open=is_open)
