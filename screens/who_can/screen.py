"""A who-can question and its answer as a tree.

It shows the principals, and below each role the principals that may assume it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.css.query import NoMatches
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import get_current_worker

from diagnostics.access_tree import REACH, AccessTree, TreeQuestion, Ways, access_tree, read_question
from diagnostics.assume import ASSUME, STEP_ASSUME, STEP_PASS, STEP_RUN, STEP_WRITE, Assumer, MayAssume
from diagnostics.assumptions import Assumption, Assumptions
from diagnostics.edge_statements import conditions_suffix, deciding, granting, statement_name, tree_json, tree_text
from diagnostics.graph_svg import ENDINGS, GRAPH_FORMS
from iam.account import Account, Role
from iam.changes.entity_name import EntityName
from iam.claims import nobody
from iam.foreign_text import json_text
from iam.organization.accounts import Accounts
from iam.policy.unknown_keys import Judged
from iam.questions.index import index_of
from iam.questions.who_can import QuestionError
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from screens.commands import Command, CommandSituation, bindings, with_role
from screens.export.documents import file_name, noted
from screens.export.menu import stamped
from screens.export.save import ask_where
from screens.export.tables import table_texts
from screens.frame.base import PANES
from screens.frame.list_screen import ListScreen
from screens.messages import OpenRole
from screens.session import Session
from screens.text import marks, plural, visible
from screens.widgets.document import DocumentView
from screens.widgets.facts import Paragraph
from screens.widgets.form.line_input import QuestionInput
from screens.widgets.headline import Headline
from screens.widgets.modal import Menu, MenuChoice
from screens.widgets.pane import Pane
from screens.widgets.styles import FAINT, GOOD, PLAIN, STRONG, WARN
from screens.widgets.table import Column, Row, VirtualTable, fitted
from screens.worker_failures import GivenUp, run_in_thread

if TYPE_CHECKING:  # they import the review
    from diagnostics.reach import ReviewedAccounts

EXAMPLE = "iam:PassRole on NAME of a role, or an ARN"
HOW_TO_ASK = (
    "Type an action (s3:GetObject, s3:Get*, iam:PassRole), then on and an ARN or a role's name, and press enter. "
    "Without on, any resource matches. assume NAME asks who may assume a role; from NAME asks what a role or user "
    "can reach."
)
COLUMNS = (Column("", 2, mark=True), Column("WHO", 20, grow=2), Column("", 32, grow=3), Column("", 20, grow=2, drop=1))
TITLES = (Column("sure", 1), Column("who", 30), Column("by", 16), Column("how", 16))
"""The column headings when the list is saved to a file."""
SIGNS = {MayAssume.CONDITIONS: "if"}
STEPS = {
    STEP_ASSUME: ("may assume it", "to assume"),
    STEP_WRITE: ("change it", "to change"),
    STEP_PASS: ("pass it to a service", "to pass to a service"),
    STEP_RUN: ("run code as it", "to run code as"),
}
"""The words after the count of each step: for the question who can reach a role, and for the question what a role can
reach."""
LOW = 32
"""The terminal height in lines below which the statement gets less space."""
FORMS = (
    MenuChoice("txt", "text", "all hops, with the statement of each", "t"),
    MenuChoice("json", "JSON", "all hops, with the statement of each", "j"),
    MenuChoice("md", "Markdown", "the list as shown", "M"),
    MenuChoice("csv", "CSV", "the list as shown", "c"),
    MenuChoice("mermaid", "Mermaid", "all hops, for Markdown", "m"),
    MenuChoice("dot", "DOT", "all hops, for Graphviz", "d"),
    MenuChoice("svg", "SVG", "all hops, as a picture", "s"),
)

COMMANDS = (
    Command("who-can.ask", "n", "question", "Ask another question.", show_in_footer=True),
    Command(
        "who-can.open", "right", "behind it", "Show who can reach the role, or what it can reach.", show_in_footer=True
    ),
    Command("who-can.close", "left", "close", "Collapse this row or its parent.", show_in_footer=True),
    Command("who-can.role", "O", "role", "Open the role.", allowed=with_role, show_in_footer=True),
    Command(
        "who-can.export",
        "e",
        "export",
        "Save the list, or all hops as a graph.",
        show_in_footer=True,
    ),
    Command(
        "who-can.turn",
        "w",
        "reverse",
        "Show who may assume the role instead of what the role can reach, or the reverse.",
        show_in_footer=True,
    ),
    Command(
        "who-can.tell",
        "i",
        "enter a value",
        "Enter a value for a condition key that this line depends on.",
        show_in_footer=True,
    ),
    Command(
        "who-can.before",
        "left_square_bracket",
        "previous statement",
        "Show the edge's previous statement.",
        palette=False,
    ),
    Command(
        "who-can.after",
        "right_square_bracket",
        "next statement",
        "Show the edge's next statement. An edge between roles has one statement in the trust policy and one in "
        "the identity policy.",
        palette=False,
        show_in_footer=True,
    ),
    Command("who-can.back", "escape", "stop, back", "Stop; then go back.", palette=False, show_in_footer=True),
)


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One line of the tree. ``path`` contains the indexes that lead from the root to this line."""

    path: tuple[int, ...]
    one: Assumer

    @property
    def id(self) -> str:
        return ".".join(map(str, self.path))

    @property
    def statements(self) -> tuple[Judged, ...]:
        return deciding(self.one)


