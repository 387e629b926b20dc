"""The two panes of a role: its trust policy, and its permissions policy by policy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message
from textual.widget import Widget

from diagnostics.roles.policies import PolicyEntry, RolePolicyKind, details_state, first_to_read, policy_entries
from iam.policy.layer import Layer
from screens.session import Session
from screens.text import plural, visible
from screens.widgets.access import AccessView
from screens.widgets.document import DocumentView
from screens.widgets.pane import Pane
from screens.widgets.styles import FAINT
from screens.widgets.table import Column, Row, VirtualTable, fitted
from screens.worker_failures import ReportsFailures, run_in_thread

if TYPE_CHECKING:
    from iam.account import Account, Role
    from iam.questions.access_levels import ServiceAccess

TOGETHER = "together"
"""The ID of the list's last row, which shows the permissions of all policies on one page."""
POLICY_COLUMNS = (Column("POLICY", 20, grow=1), Column("KIND", 20))


def _together(entries: Iterable[PolicyEntry], role: Role, account: Account) -> tuple[ServiceAccess, ...]:
    """Return what the policies allow together, as far as their documents can be evaluated.

    Runs in a worker; the engine is imported only here.
    """
    from iam.policy.document import PolicyError
    from iam.policy.evaluate import ready
    from iam.policy.request import NamedPolicy, Policies
    from iam.questions.access import access
    from iam.questions.access_levels import rows

    usable: dict[Layer, list[NamedPolicy]] = {Layer.IDENTITY: [], Layer.BOUNDARY: []}
    for entry in entries:
        layer = Layer.BOUNDARY if entry.kind is RolePolicyKind.BOUNDARY else Layer.IDENTITY
        if entry.document is None:
            continue
        policy = NamedPolicy(entry.document, entry.name, entry.arn)
        try:
            ready(policy, layer)
        except PolicyError:
            continue
        usable[layer].append(policy)
    boundary = tuple(usable[Layer.BOUNDARY]) or None
    return rows(access(role, Policies(identity=tuple(usable[Layer.IDENTITY]), boundary=boundary), account))


