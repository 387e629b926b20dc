"""The steps of a diagnosis, one on each line: mark, number, question, answer, and whether the sources agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from diagnostics.diagnosis import Status, Step
from screens.diagnose.status import STATUS_LOOKS, mark_of
from screens.text import fit, marks
from screens.widgets.line import Line, Piece
from screens.widgets.rows import Rows
from screens.widgets.strips import plain
from screens.widgets.styles import FAINT, PLAIN, STRONG, WARN

TITLE_WIDTH = 23
SIDE_WIDTH = 9


LANES_FROM = 100
"""The minimum width at which a request across accounts has a lane for each account.

Below this width, each step names its account.
"""
_OF_THE_RESOURCE = ("target", "existence", "block-public-access", "resource", "trust", "rcp")


@dataclass(frozen=True, slots=True)
class Lane:
    """The account on one side of a request across accounts."""

    account: str
    side: str
    name: str

    @property
    def words(self) -> str:
        return f"{self.side}: {plain(self.name)} {self.account}".replace("  ", " ")


def lanes_of(steps: Sequence[Step], name_of: Callable[[str], str]) -> tuple[Lane, ...]:
    """Return the lanes of the caller and of the resource, in this order; empty if both are in the same account."""
    owner = next((step.account for step in steps if step.account is not None and step.id in _OF_THE_RESOURCE), None)
    ours = next((step.account for step in steps if step.account is not None and step.account != owner), None)
    if owner is None or ours is None:
        return ()
    return Lane(ours, "caller", name_of(ours)), Lane(owner, "resource", name_of(owner))


class Lanes(Line):
    """The headings above the steps: the account of each lane."""

    DEFAULT_CSS = "Lanes { display: none; }"

    def __init__(self) -> None:
        super().__init__()
        self.lanes: tuple[Lane, ...] = ()

    def set_lanes(self, lanes: tuple[Lane, ...]) -> None:
        if lanes != self.lanes:
            self.lanes, self.display = lanes, bool(lanes)
            self.refresh()

    def pieces(self, width: int) -> Sequence[Piece]:
        if not self.lanes:
            return ()
        first, second = (lane.words for lane in self.lanes)
        if width < LANES_FROM:
            return [(fit(f" {first}  {marks().dot}  {second}", width), FAINT)]
        half = width // 2
        return [(f" {fit(first, half - 1)}", STRONG), (fit(second, width - half), STRONG)]


class Steps(Rows[Step]):
    """The list of steps, drawn as they are found."""

    lanes: tuple[Lane, ...] = ()

    def pieces_of(self, row: Step, index: int, width: int) -> Sequence[Piece]:
        """Return the parts of a step's line, such as ``✗ 6 Identity policies nearest: … 2 agree``.

        For a request across accounts, the line is in its account's lane if two lanes fit; otherwise it names the
        account.
        """
        at = next((number for number, lane in enumerate(self.lanes) if lane.account == row.account), None)
        if at is not None and width >= LANES_FROM:
            half = width // 2
            aside = [(" " * half, PLAIN)] if at else []
            return [*aside, *self._pieces(row, index, width - half if at else half - 1)]
        if at is not None:
            mark, number, title, *rest = self._pieces(row, index, width - SIDE_WIDTH)
            return [mark, number, (fit(self.lanes[at].side, SIDE_WIDTH), FAINT), title, *rest]
        return self._pieces(row, index, width)

    def _pieces(self, row: Step, index: int, width: int) -> Sequence[Piece]:
        title_width = min(TITLE_WIDTH, max(width * 2 // 5 if self.lanes else width // 3, 12))
        title, summary = plain(row.title), plain(row.summary)
        room = width - title_width - 8
        witnesses = witnesses_in_short(row, wide=True)
        if cell_len(summary) + cell_len(witnesses) + 2 > room:  # more words only if that truncates nothing
            witnesses = witnesses_in_short(row)
        room -= cell_len(witnesses) + 2 if witnesses else 0
        aside = FAINT if row.status is Status.SKIPPED else PLAIN
        return [
            (f" {mark_of(row.status)} ", STATUS_LOOKS[row.status]),
            (f"{index + 1:>2} ", FAINT),
            (fit(title, title_width), STRONG if row.status is Status.FAIL else aside),
            ("  " + fit(summary, room), aside),
            (f"  {witnesses}" if witnesses else "", WARN if row.agree is False else FAINT),
        ]


def tally(steps: Sequence[Step]) -> str:
    """Return the number of failed, unknown and passed steps: ``1 failed · 2 unknown · 8 passed``."""
    names = {Status.FAIL: "failed", Status.UNKNOWN: "unknown", Status.PASS: "passed"}
    counts = [(sum(step.status is status for step in steps), name) for status, name in names.items()]
    return f" {marks().dot} ".join(f"{count} {name}" for count, name in counts if count)


def witnesses_in_short(step: Step, *, wide: bool = False) -> str:
    """Return a word or two that say whether the sources agree; their names and answers are in the evidence."""
    if step.agree is None:
        return ""
    heard = f"{step.heard} sources" if wide else "sources"
    return f"{heard} agree" if step.agree else "sources differ" if wide else "differ"
