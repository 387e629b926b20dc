"""What a command waits for, on standard error, where a person looks at it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

LONG_SECONDS = 2.0
"""A call that takes longer is told."""
_LOOK_EVERY = 0.1


class WaitingLine:
    """While it is entered: one line on the AWS call that takes long, gone when its answer came. Says nothing where the
    stream is no terminal, or where it is to be quiet."""

    def __init__(self, stream: TextIO, *, quiet: bool = False) -> None:
        self._stream = stream
        self._told = ""
        self._over = threading.Event()
        self._thread = None if quiet or not stream.isatty() else threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> WaitingLine:
        if self._thread is not None:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over.set()
        if self._thread is not None:
            self._thread.join()
            self._tell("")

    def _look(self) -> None:
        if self._over.wait(LONG_SECONDS):
            return
        from iam.sources.aws.calls import calls_under_way  # most commands end before

        while not self._over.wait(_LOOK_EVERY):
            words = ""
            for call in calls_under_way()[:1]:
                seconds = (datetime.now(UTC) - call.started).total_seconds()
                if seconds >= LONG_SECONDS:
                    tried = f", attempt {call.retries + 1}" if call.retries else ""
                    slowed = f", slowed down by AWS {call.throttled} times" if call.throttled else ""
                    words = f"waiting {int(seconds)} s for {call.name}{tried}{slowed} ..."
            self._tell(words)

    def _tell(self, words: str) -> None:
        if words != self._told:
            self._stream.write(f"\r{words.ljust(len(self._told))}" + ("" if words else "\r"))
            self._stream.flush()
            self._told = words
