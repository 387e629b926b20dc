"""Choose which account of the organization to show. Accounts that were not read are listed with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual.widget import Widget
from textual.widgets import Input

from screens.messages import ViewAccount
from screens.session import Session
from screens.text import ago, plural, visible
from screens.widgets.form.line_input import AnswerInput
from screens.widgets.modal import ListWindow, WholeDetail
from screens.widgets.pane import Pane
from screens.widgets.styles import PLAIN, WARN
from screens.widgets.table import Column, Row, VirtualTable, fitted

if TYPE_CHECKING:
    from iam.organization.accounts import Accounts, Standing

COLUMNS = (
    Column("NAME", 12, grow=3, most=40),
    Column("ACCOUNT", 12),
    Column("UNIT", 8, grow=2, most=40),
    Column("READ", 12, grow=4, most=60),
)

MOST_ACCOUNTS = 13
"""The maximum number of accounts that are visible at once; the others scroll."""


class AccountsScreen(ListWindow[None]):
    DEFAULT_CSS = """
    AccountsScreen > Pane { width: 96%; max-width: 120; }
    """
    AUTO_FOCUS = "Input"

    def __init__(self, session: Session) -> None:
        super().__init__("Accounts")
        self.session = session

    def compose_inside(self) -> Iterable[Widget]:
        yield AnswerInput("", placeholder="part of a name, number or unit")
        table = VirtualTable(COLUMNS, sorts=True)
        table.styles.height, table.lit_while_typing = 1 + min(self._number(), MOST_ACCOUNTS), True
        yield table
        yield WholeDetail()

    def _number(self) -> int:
        accounts = self.session.accounts
        return len({*accounts.ids, *(each.id for each in accounts.missing)}) if accounts is not None else 1

    def on_mount(self) -> None:
        self._show()
        if self.session.account is not None:
            self.query_one(VirtualTable).go_to(self.session.account.id)

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self._show()

    def _show(self) -> None:
        accounts = self.session.accounts
        if accounts is None:
            return
        words = self.query_one(Input).value.lower().split()
        missing = {each.id: each for each in accounts.missing}
        rows = [self._row(id, accounts, missing.get(id)) for id in dict.fromkeys((*accounts.ids, *missing))]
        shown = [row for row in rows if all(any(word in cell.lower() for cell in row.cells) for word in words)]
        table = self.query_one(VirtualTable)
        table.show(shown, empty="No account matches.", columns=fitted(COLUMNS, shown))
        unread = f", {len(missing)} not read" if missing else ""
        self.query_one(Pane).name_it("Accounts", "", f"{plural(len(rows), 'account')}{unread}")

    def _row(self, id: str, accounts: Accounts, unread: Standing | None) -> Row:
        tree = accounts.tree
        units = tree.path_of(id) if tree is not None and tree.member(id) is not None else None
        named = [tree.unit(unit) for unit in units or ()] if tree is not None else []
        unit = "/".join(each.name or each.id for each in named if each is not None) or ("Root" if units else "")
        here = self.session.account
        state = "in view" if here is not None and here.id == id else ""
        if here is not None and here.id == id and here.captured_at is not None:
            state += f", saved {ago(here.captured_at, datetime.now(UTC))} ago"
        cells = (accounts.name_of(id), id, unit, f"not read: {unread.why}" if unread is not None else state)
        return Row(id, tuple(map(visible, cells)), WARN if unread is not None else PLAIN)

    def on_virtual_table_chosen(self, message: VirtualTable.Chosen) -> None:
        message.stop()
        self._choose(message.row.id)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        if (row := self.query_one(VirtualTable).row) is not None:
            self._choose(row.id)

    def _choose(self, account: str) -> None:
        self.app.post_message(ViewAccount(account, chosen=True))
        self.dismiss(None)
