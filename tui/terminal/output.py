"""Write to the terminal in a separate thread, so that a terminal that accepts no output cannot block the program's end.

Textual's writer thread ends at the first write error; after that, its full queue blocks every writer. It writes through
``sys.stderr``, whose lock it keeps while the terminal accepts nothing.
"""

from __future__ import annotations

import os
import select
from contextlib import suppress
from queue import Full
from time import monotonic
from typing import ClassVar, TextIO

from textual.drivers._writer_thread import WriterThread

LOOK_SECONDS = 0.05
GIVE_UP_SECONDS = 1.0


class TerminalWriter(WriterThread):
    """Textual's writer thread, but ``write`` and ``stop`` return even if the terminal accepts no output any longer.

    A slow terminal still delays the program, so that no more than 30 updates wait to be written.
    """

    ending_since: ClassVar[float | None] = None
    """The time (`time.monotonic`) at which the program began to end.

    From then on, output is discarded once the terminal has accepted nothing for `GIVE_UP_SECONDS`. While it is None,
    the writer waits for the terminal.
    """

    def __init__(self, file: TextIO) -> None:
        super().__init__(file)
        self._descriptor, self._own = _opened_again(file.fileno())
        self._encoding = file.encoding or "utf-8"
        self.lost = False
        """Whether output was discarded: the terminal is gone, or accepts nothing."""
        self._took_at = 0.0

    def write(self, text: str) -> None:
        since = monotonic()
        while not self._given_up(since):
            with suppress(Full):
                self._queue.put(text, timeout=LOOK_SECONDS)
                return

    def stop(self) -> None:
        self.write(None)  # type: ignore[arg-type]  # Textual's sign for the end
        since = monotonic()
        while self.is_alive() and not self._given_up(since):
            self.join(LOOK_SECONDS)
        if self._own and not self.is_alive():
            os.close(self._descriptor)
            self._own = False

    def run(self) -> None:
        while not self.lost:
            text = self._queue.get()
            if text is None:
                return
            self._write_bytes(text.encode(self._encoding, "backslashreplace"))

    def _write_bytes(self, data: bytes) -> None:
        since = monotonic()
        while data and not self._given_up(since):
            try:
                data = data[os.write(self._descriptor, data) :]
                self._took_at = monotonic()
            except BlockingIOError:
                self._wait_for_room()
            except OSError:
                self.lost = True

    def _wait_for_room(self) -> None:
        room = select.poll()
        room.register(self._descriptor, select.POLLOUT)
        room.poll(LOOK_SECONDS * 1000)

    def _given_up(self, since: float) -> bool:
        """Return whether a wait that began at ``since`` should end."""
        ending = type(self).ending_since
        if ending is not None and monotonic() - max(ending, since, self._took_at) > GIVE_UP_SECONDS:
            self.lost = True
        return self.lost


def _opened_again(descriptor: int) -> tuple[int, bool]:
    """Return a descriptor of the same terminal whose writes do not block, and whether the descriptor is new.

    Another user's terminal may not be opened. Then there is no new descriptor, and writes block, but in a thread that
    nothing waits for.
    """
    with suppress(OSError):
        return os.open(os.ttyname(descriptor), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC), True
    return descriptor, False
