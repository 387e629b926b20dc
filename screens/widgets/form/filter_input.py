"""The filter input above a list."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from screens.widgets.form.line_input import LineInput
from screens.widgets.table import VirtualTable


class FilterInput(LineInput):
    """The input for a filter. Down, enter and tab move to the screen's list.

    ``before`` is the filter at the time when the input was opened: typing replaces it, and escape restores it.
    """

    before = ""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "to_list", "to the list", show=True),
        Binding("down,tab", "to_list", show=False),
    ]

    def open(self) -> None:
        """Move the focus to the input and select its text."""
        self.before = self.value
        self.screen.set_focus(self)
        self.select_all()

    @property
    def replaces(self) -> bool:
        """Whether the typed filter differs from the one that was set when the input was opened."""
        return self.has_focus and bool(self.before) and self.value != self.before

    def action_to_list(self) -> None:
        self.screen.set_focus(self.screen.query(VirtualTable).first())
