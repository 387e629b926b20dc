"""How far a command is, on standard error, where a person looks at it."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TextIO

FIRST_AFTER = 0.7
"""Seconds: what is faster needs no word."""
EVERY = 0.25


class ProgressLine:
    """One line that writes over itself and is gone in the end. Says nothing where the stream is no terminal."""

    def __init__(self, stream: TextIO, what: str = "") -> None:
        self._stream, self._what = stream, what
        self._next = time.monotonic() + FIRST_AFTER if stream.isatty() else float("inf")
        self._written = 0

    def __call__(self, done: int, of: int) -> None:
        """``of`` is 0 where nobody knows."""
        self.say(f"{done:,} of {of:,}")

    def say(self, where: str) -> None:
        """How far it is, in words."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + EVERY
            self._write(f"{self._what}: {where} ...")

    def tell(self, what: str, done: int, of: int) -> None:
        """The same, where the work changes."""
        self._what = what
        self(done, of)

    def _write(self, text: str) -> None:
        self._stream.write("\r" + text.ljust(self._written))
        self._stream.flush()
        self._written = max(self._written, len(text))

    def __enter__(self) -> ProgressLine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._written:
            self._write("")
            self._stream.write("\r")
            self._stream.flush()
