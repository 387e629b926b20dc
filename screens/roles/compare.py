"""Two roles: what one may and the other may not, then facts, trust and documents with what differs marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from diagnostics.roles.policies import details_state, policy_entries
from iam.account import Role
from iam.changes.entity_name import EntityName, role_entities
from screens.commands import Command, bindings
from screens.export.documents import Export, file_name
from screens.export.menu import export_menu
from screens.export.tables import table_texts
from screens.frame.base import PANES
from screens.role.facts import role_facts
from screens.role.loading import LoadsRoles, lacks
from screens.session import Session
from screens.text import visible
from screens.widgets.difference import CONTEXT, DifferenceView
from screens.widgets.line import Piece
from screens.widgets.lines import LinesView
from screens.widgets.pane import Pane
from screens.widgets.strips import wrap
from screens.widgets.styles import FAINT, PLAIN, STRONG, WARN
from screens.widgets.table import Column, Row
from screens.worker_failures import run_in_thread

if TYPE_CHECKING:
    from diagnostics.compare_roles import RolesCompared
    from iam.account import Account
    from iam.sources.reader import AccountReader

COMMANDS = (
    Command(
        "compare.whole",
        "f",
        "only differences",
        "Show all lines, or only those around differences.",
        show_in_footer=True,
    ),
    Command("compare.swap", "X", "swap", "Exchange the sides.", show_in_footer=True),
    Command(
        "compare.export",
        "e",
        "export",
        "Save what one may and the other may not: Markdown or CSV.",
        show_in_footer=True,
    ),
    Command("compare.back", "escape", "back", "Back to the list of roles.", palette=False, show_in_footer=True),
)


WHOLE = 1_000_000
"""More lines of context than any role has."""


class ByMeaning(LinesView):
    """What only one of the two may, and who may assume only one of them."""

    DEFAULT_CSS = "ByMeaning { height: auto; max-height: 40vh; }"

    def __init__(self) -> None:
        super().__init__()
        self.names = ("", "")
        self.compared: RolesCompared | None = None

    def show(self, first: str, second: str, compared: RolesCompared | None) -> None:
        self.names, self.compared = (visible(first), visible(second)), compared
        self.changed()
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, len(self.lines_for(max(1, width - 1))))

    def parts(self) -> Sequence[tuple[str, Sequence[str], Style]]:
        """What is compared, what came out (nothing: that is the same), and how it looks."""
        compared, (first, second) = self.compared, self.names
        if compared is None:
            return ()
        return (
            (f"Only {first} may", compared.only_first, PLAIN),
            (f"Only {second} may", compared.only_second, PLAIN),
            ("Both may, under different conditions", compared.otherwise, PLAIN),
            (f"Only {first} may be assumed by", compared.trusted_by_first, PLAIN),
            (f"Only {second} may be assumed by", compared.trusted_by_second, PLAIN),
            ("Not certain", compared.doubts, WARN),
        )

    def lines_for(self, width: int) -> Sequence[Sequence[Piece]]:
        if self.compared is None:
            return [[(" working out what only one of them may ...", FAINT)]]
        lines: list[Sequence[Piece]] = []
        for heading, told, look in self.parts():
            if told:
                lines.append([(f" {heading}", STRONG)])
                lines += [[(f"   {part}", look)] for one in told for part in wrap(visible(one), width - 4, "  ")]
        same = (
            "The trust policies name the same principals; by identity policies, boundary and the organization's "
            "policies both may do the same."
        )
        return lines or [[(f" {part}", PLAIN)] for part in wrap(same, width - 2)]


@dataclass(eq=False, repr=False)
class RolesWereCompared(Message):
    """The worker has compared two roles, by their names."""

    first: str
    second: str
    compared: RolesCompared


class CompareScreen(LoadsRoles):
    MODE = "roles"
    AUTO_FOCUS = "DifferenceView"
    DECLARED = (*COMMANDS, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)
    DEFAULT_CSS = """
    CompareScreen #compared { height: auto; }
    """

    def __init__(self, session: Session, left: str, right: str) -> None:
        super().__init__(session)
        self.left, self.right = left, right
        self.whole = False
        self.shown: tuple[str, str, bool] | None = None
        self.asked: tuple[Role, Role] | None = None
        self._compared: Iterable[EntityName] = ()

    def compose_body(self) -> Iterable[Widget]:
        with Pane(id="compared"):
            yield ByMeaning()
        with Pane(title="Facts and documents", id="documents"):
            yield DifferenceView()

    def on_mount(self) -> None:
        self.show()

    def session_changed(self) -> None:
        self.show()

    def rests_on(self) -> Iterable[EntityName]:
        return self._compared

    def show(self) -> None:
        left, right = self.session.role(self.left), self.session.role(self.right)
        if left is None or right is None:
            return
        self.read_at = self.session.writes.present
        self._compared = role_entities(left) | role_entities(right)
        self.query_one("#compared", Pane).name_it(f"{visible(left.name)}  and  {visible(right.name)}")
        said = f"- only {visible(left.name)}, + only {visible(right.name)}"
        self.query_one("#documents", Pane).name_it("Facts and documents", said)
        # One worker a screen reads details: the second role's turn comes when the first one's answers arrived.
        self.load(left)
        if not lacks(self.session, left):
            self.load(right)
        texts = (self.text_of(left), self.text_of(right), self.whole)
        self._compare(left, right)
        if texts != self.shown:
            self.shown = texts
            view = self.query_one(DifferenceView)
            view.heads = visible(left.name), visible(right.name)
            view.show(texts[0], texts[1], context=WHOLE if self.whole else CONTEXT)

    def _compare(self, left: Role, right: Role) -> None:
        """Once the details of both are there, or cannot be read."""
        account, reader = self.session.account, self.session.reader
        if account is None or reader is None or self.asked == (left, right):
            return
        if lacks(self.session, left) or lacks(self.session, right):
            return
        self.asked = (left, right)
        self.query_one(ByMeaning).show(left.name, right.name, None)
        run_in_thread(self, lambda: self._work_out(left, right, account, reader), "compare")

    def _work_out(self, left: Role, right: Role, account: Account, reader: AccountReader) -> None:
        from diagnostics.compare_roles import compare_roles  # with the engine, not before the first frame

        self.post_message(RolesWereCompared(left.name, right.name, compare_roles(left, right, account, reader)))

    def on_roles_were_compared(self, message: RolesWereCompared) -> None:
        message.stop()
        if (message.first, message.second) == (self.left, self.right):
            self.query_one(ByMeaning).show(message.first, message.second, message.compared)

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

    def action_export(self) -> None:
        meaning = self.query_one(ByMeaning)
        if meaning.compared is None:
            self.say("They are not compared yet.", trouble=True)
            return
        rows = [Row("", (heading, visible(one))) for heading, told, _ in meaning.parts() for one in told]
        name = f"compare-{file_name(self.left)}-{file_name(self.right)}"
        texts = table_texts((Column("difference", 1), Column("what", 1)), rows)
        export_menu(self, Export(f"Export what {self.left} and {self.right} do not share", name, texts))

    def action_back(self) -> None:
        self.dismiss()
