"""The check before the plan. Each finding has one line; the selected finding is shown in full below."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from textual import on
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from diagnostics.sentences import document_sentences
from iam.account import Account
from iam.creation.spec import RoleSpec
from iam.gate.finding import GateFinding, Level
from iam.sources.reader.account_reader import AccountReader
from screens.text import fit, marks, plural, visible
from screens.widgets.facts import Paragraph
from screens.widgets.line import Line, Piece
from screens.widgets.pane import Pane
from screens.widgets.rows import Rows
from screens.widgets.styles import BAD, FAINT, GOOD, PLAIN, WARN
from screens.worker_failures import ReportsFailures, run_in_thread

_ORDER = (Level.ERROR, Level.WARNING, Level.UNKNOWN, Level.OK)


@dataclass(eq=False, repr=False)
class FindingFound(Message):
    """The check has a result. ``finding`` is None if the check is finished."""

    number: int
    finding: GateFinding | None


def run_check(
    number: int,
    spec: RoleSpec,
    account: Account,
    reader: AccountReader,
    post: Callable[[Message], object],
    cancelled: Callable[[], bool],
    assumed: Mapping[str, tuple[str, ...]] | None = None,
) -> None:
    """Check the role. Post each finding when it is found, then the end of the check."""
    from diagnostics.check.run import check

    for finding in check(spec, account, reader, assumed):
        if cancelled():
            return
        post(FindingFound(number, finding))
    post(FindingFound(number, None))


class FindingRows(Rows[GateFinding]):
    def pieces_of(self, row: GateFinding, index: int, width: int) -> Sequence[Piece]:
        signs = marks()
        mark, look = {
            Level.OK: (signs.passed, GOOD),
            Level.WARNING: ("!", WARN),
            Level.ERROR: (signs.failed, BAD),
            Level.UNKNOWN: (signs.unknown, WARN),
        }[row.level]
        return [(f" {mark} ", look), (fit(visible(row.text), max(0, width - 3)), PLAIN)]


class Check(ReportsFailures, Vertical):
    """The list of findings, most severe first. The check runs in its own worker."""

    DEFAULT_CSS = """
    Check { height: 1fr; width: 1fr; }
    Check #in-full { height: auto; }
    Check Paragraph { height: 4; }
    Check #check-trust { height: 2; }
    """

    @dataclass(eq=False, repr=False)
    class PutRight(Message):
        """``enter`` was pressed on a finding: move the cursor to the field in which the finding can be fixed."""

        finding: GateFinding

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.head = Line()
        self.trust = Paragraph(id="check-trust")
        self.rows = FindingRows(id="findings")
        self.detail = Paragraph(id="finding")
        self.findings: list[GateFinding] = []
        self.running = False
        self._number = 0

    def compose(self) -> Iterable[Widget]:
        yield Pane(self.head, self.trust, self.rows, title="Check", classes="-bare")
        yield Pane(self.detail, title="In full", id="in-full")

    def start(
        self,
        spec: RoleSpec,
        account: Account,
        reader: AccountReader,
        assumed: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.findings, self.running = [], True
        self.trust.say(visible(f"{spec.name}: {document_sentences(spec.trust)}"))
        self._number += 1
        number = self._number

        def work() -> None:
            worker = get_current_worker()
            run_check(number, spec, account, reader, self.post_message, lambda: worker.is_cancelled, assumed)

        self._show()
        run_in_thread(self, work, "check")

    def on_finding_found(self, message: FindingFound) -> None:
        message.stop()
        if message.number != self._number:
            return
        if message.finding is None:
            self.running = False
        else:
            self.findings.append(message.finding)
            self.findings.sort(key=lambda each: _ORDER.index(each.level))
        self._show()

    @on(Rows.Highlighted)
    def _moved(self, message: Rows.Highlighted) -> None:
        message.stop()
        finding = self.rows.current
        if isinstance(message, Rows.Chosen) and finding is not None:
            self.post_message(self.PutRight(finding))
        else:
            self._tell()

    @property
    def errors(self) -> int:
        return sum(each.level is Level.ERROR for each in self.findings)

    def _show(self) -> None:
        here = self.rows.current
        at = self.findings.index(here) if here in self.findings and self.rows.cursor > 0 else 0
        self.rows.set_rows(self.findings, at)
        counts = [
            plural(self.errors, "error") if self.errors else "",
            plural(sum(each.level is Level.WARNING for each in self.findings), "warning")
            if any(each.level is Level.WARNING for each in self.findings)
            else "",
            plural(
                sum(each.level is Level.UNKNOWN for each in self.findings),
                "check could not be completed",
                "checks could not be completed",
            )
            if any(each.level is Level.UNKNOWN for each in self.findings)
            else "",
        ]
        said = ", ".join(each for each in counts if each)
        if self.running:
            self.head.show((" checking ...", FAINT), (f"  {said}" if said else "", PLAIN))
        elif self.errors:
            self.head.show((f" {said}: enter opens the field to fix", BAD))
        else:
            self.head.show((f" {said or 'no problems found'}: ctrl+r shows the plan", GOOD))
        self._tell()

    def _tell(self) -> None:
        """Show the selected finding in full."""
        finding = self.rows.current
        if finding is None:
            self.detail.say("")
            return
        self.detail.say(visible(f"{finding.text} {finding.way_out}".strip()))
