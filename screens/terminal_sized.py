"""A screen is laid out for the terminal as it is now, and not as it was when a message about its size was sent; and it
is drawn when that is to be seen.
"""

from __future__ import annotations

from textual.geometry import Size
from textual.message_pump import MessagePump


class TerminalSized(MessagePump):
    """Mixin of every screen: put it before Textual's class.

    Textual lays a screen out for the size that a message tells, and tells the screen again where that changed its
    size. Of two sizes that wait in its queue each brings the other back. While a batch is open nothing but the screen
    gets its turn then: the program hangs.
    """

    def _screen_resized(self, size: Size) -> None:
        super()._screen_resized(self.app.size)  # type: ignore[misc]  # Textual's Screen comes next

    def _compositor_refresh(self) -> None:
        # While a batch is open Textual draws all of it too, and throws it away.
        if not self.app._batch_count:
            super()._compositor_refresh()  # type: ignore[misc]
