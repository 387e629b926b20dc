"""The filter input above a list."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from screens.widgets.form.line_input import LineInput
from screens.widgets.table import VirtualTable


class FilterInput(LineInput):
    """The input of a filter. Down, enter and tab move to the screen's list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "to_list", "to the list", show=True),
        Binding("down,tab", "to_list", show=False),
    ]

    def action_to_list(self) -> None:
        self.screen.set_focus(self.screen.query(VirtualTable).first())
