"""One role with its facts, and its trust policy and permissions side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget

from diagnostics.roles.policies import PolicyEntry, RolePolicyKind
from diagnostics.sentences import statement_sentence
from iam.account import Role
from iam.changes.entity_name import EntityKind, EntityName, role_entities
from iam.sources.reader.account_reader import AccountReader
from screens.commands import Command, CommandSituation, bindings, every, unprotected, with_role
from screens.frame.base import PANES
from screens.role.acting import WIDE_FROM, ActsOnRole, role_commands
from screens.role.brief import RoleInBrief
from screens.role.change import TRUST
from screens.role.facts import Stacks, document_problem, role_facts
from screens.role.panes import PermissionsPane, TrustPane
from screens.session import Session
from screens.text import visible
from screens.widgets.document import DocumentView
from screens.widgets.facts import FactsView, Paragraph
from screens.widgets.modal import TextWindow
from screens.widgets.pane import Pane
from screens.worker_failures import run_in_thread

if TYPE_CHECKING:  # they import code that the first view of a role does not need
    from screens.plan.screen import PlanScreen

LOW_BELOW = 30
BRIEF_LINES = 6
"""The maximum number of lines for trust and permissions in words."""

COMMANDS = (
    Command("role.open", "", "trust and permissions", "Go to the trust policy; tab moves to the permissions."),
    Command("role.next-policy", "]", "next policy", "Show the next policy.", allowed=with_role, show_in_footer=True),
    Command("role.previous-policy", "[", "previous policy", "Show the previous policy.", allowed=with_role),
    *role_commands("role", in_footer=True),
    Command(
        "role.facts", "I", "all facts", "Show everything that is known about the role, line by line.", allowed=with_role
    ),
    Command(
        "role.edit-document",
        "o",
        "in $EDITOR",
        "Edit the document under the cursor in your own editor; the result is checked and becomes a plan.",
        allowed=every(with_role, unprotected),
        show_in_footer=True,
        changes=True,
    ),
    Command("role.export", "e", "export", "Save this role as Markdown or JSON.", allowed=with_role),
    Command("role.back", "escape", "back", "Back to the list of roles.", palette=False, show_in_footer=True),
)


@dataclass(eq=False, repr=False)
class StacksRead(Message):
    """The CloudFormation stacks that own the role were read."""

    name: str
    stacks: Stacks


class RoleScreen(ActsOnRole):
    MODE = "roles"
    AUTO_FOCUS = "#trust-document"
    DECLARED = (*COMMANDS, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)
    DEFAULT_CSS = """
    RoleScreen #about { height: auto; }
    RoleScreen.-narrow #panes { layout: vertical; }
    RoleScreen.-narrow #trust { height: 2fr; }
    RoleScreen.-narrow #permissions { height: 3fr; }
    """

    def __init__(self, session: Session, name: str) -> None:
        super().__init__(session)
        self.role_name = name
        self.role: Role | None = session.role(name)
        self.stacks: Stacks | None = None
        self.stacks_asked = False
        self.facts = FactsView(more="(I)", id="facts")
        self.trust = TrustPane(id="trust")
        self.permissions = PermissionsPane(session, with_together=True, id="permissions")
        self.sentence = Paragraph(id="sentence")
        self.brief = RoleInBrief(session, id="in-brief")
        self.about = Pane(self.facts, self.brief, id="about")

    def compose_body(self) -> Iterable[Widget]:
        yield self.about
        with Horizontal(id="panes"):
            yield self.trust
            yield self.permissions
        yield self.sentence

    def action_open(self) -> None:
        self.query_one("#trust-document").focus()

    def words(self) -> str:
        return (
            "Left: the trust policy says who may assume the role. Right: identity policies say what the role may "
            "do, and the permissions boundary limits those permissions. A session of the role needs both: trust to "
            "assume the role, and permissions for its calls. The statement under the cursor is shown in words "
            "below."
        )

    def on_mount(self) -> None:
        self.show()
        self.trust.view.select_statement(0)

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < WIDE_FROM, "-narrow")
        low = event.size.height < LOW_BELOW
        self.set_class(low, "-low")
        self.facts.let_grow(5 if low else 6)
        self.permissions.let_list_grow(3 if low and event.size.width < WIDE_FROM else 6)
        # otherwise the documents themselves are shown in words
        self.brief.display = not low and event.size.width >= WIDE_FROM
        self.show_documents()
        self.call_after_refresh(self._show_brief)

    def _show_brief(self) -> None:
        """Show trust and permissions in words above the documents, if these are shown as JSON."""
        if self.brief.display:
            self.brief.show(self.role, BRIEF_LINES)

    def role_in_attention(self) -> Role | None:
        return self.role

    def session_changed(self) -> None:
        self.show()

    def rests_on(self) -> Iterable[EntityName]:
        return role_entities(self.role) if self.role is not None else (EntityName(EntityKind.ROLE, self.role_name),)

    def show(self) -> None:
        role = self.session.role(self.role_name)
        if role is None:
            if self.session.account and not self.session.loading:
                self.about.name_it(visible(self.role_name), aside="no longer exists")
                self.say(f"{self.role_name} no longer exists.", trouble=True)
            return
        self.role = role
        self.read_at = self.session.writes.present
        self.about.name_it(visible(role.name))
        self.facts.show(role_facts(role, self.session, self.stacks))
        self.trust.show(role)
        self.permissions.show(role)
        self._show_brief()
        self.load(role)
        self._ask_for_stacks(role)

    def _ask_for_stacks(self, role: Role) -> None:
        reader = self.session.reader
        if reader is None or self.stacks_asked or role.service_owned:
            return
        self.stacks_asked = True
        run_in_thread(self, lambda: self._read_stacks(reader, role.name), "stacks")

    def _read_stacks(self, reader: AccountReader, name: str) -> None:
        self.post_message(StacksRead(name, reader.stack_resources(name)))

    def on_stacks_read(self, message: StacksRead) -> None:
        message.stop()
        self.stacks = message.stacks
        if self.role:
            self.facts.show(role_facts(self.role, self.session, self.stacks))

    def renew_ages(self) -> None:
        if self.role is not None:
            self.facts.show(role_facts(self.role, self.session, self.stacks))

    # Statements in words

    def on_document_view_statement_selected(self, message: DocumentView.StatementSelected) -> None:
        message.stop()
        self.explain(message.view)

    def on_permissions_pane_policy_chosen(self, message: PermissionsPane.PolicyChosen) -> None:
        message.stop()
        if self.focused in (self.permissions.list, self.permissions.view):
            if message.entry is None:
                self.sentence.say("All policies together: conditions are not evaluated, and denials come first.")
            else:
                self.permissions.view.select_statement(0)
                self.explain(self.permissions.view)
        self.refresh_bindings()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        view = event.widget
        if view is self.permissions.list:
            view = self.permissions.view
        if isinstance(view, DocumentView):
            if view.statement is None:
                view.select_statement(0)
            self.explain(view)

    def explain(self, view: DocumentView) -> None:
        statement = view.statement
        if view.in_words and statement is not None:
            self.sentence.say("")  # the document already shows it
            return
        if statement is None:
            self.sentence.say(visible(document_problem(view.document)))
            return
        sid = f" ({visible(statement.sid)})" if statement.sid else ""
        chosen = self.permissions.chosen
        of = "Trust" if view is self.trust.view else visible(chosen.name) if chosen else ""
        self.sentence.say(f"{of}, statement {statement.index + 1}{sid}: {visible(statement_sentence(statement))}")

    # Changes

    def on_plan_screen_closed(self, message: PlanScreen.Closed) -> None:
        """Close the screen if the role no longer exists."""
        message.stop()
        role = self.role_in_attention()
        account = self.session.account
        if role is not None and account is not None and account.role(role.name) is None:
            self.call_later(self._leave)

    def _leave(self) -> None:
        self.dismiss()

    # Commands

    def action_edit_document(self) -> None:
        entry = self.permissions.chosen
        if self.focused is self.trust.view:
            self.read_for_change(TRUST)
        elif entry is None:
            self.say("All policies together are not one document: choose a policy with [ and ].", trouble=True)
        elif entry.arn is None:
            self.read_for_change(entry.name)
        elif entry.policy is not None and entry.policy.aws_managed:
            self.say(
                f"{entry.name} is an AWS managed policy: m, then c, replaces it with a copy of your own.", trouble=True
            )
        else:
            self.read_for_change(entry.arn)

    def action_facts(self) -> None:
        self.app.push_screen(TextWindow(self.role_name, self.facts.text))

    def action_next_policy(self) -> None:
        self.permissions.step(1)

    def action_previous_policy(self) -> None:
        self.permissions.step(-1)

    def action_versions(self) -> None:
        self.show_versions(self.versioned(), "Choose another with [ and ].")

    def versioned(self) -> PolicyEntry | None:
        entry = self.permissions.chosen
        return entry if entry and entry.kind is not RolePolicyKind.INLINE else None

    def action_copy(self) -> None:
        from screens.copy.menu import copy_menu
        from screens.role.copies import role_copies

        if self.role:
            view = self.focused if isinstance(self.focused, DocumentView) else self.permissions.view
            copy_menu(self, role_copies(self.role, self.permissions.chosen, view))

    def action_export(self) -> None:
        from screens.export.menu import export_menu
        from screens.role.export import role_export

        if self.role:
            export_menu(self, role_export(self.session, self.role))

    def action_back(self) -> None:
        if self.stop_planning():
            return
        self.workers.cancel_group(self, "details")
        self.dismiss()

    def situation(self) -> CommandSituation:
        return CommandSituation(self.session, self.role)
