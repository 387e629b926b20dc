"""The role list, with a preview of the role under the cursor."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import Worker, get_current_worker

from diagnostics.roles.filter import HELP, RoleFilter, describe, parse_filter
from diagnostics.roles.rows import RoleRow, in_account, make_row, make_rows, sort_name, sort_rows, with_findings
from screens.commands import Command, CommandSituation, bindings, every, with_account, with_role
from screens.frame.base import PANES
from screens.messages import AccountChosen, OpenRole, PolicyRead, RoleRead, ViewAccount
from screens.role.acting import ActsOnRole, role_commands
from screens.role.brief import RoleInBrief
from screens.roles.empty import empty_text
from screens.roles.preview import PREVIEW_BESIDE_FROM, PREVIEW_DELAY, PREVIEW_FROM, RolePreview
from screens.roles.rows import TableRows, table_columns
from screens.session import Session
from screens.text import marks, plural, visible
from screens.widgets.line import Line
from screens.widgets.pane import Pane
from screens.widgets.styles import FAINT, KEY, PLAIN, WARN
from screens.widgets.table import VirtualTable
from screens.worker_failures import run_in_thread

if TYPE_CHECKING:
    from textual.widget import AwaitMount

    from diagnostics.review.finding import Finding
    from diagnostics.roles.able import AbleRoles
    from diagnostics.roles.named_actions import ActionSearch
    from iam.account import Account, Role
    from iam.organization.accounts import Accounts
    from iam.sources.reader.opened import OpenedAccount
    from screens.widgets.form.filter_input import FilterInput


def two_marked(situation: CommandSituation) -> str:
    return (
        ""
        if situation.marked == 2
        else f"Mark two roles with space first: {situation.marked} {'is' if situation.marked == 1 else 'are'} marked."
    )


COMMANDS = (
    Command("roles.filter", "/", "filter", "Filter the list; the terms are listed below.", show_in_footer=True),
    Command(
        "roles.mark",
        "space",
        "mark",
        "Mark or unmark, and go down.",
        show_in_footer=True,
        allowed=with_role,
    ),
    Command(
        "roles.compare",
        "c",
        "compare",
        "Compare the two marked roles.",
        allowed=every(with_account, two_marked),
        show_in_footer=True,
    ),
    Command("roles.open", "", "open role", "Show the role's trust and permissions side by side.", allowed=with_role),
    Command("roles.filters", "F", "saved filters", "Open a saved filter, or save this one."),
    Command(
        "roles.assumable",
        "",
        "roles I may assume",
        "List the roles that you may assume (filter assume:me); press a to see how.",
        allowed=with_account,
    ),
    *role_commands("roles", in_footer=False),
    Command("roles.sort", "s", "sort", "Sort by the next column.", show_in_footer=True, allowed=with_account),
    Command("roles.sort-other-way", "S", "sort the other way", "Reverse the order.", allowed=with_account),
    Command("roles.export", "e", "export", "Save the list as Markdown, CSV or JSON.", allowed=with_account),
    Command(
        "roles.back",
        "escape",
        "back",
        "Stop what is running and clear the filter; if there is neither, unmark all roles.",
        show_in_footer=True,
        palette=False,
    ),
)


SearchPart = tuple["ActionSearch", list["Role"], Sequence["AbleRoles"]]
"""The part of a search in one account: the search, its roles, and which of them are effectively allowed the action."""

SearchKey = tuple[int, tuple[str, ...], tuple[str, ...], tuple[str, ...], str, tuple[str, ...]]
"""The input of a search. A running search with a different input is outdated.

It consists of the account's identity, the actions that policies name, the actions that roles can perform, the
principals that may assume them, the assumptions, and the roles that pass the other words of the filter.
"""


@dataclass(eq=False, repr=False)
class RowsMade(Message):
    account: Account
    rows: dict[str, RoleRow]


@dataclass(eq=False, repr=False)
class AccountsListed(Message):
    """The worker created the rows of further accounts. ``left`` is the number of accounts still to be read."""

    rows: dict[str, dict[str, RoleRow]]
    left: int


class CameToRest(Message):
    """The cursor and the terminal's size have not changed for a while."""


