"""Compares two roles.

The permissions that only one of the roles has come first; facts, trust and documents follow, with the differences
marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from textual.binding import BindingType
from textual.geometry import Size
from textual.widget import Widget

from diagnostics.roles.policies import details_state, policy_entries
from iam.account import Role
from iam.arn import account_of, name_of
from iam.changes.entity_name import EntityName, role_entities
from iam.sources.reader.opened import OpenedAccount
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
from screens.worker_failures import Answer, run_in_thread

if TYPE_CHECKING:
    from diagnostics.compare_roles import RolesCompared
    from iam.account import Account
    from iam.sources.reader.account_reader import AccountReader

COMMANDS = (
    Command(
        "compare.whole",
        "f",
        "only differences",
        "Show all lines, or only those around differences.",
        show_in_footer=True,
    ),
    Command("compare.swap", "X", "swap", "Swap the two sides.", show_in_footer=True),
    Command(
        "compare.export",
        "e",
        "export",
        "Save the actions that only one of the roles may perform, as Markdown or CSV.",
        show_in_footer=True,
    ),
    Command("compare.back", "escape", "back", "Back to the list of roles.", palette=False, show_in_footer=True),
)


WHOLE = 1_000_000
"""A number of context lines that is larger than any role, so that no line is left out."""


class ByMeaning(LinesView):
    """The view of the permissions that only one of the two roles has, and of who may assume only one of them."""

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
        """Return each compared part as its title, its results (empty if there is no difference) and its style."""
        compared, (first, second) = self.compared, self.names
        if compared is None:
            return ()
        return (
            (f"Only {first} may", compared.only_first, PLAIN),
            (f"Only {second} may", compared.only_second, PLAIN),
            ("Both may, under different conditions", compared.otherwise, PLAIN),
            (f"Only {first} can be assumed by", compared.trusted_by_first, PLAIN),
            (f"Only {second} can be assumed by", compared.trusted_by_second, PLAIN),
            ("Not certain", compared.doubts, WARN),
        )

    def lines_for(self, width: int) -> Sequence[Sequence[Piece]]:
        if self.compared is None:
            return [[(" finding the actions that only one of the roles may perform ...", FAINT)]]
        lines: list[Sequence[Piece]] = []
        for heading, results, look in self.parts():
            if results:
                lines.append([(f" {heading}", STRONG)])
                lines += [[(f"   {part}", look)] for one in results for part in wrap(visible(one), width - 4, "  ")]
        same = (
            "The trust policies name the same principals. Identity policies, boundaries and the organization's "
            "policies allow both roles the same actions."
        )
        return lines or [[(f" {part}", PLAIN)] for part in wrap(same, width - 2)]


@dataclass(eq=False, repr=False)
class RolesWereCompared(Answer):
    """The worker compared two roles, given by name."""

    first: str
    second: str
    compared: RolesCompared


def _without_common(first: str, second: str) -> tuple[str, str]:
    """Return two lists of facts without the lines that the lists have in common."""
    lines = first.split("\n"), second.split("\n")
    common = {line for line in lines[0] if line.strip()} & set(lines[1])
    left, right = ("\n".join(line for line in side if line not in common) for side in lines)
    return left, right


class CompareScreen(LoadsRoles):
    MODE = "roles"
    AUTO_FOCUS = "ByMeaning"
    DECLARED = (*COMMANDS, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)
    DEFAULT_CSS = """
    CompareScreen #compared { height: auto; }
    """

    def __init__(self, session: Session, left: str, right: str, others: Mapping[str, Session] | None = None) -> None:
        """Create the screen. ``left`` and ``right`` are names or ARNs.

        ``others`` contains the sessions of roles in other accounts, by ARN.
        """
        super().__init__(session)
        self.left, self.right = left, right
        self.others = others or {}
        self.whole = False
        self.shown: tuple[Mapping[str, str], Mapping[str, str], bool] | None = None
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
        left, right = self._role(self.left), self._role(self.right)
        if left is None or right is None:
            return
        self.read_at = self.session.writes.present
        self._compared = role_entities(left) | role_entities(right)
        first, second = visible(self._called(left)), visible(self._called(right))
        self.query_one("#compared", Pane).name_it(f"{first}  and  {second}")
        title = "Facts and documents" if self.whole else "Differences in facts and documents"
        self.query_one("#documents", Pane).name_it(title, f"- only {first}, + only {second}")
        # A screen has one worker that reads details: the second role is read after the first.
        ours = [role for role in (left, right) if role.arn not in self.others]
        for role in ours:
            self.load(role)
            if lacks(self.session, role):
                break
        texts = (self.parts_of(left), self.parts_of(right), self.whole)
        self._compare(left, right)
        if texts != self.shown:
            self.shown = texts
            view = self.query_one(DifferenceView)
            view.heads = first, second
            parts = [(texts[0].get(key, ""), texts[1].get(key, "")) for key in {**texts[0], **texts[1]}]
            if not self.whole:
                parts[0] = _without_common(*parts[0])
            view.show_parts(parts, context=WHOLE if self.whole else CONTEXT)

    def _role(self, name: str) -> Role | None:
        return self.others.get(name, self.session).role(name)

    def _called(self, role: Role) -> str:
        """Return the role's name, with its account if the two roles are in different ones."""
        if not self.others:
            return role.name
        session = self.others.get(role.arn, self.session)
        return f"{role.name} ({session.account_name or account_of(role.arn)})"

    def _compare(self, left: Role, right: Role) -> None:
        """Compare the roles as soon as the details of both are loaded or could not be read, and only once."""
        account, reader = self.session.account, self.session.reader
        if account is None or reader is None or self.asked == (left, right):
            return
        if any(lacks(self.session, role) for role in (left, right) if role.arn not in self.others):
            return
        self.asked = (left, right)
        self.query_one(ByMeaning).show(self._called(left), self._called(right), None)
        run_in_thread(self, lambda: self._work_out(left, right, account, reader), "compare")

    def _work_out(self, left: Role, right: Role, account: Account, reader: AccountReader) -> None:
        from diagnostics.compare_roles import compare_roles  # imports the engine, which the first frame does not need

        sides = [self._side(role, account, reader) for role in (left, right)]
        (first, its_reader), second = (sides[0].account, sides[0].reader), sides[1]
        other = second if second.account.id != first.id else None
        compared = compare_roles(left, right, first, its_reader, other)
        self.post_message(RolesWereCompared(self.left, self.right, compared))

    def _side(self, role: Role, account: Account, reader: AccountReader) -> OpenedAccount:
        """Return the open account that a role is in."""
        other = self.others.get(role.arn)
        if other is None or other.account is None or other.reader is None:
            return OpenedAccount(account, reader)
        return OpenedAccount(other.account, other.reader)

    def on_roles_were_compared(self, message: RolesWereCompared) -> None:
        message.stop()
        left, right = self._role(self.left), self._role(self.right)
        if (message.first, message.second) == (self.left, self.right) and left is not None and right is not None:
            self.query_one(ByMeaning).show(self._called(left), self._called(right), message.compared)

    def parts_of(self, role: Role) -> Mapping[str, str]:
        """Return the facts, the trust policy and the policies of a role as text. Data that could not be read is marked.

        The trust policies of the two roles are compared with each other; other policies are compared by name.
        """
        session = self.others.get(role.arn, self.session)
        facts = [
            f"{label}: {value}"
            for label, (value, _) in role_facts(role, session, None)
            if label not in ("", "created", "last used", "path")
        ]
        permissions = "\n".join(filter(None, ("PERMISSIONS", details_state(session, role))))
        parts = {
            "facts": "\n".join([*facts, " "]),
            "trust": f"TRUST\n{role.trust.text if role.trust else 'not readable'}\n ",
            "permissions": permissions,
        }
        for entry in sorted(policy_entries(session, role), key=lambda entry: (entry.kind, entry.name)):
            text = entry.document.text if entry.document else entry.missing
            parts[f"{entry.kind} {entry.name}"] = f"{entry.name} ({entry.kind_text})\n{text}"
        return parts

    def title_of(self, command: Command) -> str:
        return "all lines" if command.action == "whole" and not self.whole else super().title_of(command)

    def action_whole(self) -> None:
        self.whole = not self.whole
        self.show()
        self.refresh_bindings()

    def action_swap(self) -> None:
        self.left, self.right = self.right, self.left
        self.show()

    def action_export(self) -> None:
        meaning = self.query_one(ByMeaning)
        if meaning.compared is None:
            self.say("The roles have not been compared yet.", trouble=True)
            return
        rows = [Row("", (heading, visible(one))) for heading, results, _ in meaning.parts() for one in results]
        left, right = name_of(self.left), name_of(self.right)
        name = f"compare-{file_name(left)}-{file_name(right)}"
        texts = table_texts((Column("difference", 1), Column("what", 1)), rows)
        export_menu(self, Export(f"Export what {left} and {right} do not share", name, texts))

    def action_back(self) -> None:
        self.dismiss()
