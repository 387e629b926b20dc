"""Which services a role used, and when, as IAM's last-accessed job says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget

from iam.account import ServiceLastAccessed
from iam.sources.reader import AccountReader, Reading
from screens.commands import Command, bindings
from screens.frame.base import PANES, BaseScreen
from screens.session import Session
from screens.text import ago, plural, visible
from screens.widgets.line import Line
from screens.widgets.rules import TitledRule
from screens.widgets.styles import FAINT, PLAIN
from screens.widgets.table import Column, Row, VirtualTable

Answer = Reading[tuple[ServiceLastAccessed, ...]]

COMMANDS = (Command("accessed.back", "escape", "back", "Back to the role.", palette=False, show_in_footer=True),)


class LastAccessedRead(Message):
    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


class LastAccessedScreen(BaseScreen):
    MODE = "roles"
    AUTO_FOCUS = "VirtualTable"
    DECLARED = (*COMMANDS, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)

    def __init__(self, session: Session, role_name: str) -> None:
        super().__init__(session)
        self.role_name = role_name

    def compose_body(self) -> Iterable[Widget]:
        yield TitledRule(f"{visible(self.role_name)}  services it used")
        yield Line([(" asking IAM for the services that its policies allow ...", FAINT)], id="accessed-note")
        columns = Column("SERVICE", 30, grow=1, most=50), Column("LAST USED", 24), Column("ON", 12, grow=1)
        yield VirtualTable(columns, opens=False)

    def words(self) -> str:
        return "IAM lists the services that the role's policies allow, with the last authenticated attempt of each."

    def on_mount(self) -> None:
        role, reader = self.session.role(self.role_name), self.session.reader
        if role is not None and reader is not None:
            self.run_worker(
                lambda: self._read(reader, role.arn), thread=True, exclusive=True, group="accessed", exit_on_error=False
            )

    def _read(self, reader: AccountReader, arn: str) -> None:
        self.post_message(LastAccessedRead(reader.last_accessed(arn)))

    def on_last_accessed_read(self, message: LastAccessedRead) -> None:
        message.stop()
        answer, line, table = message.answer, self.query_one("#accessed-note", Line), self.query_one(VirtualTable)
        if answer.unreadable:
            line.show(f" {visible(answer.call)} could not be read: {visible(answer.why)}")
            return
        used = sorted(answer.value or (), key=lambda each: each.namespace)
        used.sort(key=lambda each: each.last_authenticated.timestamp() if each.last_authenticated else 0, reverse=True)
        count = sum(each.last_authenticated is not None for each in used)
        line.show((f" {count} of {plural(len(used), 'allowed service')} used in the tracked time", FAINT))
        rows = []
        for each in used:
            when = each.last_authenticated
            text = f"{ago(when, self.session.now)} ago" if when else "not in the tracked time"
            rows.append(
                Row(
                    each.namespace,
                    (visible(each.namespace), text, f"{when:%Y-%m-%d}" if when else ""),
                    PLAIN if when else FAINT,
                )
            )
        table.show(rows, empty="IAM lists no services for this role: its policies allow none.")

    def action_back(self) -> None:
        self.workers.cancel_group(self, "accessed")
        self.dismiss()