@dataclass(eq=False, repr=False)
class ActionSearchProgress(Message):
    """The search for actions made progress: the roles found so far, and whether it is finished."""

    key: SearchKey
    found: frozenset[str]
    searched: int
    unread: int
    done: bool
    problem: str = ""


FILTER_HINT = "filter: a name, or assume:me"
"""The hint in the empty filter. The help lists every term."""
SECONDS_BETWEEN_ACCOUNTS = 0.5
"""The seconds between two additions of other accounts' rows to the list."""


def _account_of(arn: str) -> str:
    from iam.arn import account_of  # not needed for the first frame

    return account_of(arn) or ""


def _in_account(rows: dict[str, RoleRow], id: str, name: str) -> dict[str, RoleRow]:
    return {each: in_account(row, id, name) for each, row in rows.items()}


def _by_account(accounts: Accounts, roles: Sequence[Role]) -> Iterator[tuple[OpenedAccount, list[Role]]]:
    """Yield the roles by account. Each account is opened once; accounts that cannot be opened are left out."""
    found: dict[str, list[Role]] = {}
    for role in roles:
        found.setdefault(_account_of(role.arn), []).append(role)
    for id, its in found.items():
        if (opened := accounts.opened(id)) is not None:
            yield opened, its


class RolesScreen(ActsOnRole):
    MODE = "roles"
    AUTO_FOCUS = "#roles"
    DECLARED = (*COMMANDS, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)
    DEFAULT_CSS = """
    RolesScreen #filter-line { height: 1; }
    RolesScreen #filter-sign { width: 3; }
    RolesScreen #filter { width: 1fr; }
    RolesScreen #half-done, RolesScreen #attention { display: none; }
    RolesScreen #count { width: 60%; padding-right: 1; }
    RolesScreen #preview { height: 40%; min-height: 12; }
    RolesScreen.-broad #roles-body { layout: horizontal; }
    RolesScreen.-broad #list { width: 3fr; }
    RolesScreen.-broad #preview { width: 2fr; height: 1fr; layout: vertical; }
    RolesScreen #in-brief { display: none; }
    RolesScreen.-low #preview { display: none; }
    RolesScreen.-low #in-brief { display: block; }
    """

    def __init__(self, session: Session, *, filter_words: str = "") -> None:
        super().__init__(session)
        self.rows: dict[str, RoleRow] = {}
        self.made_for: Account | None = None
        self.making = False
        self.shown: list[RoleRow] = []
        self.sorted: list[RoleRow] = []
        self.sort_column, self.descending = 0, False
        self.filter = RoleFilter()
        self.filter_words = filter_words
        self._sought = ""
        """The filter for which the cursor was last put on the closest role."""
        self._resting: asyncio.TimerHandle | None = None
        self._field: FilterInput | None = None
        self._mounting: AwaitMount | None = None
        self.search: ActionSearchProgress | None = None
        self.findings: Mapping[str, tuple[Finding, ...]] | None = None
        self.listed: dict[str, dict[str, RoleRow]] = {}
        """In an organization, the rows by account, including those of the account in view."""
        self.listed_of: dict[str, Account] = {}
        """For each account that was in view, the account state that its rows show."""
        self.listing: set[str] = set()
        """The accounts whose rows are in the list or are still being created."""
        self.accounts_left = 0
        """Accounts whose rows are still to be created."""

    def compose_body(self) -> Iterable[Widget]:
        with Vertical(id="roles-body"):
            with Pane(title="Roles", id="list", classes="-bare"):
                with Horizontal(id="filter-line"):
                    yield Line([(" / ", KEY)], id="filter-sign")
                    yield Line(
                        [(visible(self.filter_words), PLAIN) if self.filter_words else (FILTER_HINT, FAINT)],
                        id="filter-room",
                    )
                    yield Line(id="count", right=True)
                yield Line(id="attention")
                yield Line(id="half-done")
                yield VirtualTable(table_columns(()), id="roles")
            yield RolePreview(self.session, id="preview")
        yield RoleInBrief(self.session, id="in-brief")

    def words(self) -> str:
        lines = "\n".join(f"{word:<22}{meaning}" for word, meaning in HELP)
        return f"Each word of the filter narrows the list further.\n{lines}"

    # Parts

    @property
    def table(self) -> VirtualTable:
        return self.query_one("#roles", VirtualTable)

    @property
    def preview(self) -> RolePreview:
        return self.query_one("#preview", RolePreview)

    def on_mount(self) -> None:
        self.table.sort_mark(self.sort_column, self.descending)
        self.show_count()

    def is_up(self) -> None:
        self.call_next(self.filter_field)

    async def filter_field(self) -> FilterInput:
        """Return the filter's input. The input replaces a similar-looking line that can be shown much sooner."""
        if self._field is None:
            from screens.widgets.form.filter_input import FilterInput

            self._field = FilterInput(self.filter_words, id="filter", placeholder=FILTER_HINT)
            with self.app.batch_update():
                room = self.query_one("#filter-room")
                self._mounting = self.query_one("#filter-line").mount(self._field, before=room)
                await room.remove()
        if self._mounting is not None:
            await self._mounting
        return self._field

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.height < PREVIEW_FROM, "-low")
        self.set_class(event.size.width >= PREVIEW_BESIDE_FROM, "-broad")
        self.show_documents()
        self.show_preview_soon()

    def role_in_attention(self) -> Role | None:
        row = self.table.row if self.is_mounted else None
        if row is None:
            return None
        role = self.session.role(row.id)
        if role is None and self.listed:  # the role is in an account that is not in view yet
            its = self.listed.get(_account_of(row.id), {}).values()
            role = next((each.role for each in its if each.id == row.id), None)
        return role

    def roles_to_change(self) -> Sequence[str]:
        account = self.session.account
        if not self.listed or account is None:
            return sorted(self.table.marked) or super().roles_to_change()
        if by_account := self.roles_by_account():
            return [name for names in by_account.values() for name in names]
        its = self.listed.get(account.id, {}).values()
        marked = sorted(row.role.name for row in its if row.id in self.table.marked)
        return marked or super().roles_to_change()

    def roles_by_account(self) -> Mapping[str, Sequence[str]]:
        found = {
            account: sorted(row.role.name for row in rows.values() if row.id in self.table.marked)
            for account, rows in self.listed.items()
        }
        found = {account: names for account, names in found.items() if names}
        view = self.session.account
        return {} if view is not None and set(found) <= {view.id} else found

    def situation(self) -> CommandSituation:
        return CommandSituation(
            self.session, self.role_in_attention(), len(self.table.marked) if self.is_mounted else 0
        )

    def why_not(self, command: Command) -> str:
        objection = super().why_not(command)
        if not objection and command.action == "back" and self.is_mounted and not self.leavable:
            return "This is the first screen: q quits."
        return objection

    @property
    def leavable(self) -> bool:
        """Whether escape has something to do: a filter to leave, work to stop, or a role to unmark."""
        return self.making_plan or self.filtering_or_working or bool(self.table.marked)

    @property
    def filtering_or_working(self) -> bool:
        return bool(self.filter_words) or self.focused is not self.table or self._working

    @property
    def _working(self) -> bool:
        return any(worker.group in ("details", "actions") and not worker.is_finished for worker in self.workers)

    @property
    def marked_words(self) -> str:
        """The number of marked roles and of those that the filter hides, in words."""
        marked = self.table.marked
        hidden = len(marked & {row.id for row in self.sorted}) - len(marked & {row.id for row in self.shown})
        return f"{len(marked)} marked" + (f", {hidden} hidden" if hidden else "")

    def title_of(self, command: Command) -> str:
        """Return the title of a command. The title of ``escape`` is what the next key press does."""
        if command.action != "back" or not self.is_mounted:
            return super().title_of(command)
        if self.making_plan:
            return "stop"
        if not self.filtering_or_working:
            return f"unmark {len(self.table.marked)}"
        if self._field is not None and self._field.replaces:
            return "former filter"
        return "clear filter" if self.filter_words else "stop" if self._working else "to the list"

    @property
    def rows_come(self) -> bool:
        """Whether no row is shown yet because the first rows of this account are being created."""
        return not self.rows and self.made_for is not self.session.account

    @property
    def empty_text(self) -> str:
        looking = self.search is not None and not self.search.done
        return empty_text(self.session, bool(self.rows), looking, self.filter_words, rows_come=self.rows_come)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.worker.is_finished:
            self.refresh_bindings()  # escape may have nothing left to stop

    # Rows

    def session_changed(self) -> None:
        account = self.session.account
        self._list_renewed()
        if account is not None and self.listed_of.get(account.id) is account:
            self.made_for, self.rows = account, self.listed[account.id]
        elif account is not None and account is not self.made_for and not self.making:
            self.making = True
            run_in_thread(self, lambda: self._make(account, dict(self.rows)), "rows", exclusive=False)
        self.take_details()
        self.take_findings()
        if account is None:
            self.table.show((), empty=self.empty_text)
        self.show_count()
        self.show_half_done()
        self.show_attention()
        self.show_preview()

    def on_account_chosen(self, message: AccountChosen) -> None:
        message.stop()
        first = self._first_of(message.account)
        if first is None and self.filter_words:
            # The filter hides all of the account's roles, and the cursor would bring another account into view again.
            self.filter_words = ""
            self.narrow()
            self.take_filter("")
            first = self._first_of(message.account)
        if first is not None:
            self.table.go_to(first)

    def _first_of(self, account: str) -> str | None:
        """Return the ID of the first row from an account; None if there is none."""
        return next((row.id for row in self.shown if row.account and row.account[0] == account), None)

    def take_details(self) -> None:
        """Update the rows of roles that were listed by name only and were read in the meantime."""
        account, changed = self.session.account, False
        for name, reading in self.session.roles_read.items():
            row, role = self.rows.get(name), reading.value
            if account is not None and row is not None and role is not None and not row.known and role.has_details:
                fuller = make_row(role, account, self.session.now, self.session.break_glass)
                self.rows[name] = fuller if row.account is None else in_account(fuller, *row.account)
                changed = True
        if changed:
            self.sort()

    def take_findings(self) -> None:
        """Show the review's new findings in the rows."""
        findings = self.session.findings
        if findings is self.findings or not self.rows:
            return
        self.findings = findings
        self.rows = self._with_findings(self.rows)
        if self.listed and self.session.account is not None:
            self.listed[self.session.account.id] = self.rows
        self.sort()

    def _with_findings(self, rows: dict[str, RoleRow]) -> dict[str, RoleRow]:
        found = self.findings
        if found is None:  # a change of this run has made the findings outdated
            return {name: with_findings(row, None) if row.cells[-1] else row for name, row in rows.items()}
        return {name: with_findings(row, found.get(row.role.arn, ())) for name, row in rows.items()}

    def show_attention(self) -> None:
        """Show the summary of Start in one line, with the counts known so far."""
        session, line = self.session, self.query_one("#attention", Line)
        walk = session.recent
        known = session.findings is not None or walk is not None
        words: list[str] = []
        if known and session.account is not None:
            from screens.diagnose.recent.walk import Walk
            from screens.start.lines import counts

            findings = [one for each in (session.findings or {}).values() for one in each]
            progress = walk.progress if isinstance(walk, Walk) else None
            words = counts(findings if session.findings is not None else None, progress, session.now)
        if drafts := session.typed.counted:
            words.append(visible(drafts))
        line.show(
            (f" {f' {marks().dot} '.join(words)}", WARN), (f" {marks().dot} ", FAINT), ("0", KEY), (": Start", FAINT)
        )
        if line.display != bool(words):
            line.display = bool(words)
            self.show_count()

    def show_half_done(self) -> None:
        """Show one line about a change that was interrupted, in this run or in one that crashed."""
        changes = self.session.unfinished
        line = self.query_one("#half-done", Line)
        line.display = bool(changes)
        if changes:
            more = f", and {len(changes) - 1} more" if len(changes) > 1 else ""
            state = changes[0].sentence_at(self.session.shown_time)
            words = f" ! unfinished: {visible(changes[0].plan.title)} ({state}{more})"
            line.show((words, WARN), ("  :resume", KEY), (" resumes it or rolls it back", FAINT))

    def _make(self, account: Account, known: dict[str, RoleRow]) -> None:
        rows = make_rows(account, self.session.now, known, self.session.break_glass)
        if (accounts := self.session.accounts) is not None:
            rows = _in_account(rows, account.id, accounts.name_of(account.id))
        self.post_message(RowsMade(account, rows))

    def _list_accounts(self, accounts: Accounts, wanted: Sequence[str]) -> None:
        """Create the rows of the other accounts in a worker; each account is opened once."""
        worker, now, break_glass = get_current_worker(), self.session.now, self.session.break_glass
        found: dict[str, dict[str, RoleRow]] = {}
        reported = monotonic()
        for left, id in enumerate(wanted, start=1 - len(wanted)):
            if worker.is_cancelled:
                return
            opened = accounts.opened(id)
            if opened is not None:
                rows = make_rows(opened.account, now, {}, break_glass)
                found[id] = _in_account(rows, id, accounts.name_of(id))
            if monotonic() - reported > SECONDS_BETWEEN_ACCOUNTS or not left:
                self.post_message(AccountsListed(found, -left))
                found, reported = {}, monotonic()

    def _list_renewed(self) -> None:
        """Create the rows again for accounts that a plan changed while another one was in view."""
        accounts, renewed = self.session.accounts, [id for id in self.session.renewed if id in self.listed]
        self.session.renewed.clear()
        for id in renewed:
            self.listed_of.pop(id, None)
        if accounts is not None and renewed:
            self.accounts_left = len(renewed)
            run_in_thread(self, lambda: self._list_accounts(accounts, renewed), "accounts", exclusive=False)

    def on_accounts_listed(self, message: AccountsListed) -> None:
        message.stop()
        self.listed |= message.rows
        self.accounts_left = message.left
        self.sort()

    def on_rows_made(self, message: RowsMade) -> None:
        message.stop()
        self.making = False
        self.made_for, self.rows = message.account, self._with_findings(message.rows)
        accounts = self.session.accounts
        if accounts is not None:
            self.listed[message.account.id] = self.rows
            self.listed_of[message.account.id] = message.account
            wanted = [id for id in accounts.at_hand if id not in self.listing]
            self.listing.update((message.account.id, *wanted))
            wanted = [id for id in wanted if id not in self.listed]
            if wanted:
                self.accounts_left = len(wanted)
                run_in_thread(self, lambda: self._list_accounts(accounts, wanted), "accounts", exclusive=False)
        self.sort()
        if self.session.account is not self.made_for:
            # A more complete state of the account arrived meanwhile: its rows are next.
            self.session_changed()

    @property
    def every_row(self) -> list[RoleRow]:
        """The rows of the account, or of every account of an organization that was read so far."""
        if self.session.accounts is None:
            return list(self.rows.values())
        return [row for rows in self.listed.values() for row in rows.values()]

    def sort(self) -> None:
        rows = self.every_row
        self.table.columns = table_columns(rows)
        ordered = sort_rows(rows, self.sort_column, self.descending)
        self.sorted = sorted(ordered, key=lambda row: row.role.service_owned)  # AWS's own roles come last
        self.table.sort_mark(self.sort_column, self.descending)
        self.narrow()

    def narrow(self) -> None:
        """Show only the rows that match the filter."""
        self.filter = parse_filter(self.filter_words, self.session.now)
        self.shown = self.filter.apply(self.sorted)
        if self.filter.searches:
            self.shown = self.with_named_actions(self.shown)
        else:
            self.search = None
            self.workers.cancel_group(self, "actions")
        self.table.show(TableRows(self.shown, self.session.now), empty=self.empty_text)
        self._go_to_closest()
        self.show_count()
        self.show_preview_soon()  # the role or the space for the preview may have changed
        self.refresh_bindings()

    def renew_ages(self) -> None:
        rows, top = TableRows(self.shown, self.session.now), self.table.scroll_offset.y
        seen = slice(top, top + max(self.table.lines_in_sight, 0))
        if [row.cells for row in rows[seen]] != [row.cells for row in self.table.rows[seen]]:
            self.table.show(rows)

    def _go_to_closest(self) -> None:
        """Put the cursor on the role whose name is closest to the filter's words.

        This is done once for each change of the filter.
        """
        if self._sought == self.filter_words or not self.shown:
            return
        self._sought = self.filter_words
        row = self.table.row
        current = next((each for each in self.shown if row is not None and each.id == row.id), None)
        closest = self.filter.closest(self.shown, current)
        if closest is not None:
            self.table.go_to(closest.id)

    def with_named_actions(self, rows: list[RoleRow]) -> list[RoleRow]:
        """Return the rows that match the filter's search for actions, among those searched so far."""
        account, reader, session = self.session.account, self.session.reader, self.session
        if account is None or reader is None:
            return []
        wanted, assumptions = self.filter, session.assumptions
        names = tuple(row.id for row in rows)
        shown = frozenset(map(id, self.listed_of.values())) or id(account)
        key: SearchKey = (hash(shown), wanted.actions, wanted.can, wanted.assume, str(assumptions), names)
        if self.search is None or self.search.key != key:
            self.search = ActionSearchProgress(key, frozenset(), 0, 0, False)
            from diagnostics.roles.named_actions import ActionSearch

            roles_read, policies_read = session.roles_read, session.policies_read
            search = ActionSearch(
                account,
                reader,
                roles_read,
                policies_read,
                lambda name, reading: self.app.post_message(RoleRead(name, reading, roles_read)),
                lambda arn, reading: self.app.post_message(PolicyRead(arn, reading, policies_read)),
            )
            roles = [row.role for row in rows]

            def parts() -> Iterator[SearchPart]:
                from diagnostics.roles.able import filtered_roles

                if session.accounts is None:
                    yield search, roles, filtered_roles(account, reader, wanted, assumptions)
                    return
                for opened, its in _by_account(session.accounts, roles):
                    able = filtered_roles(opened.account, opened.reader, wanted, assumptions)
                    unkept = ActionSearch(opened.account, opened.reader, {}, {}, lambda *_: None, lambda *_: None)
                    yield unkept, its, able

            run_in_thread(self, lambda: self._search_actions(parts, key), "actions")
        found = self.search.found
        return [row for row in rows if row.role.arn in found]

    def _search_actions(self, parts: Callable[[], Iterator[SearchPart]], key: SearchKey) -> None:
        from iam.questions.who_can import QuestionError

        worker = get_current_worker()

        def stopped() -> bool:
            return worker.is_cancelled

        found: set[str] = set()
        searched, unread, reported = 0, 0, monotonic()
        try:
            for search, roles, able in parts():
                if stopped():
                    return
                unread += sum(any(role.name in each.unknown for each in able) for role in roles)
                left = [role for role in roles if all(role.name in each.may for each in able)]
                if not key[1]:
                    found |= {role.arn for role in left}
                    searched += len(left)
                for answer in search.search(left, key[1]) if key[1] else ():
                    if stopped():
                        return
                    searched += 1
                    unread += not answer.names and not answer.complete
                    if answer.names:
                        found.add(answer.role)
                    if monotonic() - reported > 0.3:
                        reported = monotonic()
                        self.post_message(ActionSearchProgress(key, frozenset(found), searched, unread, False))
        except QuestionError as error:
            self.post_message(ActionSearchProgress(key, frozenset(), 0, 0, True, str(error)))
            return
        self.post_message(ActionSearchProgress(key, frozenset(found), searched, unread, True))

    def on_action_search_progress(self, message: ActionSearchProgress) -> None:
        message.stop()
        if self.search is not None and self.search.key == message.key:
            self.search = message
            self.narrow()

    def show_count(self) -> None:
        session, line = self.session, self.query_one("#count", Line)
        if session.failure and session.account is None:
            line.show(("no account", WARN))
            return
        if problem := self.filter.problem or (self.search.problem if self.search is not None else ""):
            line.show((visible(problem), WARN))
            return
        if session.account is None or (self.rows_come and not session.account.progress):
            line.show(("reading the account ...", FAINT))
            return
        more = [] if self.table.marked else [f"sorted by {sort_name(self.sorted, self.sort_column)}"]
        if self.listed:
            accounts = self.session.accounts
            missing = len(accounts.missing) if accounts is not None else 0
            read = plural(len(self.listed), "account") + (f" ({missing} not read)" if missing else "")
            more.insert(0, f"{read}, {self.accounts_left} to come" if self.accounts_left else read)
        if self.search is not None and not self.search.done:
            more = [f"{self.search.searched:,} searched ..."]
        elif self.search is not None and self.search.unread:
            more = [f"{plural(self.search.unread, 'role')} not readable, so not counted"]
        unknown = sum(not row.known for row in self.every_row) if self.filter.needs_details else 0
        if unknown:
            more = [f"{plural(unknown, 'role')} not read yet, so not counted"]
        if session.account.progress:
            more = ["not all were read" if session.failure else visible(session.account.progress)]
        if self.table.marked:
            more.insert(0, self.marked_words)
        whole = len(self.shown) == len(self.sorted)
        if whole and not session.account.progress and not self.query_one("#attention", Line).display:
            more.append("0: Start")
        line.show((describe(self.filter, len(self.shown), len(self.sorted), more), FAINT))

    # The preview

    def on_role_preview_filled(self, message: RolePreview.Filled) -> None:
        message.stop()
        self.show_documents()

    def on_virtual_table_moved(self, message: VirtualTable.Moved) -> None:
        if message.table is self.table:
            message.stop()
            self.show_preview_soon()

    def show_preview_soon(self) -> None:
        # Not one of Textual's timers, which create a task each time. A delayed call that is canceled never wakes the
        # event loop.
        if self._resting is not None:
            self._resting.cancel()
        self._resting = asyncio.get_running_loop().call_later(PREVIEW_DELAY, self.post_message, CameToRest())

    def on_came_to_rest(self, message: CameToRest) -> None:
        message.stop()
        self._resting = None
        if self.app.is_running:  # otherwise the parts of the screen have been removed already
            if (account := self.account_elsewhere) is None:
                self.show_preview()
            elif self.in_view:  # otherwise another screen shows a plan or a finding of the account in view
                self.app.post_message(ViewAccount(account, wanted=lambda: self.in_view))
            self.refresh_bindings()

    @property
    def account_elsewhere(self) -> str | None:
        """The account of the row under the cursor if it is not the account in view; else None."""
        row, account = self.table.row, self.session.account
        if row is None or account is None or not self.listed:
            return None
        number = _account_of(row.id)
        return number if number != account.id else None

    def show_preview(self) -> None:
        if not self.in_view or self.account_elsewhere is not None:
            return
        role = self.role_in_attention()
        if self.has_class("-low"):
            brief = self.query_one(RoleInBrief)
            brief.show(role, self.table.size.height + brief.size.height - self.table.top - len(self.shown))
        else:
            self.preview.show(role)
        if role is not None:
            self.load(role)

    # Commands

    def on_virtual_table_chosen(self, message: VirtualTable.Chosen) -> None:
        if message.table is self.table:
            message.stop()
            opening = OpenRole(message.row.id)
            elsewhere = self.account_elsewhere
            self.app.post_message(opening if elsewhere is None else ViewAccount(elsewhere, opening))

    def action_open(self) -> None:
        self.table.action_choose()

    async def action_filter(self) -> None:
        # Not `focus`, which takes effect later: text typed right after the key belongs into the input.
        (await self.filter_field()).open()

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        if message.value != self.filter_words:
            self.filter_words = message.value
            self.narrow()

    def action_filters(self) -> None:
        from screens.roles.saved_filters import choose_filter

        path = self.session.filters_path
        if path is not None:
            choose_filter(self, path, self.filter_words, self.take_filter)

    def take_filter(self, words: str) -> None:
        """Filter by this text, as if it had been typed."""

        async def take() -> None:
            (await self.filter_field()).value = words
            self.set_focus(self.table)

        self.call_next(take)

    def action_assumable(self) -> None:
        self.take_filter("assume:me")

    def assumptions_changed(self) -> None:
        if self.filter.can or self.filter.assume:
            self.narrow()

    def action_sort(self) -> None:
        self.sort_column, self.descending = (self.sort_column + 1) % len(self.table.columns), False
        self.sort()

    def action_sort_other_way(self) -> None:
        self.descending = not self.descending
        self.sort()

    def on_virtual_table_heading_clicked(self, message: VirtualTable.HeadingClicked) -> None:
        message.stop()
        self.descending = not self.descending if message.column == self.sort_column else False
        self.sort_column = message.column
        self.sort()

    async def action_compare(self) -> None:
        from screens.roles.compare import CompareScreen

        left, right = (row.id for row in self.sorted if row.id in self.table.marked)
        session, accounts = self.session, self.session.accounts
        others: dict[str, Session] = {}
        for arn in (left, right) if accounts is not None and session.account is not None else ():
            number = _account_of(arn)
            if accounts is None or session.account is None or number == session.account.id:
                continue
            opened = await asyncio.to_thread(accounts.opened, number)
            if opened is None:
                self.say(f"{accounts.standing(number).words} could not be opened.", trouble=True)
                return
            others[arn] = Session(opened.account, opened.reader, review_limits=session.review_limits)
        if not self.in_view:
            return  # the operator moved on while the account was being opened
        self.app.push_screen(CompareScreen(session, left, right, others))

    def action_copy(self) -> None:
        from screens.copy.menu import copy_menu
        from screens.role.copies import role_copies

        role = self.role_in_attention()
        if role:
            copy_menu(self, role_copies(role, self.preview.policy_of(role), None))

    def action_versions(self) -> None:
        role = self.role_in_attention()
        self.show_versions(self.preview.policy_of(role) if role else None, "Open the role to choose another policy.")

    def action_export(self) -> None:
        from screens.export.menu import export_menu
        from screens.roles.export import roles_export

        export_menu(self, roles_export(self.session, self.shown))

    def action_mark(self) -> None:
        row = self.table.row
        if row:
            self.table.mark(self.table.marked ^ {row.id})
            self.table.action_down()
            self.show_count()
            self.refresh_bindings()

    async def action_back(self) -> None:
        if self.stop_planning():
            return
        if not self.filtering_or_working:
            self.table.mark(frozenset())
            self.show_count()
            self.refresh_bindings()
            return
        field = await self.filter_field()
        if field.value or field.replaces:
            field.value = field.before if field.replaces else ""
        for group in ("details", "actions"):
            self.workers.cancel_group(self, group)
        self.set_focus(self.table)
