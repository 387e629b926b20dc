"""Who can assume a role, and what it can assume."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from diagnostics.assume import Assumer, MayAssume, assumable_roles, assumers
from iam.account import Account, Role
from iam.questions.index import index_of
from iam.sources.reader import AccountReader
from screens.commands import Command, bindings
from screens.frame.base import PANES, BaseScreen
from screens.messages import OpenRole
from screens.session import Session
from screens.text import marks, visible
from screens.widgets.facts import Paragraph
from screens.widgets.pane import Pane
from screens.widgets.styles import GOOD, PLAIN
from screens.widgets.table import Column, Row, VirtualTable, fitted
from screens.worker_failures import run_in_thread

COLUMNS = (Column("", 1, mark=True), Column("WHO", 26, grow=2, most=60), Column("", 14, grow=3))
EVERY = 50
"""Principals asked between two reports to the screen."""

COMMANDS = (
    Command(
        "who.back", "escape", "stop, back", "Stop asking, then back to the role.", palette=False, show_in_footer=True
    ),
)


@dataclass(eq=False, repr=False)
class AssumersFound(Message):
    """Some more answers; ``done`` says that the list is complete."""

    table: str
    found: list[Assumer]
    asked: int
    done: bool


class WhoScreen(BaseScreen):
    MODE = "roles"
    AUTO_FOCUS = "#can-be-assumed"
    DECLARED = (*COMMANDS, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)
    DEFAULT_CSS = """
    WhoScreen.-narrow #who { layout: vertical; }
    WhoScreen #who-sentence { height: 3; }
    """

    def __init__(self, session: Session, role_name: str) -> None:
        super().__init__(session)
        self.role_name = role_name
        self.found: dict[str, list[Assumer]] = {"can-be-assumed": [], "can-assume": []}
        self.state: dict[str, str] = {"can-be-assumed": "asking ...", "can-assume": "asking ..."}

    def compose_body(self) -> Iterable[Widget]:
        with Horizontal(id="who"):
            for name in self.found:
                yield Pane(VirtualTable(COLUMNS, heading=False, id=name), id=f"{name}-pane")
        yield Paragraph(id="who-sentence")

    def words(self) -> str:
        return (
            "Who can assume it: principals that the trust policy lets in and, in this account, whose own policies "
            "allow sts:AssumeRole too. What it can assume: roles of this account. Answers are the local engine's; "
            "conditions that hang on a real call (MFA, external ID) are named, not guessed."
        )

    def on_resize(self) -> None:
        self.set_class(self.size.width < 100, "-narrow")

    def on_mount(self) -> None:
        self.ask_again()

    def ask_again(self) -> None:
        role, account, reader = self.session.role(self.role_name), self.session.account, self.session.reader
        self.just_read()
        self.found = {name: [] for name in self.found}
        self.state = dict.fromkeys(self.state, "asking ...")
        self.show()
        if role is None or account is None or reader is None:
            return
        run_in_thread(self, lambda: self._ask(role, account, reader), "who")

    def _ask(self, role: Role, account: Account, reader: AccountReader) -> None:
        index = index_of(account, reader)
        self._collect("can-be-assumed", iter(assumers(role, index)))
        self._collect("can-assume", assumable_roles(role, index))

    def _collect(self, table: str, answers: Iterator[Assumer | None]) -> None:
        worker = get_current_worker()
        found: list[Assumer] = []
        asked = 0
        for answer in answers:
            if worker.is_cancelled:
                return
            asked += 1
            if answer is not None:
                found.append(answer)
            if asked % EVERY == 0:
                self.post_message(AssumersFound(table, found, asked, False))
                found = []
        self.post_message(AssumersFound(table, found, asked, True))

    def on_assumers_found(self, message: AssumersFound) -> None:
        message.stop()
        self.found[message.table] += message.found
        self.state[message.table] = "" if message.done else f"asked for {message.asked:,} ..."
        self.show()

    def show(self) -> None:
        role = visible(self.role_name)
        titles = {"can-be-assumed": f"Who can assume {role}", "can-assume": f"What {role} can assume"}
        for name, title in titles.items():
            found, state = self.found[name], self.state[name]
            count = f"{len(found)}  {state}".rstrip()
            self.query_one(f"#{name}-pane", Pane).name_it(title, aside=count)
            rows = []
            for each in sorted(found, key=lambda each: each.answer is not MayAssume.YES):
                sign = {
                    MayAssume.YES: marks().passed,
                    MayAssume.CONDITIONS: marks().unknown,
                    MayAssume.UNKNOWN: marks().unknown,
                }
                style = GOOD if each.answer is MayAssume.YES else PLAIN
                note = visible(each.note) if each.note else str(each.answer)
                cells, opens = (sign[each.answer], visible(each.title), note), self._role(each.arn) is not None
                rows.append(Row(each.arn or each.title, cells, style, opens))
            empty = "No principals found." if name == "can-be-assumed" else "No roles found."
            self.query_one(f"#{name}", VirtualTable).show(rows, empty=state or empty, columns=fitted(COLUMNS, rows))

    def on_virtual_table_moved(self, message: VirtualTable.Moved) -> None:
        message.stop()
        self.show_whole_row()

    def on_descendant_focus(self) -> None:
        self.show_whole_row()

    def show_whole_row(self) -> None:
        """The row under the cursor as a whole: names and conditions are often longer than a column."""
        table = self.focused
        row = table.row if isinstance(table, VirtualTable) else None
        self.query_one("#who-sentence", Paragraph).say(" ".join((row.cells[1] + ":", row.cells[2])) if row else "")

    def on_virtual_table_chosen(self, message: VirtualTable.Chosen) -> None:
        message.stop()
        if role := self._role(message.row.id):
            self.app.post_message(OpenRole(role.name))

    def _role(self, arn: str | None) -> Role | None:
        return self.session.account.role(arn) if self.session.account and arn else None

    def action_back(self) -> None:
        running = any(
            not worker.is_finished and worker.group == "who" for worker in self.workers if worker.node is self
        )
        if running:
            self.workers.cancel_group(self, "who")
            self.state = {name: "stopped" if state else "" for name, state in self.state.items()}
            self.show()
        else:
            self.dismiss()