class TrustPane(Pane):
    """The pane with the trust policy of the role."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(title="TRUST", id=id)
        self.view = DocumentView(id=f"{id}-document" if id else None)

    def compose(self) -> Iterable[Widget]:
        yield self.view

    def show(self, role: Role | None) -> None:
        self.name_it("TRUST", f"who may assume {visible(role.name)}" if role else "")
        if role is None:
            self.view.show(None)
        else:
            self.view.show(role.trust, missing="The trust policy could not be read.")


class PermissionsPane(ReportsFailures, Pane):
    """The pane with the permissions of the role: the list of its policies, and the document of the chosen one."""

    DEFAULT_CSS = """
    PermissionsPane VirtualTable { height: auto; }
    """

    @dataclass(eq=False, repr=False)
    class PolicyChosen(Message):
        """A message: another policy was selected to be shown. None means all policies together."""

        entry: PolicyEntry | None

    @dataclass(eq=False, repr=False)
    class WorkedOut(Message):
        """The worker computed what the policies allow together."""

        entries: tuple[PolicyEntry, ...]
        access: tuple[ServiceAccess, ...]

    def __init__(
        self, session: Session, *, with_together: bool = False, still: bool = False, id: str | None = None
    ) -> None:
        super().__init__(title="PERMISSIONS", id=id)
        self.with_together = with_together
        self.still = still
        self.list_height = 3
        self.together = AccessView(id=f"{id}-together" if id else None)
        self.together_for: tuple[PolicyEntry, ...] | None = None
        self.session = session
        self.entries: tuple[PolicyEntry, ...] = ()
        self.role: Role | None = None
        self.list = VirtualTable(POLICY_COLUMNS, heading=False, id=f"{id}-list" if id else None)
        self.view = DocumentView(id=f"{id}-document" if id else None)

    def compose(self) -> Iterable[Widget]:
        yield self.list
        yield self.view
        yield self.together

    def on_mount(self) -> None:
        self.together.display = False

    @property
    def chosen(self) -> PolicyEntry | None:
        row = self.list.row
        return next((entry for entry in self.entries if row and self._entry_id(entry) == row.id), None)

    @staticmethod
    def _entry_id(entry: PolicyEntry) -> str:
        return f"{entry.kind}/{entry.arn or entry.name}"

    def show(self, role: Role | None) -> None:
        """Show this role's policies. For the same role, the chosen policy stays chosen."""
        same = role is not None and self.role is not None and role.name == self.role.name
        self.role = role
        if role is None:
            self.entries = ()
            self.name_it("PERMISSIONS")
            self.list.show(())
            self.view.show(None)
            return
        self.entries = policy_entries(self.session, role)
        state = details_state(self.session, role)
        count = "" if state else plural(len(self.entries), "policy", "policies")
        self.name_it("PERMISSIONS", "what it may do", count)
        rows = [Row(self._entry_id(entry), (visible(entry.name), entry.kind_text)) for entry in self.entries]
        if self.with_together and len(self.entries) > 0:
            rows.append(Row(TOGETHER, ("all together", "by service, level"), FAINT))
        keep = same and bool(self.list.rows)
        self.list.show(rows, columns=fitted(POLICY_COLUMNS, rows))
        if not keep and rows:
            self.list.go_to(rows[first_to_read(self.entries)].id)
        self._fit_list()
        self._show_chosen()

    def let_list_grow(self, most: int) -> None:
        """Set the maximum number of policies that the list shows at once. The document gets the remaining lines."""
        if most != self.list_height:
            self.list_height = most
            self._fit_list()

    def _fit_list(self) -> None:
        height = self.list_height if self.still else min(len(self.list.rows), self.list_height)
        self.list.styles.height = height

    def _show_chosen(self) -> None:
        entry = self.chosen
        together = self.list.row is not None and self.list.row.id == TOGETHER
        self.together.display, self.view.display = together, not together
        self.list.searched = self.together if together else self.view
        if together:
            self._show_together()
        elif entry is not None:
            self.view.show(entry.document, missing=entry.missing)
        elif self.role is not None:
            state = details_state(self.session, self.role)
            self.view.show(None, missing=state or "No policies are attached: identity policies allow the role nothing.")

    def _show_together(self) -> None:
        if self.together_for == self.entries:
            return
        self.together_for = self.entries
        self.together.show(None)
        entries, role, account = self.entries, self.role, self.session.account
        if role is None or account is None:
            return
        run_in_thread(self, lambda: self._work_out(entries, role, account), "together")

    def _work_out(self, entries: tuple[PolicyEntry, ...], role: Role, account: Account) -> None:
        self.post_message(self.WorkedOut(entries, _together(entries, role, account)))

    def on_permissions_pane_worked_out(self, message: WorkedOut) -> None:
        message.stop()
        if message.entries != self.together_for:
            return
        notes = [f"Not included: {visible(entry.missing)}" for entry in message.entries if entry.missing]
        notes += [
            f"Limited to what the boundary {visible(entry.name)} allows."
            for entry in message.entries
            if entry.kind is RolePolicyKind.BOUNDARY and entry.document is not None
        ]
        self.together.show(message.access, notes)

    def step(self, by: int) -> None:
        """Choose the next or the previous policy."""
        if self.list.rows:
            index = (self.list.cursor + by) % len(self.list.rows)
            self.list.go_to(self.list.rows[index].id)

    def on_virtual_table_chosen(self, message: VirtualTable.Chosen) -> None:
        message.stop()
        self.screen.set_focus(self.together if self.together.display else self.view)

    def on_virtual_table_moved(self, message: VirtualTable.Moved) -> None:
        message.stop()
        self._show_chosen()
        self.post_message(self.PolicyChosen(self.chosen))
