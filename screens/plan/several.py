"""One change in several accounts, with a plan and a journal for each, carried out one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from threading import Event
from typing import ClassVar

from rich.cells import cell_len
from rich.style import Style
from textual import on
from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget

from diagnostics.check.several import AccountPlan
from iam.changes.apply import CallStatus
from iam.changes.entity_name import EntityName
from iam.changes.journal import End, JournalRecord
from iam.changes.plan import Plan, PlanError
from iam.sources.source_error import SourceError
from iam.words import plural
from screens.commands import Command, bindings, writing
from screens.frame.base import PANES, BaseScreen
from screens.messages import AccountRenewed, ShowPlan, ViewAccount
from screens.plan.confirm import TypeName, dangerous
from screens.plan.run import CallHappened, Order, RunOver, calls_made, over_as_it_is
from screens.session import Session
from screens.text import fit, marks, visible
from screens.widgets import cursor
from screens.widgets.confirm import YES, Confirm, question
from screens.widgets.headline import Headline
from screens.widgets.line import Piece
from screens.widgets.modal import TextLines
from screens.widgets.pane import Pane
from screens.widgets.rows import Rows
from screens.widgets.styles import BAD, FAINT, GOOD, PLAIN, STRONG, WARN
from screens.worker_failures import run_in_thread

HERE = (
    Command(
        "plans.apply",
        "ctrl+r",
        "apply",
        "Carry out the plans one after the other, until one fails.",
        "This screen",
        True,
        allowed=writing,
        changes=True,
    ),
    Command(
        "plans.undo",
        "u",
        "undo",
        "Show the plan that undoes the change in this account.",
        "This screen",
        True,
        allowed=writing,
    ),
    Command(
        "plans.back", "escape", "back", "Stop after the current call, or go back.", palette=False, show_in_footer=True
    ),
)

WORDS = (
    "Each account has its own plan and journal. Enter opens the plan of the account under the cursor: every call, "
    "with its undo. The plans are carried out in this order, with the session of each account. The first failure "
    "stops the remaining plans. Changes already made in earlier accounts stay, and can be undone account by "
    "account."
)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account's plan and its progress.

    ``record`` is the journal, None if nothing was started. ``failed`` says why the plan stopped.
    """

    what: AccountPlan
    record: JournalRecord | None = None
    running: bool = False
    failed: str = ""

    @property
    def done(self) -> bool:
        return self.record is not None and self.record.end is End.APPLIED

    @property
    def begun(self) -> bool:
        return self.record is not None


@dataclass(eq=False, repr=False)
class AccountBegun(Message):
    """The plan of this account is starting to be carried out."""

    account: str


@dataclass(eq=False, repr=False)
class AccountOver(Message):
    """The plan of this account ended or stopped."""

    account: str
    over: RunOver


class AllOver(Message):
    """The last plan ended or a plan failed, so no further plan is carried out."""


@dataclass(eq=False, repr=False)
class UndoOfAccount(Message):
    """The plan that undoes an account's change is ready, or ``trouble`` says why it could not be made."""

    account: str
    plan: Plan | None
    trouble: str = ""


class AccountRows(Rows[AccountRow]):
    """The list of accounts, in order, one line each."""

    DECLARED = (*cursor.MOVES, replace(cursor.CHOOSE, title="plan", show_in_footer=True))
    BINDINGS: ClassVar[list[BindingType]] = bindings(DECLARED)

    def pieces_of(self, row: AccountRow, index: int, width: int) -> Sequence[Piece]:
        mark, words, look = _state(row)
        name = f"{visible(row.what.name)} {row.what.account}".strip()
        left = [(f" {mark} ", look), (f"{name}  ", STRONG), (f"{plural(len(row.what.roles), 'role')}  ", FAINT)]
        room = max(0, width - sum(cell_len(text) for text, _ in left))
        return [*left, (fit(visible(words), room), look)]


