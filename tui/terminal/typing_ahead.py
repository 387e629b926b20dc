"""Process keys and pastes one after another, each in the state that results from the previous one.

When a key arrives, Textual passes it to the widget that has the focus at that moment, and that widget handles it later.
Over SSH, several keys arrive in one packet. All of ``/orders`` would go to the list, where ``d`` and ``s`` are
commands. Here, a key waits until the previous one was processed completely. A paste waits too. Otherwise it would go to
the screen that the previous key is about to close. Only ``ctrl+c`` does not wait: it discards what was typed before it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from functools import partial
from time import monotonic

from textual import events
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget

INTERRUPT = "ctrl+c"
UNDO = "ctrl+z"
"""The undo key of a text area. The key has priority there, because in other widgets, even in windows, it suspends the
program."""
LOOK_SECONDS = 0.05
"""Seconds between checks for a removed widget. Such a widget never reports the key as processed."""

PATIENCE = 20
"""The number of checks after which a key counts as processed, because it may have started long work.

   The limit is not a time, because a process that gets no processor for a while does not process the key meanwhile.
"""


def _has_pending(pump: MessagePump) -> bool:
    """Return whether there is a message that the pump has not begun to process."""
    return pump._pending_message is not None or bool(pump.message_queue_size)


def _is_idle(pump: MessagePump) -> bool:
    """Return whether the pump waits for a message and none has arrived."""
    return bool(pump._message_queue.ready_event._waiters) and not _has_pending(pump)


class KeyRested(Message):
    """Passes through the message queues twice after a key, to detect that the key was processed completely.

    The second pass is for messages that the key's handler posted: ``enter``, for example, moves to the next field by a
    message. If no handler is running when this message arrives for the second time, the key has been processed.
    """

    namespace = "app"

    def __init__(self, target: Widget | Screen[object], taken: float, *, again: bool = False) -> None:
        super().__init__()
        self.target = target
        self.taken = taken
        self.again = again


class TypingAhead(App[None]):
    """An app that processes keys one after another. Use it instead of Textual's App."""

    def __init__(self) -> None:
        super().__init__()
        self._keys_waiting: deque[events.Key | events.Paste] = deque()
        self._key_went_to: Widget | Screen[object] | None = None
        self._looking: asyncio.TimerHandle | None = None
        self._taken = 0.0

    async def on_event(self, event: events.Event) -> None:
        if self._exit and isinstance(event, events.InputEvent):
            return  # otherwise the end would wait for everything that was typed before it
        if not isinstance(event, events.Key | events.Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        if isinstance(event, events.Key) and event.key == INTERRUPT:
            self._keys_waiting.clear()
        elif self._keys_waiting or not self._rested:
            self._keys_waiting.append(event)
            if len(self._keys_waiting) == 1:
                self._follow()
            return
        await self._take(event)

    @property
    def _rested(self) -> bool:
        """Whether the previous key was processed: no handler on its path is running, and no message is waiting.

        This is true for most keys, which then need no `KeyRested`.
        """
        target = self._key_went_to
        if target is None or not target.is_running:
            return True
        if _has_pending(self):
            return False
        return all(_is_idle(pump) for pump in target.ancestors_with_self if pump is not self)

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:
        if priority and key == UNDO:
            from textual.widgets import TextArea

            if isinstance(self.focused, TextArea):
                return False
        return await super()._check_bindings(key, priority)

    def key_arrives(self, event: events.Key) -> None:
        """Called for each key before it is passed to a widget."""

    async def _take(self, event: events.Key | events.Paste) -> None:
        if isinstance(event, events.Key):
            self.key_arrives(event)
        self._key_went_to = self.focused or self.screen
        self._taken = monotonic()
        await super().on_event(event)

    def _follow(self) -> None:
        """Wait until the last key was processed completely."""
        target = self._key_went_to
        if target is None or not target.post_message(KeyRested(target, self._taken)):
            self.call_next(self._next_key)
            return
        self._look_later(target, self._taken)

    def _look_later(self, target: Widget | Screen[object], taken: float, looks: int = 1) -> None:
        # Not one of Textual's timers, which create a task for each key.
        look = partial(self._wait_on, target, taken, looks)
        self._looking = asyncio.get_running_loop().call_later(LOOK_SECONDS, self.call_next, look)

    async def _wait_on(self, target: Widget | Screen[object], taken: float, looks: int) -> None:
        if taken != self._taken or not self._keys_waiting:
            return
        if not target.is_running or looks >= PATIENCE:
            await self._next_key()
        else:
            self._look_later(target, taken, looks + 1)

    async def on_key_rested(self, message: KeyRested) -> None:
        message.stop()
        target, taken = message.target, message.taken
        if taken != self._taken:
            return
        if (message.again and self._rested) or not target.post_message(KeyRested(target, taken, again=True)):
            await self._next_key()

    async def _next_key(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None
        if self._exit or not self._running:
            self._keys_waiting.clear()
        if self._keys_waiting:
            await self._take(self._keys_waiting.popleft())
            if self._keys_waiting:
                self._follow()
