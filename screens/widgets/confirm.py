"""The question before something is carried out: a text, and the answers to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import events
from textual.timer import Timer
from textual.widget import Widget

from screens.widgets.line import Line
from screens.widgets.modal import Menu, MenuChoice, TextLines
from screens.widgets.table import VirtualTable

YES, NO_THANKS = "yes", "no"
ANSWER_KEYS = ("y", "n")
"""The keys for the answers `YES` and `NO_THANKS`, in this order."""

OF_A_NAME = 3.0
"""Seconds without a key after which a typed name has ended, and letters choose again.

The seconds are counted between key presses, because a slow program may process a key much later.
"""


def question(yes: str) -> tuple[MenuChoice, MenuChoice]:
    """Return the two answers that every confirmation offers, always in this order."""
    return MenuChoice(YES, yes, "", ANSWER_KEYS[0]), MenuChoice(NO_THANKS, "not now", "", ANSWER_KEYS[1])


class Confirm(Menu):
    """A text and the possible actions. The result is the ID of the chosen action, or None.

    The cursor starts on the first action, or with ``careful`` on the one that changes nothing. After a letter that
    selects no action, letters and Enter select nothing for a moment: the operator may be typing a name, which some
    confirmations ask for. ``ahead`` is a key that was typed before the question was shown. A careful question ignores
    it, because the question must be read first.
    """

    def __init__(
        self, title: str, text: str, choices: Sequence[MenuChoice], *, careful: bool = False, ahead: str = ""
    ) -> None:
        super().__init__(title, choices)
        self.text, self.careful, self._ahead = text, careful, ahead
        self._naming: Timer | None = None
        """A timer that runs while letters count as part of a name."""
        self._named_at = -OF_A_NAME
        """The time of the key event that typed the last letter of a name."""

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
        if self._ahead and self.careful:
            self.call_after_refresh(
                self.say, f"You pressed {self._ahead} before this question appeared: read the question, then answer."
            )
        elif self._ahead:
            self.post_message(events.Key(self._ahead, self._ahead))

    def on_key(self, event: events.Key) -> None:
        letter = event.character is not None and event.is_printable
        naming = self._naming is not None or event.time - self._named_at < OF_A_NAME
        if naming and event.key in ("up", "down", "tab"):
            self._name_over()
        elif (letter and all(choice.key != event.character for choice in self.choices)) or (
            naming and (letter or event.key == "enter")
        ):
            if self._naming is not None:
                self._naming.stop()
            self._named_at = event.time
            self._naming = self.set_timer(OF_A_NAME, self._seems_over)
            self.query_one(VirtualTable).go_to(NO_THANKS)
            self.set_focus(None)
            self.say(
                "There is nothing to type here, and your typing is ignored. Wait, then choose with a key.", trouble=True
            )
        else:
            return  # the menu handles it
        event.stop()
        event.prevent_default()

    def _seems_over(self) -> None:
        """Show that letters choose again.

        A letter that was pressed earlier but is not processed yet still belongs to the name.
        """
        if self._naming is not None:
            self._naming.stop()
        self._naming = None
        self.query_one(VirtualTable).focus()
        self.say("")

    def _name_over(self) -> None:
        """Make letter keys choose an option again."""
        self._named_at = -OF_A_NAME
        self._seems_over()
