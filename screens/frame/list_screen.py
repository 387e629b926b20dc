"""The base of screens with a list: its filter, the details of the current row, and what escape does."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal

from screens.commands import Command
from screens.frame.base import BaseScreen
from screens.widgets.form.filter_input import FilterInput
from screens.widgets.line import Line
from screens.widgets.styles import KEY
from screens.widgets.table import VirtualTable


class FilterLine(Horizontal):
    """The filter input of a list; at the right, the number of rows that it shows."""

    DEFAULT_CSS = """
    FilterLine { height: 1; }
    FilterLine .sign { width: 3; }
    FilterLine FilterInput { width: 1fr; }
    FilterLine .count { width: auto; min-width: 24; padding-right: 1; }
    """

    def compose(self) -> ComposeResult:
        yield Line([(" / ", KEY)], classes="sign")
        yield FilterInput(placeholder="filter")
        yield Line(classes="count", right=True)

    @property
    def count(self) -> Line:
        return self.query_one(".count", Line)


class ListScreen(BaseScreen):
    """A screen with a list.

    Subclasses override `show_detail`, and `stop_work` and `leave` if escape must do more. Escape does the first of
    these that applies: it stops the plan that is being made, stops other work, leaves the filter, unmarks the rows, or
    goes back. The bottom line says which of these it will do.
    """

    AUTO_FOCUS = "VirtualTable"
    WORK: ClassVar[str] = ""
    """The group of the workers that read the list. Leaving the screen cancels them."""

    @cached_property
    def table(self) -> VirtualTable:
        """The list widget.

        It is looked up only once, because each key press needs it many times and it never changes.
        """
        return self.query(VirtualTable).first()

    def show_detail(self) -> None:
        """Show the details of the current row."""

    def on_virtual_table_moved(self, message: VirtualTable.Moved) -> None:
        message.stop()
        self.show_detail()
        self.refresh_bindings()

    def action_filter(self) -> None:
        self.query_one(FilterInput).open()

    def stop_work(self) -> bool:
        """Stop the work that the operator is waiting for. Return whether there was any."""
        return False

    def leave_filter(self) -> bool:
        """Restore the filter that the typed one replaced, or show all rows again, and return to the list.

        Return whether there was a filter.
        """
        fields: Iterable[FilterInput] = self.query(FilterInput)
        for field in fields:
            if field.value or field.has_focus:
                field.value = field.before if field.replaces else ""
                self.set_focus(self.table)
                return True
        return False

    def leave(self) -> None:
        """Go back to the screen below."""
        if self.WORK:
            self.workers.cancel_group(self, self.WORK)
        self.dismiss()

    def unmark(self) -> bool:
        """Unmark all rows. Return whether any row was marked."""
        marked = bool(self.table.marked)
        if marked:
            self.table.mark(frozenset())
            self.refresh_bindings()
        return marked

    def title_of(self, command: Command) -> str:
        if command.action == "back" and self.is_mounted:
            fields: Iterable[FilterInput] = self.query(FilterInput)
            if any(field.replaces for field in fields):
                return "former filter"
            if any(field.value or field.has_focus for field in fields):
                return "clear filter"
            if self.table.marked:
                return f"unmark {len(self.table.marked)}"
        return super().title_of(command)

    def action_back(self) -> None:
        if not (self.stop_planning() or self.stop_work() or self.leave_filter() or self.unmark()):
            self.leave()
