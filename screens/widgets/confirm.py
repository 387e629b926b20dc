"""The question before something is carried out: a text, and the answers to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import events
from textual.widget import Widget

from screens.widgets.line import Line
from screens.widgets.modal import Menu, MenuChoice, TextLines
from screens.widgets.table import VirtualTable

YES, NO_THANKS = "yes", "no"


def question(yes: str) -> tuple[MenuChoice, MenuChoice]:
    """Return the two answers that every confirmation offers, always in this order."""
    return MenuChoice(YES, yes, "", "y"), MenuChoice(NO_THANKS, "not now", "", "n")


class Confirm(Menu):
    """A text and the possible actions. The result is the ID of the chosen action, or None.

    The cursor starts on the first action, or with ``careful`` on the one that changes nothing. A letter that chooses
    nothing may be the beginning of a name, which some confirmations ask for: from then on, only the arrow keys choose.
    """

    def __init__(self, title: str, text: str, choices: Sequence[MenuChoice], *, careful: bool = False) -> None:
        super().__init__(title, choices)
        self.text, self.careful = text, careful
        self._typing = False

    def compose_inside(self) -> Iterable[Widget]:
        lines = TextLines(self.text)
        lines.can_focus = False
        yield lines
        yield Line()
        yield from super().compose_inside()

    def on_mount(self) -> None:
        super().on_mount()
        if self.careful:
            self.query_one(VirtualTable).go_to(NO_THANKS)

    def on_key(self, event: events.Key) -> None:
        letter = event.character is not None and event.is_printable
        if self._typing and event.key in ("up", "down", "tab"):
            self._typing = False
            self.query_one(VirtualTable).focus()
        elif (letter and all(choice.key != event.character for choice in self.choices)) or (
            self._typing and (letter or event.key == "enter")
        ):
            self._typing = True
            self.query_one(VirtualTable).go_to(NO_THANKS)
            self.set_focus(None)
            self.say("No name is asked for here: choose with the arrows and enter, or leave with esc.", trouble=True)
        else:
            return  # the menu's own
        event.stop()
        event.prevent_default()
