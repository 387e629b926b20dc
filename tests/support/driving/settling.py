"""When the application under a Pilot has come to rest, told by its own state."""

from __future__ import annotations

import asyncio
from time import monotonic, process_time

import pytest
from textual._context import active_app
from textual.app import App
from textual.message_pump import MessagePump
from textual.pilot import Pilot

from tests.support.driving.waiting import GLANCES, LONG, at_work
from tui.terminal.typing_ahead import TypingAhead

GLANCE = 0.005
"""Seconds between looks at what goes on elsewhere than in the event loop."""

LITTLE = 0.001
"""Work that took less than so many seconds of the processor between two looks may wait for something."""

CALM = 3
"""Turns of the event loop in a row in which nothing else had a turn: nothing goes on but what waits."""


def _busy(pump: MessagePump) -> bool:
    """Whether it has a message, or has not yet come back from the last one to wait for the next."""
    if pump._closing or pump._closed:
        return False
    queue = pump._message_queue
    return bool(queue.values or pump._pending_message or pump._next_callbacks) or not queue.ready_event._waiters


async def _calm() -> None:
    """Wait until the event loop has nothing to run but the one who asks."""
    ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]  # the loop tells nobody else
    calm = 0
    while calm < CALM:
        await asyncio.sleep(0)
        calm = 0 if ready else calm + 1


async def dealt_with(pilot: Pilot[object], timeout: float = LONG) -> bool:
    """Wait until the screen and all on it have dealt with their messages, and no key waits for the one before it to be
    dealt with; whether that came about.

    In the place of Textual's own, which sends a message to every widget, and has each of them look whether it is to be
    drawn anew: most of the time that such a test takes.
    """
    app = pilot.app
    end = monotonic() + timeout
    while True:
        await _calm()
        if not app._running or app._exception or monotonic() > end:
            return False
        waiting = isinstance(app, TypingAhead) and app._keys_waiting
        if not waiting and not any(map(_busy, (app, *app.screen.walk_children(with_self=True)))):
            return True
        await asyncio.sleep(GLANCE)  # it waits for something else than its turn


def _drawn(app: App[object]) -> bool:
    screen = app.screen
    return not (screen._callbacks or screen._dirty_widgets or screen._layout_required or screen._repaint_required)


def _working(app: App[object]) -> bool:
    return not all(worker.is_finished for worker in app.workers)


async def settled(min_sleep: float = 0, max_sleep: float = LONG) -> None:
    """Wait until no message is left, nothing is left to be drawn, and no worker is at work, other than waiting for
    something, such as a call that the test holds back.

    Textual's own measure is the time that the process takes within 20 ms: it costs so much after every key, and
    is mistaken where the machine has other work to do.
    """
    app = active_app.get()
    pilot = Pilot(app)
    end = monotonic() + max_sleep
    asleep, used = 0, process_time()
    while app._running and not app._exception:
        if asleep < GLANCES and _working(app) and monotonic() < end:
            await asyncio.sleep(GLANCE)
            asleep = 0 if process_time() - used > LITTLE or at_work() else asleep + 1
            used = process_time()
            continue
        await dealt_with(pilot)
        if not _drawn(app):
            app.screen._on_timer_update()
            await asyncio.sleep(0)
        elif asleep == GLANCES or not _working(app):
            return
        if monotonic() > end:
            return


def wait_until_settled(patch: pytest.MonkeyPatch) -> None:
    """Have every Pilot wait so, in the place of Textual's own measures."""
    patch.setattr("textual.app.wait_for_idle", settled)
    patch.setattr("textual.pilot.wait_for_idle", settled)
    patch.setattr(Pilot, "_wait_for_screen", dealt_with)
