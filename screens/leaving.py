"""A mixin that makes a screen close exactly once, without closing any other screen."""

from __future__ import annotations

from typing import Any

from textual.await_complete import AwaitComplete
from textual.message_pump import MessagePump


class LeavesOnce(MessagePump):
    """A mixin for every screen that is opened over another. List it before Textual's class.

    Textual's ``dismiss`` closes whichever screen is at the front. Without this mixin, a second key press, or a worker
    that ends later, would close the screen below, or find no screen to close and end the program.
    """

    def dismiss(self, result: Any = None) -> AwaitComplete:
        front: object = self.app.screen
        if front is not self:
            return AwaitComplete()
        leaving: AwaitComplete = super().dismiss(result)  # type: ignore[misc]  # Textual's Screen comes next
        return leaving
