"""The role under the list's cursor: trust and permissions side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.message import Message
from textual.strip import Strip

from screens.session import Session
from screens.text import visible
from screens.widgets.highlight import statements_of
from screens.widgets.line import Piece
from screens.widgets.plain_lines import PlainLines
from screens.widgets.strips import broken, strip
from screens.widgets.styles import PLAIN, STRONG, WARN

if TYPE_CHECKING:
    from iam.account import Role
    from iam.policy.document import Document
    from screens.role.panes import PermissionsPane, TrustPane
    from screens.role.policies import PolicyEntry


PREVIEW_FROM = 30
"""The terminal's height from which the role under the cursor is shown with its documents; below it in a few lines."""
PREVIEW_BESIDE_FROM = 170
"""The width from which it stands beside the list rather than below."""
PREVIEW_DELAY = 0.06
"""Seconds without a move before the preview follows: holding a key down draws it once."""


class RolePreview(Horizontal):
    """Empty until there is a role to show: the list stands a good deal earlier without its parts."""

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
        """The parts are there."""

    async def _fill(self) -> None:
        if self.parts is not None:
            return
        from screens.role.panes import PermissionsPane, TrustPane

        trust, permissions = TrustPane(), PermissionsPane(self.session, still=True)
        with self.app.batch_update():
            await self.mount(trust, permissions)
            # Only now: who asks meanwhile finds nothing to show it in, and what was asked last is shown here.
            self.parts = trust, permissions
            self._show(trust, permissions)
        self.post_message(self.Filled())

    def _show(self, trust: TrustPane, permissions: PermissionsPane) -> None:
        trust.show(self.role)
        permissions.show(self.role)

    def policy_of(self, role: Role) -> PolicyEntry | None:
        """The policy that is shown, if it is one of this role's."""
        if self.parts is None:
            return None
        shown = self.parts[1]
        return shown.chosen if shown.role is not None and shown.role.name == role.name else None


class RoleInBrief(PlainLines):
    """Who may assume the role, and what it may do: a line each, more where there is room."""

    DEFAULT_CSS = "RoleInBrief { height: 2; }"
    MOST_LINES = 10

    def __init__(self, session: Session, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.session = session
        self._told: tuple[tuple[Piece, ...], ...] = ()

    def show(self, role: Role | None) -> None:
        told: tuple[tuple[Piece, ...], ...] = ()
        if role is not None:
            told = ((" TRUST ", STRONG), self._trust(role)), ((" MAY   ", STRONG), *self._permissions(role))
        if told != self._told:
            self._told = told
            self.refresh()

    def take_room(self, lines: int) -> None:
        """So many are free."""
        self.styles.height = max(2, min(lines, self.MOST_LINES))

    def render_line(self, y: int) -> Strip:
        rows = self._rows(self.across, self.size.height)
        return strip(rows[y] if y < len(rows) else (), self.across, self.base)

    def _rows(self, width: int, height: int) -> Sequence[Sequence[Piece]]:
        """The last line of a text that has no room goes on beyond the width: there it is cut with a sign."""
        whole = [list(islice(broken(pieces, width - 1, 7), height + 1)) for pieces in self._told]
        rows: list[Sequence[Piece]] = []
        for number, text in enumerate(whole):
            below = whole[number + 1 :]
            most = height - len(rows) - sum(min(len(each), height // 2) for each in below)
            if len(text) > most:
                text = [*text[: most - 1], [*text[most - 1], *text[most][1:]]]
            rows += text
        return rows

    @staticmethod
    def _trust(role: Role) -> Piece:
        if role.trust is None:
            return ("The trust policy is not readable from here.", WARN)
        return _in_words(role.trust) or ("The trust policy cannot be read as one: enter shows its text.", WARN)

    def _permissions(self, role: Role) -> tuple[Piece, ...]:
        """What is missing stands first: the end of the line may have no room."""
        from screens.role.policies import RolePolicyKind, details_state, policy_entries

        if state := details_state(self.session, role):
            return ((state, WARN),)
        entries = policy_entries(self.session, role)
        policies = [each for each in entries if each.kind is not RolePolicyKind.BOUNDARY]
        if not policies:
            return (("No policies are attached: by identity policies it may do nothing.", PLAIN),)
        words = {each.name: _in_words(each.document) if each.document else None for each in policies}
        unread = [visible(name) for name, told in words.items() if told is None]
        limits = [visible(each.name) for each in entries if each.kind is RolePolicyKind.BOUNDARY]
        return (
            (f"Not read: {', '.join(unread)}. " if unread else "", WARN),
            (f"Within the boundary {limits[0]}: " if limits else "", PLAIN),
            (" ".join(told[0] for told in words.values() if told is not None), PLAIN),
        )


def _in_words(document: Document) -> Piece | None:
    from diagnostics.sentences import statement_sentence

    statements = statements_of(document)
    return (visible(" ".join(statement_sentence(each) for each in statements)), PLAIN) if statements else None
