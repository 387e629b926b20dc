"""Two roles side by side: facts, trust and permissions, with what differs marked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from iam.account import Role
from screens.commands import Command, bindings
from screens.frame.base import PANES
from screens.role.facts import role_facts
from screens.role.loading import LoadsRoles, lacks
from screens.role.policies import details_state, policy_entries
from screens.session import Session
from screens.text import visible
from screens.widgets.difference import CONTEXT, DifferenceView
from screens.widgets.line import Line
from screens.widgets.rules import TitledRule
from screens.widgets.styles import FAINT

COMMANDS = (
    Command(
        "compare.whole",
        "f",
        "whole or differences",
        "Show all lines, or only those around differences.",
        show_in_footer=True,
    ),
    Command("compare.swap", "x", "swap", "Exchange the sides.", show_in_footer=True),
    Command("compare.back", "escape", "back", "Back to the list of roles.", palette=False, show_in_footer=True),
)


WHOLE = 1_000_000
"""More lines of context than any role has."""


class CompareScreen(LoadsRoles):
    MODE = "roles"
    AUTO_FOCUS = "DifferenceView"
    DECLARED = (*COMMANDS, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)

    def __init__(self, session: Session, left: str, right: str) -> None:
        super().__init__(session)
        self.left, self.right = left, right
        self.whole = True
        self.shown: tuple[str, str, bool] | None = None

    def compose_body(self) -> Iterable[Widget]:
        yield TitledRule(id="compared")
        yield Line([(" - stands only in the first, + only in the second", FAINT)])
        yield DifferenceView()

    def on_mount(self) -> None:
        self.show()

    def session_changed(self) -> None:
        self.show()

    def show(self) -> None:
        left, right = self.session.role(self.left), self.session.role(self.right)
        if left is None or right is None:
            return
        self.query_one("#compared", TitledRule).name_it(f"{visible(left.name)}  and  {visible(right.name)}")
        # One worker a screen reads details: the second role's turn comes when the first one's answers arrived.
        self.load(left)
        if not lacks(self.session, left):
            self.load(right)
        texts = (self.text_of(left), self.text_of(right), self.whole)
        if texts != self.shown:
            self.shown = texts
            self.query_one(DifferenceView).show(texts[0], texts[1], context=WHOLE if self.whole else CONTEXT)

    def text_of(self, role: Role) -> str:
        """The role as lines to compare; what could not be read says so."""
        lines = []
        for label, (value, _) in role_facts(role, self.session, None):
            if label not in ("", "created", "last used", "path"):
                lines.append(f"{label}: {value}")
        lines += ["", "TRUST"]
        lines.append(role.trust.text if role.trust else "not readable")
        lines += ["", "PERMISSIONS"]
        state = details_state(self.session, role)
        if state:
            lines.append(state)
        for entry in sorted(policy_entries(self.session, role), key=lambda entry: (entry.kind, entry.name)):
            lines.append(f"{entry.name} ({entry.kind_text})")
            lines.append(entry.document.text if entry.document else entry.missing)
        return "\n".join(lines)

    def action_whole(self) -> None:
        self.whole = not self.whole
        self.show()

    def action_swap(self) -> None:
        self.left, self.right = self.right, self.left
        self.show()

    def action_back(self) -> None:
        self.dismiss()
