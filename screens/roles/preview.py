"""The role under the list's cursor: trust and permissions side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical

from screens.session import Session
from screens.text import visible
from screens.widgets.rules import Divider, TitledRule

if TYPE_CHECKING:
    from iam.account import Role
    from screens.role.panes import PermissionsPane, TrustPane
    from screens.role.policies import PolicyEntry


PREVIEW_FROM = 30
"""The terminal's height from which the role under the cursor is shown below the list."""
PREVIEW_DELAY = 0.06
"""Seconds without a move before the preview follows: holding a key down draws it once."""


class RolePreview(Vertical):
    """An empty frame until there is a role to show: the list stands a good deal earlier without its parts."""

    DEFAULT_CSS = "RolePreview Horizontal { height: 1fr; }"

    def __init__(self, session: Session, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.session = session
        self.role: Role | None = None
        self.name_rule = TitledRule()
        self.parts: tuple[TrustPane, PermissionsPane] | None = None

    def show(self, role: Role | None) -> None:
        if role is None and self.role is None:
            return
        self.role = role
        if self.parts is None:
            self.call_later(self._fill)
        else:
            self._show(*self.parts)

    async def _fill(self) -> None:
        if self.parts is not None:
            return
        from screens.role.panes import PermissionsPane, TrustPane

        trust, permissions = TrustPane(), PermissionsPane(self.session, still=True)
        self.parts = trust, permissions
        with self.app.batch_update():
            await self.mount(self.name_rule, Horizontal(trust, Divider(), permissions))
            self._show(trust, permissions)

    def _show(self, trust: TrustPane, permissions: PermissionsPane) -> None:
        self.name_rule.name_it(visible(self.role.name) if self.role else "")
        trust.show(self.role)
        permissions.show(self.role)

    def policy_of(self, role: Role) -> PolicyEntry | None:
        """The policy that is shown, if it is one of this role's."""
        if self.parts is None:
            return None
        shown = self.parts[1]
        return shown.chosen if shown.role is not None and shown.role.name == role.name else None
