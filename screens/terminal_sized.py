"""A mixin that lays out a screen for the terminal's current size, not for the size in a delayed message.

It also draws the screen when that becomes visible.
"""

from __future__ import annotations

from textual.geometry import Size
from textual.message_pump import MessagePump


class TerminalSized(MessagePump):
    """A mixin for every screen. List it before Textual's class.

    Textual lays a screen out for the size in a message, and posts that size to the screen again if the layout changed
    it. If two sizes are in its queue, each restores the other. If this happens while a batch is open, only the screen
    handles messages, and the program hangs.
    """

    def _screen_resized(self, size: Size) -> None:
        super()._screen_resized(self.app.size)  # type: ignore[misc]  # Textual's Screen comes next

    def _compositor_refresh(self) -> None:
        # While a batch is open, Textual would draw all of this too, and discard it.
        if not self.app._batch_count:
            super()._compositor_refresh()  # type: ignore[misc]
