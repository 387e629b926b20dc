"""Keys one after the other, each where the one before led.

Textual hands a key to the widget that has the focus when the key arrives, and that widget acts on it later. Over SSH
several keys arrive in one packet: of ``/orders`` all would go to the list, where ``d`` and ``s`` are commands. Here a
key waits until the one before came to rest. Only ``ctrl+c`` does not wait: who presses it wants out, and the keys
before it are dropped.
"""

from __future__ import annotations

import asyncio
from collections import deque
from functools import partial
from time import monotonic

from textual import events
from textual.app import App
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

INTERRUPT = "ctrl+c"
PATIENCE = 1.0
"""Seconds after which a key is taken to have come to rest, should it lead to long work."""

LOOK_SECONDS = 0.05
"""How often it is looked whether the key's widget went away with it: one that does forgets what it was to say."""


class KeyRested(Message):
    """Takes the way of a key, behind it, and then once more, behind what the key set off: an ``enter`` that leads to
    the next field does so by a message of its own. When this arrives again, the key was dealt with."""

    namespace = "app"

    def __init__(self, target: Widget | Screen[object], *, again: bool = False) -> None:
        super().__init__()
        self.target = target
        self.again = again


class TypingAhead(App[None]):
    """An app that takes keys in turn. Put it in place of Textual's App."""

    def __init__(self) -> None:
        super().__init__()
        self._keys_waiting: deque[events.Key] = deque()
        self._key_under_way: asyncio.TimerHandle | None = None
        self._taken = 0.0

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            if event.key == INTERRUPT:
                self._keys_waiting.clear()
                if self._key_under_way is not None:
                    self._key_under_way.cancel()
            elif self._key_under_way is not None:
                self._keys_waiting.append(event)
                return
            await self._take(event)
        else:
            await super().on_event(event)

    def key_arrives(self, event: events.Key) -> None:
        """A key is about to be handed on."""

    async def _take(self, event: events.Key) -> None:
        self.key_arrives(event)
        target = self.focused or self.screen
        self._taken = monotonic()
        self._look_later(target, self._taken)
        await super().on_event(event)
        if not target.post_message(KeyRested(target)):
            await self._next_key()

    def _look_later(self, target: Widget | Screen[object], taken: float) -> None:
        # Not a timer of Textual's, which makes a task for each key.
        look = partial(self._wait_on, target, taken)
        self._key_under_way = asyncio.get_running_loop().call_later(LOOK_SECONDS, self.call_next, look)

    async def _wait_on(self, target: Widget | Screen[object], taken: float) -> None:
        if taken != self._taken or self._key_under_way is None:
            return
        if not target.is_running or monotonic() - taken > PATIENCE:
            await self._next_key()
        else:
            self._look_later(target, taken)

    async def on_key_rested(self, message: KeyRested) -> None:
        message.stop()
        if message.again or not message.target.post_message(KeyRested(message.target, again=True)):
            await self._next_key()

    async def _next_key(self) -> None:
        if self._key_under_way is not None:
            self._key_under_way.cancel()
            self._key_under_way = None
        if self._keys_waiting:
            await self._take(self._keys_waiting.popleft())