def _state(row: AccountRow) -> tuple[str, str, Style]:
    """Return the mark, the words and the style for the state of an account's plan."""
    signs = marks()
    plan = row.what.plan
    if row.running:
        return signs.ellipsis, "being carried out", STRONG
    if row.done:
        return signs.passed, f"done: {plural(len(plan.calls) if plan else 0, 'call')}", GOOD
    if row.failed:
        return signs.failed, row.failed, BAD
    if row.record is not None:
        return signs.none, row.record.sentence, WARN
    if plan is None or row.what.trouble:
        return signs.unknown, row.what.trouble, WARN
    first = len(plan.opens) + len(plan.in_use) + len(plan.warnings)
    more = f", {plural(first, 'thing')} to know first" if first else ""
    return " ", f"{plural(len(plan.calls), 'call')}{more}", WARN if first else PLAIN


def _offer(ready: int, count: int) -> str:
    """Return what the keys do before anything is called. ``ready`` is the number of plans that can be carried out."""
    if not ready:
        return "No plan can be carried out: the reasons are below."
    which = "all plans" if ready == count else f"{ready} of {count} plans"
    return f"No calls have been made yet: enter shows a plan, ctrl+r carries out {which}."


class SeveralPlansScreen(BaseScreen):
    """The screen of one change in several accounts. ``plans`` are in the order in which they are carried out."""

    MODE = "roles"
    AUTO_FOCUS = "#accounts"
    DECLARED = (*HERE, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(HERE)
    DEFAULT_CSS = """
    SeveralPlansScreen #of-accounts { height: auto; }
    SeveralPlansScreen #accounts { height: auto; max-height: 12; }
    """

    def __init__(self, session: Session, plans: Sequence[AccountPlan]) -> None:
        super().__init__(session)
        self.rows = [AccountRow(each) for each in plans]
        self._stop = Event()
        self._carrying_out = False

    @property
    def mode(self) -> str:
        return self.app.current_mode

    @property
    def at_work(self) -> bool:
        return self._carrying_out

    def give_up(self) -> None:
        self._stop.set()

    def on_unmount(self) -> None:
        self.give_up()

    def words(self) -> str:
        return WORDS

    def rests_on(self) -> Iterable[EntityName]:
        return ()

    def compose_body(self) -> Iterable[Widget]:
        with Pane(id="of-accounts"):
            yield Headline(id="plans-head")
            yield AccountRows(id="accounts")
        with Pane(id="of-account"):
            yield TextLines(id="plans-detail")

    def on_mount(self) -> None:
        self._list.set_rows(self.rows)
        self._list.styles.height = min(len(self.rows), 12)
        self._show()

    @property
    def _list(self) -> AccountRows:
        return self.query_one(AccountRows)

    @property
    def _ready(self) -> list[AccountRow]:
        return [row for row in self.rows if row.what.ready and not row.begun]

    def _show(self) -> None:
        for index, row in enumerate(self.rows):
            self._list.replace_row(index, row)
        done = sum(row.done for row in self.rows)
        failed = next((row for row in self.rows if row.failed), None)
        self.query_one("#of-accounts", Pane).name_it(f"Plans in {plural(len(self.rows), 'account')}")
        if failed is not None:
            name = failed.what.name or failed.what.account
            said, look = f"{done} of {len(self.rows)} done; stopped at {name}: {failed.failed}", WARN
        elif self._carrying_out or done:
            said, look = f"{done} of {len(self.rows)} done", STRONG
        else:
            said, look = _offer(len(self._ready), len(self.rows)), STRONG
        self.query_one(Headline).set(("", FAINT), (visible(said), look), ())
        self._show_detail()
        self.refresh_bindings()

    def _show_detail(self) -> None:
        row = self._list.current
        if row is None:
            return
        self.query_one("#of-account", Pane).name_it(f"{visible(row.what.name)} {row.what.account}".strip())
        self.query_one("#plans-detail", TextLines).show("\n".join(map(visible, _detail(row))))

    @on(Rows.Highlighted)
    def _highlighted(self, message: Rows.Highlighted) -> None:
        message.stop()
        self._show_detail()

    @on(Rows.Chosen)
    def _chosen(self, message: Rows.Chosen) -> None:
        """Show the plan under the cursor, after bringing its account into view."""
        message.stop()
        row = self._list.current
        if row is None or row.what.plan is None:
            self.say(row.what.trouble if row is not None else "", trouble=True)
        elif self._carrying_out:
            self.say("The plans are being carried out: escape stops after the current call.", trouble=True)
        else:
            plan = row.record.plan if row.record is not None else row.what.plan
            self.app.post_message(ViewAccount(row.what.account, ShowPlan(plan, self, row.record)))

    def why_not(self, command: Command) -> str:
        row = self._list.current if self.is_mounted else None
        match command.action:
            case "apply" if self._carrying_out:
                return "The plans are being carried out: escape stops after the current call."
            case "apply" if any(row.failed for row in self.rows):
                return "A plan failed: enter opens that account's plan."
            case "apply" if not self._ready:
                return "There is no plan left to carry out."
            case "undo" if row is None or not row.done:
                return "There is nothing to undo in this account."
        return super().why_not(command)

    # Carrying out

    def action_apply(self) -> None:
        ready = self._ready
        left = [row for row in self.rows if not row.what.ready]
        plans = {f"{row.what.name} {row.what.account}".strip(): row.what.plan for row in ready}
        lines = [f"{where}: {plan.sentence}" for where, plan in plans.items() if plan is not None]
        lines += [f"! {where}: {each}" for where, plan in plans.items() if plan for each in plan.to_read_first]
        lines += [f"! Nothing will be done in {row.what.name or row.what.account}: {row.what.trouble}" for row in left]
        title, text = f"Apply in {plural(len(ready), 'account')}", "\n".join(map(visible, lines))
        if any(plan is not None and plan.destructive for plan in plans.values()):
            name = plural(len(ready), "account")
            self.app.push_screen(TypeName(title, text, name), lambda typed: self._begin() if typed else None)
            return
        choices = question(f"carry out {plural(len(ready), 'plan')}")
        careful = any(plan is not None and dangerous(plan, plan.calls) for plan in plans.values())
        confirm = Confirm(title, text, choices, careful=careful)
        self.app.push_screen(confirm, lambda answer: self._begin() if answer == YES else None)

    def _begin(self) -> None:
        if self._carrying_out:
            return
        self._carrying_out, stop, writable = True, self._stop, self.session.writable
        ready = [row.what for row in self._ready]
        run_in_thread(self, lambda: _carry_out_each(ready, writable, stop, self.post_message), "plans", exclusive=False)
        self._show()

    def _replace(self, account: str, row: AccountRow) -> None:
        self.rows = [row if each.what.account == account else each for each in self.rows]
        self._show()

    def _row(self, account: str) -> AccountRow:
        return next(each for each in self.rows if each.what.account == account)

    def on_account_begun(self, message: AccountBegun) -> None:
        message.stop()
        row = self._row(message.account)
        if row.what.plan is not None:
            self.session.under_way.add(row.what.plan.id)
            self.session.half_done[row.what.plan.id] = f"“{row.what.plan.title}” is being carried out."
        self._replace(message.account, replace(row, running=True))

    def on_call_happened(self, message: CallHappened) -> None:
        message.stop()
        plan = next((row.what.plan for row in self.rows if row.what.plan and row.what.plan.id == message.plan_id), None)
        if plan is not None and message.outcome.status is CallStatus.DONE:
            self.session.writes.add(plan, self.session.now)

    def on_account_over(self, message: AccountOver) -> None:
        message.stop()
        row, over = self._row(message.account), message.over
        self.session.under_way.discard(over.plan_id)
        self.session.half_done.pop(over.plan_id, None)
        if over.record is not None and over.record.half_done:
            self.session.half_done[over.plan_id] = (
                f"“{over.record.plan.title}”: {over.record.sentence_at(self.session.shown_time)}."
            )
        if over.changed is not None:
            self.session.renew(over.changed, over.plan_id, message.account)
            self.app.post_message(AccountRenewed())
        failed = over.trouble or _failure(over.record)
        if over.trouble:
            self.session.note(f"carrying out a plan in {message.account}", over.trouble)
        self._replace(message.account, replace(row, running=False, record=over.record, failed=failed))

    def on_all_over(self, message: AllOver) -> None:
        message.stop()
        self._carrying_out = False
        self._stop.clear()
        self._show()

    def action_undo(self) -> None:
        from diagnostics.plans.role_change import undone

        row = self._list.current
        if row is None or row.record is None or row.what.opened is None:
            return
        account, record, opened = row.what.account, row.record, row.what.opened
        self.say("Checking who uses it, for the plan ...")

        def work() -> None:
            try:
                self.post_message(UndoOfAccount(account, undone(record, opened)))
            except (PlanError, SourceError) as error:
                self.post_message(UndoOfAccount(account, None, str(error)))

        run_in_thread(self, work, "undo")

    def on_undo_of_account(self, message: UndoOfAccount) -> None:
        message.stop()
        self.say(message.trouble, trouble=True)
        if message.plan is not None and self.in_view:
            self.app.post_message(ViewAccount(message.account, ShowPlan(message.plan, self)))

    def on_plan_screen_ended(self, message: Message) -> None:
        """Read the journal of a plan that was carried out, rolled back or undone on a separate screen."""
        message.stop()
        self.rows = [_as_journaled(row) for row in self.rows]
        self._show()

    def on_plan_screen_closed(self, message: Message) -> None:
        message.stop()

    def action_back(self) -> None:
        if self._carrying_out:
            self.give_up()
            self.say("The plan stops after the current call.")
        else:
            self.dismiss()


def _detail(row: AccountRow) -> Iterable[str]:
    plan = row.what.plan
    if row.failed or row.what.trouble:
        yield row.failed or row.what.trouble
    if plan is None:
        return
    yield plan.title
    yield from plan.effects.said
    yield from (f"! {sentence}" for sentence in (*plan.opens, *plan.in_use, *plan.warnings))
    for number, call in enumerate(plan.calls, start=1):
        yield f"{number:>3}  {call.operation}  {call.why}"
    if row.record is not None:
        yield f"Journal: {row.record.path}"


def _failure(record: JournalRecord | None) -> str:
    """Return why a plan stopped, in one sentence; "" if it ended normally."""
    if record is None or record.end is not None:
        return ""
    said = next((f"{state.code}: {state.message}" for state in record.states if state.code), "")
    return said or f"{record.sentence[:1].upper()}{record.sentence[1:]}."


def _as_journaled(row: AccountRow) -> AccountRow:
    plan = row.what.plan
    if plan is None:
        return row
    over = over_record(plan)
    return replace(row, record=over, failed=_failure(over)) if over is not None else row


def over_record(plan: Plan) -> JournalRecord | None:
    """Return the journal of a plan; None if nothing was started or it cannot be read."""
    from iam.changes.journal import JournalError, journal_path, read_journal

    try:
        path = journal_path(plan.id)
        return read_journal(path) if path.exists() else None
    except JournalError:
        return None


def _carry_out_each(
    plans: Sequence[AccountPlan], writable: bool, stop: Event, tell: Callable[[Message], object]
) -> None:
    """Carry out the plans one after the other, each with its account's session. Stop at the first failure."""
    try:
        for each in plans:
            if each.opened is None or each.verdict is None:
                continue
            tell(AccountBegun(each.account))
            plan, reader = each.verdict.plan, each.opened.reader
            passed = each.verdict.passed(plan.type_name)
            trouble = calls_made(Order.APPLY, passed, reader, writable=writable, stop=stop, tell=tell)
            over = over_as_it_is(plan, reader, trouble)
            tell(AccountOver(each.account, over))
            if stop.is_set() or trouble or over.record is None or over.record.end is not End.APPLIED:
                return
    finally:
        tell(AllOver())
