"""The services and actions that a role used, and when, according to IAM's last-accessed data.

It leads to a draft with only the permissions that were used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from diagnostics.review.limits import Limits
from iam.account import Account, Role
from iam.changes.entity_name import EntityName, role_entities
from iam.other_services import ServiceLastAccessed
from iam.policy.document import PolicyError
from iam.questions.catalogue import catalogue
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.reading import Reading
from screens.commands import Command, bindings
from screens.copy.menu import Copy, copy_menu
from screens.export.documents import Export, file_name
from screens.export.menu import export_menu
from screens.export.tables import table_texts
from screens.frame.base import PANES
from screens.frame.list_screen import ListScreen
from screens.role.right_size import RightSizeScreen
from screens.session import Session
from screens.text import ago, bar, plural, visible
from screens.widgets.line import Line
from screens.widgets.pane import Pane
from screens.widgets.styles import FAINT, PLAIN
from screens.widgets.table import Column, Row, VirtualTable, fitted
from screens.worker_failures import Answer, run_in_thread

LastAccessedReading = Reading[tuple[ServiceLastAccessed, ...]]

COMMANDS = (
    Command(
        "accessed.right-size",
        "l",
        "right-size",
        "Reduce the role's policies to the actions that the role used, and replay its recorded calls on the "
        "new policies.",
        show_in_footer=True,
    ),
    Command(
        "accessed.export",
        "e",
        "export",
        "Save the list as Markdown or CSV.",
        show_in_footer=True,
    ),
    Command("accessed.copy", "y", "copy", "Copy the service or action, or the full list.", show_in_footer=True),
    Command("accessed.back", "escape", "back", "Back to the role.", palette=False, show_in_footer=True),
)
BAR = 8
_DRAWN = re.compile(r"^[ █░#.]{8} ")
"""Matches the bar at the beginning of a cell."""
COLUMNS = (
    Column("SERVICE", 24, grow=2, most=44),
    Column("USED OF GRANTED", BAR + 15),
    Column("AGE", BAR, drop=2),
    Column("LAST USED", 23),
    Column("ON", 10, drop=1),
)


@dataclass(eq=False, repr=False)
class LastAccessedRead(Answer):
    """The last-accessed data was read.

    ``granted`` contains the number of granted actions by service; it is empty if they are unknown.
    """

    answer: LastAccessedReading
    granted: Mapping[str, int]


class LastAccessedScreen(ListScreen):
    MODE = "roles"
    WORK = "accessed"
    DECLARED = (*COMMANDS, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)

    def __init__(self, session: Session, role_name: str) -> None:
        super().__init__(session)
        self.role_name = role_name
        self.answer: LastAccessedReading | None = None
        self.granted: Mapping[str, int] = {}
        self.open_services: frozenset[str] = frozenset()

    def compose_body(self) -> Iterable[Widget]:
        note = Line([(" asking IAM which services its policies allow ...", FAINT)], id="accessed-note")
        pane = Pane(note, VirtualTable(COLUMNS))
        pane.name_it(visible(self.role_name), "services it used")
        yield pane

    def words(self) -> str:
        return (
            "IAM lists the services that the role's policies allow, each with the last authenticated attempt to "
            "use it. For some services, IAM also lists management actions one by one: enter shows them."
        )

    def role_in_attention(self) -> Role | None:
        return self.session.role(self.role_name)

    def on_mount(self) -> None:
        self.ask_again()

    def rests_on(self) -> Iterable[EntityName] | None:
        role = self.role_in_attention()
        return role_entities(role) if role is not None else None

    def ask_again(self) -> None:
        self.just_read()
        role, reader, account = self.role_in_attention(), self.session.reader, self.session.account
        if role is not None and reader is not None and account is not None:
            run_in_thread(self, lambda: self._read(reader, role, account), "accessed")

    def _read(self, reader: AccountReader, role: Role, account: Account) -> None:
        answer = reader.last_accessed(role.arn)
        self.post_message(LastAccessedRead(answer, _granted(role, account, reader)))

    def on_last_accessed_read(self, message: LastAccessedRead) -> None:
        message.stop()
        self.answer, self.granted = message.answer, message.granted
        self.show()

    def show(self) -> None:
        answer, line = self.answer, self.query_one("#accessed-note", Line)
        if answer is None:
            return
        if answer.unreadable:
            line.show(f" {visible(answer.call)} could not be read: {visible(answer.why)}")
            return
        used = sorted(answer.value or (), key=lambda each: each.namespace)
        used.sort(key=lambda each: each.last_authenticated.timestamp() if each.last_authenticated else 0, reverse=True)
        count = sum(each.last_authenticated is not None for each in used)
        line.show((f" {count} of {plural(len(used), 'allowed service')} used in the tracked time", FAINT))
        rows = [row for each in used for row in self._rows(each)]
        empty = "IAM lists no services for this role: its policies allow none."
        self.table.show(rows, empty=empty, columns=fitted(COLUMNS, rows))
        self.refresh_bindings()

    def _rows(self, each: ServiceLastAccessed) -> Iterator[Row]:
        """Yield the row of a service and, if it is expanded, the rows of the actions that IAM reports."""
        when = each.last_authenticated
        text = f"{ago(when, self.session.now)} ago" if when else "not in the tracked time"
        day = f"{when:%Y-%m-%d}" if when else ""
        name = each.namespace
        sign = " " if not each.actions else "-" if name in self.open_services else "+"
        cells = (f"{sign} {visible(name)}", self._share(each), self._age(when), text, day)
        yield Row(name, cells, PLAIN if when else FAINT)
        if name not in self.open_services:
            return
        if not each.actions:
            yield Row(f"{name}:", ("    IAM does not list its actions one by one", "", "", "", ""), FAINT)
        for action in sorted(each.actions or (), key=lambda one: (one.last_accessed is None, one.name)):
            last = action.last_accessed
            said = f"{ago(last, self.session.now)} ago" if last else "not in the tracked time"
            age = self._age(last)
            cells = (f"    {visible(action.name)}", "", age, said, f"{last:%Y-%m-%d}" if last else "")
            yield Row(f"{name}:{action.name}", cells, PLAIN if last else FAINT)

    def _age(self, when: datetime | None) -> str:
        """Return a bar for the time since the last use.

        It is full at the age from which the review reports it as unused.
        """
        most = (self.session.review_limits or Limits()).unused_days
        days = (self.session.now - when).days if when is not None else most
        return bar(max(0, min(days, most)), most, BAR)

    def _share(self, each: ServiceLastAccessed) -> str:
        """Return how many of the granted actions the role used, according to IAM."""
        granted = self.granted.get(each.namespace)
        if granted is None:
            return ""
        if each.last_authenticated is None:
            return f"{bar(0, granted, BAR)} 0 of {granted}"
        if not each.actions:
            return f"{' ' * BAR} unknown of {granted}"
        used = sum(one.last_accessed is not None for one in each.actions)
        more = "+" if len(each.actions) < granted else ""  # IAM does not report the other actions
        return f"{bar(used, granted, BAR)} {used}{more} of {granted}"

    def on_virtual_table_chosen(self, message: VirtualTable.Chosen) -> None:
        """Expand or collapse a service."""
        message.stop()
        self.open_services ^= {message.row.id.partition(":")[0]}
        self.show()

    def why_not(self, command: Command) -> str:
        objection = super().why_not(command)
        if not objection and command.action in ("export", "copy") and not (self.is_mounted and self.table.rows):
            return "There is nothing to export: no service is listed."
        if objection or command.action != "right_size":
            return objection
        role = self.role_in_attention()
        if role is None or self.session.account is None:
            return "The role has not been read yet."
        return (
            "The role belongs to an AWS service, and only that service can change the role."
            if role.service_owned
            else ""
        )

    def _texts(self) -> dict[str, str]:
        """Return the list without its bars, as text by file name ending."""
        words = [column for column in COLUMNS if column.title != "AGE"]
        rows = [
            replace(
                row,
                cells=tuple(
                    _DRAWN.sub("", text).lstrip(" +-") for at, text in enumerate(row.cells) if COLUMNS[at] in words
                ),
            )
            for row in self.table.rows
        ]
        return table_texts(words, rows)

    def action_export(self) -> None:
        name = file_name(f"last-accessed-{self.role_name}")
        export_menu(self, Export(f"Export what {visible(self.role_name)} used", name, self._texts()))

    def action_copy(self) -> None:
        row = self.table.row
        if row is not None:
            one = Copy("n", "the service or action", row.id.rstrip(":"))
            copy_menu(self, [one, Copy("l", "the list", self._texts()["md"])])

    def action_right_size(self) -> None:
        self.app.push_screen(RightSizeScreen(self.session, self.role_name, self.answer))


def _granted(role: Role, account: Account, reader: AccountReader) -> Mapping[str, int]:
    """Return the number of granted actions of each service, according to all policy layers that can be read."""
    from diagnostics.right_size.layers import role_layers
    from iam.questions.access import access

    layers, known = role_layers(role, account, reader), catalogue()
    try:
        found = access(layers.role, layers.policies, account)
    except PolicyError:
        return {}
    every = found.allowed | found.conditional
    return {service: (every & known.service(service)).bit_count() for service in known.services}
