"""A mixin that makes a screen close exactly once, without closing another one."""

from __future__ import annotations

from typing import Any

from textual.await_complete import AwaitComplete
from textual.message_pump import MessagePump


class LeavesOnce(MessagePump):
    """Mixin of every screen that is opened over another: put it before Textual's class.

    Textual's ``dismiss`` takes away whichever screen is in front. A second key that was on its way, or a worker that
    ends later, would take the one below, or find none and end the program.
    """

    def dismiss(self, result: Any = None) -> AwaitComplete:
        front: object = self.app.screen
        if front is not self:
            return AwaitComplete()
        leaving: AwaitComplete = super().dismiss(result)  # type: ignore[misc]  # Textual's Screen comes next
        return leaving
