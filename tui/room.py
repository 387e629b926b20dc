"""If the terminal is too small for any screen, say so in one line and wait until it is larger.

Screens are never laid out for less than `LEAST`. On a smaller terminal they are not drawn, but keep their state,
including typed text.
"""

from __future__ import annotations

from rich.console import RenderableType
from textual import events
from textual.app import App
from textual.geometry import Size
from textual.screen import Screen

from screens.text import fit
from tui.terminal.wire import ChangedCells

LEAST = Size(40, 10)
"""The smallest terminal size at which every screen can show its main contents."""

LEAVING = ("ctrl+c", "ctrl+q")
"""Keys that work even if the terminal is too small. The effect of other keys would be invisible."""


class NeedsRoom(App[None]):
    """An app with a minimum size. Use it instead of Textual's App."""

    def __init__(self) -> None:
        super().__init__()
        self._stated_size: Size | None = None

    @property
    def terminal_size(self) -> Size:
        return self._stated_size or super().size

    @property
    def size(self) -> Size:
        """The size for which screens are laid out."""
        return _at_least(super().size)

    @property
    def has_room(self) -> bool:
        """Whether the terminal is large enough for the screens."""
        return self.terminal_size == _at_least(self.terminal_size)

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Resize):
            self._stated_size = event.size
            room = _at_least(event.size)
            event_time, event = event.time, events.Resize(room, room)
            event.time = event_time
        elif not self.has_room and _typed(event):
            return
        await super().on_event(event)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Write to the terminal. Textual writes only here."""
        if renderable is not None and not self.has_room:
            notice = f"Too small: {LEAST.width}x{LEAST.height} needed; {LEAVING[0]} quits"
            renderable = ChangedCells(f"\x1b[m\x1b[H\x1b[J{fit(notice, self.terminal_size.width).rstrip()}")
        super()._display(screen, renderable)


def _at_least(size: Size) -> Size:
    if size.width >= LEAST.width and size.height >= LEAST.height:
        return size
    return Size(max(size.width, LEAST.width), max(size.height, LEAST.height))


def _typed(event: events.Event) -> bool:
    """Return whether the event is a key or mouse event, except for a key that quits the program."""
    if isinstance(event, events.Key):
        return not event.is_forwarded and event.key not in LEAVING
    return isinstance(event, (events.MouseEvent, events.Paste)) and not event.is_forwarded
