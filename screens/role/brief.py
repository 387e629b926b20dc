"""A role in words: the principals that may assume it, and its permissions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.strip import Strip

from screens.session import Session
from screens.text import visible
from screens.widgets.line import Piece
from screens.widgets.plain_lines import PlainLines
from screens.widgets.strips import strip, wrap
from screens.widgets.styles import PLAIN, STRONG, WARN

if TYPE_CHECKING:
    from iam.account import Role
    from iam.policy.document import Document

BRIEF = 2
"""The minimum number of lines for a role in words."""


class RoleInBrief(PlainLines):
    """The trust and the permissions of a role, one line each, or as many lines as the list leaves free."""

    DEFAULT_CSS = f"RoleInBrief {{ height: {BRIEF}; width: 1fr; }}"

    def __init__(self, session: Session, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.session = session
        self.lines: list[Sequence[Piece]] = []

    def show(self, role: Role | None, room: int) -> None:
        """Show the role, or nothing if ``role`` is None.

        ``room`` is the number of lines that the list does not need.
        """
        lines: list[Sequence[Piece]] = []
        if role is not None:
            trust = _fitting(" TRUST ", (self._trust(role),), self.size.width, max(room // 2, 1))
            may = _fitting(" MAY   ", self._permissions(role), self.size.width, max(room - len(trust), 1))
            lines = [*trust, *may]
        if lines != self.lines:
            self.lines = lines
            self.styles.height = max(len(lines), BRIEF)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        return strip(self.lines[y] if y < len(self.lines) else (), self.across, self.base)

    @staticmethod
    def _trust(role: Role) -> Piece:
        if role.trust is None:
            return ("The trust policy could not be read.", WARN)
        return _in_words(role.trust) or ("The text of the trust policy is not a valid policy: enter shows it.", WARN)

    def _permissions(self, role: Role) -> tuple[Piece, ...]:
        """Return the permissions in words. Missing data comes first, because the end of the line may be truncated."""
        from diagnostics.roles.policies import RolePolicyKind, details_state, policy_entries

        if state := details_state(self.session, role):
            return ((state, WARN),)
        entries = policy_entries(self.session, role)
        policies = [each for each in entries if each.kind is not RolePolicyKind.BOUNDARY]
        # policies written in this account come first
        policies.sort(key=lambda each: each.kind is RolePolicyKind.AWS_MANAGED)
        if not policies:
            return (("No policies are attached: identity policies allow the role nothing.", PLAIN),)
        words = {each.name: _in_words(each.document) if each.document else None for each in policies}
        unread = [visible(name) for name, said in words.items() if said is None]
        limits = [visible(each.name) for each in entries if each.kind is RolePolicyKind.BOUNDARY]
        within = f"Within the boundary {limits[0]}: " if limits else ""
        return (
            (f"Not read: {', '.join(unread)}. " if unread else "", WARN),
            (within, PLAIN),
            # two policies may be described in the same words
            *dict.fromkeys(said for said in words.values() if said is not None),
        )


def _fitting(label: str, pieces: Sequence[Piece], width: int, most: int) -> list[Sequence[Piece]]:
    """Return the pieces wrapped in at most ``most`` lines.

    If that is not enough, the last line is truncated, with a mark.
    """
    said = [(text.strip(), look) for text, look in pieces if text.strip()]
    rows = [[(line, look)] for text, look in said for line in wrap(text, max(width - len(label), 8))]
    rest = [(f"{line} ", look) for row in rows[most - 1 :] for line, look in row]
    rows = rows if len(rows) <= most else [*rows[: most - 1], rest]
    return [[(" " * len(label) if at else label, STRONG), *row] for at, row in enumerate(rows)]


def _in_words(document: Document) -> Piece | None:
    from diagnostics.sentences import document_sentences

    words = document_sentences(document)
    return (visible(words), PLAIN) if words else None
