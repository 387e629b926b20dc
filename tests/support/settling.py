"""When the application under a Pilot has come to rest, told by its own state."""

from __future__ import annotations

import asyncio
from time import monotonic, process_time

from textual._context import active_app
from textual.app import App
from textual.message_pump import MessagePump
from textual.pilot import Pilot

GLANCE = 0.005
"""Seconds between looks at work that goes on in threads."""

LOOK, LITTLE = 0.02, 0.001
"""Work that took less than so many seconds of the processor within a look waits for something, as a stalled call."""


def _busy(pump: MessagePump) -> bool:
    return any((pump._message_queue.qsize(), pump._next_callbacks, pump._pending_message))


def _at_rest(app: App[object]) -> bool:
    screen = app.screen
    if screen._callbacks or screen._dirty_widgets or screen._layout_required or screen._repaint_required:
        return False
    return not any(_busy(each) for each in (app, *screen.walk_children(with_self=True)))


async def settled(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """Wait until no message is left, nothing is left to be drawn, and no worker is at work.

    Textual's own measure is the time that the process takes within 20 ms: it costs so much after every key, and
    is mistaken where the machine has other work to do.
    """
    app = active_app.get()
    pilot = Pilot(app)
    end = monotonic() + max_sleep
    began, used = monotonic(), process_time()
    waits = False
    while app._running and not app._exception:
        if not waits and not all(worker.is_finished for worker in app.workers):
            await asyncio.sleep(GLANCE)
            now = monotonic()
            if now - began > LOOK:
                waits = process_time() - used < LITTLE or now > end
                began, used = now, process_time()
            continue
        await pilot._wait_for_screen()
        app.screen._on_timer_update()
        await asyncio.sleep(0)
        if (_at_rest(app) and (waits or all(worker.is_finished for worker in app.workers))) or monotonic() > end:
            return
