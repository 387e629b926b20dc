"""What a command is at and what it waits for, on standard error, where a person looks at it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from types import TracebackType
from typing import TextIO

from iam.foreign_text import visible

LONG_SECONDS = 2.0
"""A call that takes longer is told."""
FIRST_AFTER = 0.7
"""Seconds: what is faster needs no word."""
_LOOK_EVERY = 0.1


class StatusLine:
    """While it is entered: one line that writes over itself and is gone in the end. It has the AWS call that takes
    long, else how far the work is. Says nothing where the stream is no terminal, or where it is to be quiet."""

    def __init__(self, stream: TextIO, *, quiet: bool = False) -> None:
        self._stream = stream
        self._what = self._words = self._shown = ""
        self._lock, self._over = threading.Lock(), threading.Event()
        self._thread = None if quiet or not stream.isatty() else threading.Thread(target=self._look, daemon=True)

    @contextmanager
    def telling(self, what: str) -> Iterator[StatusLine]:
        """The work that goes on meanwhile. The line is free again afterwards."""
        self._what, self._words = what, ""
        try:
            yield self
        finally:
            self._what = self._words = ""
            self._show("")

    def say(self, where: str) -> None:
        """How far it is, in words."""
        self._words = f"{self._what}: {where} ..." if self._what else f"{where} ..."

    def count(self, done: int, of: int) -> None:
        """How far it is; ``of`` is 0 where nobody knows."""
        self.say(f"{done:,} of {of:,}" if of else f"{done:,}")

    def tell(self, what: str, done: int, of: int) -> None:
        """The same, where the work changes."""
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
        while not self._over.wait(_LOOK_EVERY):
            self._show(_call_that_takes_long() or self._words)

    def _show(self, words: str) -> None:
        with self._lock:
            if words != self._shown:
                self._stream.write(f"\r{visible(words).ljust(len(self._shown))}" + ("" if words else "\r"))
                self._stream.flush()
                self._shown = words


def _call_that_takes_long() -> str:
    from iam.sources.aws.calls import calls_under_way  # most commands end before

    for call in calls_under_way()[:1]:
        seconds = monotonic() - call.began
        if seconds >= LONG_SECONDS:
            tried = f", attempt {call.retries + 1}" if call.retries else ""
            slowed = f", slowed down by AWS {call.throttled} times" if call.throttled else ""
            return f"waiting {int(seconds)} s for {call.name}{tried}{slowed} ..."
    return ""
