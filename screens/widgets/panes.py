"""The two halves of a role: its trust policy, and its permissions policy by policy."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget

from iam.account import Role
from screens.role_policies import PolicyEntry, details_state, first_to_read, policy_entries
from screens.session import Session
from screens.text import plural, visible
from screens.widgets.document import DocumentView
from screens.widgets.line import Line
from screens.widgets.look import FAINT, STRONG
from screens.widgets.table import Column, Row, VirtualTable


class TrustPane(Vertical):
    """Who may assume the role."""

    DEFAULT_CSS = "TrustPane { width: 1fr; height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.view = DocumentView(id=f"{id}-document" if id else None)

    def compose(self) -> Iterable[Widget]:
        yield Line([(" TRUST", STRONG), ("  who may assume it", FAINT)])
        yield self.view

    def show(self, role: Role | None) -> None:
        if role is None:
            self.view.show(None)
        else:
            self.view.show(role.trust, missing="The trust policy is not readable from here.")


class PermissionsPane(Vertical):
    """What the role may do: the list of its policies, and the document of the chosen one."""

    DEFAULT_CSS = """
    PermissionsPane { width: 1fr; height: 1fr; }
    PermissionsPane VirtualTable { height: auto; max-height: 5; }
    """

    class PolicyChosen(Message):
        """Another policy's document is shown."""

        def __init__(self, entry: PolicyEntry | None) -> None:
            super().__init__()
            self.entry = entry

    def __init__(self, session: Session, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.session = session
        self.entries: tuple[PolicyEntry, ...] = ()
        self.role: Role | None = None
        self.heading = Line()
        self.list = VirtualTable(
            (Column("POLICY", 20, grow=1), Column("KIND", 20)), heading=False, id=f"{id}-list" if id else None
        )
        self.view = DocumentView(id=f"{id}-document" if id else None)

    def compose(self) -> Iterable[Widget]:
        yield self.heading
        yield self.list
        yield self.view

    @property
    def chosen(self) -> PolicyEntry | None:
        row = self.list.row
        return next((entry for entry in self.entries if row and self._id(entry) == row.id), None)

    @staticmethod
    def _id(entry: PolicyEntry) -> str:
        return f"{entry.kind}/{entry.arn or entry.name}"

    def show(self, role: Role | None) -> None:
        """Show this role's policies; the chosen one stays chosen while the role is the same."""
        same = role is not None and self.role is not None and role.name == self.role.name
        self.role = role
        if role is None:
            self.entries = ()
            self.heading.show("")
            self.list.show(())
            self.view.show(None)
            return
        self.entries = policy_entries(self.session, role)
        state = details_state(self.session, role)
        count = "" if state else f"  {plural(len(self.entries), 'policy', 'policies')}"
        self.heading.show((" PERMISSIONS", STRONG), ("  what it may do", FAINT), (count, FAINT))
        rows = [Row(self._id(entry), (visible(entry.name), entry.kind_text)) for entry in self.entries]
        keep = same and bool(self.list.rows)
        self.list.show(rows)
        if not keep and rows:
            self.list.go_to(rows[first_to_read(self.entries)].id)
        self.list.styles.height = min(len(rows), 5)
        self._show_chosen()

    def _show_chosen(self) -> None:
        entry = self.chosen
        if entry is not None:
            self.view.show(entry.document, missing=entry.missing)
        elif self.role is not None:
            state = details_state(self.session, self.role)
            self.view.show(None, missing=state or "No policies are attached: by identity policies it may do nothing.")

    def step(self, by: int) -> None:
        """Choose the next or the previous policy."""
        if self.list.rows:
            index = (self.list.cursor + by) % len(self.list.rows)
            self.list.go_to(self.list.rows[index].id)

    def on_virtual_table_moved(self, message: VirtualTable.Moved) -> None:
        message.stop()
        self._show_chosen()
        self.post_message(self.PolicyChosen(self.chosen))
