"""A status line on standard error: what the command is doing, and the AWS call that it waits for."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import TextIO

from iam.foreign_text import visible

FIRST_AFTER = 0.7
"""Seconds until the first message. Work that finishes sooner shows no message."""
_LOOK_EVERY = 0.1
SILENT_AT_MOST = 10.0
"""Seconds after which a line names the pending call, if the stream is not a terminal."""
LONG_SECONDS = 2.0
"""Seconds without a message after which a terminal shows the number of calls."""
_AGAIN_AFTER = 60.0
"""Seconds between two lines that report progress, if the stream is not a terminal."""


class StatusLine:
    """Context manager that shows a call that takes long, the progress of the work, or the number of calls.

    On a terminal it is one line that is overwritten, and removed at the end. Elsewhere a line is printed after ten
    seconds, and then once a minute. If ``quiet``, nothing is shown.
    """

    def __init__(self, stream: TextIO, *, quiet: bool = False) -> None:
        self._stream = stream
        self._what = self._words = self._shown = ""
        self._lock, self._over = threading.Lock(), threading.Event()
        look = self._look if stream.isatty() else self._report
        self._thread = None if quiet else threading.Thread(target=look, daemon=True)

    @contextmanager
    def telling(self, what: str) -> Iterator[StatusLine]:
        """Context manager that shows what the command is doing. The line is cleared afterwards."""
        self._what, self._words = what, ""
        try:
            yield self
        finally:
            self._what = self._words = ""
            self._show("")

    def say(self, where: str) -> None:
        """Show the progress in words."""
        self._words = f"{self._what}: {where} ..." if self._what else f"{where} ..."

    def count(self, done: int, of: int) -> None:
        """Show the progress as a count; ``of`` is 0 if the total is unknown."""
        self.say(f"{done:,} of {of:,}" if of else f"{done:,}")

    def tell(self, what: str, done: int, of: int) -> None:
        """Show the progress as a count, and set what the command is doing."""
        self._what = what
        self.count(done, of)

    def __enter__(self) -> StatusLine:
        if self._thread is not None:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()
        self._show("")

    def _look(self) -> None:
        if self._over.wait(FIRST_AFTER):
            return
        began = time.monotonic()
        while not self._over.wait(_LOOK_EVERY):
            words = _call_that_takes_long() or self._words
            self._show(words or (_calls_so_far() if time.monotonic() - began > LONG_SECONDS else ""))

    def _report(self) -> None:
        pause = SILENT_AT_MOST
        while not self._over.wait(pause):
            words = _call_that_takes_long() or self._words or _calls_so_far()
            pause = _AGAIN_AFTER if words else _LOOK_EVERY
            if words:
                with suppress(OSError, ValueError):  # the stream was closed by its reader
                    self._stream.write(f"{visible(words)}\n")
                    self._stream.flush()

    def _show(self, words: str) -> None:
        with self._lock:
            if words != self._shown:
                self._stream.write(f"\r{visible(words).ljust(len(self._shown))}" + ("" if words else "\r"))
                self._stream.flush()
                self._shown = words


def _call_that_takes_long() -> str:
    from iam.sources.aws.calls import long_wait  # imported here, because most commands end before this

    waiting, how = long_wait()
    return f"{waiting}{how} ..." if waiting else ""


def _calls_so_far() -> str:
    from iam.sources.aws.calls import calls_so_far

    words = calls_so_far()
    return f"{words} ..." if words else ""
