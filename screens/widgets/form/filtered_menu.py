"""Windows with an input and a list that typing narrows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Input

from screens.commands import Command, bindings
from screens.text import visible
from screens.widgets.form.line_input import AnswerInput
from screens.widgets.modal import CLOSE, MENU_COLUMNS, ListWindow, MenuChoice, WholeDetail
from screens.widgets.table import Row, VirtualTable, fitted

HERE = (
    Command("menu.next", "down", "next", "Move to the next line.", "This window", palette=False),
    Command("menu.previous", "up", "previous", "Move to the previous line.", "This window", palette=False),
)


class NarrowingWindow(ListWindow[str]):
    """A window with an input and a list. The result is the ID of the current row, or None.

    Subclasses add an `AnswerInput`, a `VirtualTable` and a `WholeDetail`, and define which rows match a typed text
    (`narrow`).
    """

    AUTO_FOCUS = "Input"
    DECLARED = (*HERE, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = bindings(HERE)

    def narrow(self, typed: str) -> None:
        """Show the rows that match the typed text."""
        raise NotImplementedError

    typed = ""
    """The initial text of the input."""

    def on_mount(self) -> None:
        self.table.lit_while_typing = True
        self._narrow(self.typed)

    def _narrow(self, typed: str) -> None:
        self.narrow(typed)
        self.call_after_refresh(self._show_whole)

    @property
    def table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self._narrow(message.value.strip())

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        if self.table.row is not None:
            self.dismiss(self.table.row.id)

    def on_virtual_table_chosen(self, message: VirtualTable.Chosen) -> None:
        message.stop()
        self.dismiss(message.row.id)

    def action_next(self) -> None:
        self.table.move_by(1)

    def action_previous(self) -> None:
        self.table.move_by(-1)


class FilteredMenu(NarrowingWindow):
    """A menu that typing narrows."""

    def __init__(self, title: str, choices: Sequence[MenuChoice], typed: str = "") -> None:
        super().__init__(title)
        self.choices, self.typed = tuple(choices), typed

    def compose_inside(self) -> Iterable[Widget]:
        yield AnswerInput(self.typed, placeholder="type a part of it")
        table = VirtualTable(MENU_COLUMNS, heading=False, empty="No name contains this text.")
        table.styles.height = min(len(self.choices), 14)
        yield table
        yield WholeDetail()

    def narrow(self, typed: str) -> None:
        words = typed.casefold().split()
        found = [
            each for each in self.choices if all(word in f"{each.label} {each.detail}".casefold() for word in words)
        ]
        # Choices with the words in their labels come before those that only mention them.
        found.sort(key=lambda each: [not re.search(rf"\b{re.escape(word)}", each.label.casefold()) for word in words])
        rows = [Row(each.id, (visible(each.label), visible(each.detail))) for each in found]
        self.table.show(rows, columns=fitted(MENU_COLUMNS, rows))
