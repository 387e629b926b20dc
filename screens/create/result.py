"""The end of creating a role: the results of testing it, and the next steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Event

from rich.style import Style
from textual import on
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget

from diagnostics.sentences import document_sentences
from iam.account import Account
from iam.creation.after.calls import CallResult
from iam.creation.after.try_role import TriesEnd, TryEvent, TryResult, Waiting, try_role
from iam.creation.draft.role_draft import ChosenRecipe
from iam.creation.recipes.recipe import AccountFacts
from iam.creation.spec import RoleSpec
from iam.credentials.assume import Assumed, AssumeTry
from iam.sources.reader.account_reader import AccountReader
from screens.messages import DiagnoseText
from screens.text import fit, marks, plural, visible
from screens.widgets.facts import Paragraph
from screens.widgets.line import Line, Piece
from screens.widgets.modal import TextLines
from screens.widgets.pane import Pane
from screens.widgets.rows import Rows
from screens.widgets.styles import BAD, FAINT, GOOD, PLAIN, STRONG, WARN
from screens.worker_failures import ReportsFailures, run_in_thread


def _of_assuming(tried: AssumeTry) -> tuple[str, Style, str]:
    """Return (mark, style, words) for the attempt to assume the role."""
    signs = marks()
    match tried.outcome:
        case Assumed.YES:
            return signs.passed, GOOD, "you can assume this role"
        case Assumed.NO:
            words = "you cannot assume this role (enter: why)"
            # If the trust policy names only the account, this caller may not be meant to use the role.
            return (signs.failed, BAD, words) if tried.named else (signs.unknown, WARN, words)
    return signs.none, FAINT, f"not assumed: {tried.sentence}"


@dataclass(eq=False, repr=False)
class TryTold(Message):
    """An event in the test of the role. ``number`` identifies the test."""

    number: int
    event: TryEvent


ResultRow = TryResult | AssumeTry | CallResult


class TryRows(Rows[ResultRow]):
    def pieces_of(self, row: ResultRow, index: int, width: int) -> Sequence[Piece]:
        signs = marks()
        if isinstance(row, AssumeTry):
            mark, look, text = _of_assuming(row)
        elif isinstance(row, CallResult):
            mark, look = (signs.passed, GOOD) if row.good else (signs.failed, BAD)
            works = "works" if row.good else "is denied"
            text = f"{row.call.command} {works} in a session of the role{'' if row.good else ' (enter: why)'}"
        else:
            mark, look = (
                (signs.unknown, WARN) if row.good is None else (signs.passed, GOOD) if row.good else (signs.failed, BAD)
            )
            wanted = "should allow" if row.request.allowed else "should not allow"
            text = f"{wanted} {row.request.action} on {row.request.resource}"
        return [(f" {mark} ", look), (fit(visible(text), max(0, width - 3)), PLAIN)]


class Result(ReportsFailures, Vertical):
    """Shows the next steps, and tests the role in a worker until it is stopped."""

    DEFAULT_CSS = """
    Result { height: 1fr; width: 1fr; }
    Result Paragraph { height: 2; }
    Result #result-trust { height: 1; }
    Result TryRows { height: 1fr; }
    Result TextLines { height: 1fr; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.head = Line()
        self.trust = Paragraph(id="result-trust")
        self.rows = TryRows(id="tries")
        self.detail = Paragraph()
        self.next = TextLines(id="next-steps")
        self.tries: list[TryResult] = []
        self.called: list[CallResult] = []
        self.assumed: AssumeTry | None = None
        self.trying = False
        self._number = 0
        self._stop = Event()

    def compose(self) -> Iterable[Widget]:
        yield Pane(self.head, self.trust, self.rows, self.detail, title="The new role", classes="-bare")
        yield Pane(self.next, title="Next steps")

    def start(
        self,
        spec: RoleSpec,
        chosen: Sequence[ChosenRecipe],
        steps: Sequence[str],
        facts: AccountFacts,
        account: Account,
        reader: AccountReader,
    ) -> None:
        """Show the next steps, and test the role in the background."""
        self.tries, self.called, self.assumed, self.trying = [], [], None, True
        self.name_of_role = spec.name
        self.trust.say(visible(document_sentences(spec.trust)))
        self.rows.set_rows(())
        self.next.show("\n\n".join(steps))
        self.say("waiting until IAM shows the role ...")
        self.tell()
        self._number += 1
        number = self._number
        stop = self._stop = Event()

        def tell(event: TryEvent) -> None:
            self.post_message(TryTold(number, event))

        def work() -> None:
            try_role(spec, chosen, facts, account, reader, tell, stop.wait)

        run_in_thread(self, work, "try")
        self.rows.focus()

    def stop(self) -> None:
        self._stop.set()

    def on_unmount(self) -> None:
        self.stop()

    def on_try_told(self, message: TryTold) -> None:
        message.stop()
        if message.number != self._number or self._stop.is_set():
            return
        match message.event:
            case Waiting(sentence):
                self.say(sentence)
            case TriesEnd(missing, left_out):
                self.trying = False
                self.end(missing, left_out)
            case tried:
                self.add(tried)

    def say(self, text: str) -> None:
        self.head.show((f" {visible(self.name_of_role)} created", STRONG), (f"  {visible(text)}", FAINT))

    def add(self, tried: ResultRow) -> None:
        match tried:
            case AssumeTry():
                self.assumed = tried
            case CallResult():
                self.called.append(tried)
            case TryResult():
                self.tries.append(tried)
        self.rows.add_row(tried)
        self.say("checking what the role may do ...")
        self.tell()

    def end(self, missing: str = "", left_out: int = 0) -> None:
        name = visible(self.name_of_role)
        if missing:
            self.head.show((f" {name} created", STRONG), (f"  {visible(missing)}", WARN))
            return
        assumed = self.assumed is not None and self.assumed.outcome is Assumed.YES
        dot = marks().dot
        more = f" {dot} {plural(left_out, 'more action')} not checked" if left_out else ""
        called = f" {dot} {len(self.called)} of them called in a session of the role"
        you = called if self.called else f" {dot} you can assume it" if assumed else ""
        self.head.show((f" {name} created", STRONG), self._words(), (you, GOOD), (more, WARN))

    def _words(self) -> Piece:
        tried: list[TryResult | CallResult] = [*self.tries, *self.called]
        count, dot = len(tried), marks().dot
        checks = plural(count, "check")
        bad = sum(each.good is False for each in tried)
        unknown = sum(each.good is None for each in tried)
        if bad:
            return (f" {dot} {bad} of {checks} failed", BAD)
        if unknown:
            return (f" {dot} {unknown} of {checks} undecided", WARN)
        if not tried:
            return (f" {dot} no permissions to check", PLAIN)
        return (f" {dot} {count} of {checks} passed", GOOD)

    def show_gone(self) -> None:
        """Show that the role no longer exists, and remove all test results."""
        self.stop()
        name = visible(self.name_of_role)
        self.head.show(
            (f" {name} no longer exists", WARN), ("  the role was created here, but has been deleted since", FAINT)
        )
        self.rows.set_rows(())
        self.tries, self.called, self.assumed, self.trying = [], [], None, False
        self.trust.say("")
        self.detail.say("")
        self.next.show("Press n to create another role, or 5 to see the changes made.")

    def tell(self) -> None:
        row = self.rows.current
        if row is None:
            self.detail.say("")
        elif isinstance(row, AssumeTry | CallResult):
            self.detail.say(visible(row.sentence))
        else:
            self.detail.say(visible(f"{row.who}: {row.sentence}"))

    @on(Rows.Highlighted)
    def _moved(self, message: Rows.Highlighted) -> None:
        """Open the diagnosis of a denial if ``enter`` was pressed on it."""
        message.stop()
        row = self.rows.current
        if isinstance(message, Rows.Chosen) and isinstance(row, AssumeTry | CallResult) and row.error:
            self.app.post_message(DiagnoseText(row.error))
        else:
            self.tell()
