"""Jump mode: each visible pane and field gets a letter, and the key of that letter moves the focus there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from string import ascii_lowercase
from typing import Any, ClassVar

from textual import events
from textual.binding import BindingType
from textual.errors import NoWidget
from textual.geometry import Offset, Region
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from screens.commands import Command, Commanded, CommandSituation, bindings
from screens.leaving import LeavesOnce
from screens.session import Session
from screens.terminal_sized import TerminalSized
from screens.widgets.line import Line
from screens.widgets.pane import Pane
from screens.widgets.styles import FAINT, JUMP, KEY

LETTERS = "asdfghjkl" + "".join(letter for letter in ascii_lowercase if letter not in "asdfghjkl")
"""The letters in the order in which they are assigned: those on the home row first."""

CLOSE = Command("jump.close", "escape", "close", "Stay.", "This window", palette=False)


def places(screen: Screen[Any]) -> Sequence[tuple[Widget, Offset]]:
    """Return the visible widgets that can be focused, starting at the top left, each with the position of its letter.

    For a widget that is alone in its pane, the letter is at the pane's title.
    """
    found = []
    for widget in screen.focus_chain:
        region = _in_sight(widget)
        if not region:
            continue
        at = region.offset
        pane = next((each for each in widget.ancestors if isinstance(each, Pane)), None)
        if pane is not None and sum(each in screen.focus_chain for each in pane.query("*")) == 1:
            at = _in_sight(pane).offset
        found.append((widget, at))
    return sorted(found, key=lambda each: (each[1].y, each[1].x))[: len(LETTERS)]


def _in_sight(widget: Widget) -> Region:
    """Return the widget's visible region; empty if it was just added and has no layout yet."""
    try:
        return widget.screen.find_widget(widget).visible_region
    except NoWidget:
        return Region()


class Jump(LeavesOnce, TerminalSized, Commanded, ModalScreen[None]):
    """The layer of letters over a screen, which stays visible. Any other key closes it and changes nothing."""

    DECLARED: ClassVar[Sequence[Command]] = (CLOSE,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(DECLARED)
    DEFAULT_CSS = """
    Jump { background: transparent; }
    Jump Line { position: absolute; width: 3; height: 1; }
    Jump .keys { width: 100%; }
    """

    def __init__(self, owner: Screen[Any]) -> None:
        super().__init__()
        self.owner = owner
        self.places = dict(zip(LETTERS, places(owner), strict=False))

    def situation(self) -> CommandSituation:
        return CommandSituation(Session())

    def compose(self) -> Iterable[Widget]:
        for letter, (_, at) in self.places.items():
            label = Line([(f" {letter} ", JUMP)])
            label.styles.offset = at
            yield label
        keys = Line([(" letter", KEY), (" go there  ", FAINT), ("esc", KEY), (" stay", FAINT)])
        keys.add_class("keys")
        keys.styles.offset = Offset(0, self.owner.size.height - 1)
        yield keys

    def on_key(self, event: events.Key) -> None:
        event.stop()
        widget, _ = self.places.get(event.character or "", (None, None))
        self.dismiss()
        if widget is not None:
            self.owner.set_focus(widget)

    def on_click(self) -> None:
        self.dismiss()

    def on_resize(self, event: events.Resize) -> None:
        """Close the layer if the size of the screen below changed, because the letters are then in wrong places."""
        if event.size != self.owner.size:
            self.dismiss()

    def action_close(self) -> None:
        self.dismiss()
