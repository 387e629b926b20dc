"""When the application under a Pilot has come to rest, told by its own state."""

from __future__ import annotations

import asyncio
from time import monotonic, process_time

from textual._context import active_app
from textual.app import App
from textual.message_pump import MessagePump
from textual.pilot import Pilot

from tests.support.waiting import GLANCES, LONG, at_work

GLANCE = 0.005
"""Seconds between looks at work that goes on in threads."""

LITTLE = 0.001
"""Work that took less than so many seconds of the processor between two looks may wait for something."""


def _busy(pump: MessagePump) -> bool:
    return any((pump._message_queue.qsize(), pump._next_callbacks, pump._pending_message))


def _at_rest(app: App[object]) -> bool:
    screen = app.screen
    if screen._callbacks or screen._dirty_widgets or screen._layout_required or screen._repaint_required:
        return False
    return not any(_busy(each) for each in (app, *screen.walk_children(with_self=True)))


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
        await pilot._wait_for_screen()
        app.screen._on_timer_update()
        await asyncio.sleep(0)
        if monotonic() > end or (_at_rest(app) and (asleep == GLANCES or not _working(app))):
            return
