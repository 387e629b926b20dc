"""The review of all open accounts: findings that several have in common, access from outside, and outdated names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import get_current_worker

from diagnostics.review.overall import OverallLine, OverallPlace, OverallReview
from iam.arn import Arn, name_of
from iam.foreign_text import shortened
from iam.risks.risk import Severity
from iam.words import listing
from screens.commands import Command, bindings
from screens.frame.base import PANES
from screens.frame.list_screen import FilterLine, ListScreen
from screens.messages import OpenRole, ViewAccount
from screens.review.run import accepted_in
from screens.session import Session
from screens.text import marks, plural, visible
from screens.widgets.line import Line, Piece
from screens.widgets.lines import LinesView
from screens.widgets.modal import TextWindow
from screens.widgets.pane import Pane
from screens.widgets.severity import severity_style, severity_words
from screens.widgets.strips import wrap
from screens.widgets.styles import FAINT, KEY, PLAIN, STRONG, WARN
from screens.widgets.table import Column, Row, VirtualTable, fitted
from screens.worker_failures import run_in_thread

if TYPE_CHECKING:
    from diagnostics.review.accepted import Accepted
    from diagnostics.review.limits import Limits
    from iam.organization.accounts import Accounts

COMMANDS = (
    Command("several.filter", "/", "filter", "Filter the list: words, account:prod rule:trust.", show_in_footer=True),
    Command("several.open", "right", "open", "List the accounts of this line.", palette=False),
    Command("several.close", "left", "close", "Collapse the accounts of this line.", palette=False),
    Command("several.again", "r", "review again", "Review the accounts again.", palette=False, show_in_footer=True),
    Command(
        "several.unread",
        "!",
        "not read",
        "Which accounts and parts could not be read.",
        palette=False,
        show_in_footer=True,
    ),
    Command("several.back", "escape", "stop, back", "Stop the review; go back.", palette=False, show_in_footer=True),
)
COLUMNS = (
    Column("KIND", 10, given=True, mark=True),
    Column("WHO", 16, grow=2, most=34),
    Column("ACCOUNTS", 8, grow=1, most=20),
    Column("FINDING", 30, grow=3, most=48),
    Column("WHY", 20, grow=4, most=220, drop=1),
)
_SEVERITIES = {each.value: each for each in Severity}
_TELL_EVERY = 0.5
"""The minimum seconds between updates of the list. The time is also at least ten times the duration of an update."""
_MOST_PLACES = 200


class SeveralRun:
    """One review of the open accounts, stored so that the screen can show it again."""

    def __init__(self, accounts: Accounts, limits: Limits, accepted: Accepted) -> None:
        self.accounts = accounts
        self.limits = limits
        self.accepted = accepted
        self.ids: Sequence[str] = tuple(accounts.at_hand)
        self.lines: tuple[OverallLine, ...] = ()
        self.review = OverallReview()
        self.done = 0
        self.ended = False
        self.stopped = False

    def go(self, send: Callable[[SeveralWent], object], cancelled: Callable[[], bool]) -> None:
        """Review the remaining accounts, one after the other. Call it in a worker."""
        from diagnostics.review.across import HowReviewed, review_account
        from diagnostics.review.escalation.elsewhere import Neighbours

        neighbours, how = Neighbours(self.accounts, self.limits), HowReviewed(self.limits, self.accepted.acceptances)
        last, wait = monotonic(), _TELL_EVERY
        for id in self.ids[self.done :]:
            one = review_account(neighbours, id, how)
            if cancelled():
                return
            if one is None:
                self.review.unread.append((id, f"The account was not read: {self.accounts.standing(id).why}"))
            else:
                self.review.add(one)
            self.done += 1
            if monotonic() - last > wait:
                began = monotonic()
                send(SeveralWent(self, self.review.lines(), False))
                last = monotonic()
                wait = max(_TELL_EVERY, 10 * (last - began))
        self.review.unread += [
            (each.id, f"The account was not read: {each.why}")
            for each in self.accounts.missing
            if each.id not in self.ids
        ]
        send(SeveralWent(self, self.review.lines(), True))


@dataclass(eq=False, repr=False)
class SeveralWent(Message):
    """The review of several accounts made progress or ended."""

    run: SeveralRun
    lines: tuple[OverallLine, ...]
    ended: bool


@dataclass(frozen=True, slots=True)
class _Shown:
    """A line of the table: an entry, or one of its places below it."""

    line: OverallLine
    place: OverallPlace | None = None
    number: int = 0

    @property
    def id(self) -> str:
        return self.line.id if self.place is None else f"{self.line.id} {self.number}"


class SeveralReviewScreen(ListScreen):
    MODE = "review"
    DECLARED = (*COMMANDS, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)
    DEFAULT_CSS = """
    SeveralReviewScreen #several-state { height: 1; }
    """

    def __init__(self, session: Session, limits: Limits) -> None:
        super().__init__(session)
        self.limits = limits
        self.read_at = session.writes.present
        self._opened: frozenset[str] = frozenset()
        self._shown_at: str | None = ""
        """The line on which `_show` left the cursor; None once the user moved it."""
        self._shown: Sequence[_Shown] = ()

    @property
    def run(self) -> SeveralRun | None:
        kept = self.session.several_review
        return kept if isinstance(kept, SeveralRun) and kept.accounts is self.session.accounts else None

    def compose_body(self) -> Iterable[Widget]:
        with Pane(title="Review of all accounts", classes="-bare"):
            yield Line(id="several-state")
            yield FilterLine()
            yield VirtualTable(COLUMNS)
        with Pane(id="several-line"):
            yield SeveralDetail(id="several-detail")

    def words(self) -> str:
        return (
            "Each line is a cause found in one or more accounts. outside: a principal outside the organization has "
            "access. gone: a policy names an entity that does not exist. ours: policies name an account of the "
            "organization. enter on a line lists its accounts; enter on an account opens the role in that account."
        )

    def on_mount(self) -> None:
        if self.run is None or self.run.stopped:
            self._begin(anew=self.run is None)
        self._show()

    def give_up(self) -> None:
        self._stop()

    def _begin(self, *, anew: bool) -> None:
        accounts = self.session.accounts
        if accounts is None:
            return
        if anew or self.run is None:
            accepted = accepted_in(self.session.accepted_path)
            self.session.several_review = SeveralRun(accounts, self.limits, accepted)
            if accepted.warnings:
                self.say(accepted.warnings[0], trouble=True)
        run = self.run
        assert run is not None
        run.stopped = False

        def work() -> None:
            worker = get_current_worker()
            run.go(self.post_message, lambda: worker.is_cancelled)

        run_in_thread(self, work, "review of all accounts")

    def _stop(self) -> None:
        run = self.run
        if run is not None and not run.ended:
            run.stopped = True
        self.workers.cancel_group(self, "review of all accounts")

    def on_several_went(self, message: SeveralWent) -> None:
        message.stop()
        message.run.lines, message.run.ended = message.lines, message.ended
        if message.run is self.run:
            self._show()

    # Showing

    def _show(self) -> None:
        run = self.run
        if run is None or not self.is_mounted:
            return
        words = self.query_one(Input).value.lower().split()
        found = [line for line in run.lines if all(self._matches(line, word) for word in words)]
        self._shown = list(self._with_places(found))
        self.query_one("#several-state", Line).show(*self._state(run))
        self.query_one(FilterLine).count.show((f"{len(found):,} of {plural(len(run.lines), 'line')}", FAINT))
        rows = [self._row(each) for each in self._shown]
        empty = "No line matches." if words else "No findings." if run.ended else "No findings yet."
        self.table.show(rows, empty=empty, columns=fitted(COLUMNS, rows))
        if self._shown_at is not None and rows:
            self.table.go_to(rows[0].id)
            self._shown_at = rows[0].id
        self.show_detail()
        self.refresh_bindings()

    def _with_places(self, lines: Iterable[OverallLine]) -> Iterator[_Shown]:
        for line in lines:
            yield _Shown(line)
            if line.id in self._opened:
                yield from (_Shown(line, place, at) for at, place in enumerate(line.places[:_MOST_PLACES]))

    def _matches(self, line: OverallLine, word: str) -> bool:
        key, colon, value = word.partition(":")
        accounts = " ".join(f"{id} {self._account_name(id)}" for id in line.accounts).lower()
        if colon and key == "account":
            return value in accounts
        if colon and key == "rule":
            return value in line.rule
        return word in f"{line.kind} {line.who} {line.title} {line.why} {line.rule} {accounts}".lower()

    def _account_name(self, account: str) -> str:
        accounts = self.session.accounts
        return accounts.name_of(account) if accounts is not None else ""

    def _called(self, account: str) -> str:
        return self._account_name(account) or account

    def _row(self, shown: _Shown) -> Row:
        line, place = shown.line, shown.place
        severity = _SEVERITIES.get(line.kind)
        if place is not None:
            name = name_of(place.subject) or place.subject
            cells = ("", f"  {name}", self._called(place.account), "", place.sentence.removeprefix(f"{name} "))
            return Row(shown.id, tuple(map(visible, cells)), FAINT)
        sign = "[-]" if line.id in self._opened else "[+]"
        where = str(len(line.accounts)) if len(line.accounts) > 1 else self._called(line.accounts[0])
        kind, style = (severity_words(severity), severity_style(severity)) if severity else (f"  {line.kind}", PLAIN)
        return Row(line.id, tuple(map(visible, (kind, f"{sign} {line.who}", where, line.title, line.why))), style)

    def _state(self, run: SeveralRun) -> list[Piece]:
        counts = ", ".join(f"{count:,} {severity.value}" for severity, count in run.review.counts.items() if count)
        pieces: list[Piece] = [(f" {plural(len(run.review.accounts), 'account')}: {counts or 'no findings'}", STRONG)]
        if run.ended:
            unread = {account for account, _ in run.review.unread} - set(run.review.accounts)
            if unread:
                pieces += [(f"  {marks().dot} {plural(len(unread), 'account')} not read: ", WARN), ("!", KEY)]
            left = len(set(run.accounts.ids) - set(run.ids) - unread)
            if left:
                pieces.append((f"  {marks().dot} {plural(left, 'account')} not opened yet", WARN))
            return pieces
        if run.stopped:
            return [*pieces, (f"  {marks().dot} stopped after {run.done} of {len(run.ids)}: r continues", WARN)]
        return [*pieces, (f"  {marks().dot} {run.done} of {len(run.ids)} {marks().ellipsis} escape stops", WARN)]

    def _at(self) -> _Shown | None:
        row = self.table.row if self.is_mounted else None
        return next((each for each in self._shown if row is not None and each.id == row.id), None)

    def show_detail(self) -> None:
        at = self._at()
        if at is not None and at.id != self._shown_at:
            self._shown_at = None
        self.query_one("#several-line", Pane).name_it(visible(_heading(at.line)) if at is not None else "")
        self.query_one(SeveralDetail).show(at, self._called)

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self._show()

    # Commands

    def why_not(self, command: Command) -> str:
        if command.action == "unread" and (self.run is None or not self.run.review.unread):
            return "No read has failed so far."
        return super().why_not(command)

    def on_virtual_table_chosen(self, message: VirtualTable.Chosen) -> None:
        message.stop()
        at = self._at()
        if at is None:
            return
        place = at.place
        if place is None:
            self._open(at.line, opened=at.line.id not in self._opened)
        elif (role := Arn.parse_entity(place.subject, "role")) is not None:
            self.app.post_message(ViewAccount(place.account, OpenRole(role.name, over=True)))
        else:
            self.app.push_screen(TextWindow(at.line.title, "\n".join(("", place.subject, "", place.sentence))))

    def _open(self, line: OverallLine, *, opened: bool) -> None:
        self._opened = self._opened | {line.id} if opened else self._opened - {line.id}
        self._show()
        self.table.go_to(line.id)

    def action_open(self) -> None:
        if (at := self._at()) is not None:
            self._open(at.line, opened=True)

    def action_close(self) -> None:
        if (at := self._at()) is not None:
            self._open(at.line, opened=False)

    def action_again(self) -> None:
        run = self.run
        self._stop()
        self._begin(anew=run is None or run.ended)
        self._show()

    def action_unread(self) -> None:
        run = self.run
        if run is not None:
            self.app.push_screen(TextWindow("What could not be read", "\n".join(self._unread_lines(run.review))))

    def _unread_lines(self, review: OverallReview) -> Iterator[str]:
        """Yield the accounts that were not read, then the unread data of the other accounts.

        Each kind of data is followed by the accounts that it is missing from.
        """
        of_accounts: dict[str, dict[str, None]] = {}
        for account, what in review.unread:
            if account in review.accounts:
                of_accounts.setdefault(what, {})[self._called(account)] = None
            else:
                yield f"{self._called(account)}: {what}"
        for what, accounts in of_accounts.items():
            yield f"{listing(list(accounts))}: {what}"

    def stop_work(self) -> bool:
        run = self.run
        if run is None or run.ended or run.stopped:
            return False
        self._stop()
        self._show()
        return True


class SeveralDetail(LinesView):
    """The view of one line of the list, with its accounts."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._at: _Shown | None = None
        self._called: Callable[[str], str] = str

    def show(self, at: _Shown | None, called: Callable[[str], str]) -> None:
        """Show the line. ``called`` returns the name of an account."""
        if at != self._at:
            self._at, self._called = at, called
            self.changed()

    def lines_for(self, width: int) -> Sequence[Sequence[Piece]]:
        return list(self._lines(max(20, width - 2)))

    def _lines(self, width: int) -> Iterator[Sequence[Piece]]:
        if self._at is None:
            return
        line = self._at.line
        where = f"in {plural(len(line.accounts), 'account')}"
        own = line.why == line.places[0].sentence  # the sentence is shown below, with its account
        about = line.name or ("" if own else line.why)
        yield from _wrapped(f"{line.title}{f': {about}' if about else ''}, {where}", width, STRONG)
        if line.note:
            yield from _wrapped(line.note, width, FAINT)
        places = (self._at.place,) if self._at.place is not None else line.places[:_MOST_PLACES]
        for place in places:
            subject = name_of(place.subject) or shortened(place.subject, 60)
            sentence = place.sentence.removeprefix(f"{subject} ")
            yield from _wrapped(f"{self._called(place.account)}  {subject}: {sentence}", width, PLAIN)
        if self._at.place is None and len(line.places) > _MOST_PLACES:
            yield [(f" {marks().ellipsis} {len(line.places) - _MOST_PLACES:,} more", FAINT)]


def _heading(line: OverallLine) -> str:
    return f"{line.title} {marks().dot} {line.rule}" if line.rule else line.title


def _wrapped(text: str, width: int, style: Style) -> Iterator[Sequence[Piece]]:
    for part in wrap(visible(text), width, "  "):
        yield [(f" {part}", style)]
