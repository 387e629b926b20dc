"""The glossary of IAM terms.

The terms on the screen below are listed first, each with an example from the open account.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from diagnostics.glossary import terms_for
from iam.account import Role
from screens.session import Session
from screens.widgets.line import Line
from screens.widgets.modal import TextLines, Window
from screens.widgets.table import Column, Row, VirtualTable


class Glossary(Window[None]):
    """The window that lists the IAM terms.

    ``text`` is the text of the screen below the window; ``role`` is the role that the screen is about.
    """

    AUTO_FOCUS = "VirtualTable"

    def __init__(self, session: Session, role: Role | None, text: str) -> None:
        super().__init__("Words")
        self.session, self.role = session, role
        self.terms = terms_for(text)

    def compose_inside(self) -> Iterable[Widget]:
        table = VirtualTable((Column("", 20, grow=1),), heading=False, opens=False)
        table.styles.height = len(self.terms)
        yield table
        yield Line()
        yield TextLines()

    def on_mount(self) -> None:
        self.query_one(VirtualTable).show([Row(str(number), (term.title,)) for number, term in enumerate(self.terms)])
        self._explain()

    def on_virtual_table_moved(self, message: VirtualTable.Moved) -> None:
        message.stop()
        self._explain()

    def _explain(self) -> None:
        row = self.query_one(VirtualTable).row
        if row is not None:
            term = self.terms[int(row.id)]
            self.query_one(TextLines).show("\n".join(term.explained(self.session.account, self.role)))
