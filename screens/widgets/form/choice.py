"""One of several, on one line: ``‹ AWS account ›``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from screens.commands import Command, Commanded, CommandSituation, bindings
from screens.session import Session
from screens.text import fit, marks, visible
from screens.widgets.styles import CURSOR, FAINT, PLAIN

MOVES = (
    Command("choice.turn", "right,l,space", "other choice", "The next choice.", "Forms", True, palette=False),
    Command("choice.turn-back", "left,h", "choice before", "The choice before.", "Forms", palette=False),
    Command("choice.down", "down,j", "next field", "The next field.", "Forms", palette=False),
    Command("choice.up", "up,k", "field before", "The field before.", "Forms", palette=False),
    Command(
        "choice.list",
        "o,slash",
        "all choices",
        "All choices as a list; many narrow while one types.",
        "Forms",
        True,
        palette=False,
    ),
    Command("choice.go-on", "enter", "go on", "On to the next field.", "Forms", palette=False),
)


FEW = 8
"""Choices that are seen at a glance; among more one looks by typing."""


@dataclass(frozen=True, slots=True)
class Option:
    """``note`` says in a few words when to take it: in the list of all, and if ``in_line`` beside the choice itself."""

    id: str
    title: str
    note: str = ""
    in_line: bool = True


class Choice(Commanded, Widget, can_focus=True):
    DECLARED = MOVES
    BINDINGS: ClassVar[list[BindingType]] = bindings(MOVES)
    DEFAULT_CSS = "Choice { height: 1; width: 1fr; }"

    class Changed(Message):
        def __init__(self, choice: Choice, value: str) -> None:
            super().__init__()
            self.choice, self.value = choice, value

        @property
        def control(self) -> Choice:
            return self.choice

    class Submitted(Changed):
        """``enter``."""

    class Stepped(Message):
        """``down`` (1) or ``up`` (-1)."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def __init__(self, options: Sequence[Option], value: str = "") -> None:
        super().__init__()
        self.options = tuple(options)
        self._index = next((index for index, option in enumerate(self.options) if option.id == value), 0)

    def situation(self) -> CommandSituation:
        # A row that is taken away keeps the focus for a moment, and has no screen then.
        screen = self.screen if self.is_attached else None
        return screen.situation() if isinstance(screen, Commanded) else CommandSituation(Session())

    @property
    def value(self) -> str:
        return self.options[self._index].id if self.options else ""

    @value.setter
    def value(self, value: str) -> None:
        index = next((index for index, option in enumerate(self.options) if option.id == value), 0)
        if index != self._index:
            self._index = index
            self.refresh()

    def _turn(self, index: int) -> None:
        if len(self.options) > 1 and index % len(self.options) != self._index:
            self._index = index % len(self.options)
            self.refresh()
            self.post_message(self.Changed(self, self.value))

    def take(self, id: str) -> None:
        """Choose the option with that id, as its keys do."""
        self._turn(next(index for index, option in enumerate(self.options) if option.id == id))

    def action_turn(self) -> None:
        self._turn(self._index + 1)

    def action_turn_back(self) -> None:
        self._turn(self._index - 1)

    def action_down(self) -> None:
        self.post_message(self.Stepped(1))

    def action_up(self) -> None:
        self.post_message(self.Stepped(-1))

    def action_go_on(self) -> None:
        self.post_message(self.Submitted(self, self.value))

    def action_list(self) -> None:
        from screens.widgets.form.filtered_menu import FilteredMenu
        from screens.widgets.modal import Menu, MenuChoice

        def chosen(id: str | None) -> None:
            if id is not None:
                self.take(id)

        choices = [MenuChoice(each.id, each.title, each.note) for each in self.options]
        many = len(choices) > FEW
        self.app.push_screen(FilteredMenu("Choose", choices) if many else Menu("Choose", choices), chosen)

    def on_click(self, event: events.Click) -> None:
        self._turn(self._index + 1)

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def render_line(self, y: int) -> Strip:
        width, base = self.size.width, self.rich_style
        if not self.options:
            return Strip.blank(width, base)
        option = self.options[self._index]
        left, right = ("<", ">") if marks().ascii else ("‹", "›")
        head = f"{left} {visible(option.title)} {right}"
        note = f"  {visible(option.note)}" if option.note and option.in_line else ""
        place = f"  {self._index + 1}/{len(self.options)}" if len(self.options) > 2 else ""
        segments = [
            Segment(head, base + (CURSOR if self.has_focus else PLAIN)),
            Segment(place, base + FAINT),
            Segment(fit(note, max(0, width - len(head) - len(place))), base + FAINT),
        ]
        return Strip(segments).adjust_cell_length(width, base)
