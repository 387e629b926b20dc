"""A choice among several options, on one line: ``‹ AWS account ›``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
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
    Command("choice.turn", "right,space", "other choice", "The next choice.", "Forms", True, palette=False),
    Command("choice.turn-back", "left", "previous choice", "The previous choice.", "Forms", palette=False),
    Command("choice.down", "down", "next field", "The next field.", "Forms", palette=False),
    Command("choice.up", "up", "previous field", "The previous field.", "Forms", palette=False),
    Command(
        "choice.list",
        "slash",
        "all choices",
        "Show all choices as a list, which narrows as you type. Typing a letter also opens the list.",
        "Forms",
        True,
        palette=False,
    ),
    Command("choice.go-on", "enter", "go on", "Go to the next field.", "Forms", palette=False),
)


@dataclass(frozen=True, slots=True)
class Option:
    """An option of a choice.

    ``note`` says in a few words when to choose the option; the list shows it and, with ``in_line``, also the line of
    the choice. ``listed_only``: the option appears only in the list, and represents another option with more values
    already set.
    """

    id: str
    title: str
    note: str = ""
    in_line: bool = True
    listed_only: bool = False


class Choice(Commanded, Widget, can_focus=True):
    DECLARED = MOVES
    BINDINGS: ClassVar[list[BindingType]] = bindings(MOVES)
    DEFAULT_CSS = "Choice { height: 1; width: 1fr; }"

    @dataclass(eq=False, repr=False)
    class Changed(Message):
        choice: Choice
        value: str

        @property
        def control(self) -> Choice:
            return self.choice

    class Submitted(Changed):
        """``enter`` was pressed."""

    @dataclass(eq=False, repr=False)
    class Stepped(Message):
        """The key ``down`` (``by`` is 1) or ``up`` (-1) was pressed."""

        by: int

    def __init__(self, options: Sequence[Option], value: str = "") -> None:
        super().__init__()
        self.options = tuple(options)
        self._index = next((index for index, option in enumerate(self.options) if option.id == value), 0)

    def situation(self) -> CommandSituation:
        # A removed row keeps the focus for a moment, but then has no screen.
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
        if self.options and index != self._index:
            self._index = index
            self.refresh()
            self.post_message(self.Changed(self, self.value))

    def take(self, id: str) -> None:
        """Choose the option with this ID, as the keys do. Ignore the ID of an option that no longer exists."""
        self._turn(next((index for index, option in enumerate(self.options) if option.id == id), self._index))

    @cached_property
    def _initials(self) -> frozenset[str]:
        """The first letters of the words in the options. The footer checks each of its keys against them."""
        words = (word for each in self.options for word in re.findall(r"\w+", f"{each.title} {each.note}".casefold()))
        return frozenset(word[0] for word in words)

    @property
    def _turning(self) -> list[int]:
        """The indexes of the options that the left and right keys go through."""
        return [index for index, each in enumerate(self.options) if not each.listed_only]

    def _turn_by(self, by: int) -> None:
        places = self._turning
        at = places.index(self._index) if self._index in places else 0
        self._turn(places[(at + by) % len(places)])

    def action_turn(self) -> None:
        self._turn_by(1)

    def action_turn_back(self) -> None:
        self._turn_by(-1)

    def action_down(self) -> None:
        self.post_message(self.Stepped(1))

    def action_up(self) -> None:
        self.post_message(self.Stepped(-1))

    def action_go_on(self) -> None:
        self.post_message(self.Submitted(self, self.value))

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Return whether a letter is typed as part of an option's word instead of running a command."""
        if character is None or not character.isalpha() or len(self.options) < 2:
            return False
        return character.casefold() in self._initials

    def on_key(self, event: events.Key) -> None:
        if self.check_consume_key(event.key, event.character):
            event.stop()
            self._open_list(event.character or "")

    def action_list(self) -> None:
        self._open_list("")

    def _open_list(self, typed: str) -> None:
        from screens.widgets.form.filtered_menu import FilteredMenu
        from screens.widgets.modal import MenuChoice

        def chosen(id: str | None) -> None:
            if id is not None:
                self.take(id)

        choices = [MenuChoice(each.id, each.title, each.note) for each in self.options]
        self.app.push_screen(FilteredMenu("Choose", choices, typed), chosen)

    def on_click(self, event: events.Click) -> None:
        self._turn_by(1)

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
        count = len(self._turning)
        place = f"  {self._index + 1}/{count}" if count > 2 else ""
        segments = [
            Segment(head, base + (CURSOR if self.has_focus else PLAIN)),
            Segment(place, base + FAINT),
            Segment(fit(note, max(0, width - len(head) - len(place))), base + FAINT),
        ]
        return Strip(segments).adjust_cell_length(width, base)