@dataclass(eq=False, repr=False)
class WhoCanAnswered(Message):
    """A question was answered, or it could not be, for the reason in ``trouble``.

    ``number`` is the number of the question.
    """

    number: int
    access: AccessTree | None
    trouble: str = ""
    complete: bool = True
    """Whether the answer includes the principals that can change the roles or run code as them."""


@dataclass(eq=False, repr=False)
class RoleAsked(Message):
    """The principals that may assume the role on this line of the tree were found.

    ``number`` is the number of the question.
    """

    number: int
    row: str
    found: tuple[Assumer, ...]


@dataclass(eq=False, repr=False)
class GraphWritten(Message):
    """All hops were written as text in the format ``form``."""

    form: str
    text: str


class WhoCanScreen(ListScreen):
    """The screen for one question. ``question`` is the initial text of the input.

    ``mode`` is the main screen from which it was opened.
    """

    AUTO_FOCUS = "#who-can-question"
    DECLARED = (*COMMANDS, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)
    DEFAULT_CSS = """
    WhoCanScreen #who-can { height: auto; }
    WhoCanScreen #who-can-question { margin: 0 1; }
    WhoCanScreen #who-can-state { min-height: 1; }
    WhoCanScreen #who-can-sentence { height: 2; }
    WhoCanScreen #who-can-edge { height: 12; }
    WhoCanScreen.-short #who-can-edge { height: 5; }
    """

    def __init__(self, session: Session, question: str = "", mode: str = "review", *, ask: bool = False) -> None:
        super().__init__(session)
        draft = session.typed.drafts.get("Who can") if not question else None
        self.asked_from, self.first, self.ask_at_once = mode, draft.values["text"] if draft else question, ask
        self.statement = 0
        """Index of the displayed statement among the statements of the edge under the cursor."""
        self.access: AccessTree | None = None
        self.question = TreeQuestion("")
        self.open: dict[str, tuple[Assumer, ...]] = {}
        self.rows: dict[str, TreeRow] = {}
        self.state: tuple[str, bool] = ("", False)
        self._if_stopped = ""
        """The text that replaces the progress if the search is stopped; "" if the answer is complete."""
        self._number = 0
        """The number of the last question, or of the stop after it: an answer to an earlier question is not shown."""

    @property
    def mode(self) -> str:
        return self.asked_from

    def compose_body(self) -> Iterable[Widget]:
        with Pane(title="Who can", id="who-can"):
            yield QuestionInput(visible(self.first), placeholder=EXAMPLE, id="who-can-question")
        with Pane(title="Answer", id="who-may"):
            yield Headline(id="who-can-state")
            yield VirtualTable(COLUMNS, heading=False)
        with Pane(title="Statement", id="who-can-edge"):
            yield DocumentView(id="who-can-document")
        yield Paragraph(id="who-can-sentence")

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.height < LOW, "-short")

    def words(self) -> str:
        return (
            "Type an action, for example s3:GetObject, s3:Get* or iam:PassRole, then an ARN or a role's name. The "
            "policy engine evaluates every role and user, with boundaries, SCPs and conditions. Press right or "
            "enter on a role to see who may assume it, change it, pass it to a service, or run code as it. Press i "
            f"to enter a value that a line depends on. {marks().passed} means allowed. {marks().unknown} means "
            "allowed, unless a condition is not met or an unread policy denies the request."
        )

    def on_mount(self) -> None:
        self.show()
        if self.ask_at_once:
            self._begin(self.first)

    @property
    def assumptions_used(self) -> Sequence[Assumption]:
        return self.access.assumptions if self.access is not None else ()

    def assumptions_changed(self) -> None:
        """Ask again, because the answer may be different now."""
        if self.access is not None:
            field = self.query_one("#who-can-question", Input)
            self.post_message(Input.Submitted(field, field.value))

    # Asking

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self._begin(message.value)

    def ask_again(self) -> None:
        if self.question.action:
            self._begin(str(self.question))

    def rests_on(self) -> Iterable[EntityName] | None:
        return None if self.question.action else ()

    def note_typed(self) -> None:
        """Store a question that was typed but not asked."""
        with suppress(NoMatches):
            text = self.query_one("#who-can-question", Input).value
            asked = text.strip() in (str(self.question), self.first.strip())
            # A single letter is a key that was meant for a command.
            self.session.typed.put("Who can", {"text": "" if asked or len(text.strip()) < 2 else text})

    def _begin(self, text: str) -> None:
        account, reader = self.session.account, self.session.reader
        if account is None or reader is None:
            self.say("The account has not been read yet.", trouble=True)
            return
        question = read_question(text, account)
        self.just_read()
        self.question, self.access, self.open = question, None, {}
        self._number += 1
        number = self._number
        self.state = (f"{self._asked}: evaluating ...", False)
        self._if_stopped = f"{self._asked}: stopped"
        self.show()
        assumptions, accounts, ways = self.session.assumptions, self.session.accounts, self._ways()
        self._work("ask", lambda: self._ask(number, question, account, reader, assumptions, accounts, ways))

    def _ways(self) -> ReviewedAccounts | None:
        """Return the data about what runs with the roles.

        It is read once, or taken from the review if that has ended.
        """
        from diagnostics.reach import ReviewedAccounts
        from diagnostics.review.limits import Limits
        from diagnostics.review.subject import ReviewedAccount

        session, account, reader = self.session, self.session.account, self.session.reader
        if account is None or reader is None:
            return None
        if session.ways is None or session.ways[0] is not account:
            accounts, own = session.accounts, OpenedAccount(account, reader)

            def opened(number: str) -> OpenedAccount | None:
                return own if number == account.id else accounts.opened(number) if accounts is not None else None

            session.ways = account, ReviewedAccounts(opened, session.review_limits or Limits())
        ways = session.ways[1]
        assert isinstance(ways, ReviewedAccounts)
        if isinstance(session.reviewed, ReviewedAccount) and session.reviewed.account is account:
            ways.take(session.reviewed)
        return ways

    @property
    def _asked(self) -> str:
        """The question in words."""
        account, question = self.session.account, self.question
        role = account.role(question.resource) if account is not None else None
        name = role.name if role is not None else question.resource
        if question.reach:
            return f"What {name} can reach"
        return f"Who can assume {name}" if question.action == ASSUME and role is not None else str(question)

    def _ask(
        self,
        number: int,
        question: TreeQuestion,
        account: Account,
        reader: AccountReader,
        assumptions: Assumptions,
        accounts: Accounts | None,
        ways: Ways | None,
    ) -> None:
        worker = get_current_worker()

        def progress(done: int, of: int) -> None:
            if worker.is_cancelled:
                raise GivenUp

        try:
            # Who may assume it is known immediately; what runs with the roles must be read first.
            for complete in (False, True):
                tree = access_tree(
                    index_of(account, reader),
                    question,
                    assumptions=assumptions,
                    accounts=accounts,
                    ways=ways if complete else None,
                    progress=progress,
                )
                self.post_message(WhoCanAnswered(number, tree, complete=complete))
        except QuestionError as error:
            self.post_message(WhoCanAnswered(number, None, str(error)))
        except GivenUp:
            return

    def on_who_can_answered(self, message: WhoCanAnswered) -> None:
        message.stop()
        if message.number != self._number:
            return
        self.access = message.access
        self.state = (message.trouble, True)
        if self.access is not None:
            answer = self.access.answer
            certain = sum(one.answer is MayAssume.YES for one in self.access.roots)
            rest = len(self.access.roots) - certain
            words = f"{plural(certain, 'principal')} may" + (f", {rest:,} more possibly" if rest else "")
            steps = [one.step for one in self.access.roots]
            counted = [
                f"{steps.count(step):,} {words[self.question.reach]}" for step, words in STEPS.items() if step in steps
            ]
            if any(step and step != STEP_ASSUME for step in steps) or self.question.reach:
                words = (", ".join(counted) or "nothing") + (
                    f"; {rest:,} of these only under a further condition" if rest else ""
                )
            missing = "" if answer.complete else "; not everything could be read"
            assumed = ", ".join(each.words for each in self.access.assumptions)
            assumed = f", assuming {assumed}" if assumed else ""
            further = "" if message.complete else f"; reading what runs as the roles {marks().ellipsis}"
            said = f"{self._asked}: {words}{assumed}{missing}"
            self.state = (f"{said}{further}", not answer.complete)
            self._if_stopped = "" if message.complete else f"{said}; stopped: what runs as the roles was not read"
            if not message.complete:
                self.set_focus(self.table)
        self.show()
        if message.complete and message.access is not None:
            for row in [row for row in self.rows.values() if row.id in self.open]:
                self._open_row(row)

    # The tree

    def _lines(self) -> Iterator[TreeRow]:
        def under(found: tuple[Assumer, ...], above: tuple[int, ...]) -> Iterator[TreeRow]:
            for number, one in enumerate(found):
                row = TreeRow((*above, number), one)
                yield row
                yield from under(self.open.get(row.id, ()), row.path)

        yield from under(self.access.roots if self.access is not None else (), ())

    def show(self) -> None:
        words, trouble = self.state
        look = WARN if trouble else STRONG if self.access is not None else FAINT
        self.query_one("#who-can-state", Headline).set(("", PLAIN), (visible(words), look), ())
        self.rows = {row.id: row for row in self._lines()}
        rows = [self._row(row) for row in self.rows.values()]
        self.table.show(rows, empty=visible(self._nobody()), columns=fitted(COLUMNS, rows))
        self.show_detail()
        self.refresh_bindings()

    def _nobody(self) -> str:
        """Return why the list is empty."""
        if self.access is None:
            return self.state[0] or HOW_TO_ASK
        if self.question.reach:
            complete = "" if self.access.answer.complete else ", as far as it could be read"
            return f"This principal can reach no role and no user{complete}."
        return f"{nobody('may', complete=self.access.answer.complete)}."

    def _row(self, row: TreeRow) -> Row:
        one, depth = row.one, len(row.path) - 1
        sign = SIGNS.get(one.answer) or (marks().passed if one.answer is MayAssume.YES else marks().unknown)
        tree = ("+- " if marks().ascii else "├ ") if depth else ""
        by = "" if self.question.reach else "by "
        branch = f"{'   ' * (depth - 1)}{tree}{by}" if depth else ""
        how = ", ".join(map(statement_name, granting(one)))
        stepwise = one.step and (self.question.reach or depth or one.step != STEP_ASSUME)
        how = f"{one.step}: {one.gives or how}" if stepwise else how
        return Row(
            row.id,
            (sign, branch + visible(one.title), visible(how), visible(one.note)),
            GOOD if one.answer is MayAssume.YES else PLAIN,
            self._is_role(row),
        )

    def _here(self) -> TreeRow | None:
        row = self.table.row if self.is_mounted else None
        return self.rows.get(row.id) if row else None

    def on_virtual_table_moved(self, message: VirtualTable.Moved) -> None:
        self.statement = 0  # before the base class shows the row

    def show_detail(self) -> None:
        """Show the row in full, because names and conditions are often longer than a column."""
        here = self._here()
        words = f"{here.one.title}: {here.one.note or here.one.answer}" if here is not None else ""
        if here is not None and len(here.path) > 1:
            above = self.rows[".".join(map(str, here.path[:-1]))]
            first, second = (above.one, here.one) if self.question.reach else (here.one, above.one)
            verb = here.one.step.removesuffix(" it") or "may assume"
            words = f"{first.title} {verb} {second.title}" + (f": {here.one.note}" if here.one.note else "")
        if here is not None and here.one.gives:
            words += f". By {here.one.gives}."
        self.query_one("#who-can-sentence", Paragraph).say(visible(words))
        self._show_statement(here)

    def _show_statement(self, here: TreeRow | None) -> None:
        """Show the statement that permits the step on this line, highlighted in its document."""
        pane, view = self.query_one("#who-can-edge", Pane), self.query_one("#who-can-document", DocumentView)
        pane.display = here is not None
        found = here.statements if here is not None else ()
        if here is None or not found:
            pane.name_it("Statement")
            view.show(None, missing=here.one.note or "None of the statements read decides this hop." if here else "")
            return
        self.statement %= len(found)
        one = found[self.statement]
        more = f"{self.statement + 1} of {len(found)}, [ and ] change" if len(found) > 1 else ""
        pane.name_it(visible(f"{statement_name(one)}{conditions_suffix(one)}"), aside=more)
        view.show(one.policy.document)
        view.light(one.statement)

    def _is_role(self, here: TreeRow | None) -> bool:
        return here is not None and self.access is not None and self.access.is_role(here.one)

    # Commands

    def role_in_attention(self) -> Role | None:
        here = self._here()
        return self.session.role(here.one.arn) if here is not None and here.one.arn else None

    def situation(self) -> CommandSituation:
        return CommandSituation(self.session, self.role_in_attention())

    def why_not(self, command: Command) -> str:
        objection = super().why_not(command)
        if objection or not self.is_mounted:
            return objection
        here = self._here()
        match command.action:
            case "open" if not self._is_role(here):
                return "This line cannot be expanded: it is not a role or user of an account that was read."
            case "tell" if not self._open_keys(here):
                return "This line depends on no condition key."
            case "before" | "after" if here is None or len(here.statements) < 2:
                return "This edge has no other statement."
            case "turn" if not self._turned():
                return "Choose a role of this account, or type a question about a role."
            case "export" if self.access is None:
                return "Ask a question first."
        return ""

    def on_virtual_table_chosen(self, message: VirtualTable.Chosen) -> None:
        message.stop()
        if message.row.id in self.open:
            self.action_close()
        elif self._is_role(self._here()):
            self.action_open()

    def action_ask(self) -> None:
        self.set_focus(self.query_one(Input))

    def action_open(self) -> None:
        here, tree = self._here(), self.access
        if here is None or tree is None or here.one.arn is None or here.id in self.open:
            return
        self.say(f"Evaluating who can reach {here.one.title} ...")
        self._open_row(here)

    def _open_row(self, here: TreeRow) -> None:
        tree, arn, row = self.access, here.one.arn, here.id
        if tree is not None and arn is not None:
            number = self._number
            self._work(f"open {row}", lambda: self.post_message(RoleAsked(number, row, tree.behind(arn))))

    def on_role_asked(self, message: RoleAsked) -> None:
        message.stop()
        if message.number != self._number:
            return
        complete = self.access is not None and self.access.answer.complete
        nothing = (
            "This principal can reach nothing further."
            if self.question.reach
            else f"{nobody('can reach it', complete=complete)}."
        )
        self.say("" if message.found else nothing)
        self.open[message.row] = message.found
        self.show()

    @staticmethod
    def _open_keys(here: TreeRow | None) -> tuple[str, ...]:
        """Return the condition keys that the line depends on and that have no value."""
        found = [*here.one.statements, *here.one.unless] if here is not None else []
        keys = [block.key for one in found for block in one.conditions]
        return tuple(dict.fromkeys((*keys, *(key for one in found for key in one.variables))))

    def action_tell(self) -> None:
        from screens.assumptions import give_value

        give_value(self, self._open_keys(self._here()), self.assumptions_changed)

    def action_before(self) -> None:
        self.statement -= 1
        self.show_detail()

    def action_after(self) -> None:
        self.statement += 1
        self.show_detail()

    def _turned(self) -> str:
        """Return the question in the opposite direction.

        The question is about the role in the current question, or else the role under the cursor.
        """
        account, question = self.session.account, self.question
        role = account.role(question.resource) if account is not None and question.action in (ASSUME, REACH) else None
        role = role or self.role_in_attention()
        if role is None:
            return ""
        return f"assume {role.name}" if question.reach else f"{REACH} {role.name}"

    def title_of(self, command: Command) -> str:
        if command.action == "turn":
            return "who can assume it" if self.question.reach else "what it can reach"
        return super().title_of(command)

    def action_turn(self) -> None:
        text = self._turned()
        self.query_one(Input).value = visible(text)
        self._begin(text)

    def action_close(self) -> None:
        here = self._here()
        if here is None:
            return
        closing = here.id if here.id in self.open else ".".join(map(str, here.path[:-1]))
        self.open = {
            each: found for each, found in self.open.items() if each != closing and not each.startswith(f"{closing}.")
        }
        self.show()
        self.table.go_to(closing)

    def action_role(self) -> None:
        if role := self.role_in_attention():
            self.app.post_message(OpenRole(role.name, over=True))

    def action_export(self) -> None:
        tree, question = self.access, self.question

        def chosen(form: str | None) -> None:
            if form is None or tree is None:
                return
            if form in ("md", "csv"):
                self._save(form, table_texts(TITLES, self.table.rows)[form])
                return
            self.say("Evaluating all hops ...")
            self._work("export", lambda: self._draw(form, tree, question))

        self.app.push_screen(Menu("Export the answer", FORMS), chosen)

    def _draw(self, form: str, tree: AccessTree, question: TreeQuestion) -> None:
        worker, edges = get_current_worker(), []
        for edge in tree.edges(question):
            if worker.is_cancelled:
                return
            edges.append(edge)
        if form in ("txt", "json"):
            text = tree_text(tree, question) if form == "txt" else json_text(tree_json(tree, question)) + "\n"
        else:
            text = GRAPH_FORMS[form](edges)
        self.post_message(GraphWritten(form, text))

    def on_graph_written(self, message: GraphWritten) -> None:
        message.stop()
        self.say("")
        self._save(ENDINGS.get(message.form, message.form), message.text)

    def _save(self, ending: str, text: str) -> None:
        text = noted(text, ending, self.stale_note)
        ask_where(self, f"{file_name(stamped('who-can', self.session.now))}.{ending}", text)

    def _work(self, group: str, work: Callable[[], object]) -> None:
        run_in_thread(self, work, group)

    def stop_work(self) -> bool:
        if all(worker.is_finished or worker.node is not self for worker in self.workers):
            return False
        self.workers.cancel_node(self)
        self._number += 1
        if self._if_stopped:
            self.state = (self._if_stopped, True)
        self.say("" if self._if_stopped else "Stopped.")
        self.show()
        return True

    def leave(self) -> None:
        self.note_typed()
        super().leave()
