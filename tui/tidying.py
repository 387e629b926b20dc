"""Run the garbage collector while the operator is idle: between two keystrokes, its pause would be noticed.

A closed screen leaves some thousands of objects in reference cycles. With the thresholds that the program sets
(`tui.cli`), the collector rarely examines objects of that age, and all screens closed in an hour would accumulate.

Objects that survive a run are frozen, so that the collector does not examine an account's hundreds of thousands of
objects while somebody types. The next run here unfreezes them first; otherwise an object that happened to be alive when
it was frozen would never be freed, nor would anything that it refers to.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import Context
from time import monotonic
from typing import Any

from textual import events
from textual.app import App

REST_SECONDS = 0.8
"""Seconds without a key press or mouse event after which the operator counts as idle."""

LOOK_SECONDS = 60
"""Seconds between checks while the operator is idle: background work leaves garbage too."""

WORTH = 40_000
"""The number of new memory blocks that makes a collection worthwhile: those of a few screens, some 4 MB."""

SHARE = 10
"""A collection also requires that at least one in this many blocks is new, because with ten thousand roles it takes
longer."""

MOST_DELAYS = 60
"""The maximum number of delays in a row for a running worker. Some workers wait an hour for the operator."""

_M_ARENA_MAX, _M_MMAP_THRESHOLD = -8, -3
"""Parameters of mallopt(3), from ``malloc.h``."""
_LARGE_BYTES = 128 * 1024
"""glibc's initial threshold for large blocks.

Unless it is set, glibc raises it and takes ever larger blocks from the heap.
"""


class TidiesAtRest(App[None]):
    """An app that collects garbage while idle. Use it instead of Textual's App."""

    def __init__(self) -> None:
        super().__init__()
        self._last_input = 0.0
        self._look: asyncio.TimerHandle | None = None
        self._delays = 0
        self._blocks = sys.getallocatedblocks()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.InputEvent):
            self._last_input = monotonic()
            self._look_in(REST_SECONDS)
        await super().on_event(event)

    def look_at_memory(self) -> None:
        """Collect garbage as soon as the operator is idle, if there is enough of it."""
        self._look_in(REST_SECONDS)

    def _look_in(self, seconds: float) -> None:
        if self._look is None:
            self._look = asyncio.get_running_loop().call_later(seconds, self._tidy)

    def _tidy(self) -> None:
        self._look = None
        rested = monotonic() - self._last_input
        if rested < REST_SECONDS:
            self._look_in(REST_SECONDS - rested)
        elif self._delays < MOST_DELAYS and any(not worker.is_finished for worker in self.workers):
            self._delays += 1
            self._look_in(REST_SECONDS)
        elif new_blocks(self._blocks) >= max(WORTH, self._blocks // SHARE):
            tidy()
            self._blocks = sys.getallocatedblocks()
            self._delays = 0


def new_blocks(before: int) -> int:
    """Return the growth since ``before`` in memory blocks that Python has allocated.

    The collector's own counts are not suitable: they restart whenever objects are frozen, and garbage from before would
    never be counted.
    """
    return sys.getallocatedblocks() - before


def tidy() -> None:
    """Collect unreachable objects, freeze the rest, and return free memory to the system."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    _c_library("malloc_trim", 0)


def share_the_heap() -> None:
    """Make all threads allocate from one heap, and large blocks outside it, so that freed memory returns to the system.

    Otherwise each reading thread would have its own heap, a third of it unused. Call this before the threads start.
    """
    _c_library("mallopt", _M_ARENA_MAX, 1)
    _c_library("mallopt", _M_MMAP_THRESHOLD, _LARGE_BYTES)


def _c_library(function: str, *arguments: int) -> None:
    import ctypes

    with suppress(OSError, AttributeError):  # only the GNU C library has mallopt
        getattr(ctypes.CDLL(None), function)(*arguments)


class ForgetfulThreads(ThreadPoolExecutor):
    """A thread pool whose idle threads keep no reference to the work that they did last.

    Each work item has its own context, in which Textual stores its worker, and so the screen and the result.
    """

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return super().submit(Context().run, fn, *args, **kwargs)
