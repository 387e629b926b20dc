"""The preview of the role under the list's cursor: trust and permissions side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.message import Message

from screens.session import Session

if TYPE_CHECKING:
    from diagnostics.roles.policies import PolicyEntry
    from iam.account import Role
    from screens.role.panes import PermissionsPane, TrustPane


PREVIEW_FROM = 30
"""The terminal height from which the preview shows documents; below it, the preview is two lines."""
PREVIEW_BESIDE_FROM = 170
"""The terminal width from which the preview is beside the list instead of below it."""
PREVIEW_DELAY = 0.1
"""The seconds without a cursor move before the preview is updated. While a key is held down, the preview is drawn only
once."""


class RolePreview(Horizontal):
    """The preview. It is empty until there is a role to show, so that the list appears sooner."""

    def __init__(self, session: Session, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.session = session
        self.role: Role | None = None
        self.parts: tuple[TrustPane, PermissionsPane] | None = None

    def show(self, role: Role | None) -> None:
        if role is None and self.role is None:
            return
        self.role = role
        if self.parts is None:
            self.call_later(self._fill)
        else:
            self._show(*self.parts)

    class Filled(Message):
        """The widgets of the preview were added."""

    async def _fill(self) -> None:
        if self.parts is not None:
            return
        from screens.role.panes import PermissionsPane, TrustPane

        trust, permissions = TrustPane(), PermissionsPane(self.session, still=True)
        with self.app.batch_update():
            await self.mount(trust, permissions)
            # Set only now: until then there is nothing to show a role in. The last requested role is shown here.
            self.parts = trust, permissions
            self._show(trust, permissions)
        self.post_message(self.Filled())

    def _show(self, trust: TrustPane, permissions: PermissionsPane) -> None:
        trust.show(self.role)
        permissions.show(self.role)

    def policy_of(self, role: Role) -> PolicyEntry | None:
        """Return the chosen policy if the preview shows this role; otherwise None."""
        if self.parts is None:
            return None
        shown = self.parts[1]
        return shown.chosen if shown.role is not None and shown.role.name == role.name else None
