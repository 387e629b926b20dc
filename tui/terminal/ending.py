"""End the process within five seconds of SIGHUP, SIGTERM, SIGINT or the loss of its terminal, even if a thread hangs.

The application first gets a few seconds to quit as if the key `q` had been pressed. Then a thread ends the process,
whatever the main thread is waiting for. If even that thread cannot run, a kernel timer ends it. Locks are released with
the process, and a journal is complete after each of its lines, so that an interrupted plan can be resumed.
"""

from __future__ import annotations

import os
import select
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import FrameType

from tui.terminal.output import TerminalWriter

SIGNALS = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)

HANDLER_SECONDS = 1.0
"""How long the main thread has to start ending after the terminal was lost, in seconds."""
CHILDREN_SECONDS = 2.0
"""How long programs started here (an editor, a shell) have to end after they were sent SIGHUP, in seconds."""
THREAD_SECONDS = 4.0
KERNEL_SECONDS = 4.6


class Ending:
    """Watches signals and the terminal, and makes sure that the process ends.

    ``leave`` is called with the exit status in the main thread, between two of its instructions. If the main thread
    does not end the process by itself, another thread calls ``give_back``, which restores the terminal without waiting
    for it, and then ``give_up``, which saves the text that was typed.
    """

    def __init__(
        self, terminal: int, leave: Callable[[int], None], give_back: Callable[[], None], give_up: Callable[[], None]
    ) -> None:
        self._terminal = terminal
        self._leave = leave
        self._give_back = give_back
        self._give_up = give_up
        self._number: int | None = None
        self._woken, self._wake = os.pipe()

    def watch(self) -> None:
        """Start watching for signals and for the loss of the terminal. Call this in the main thread."""
        for number in SIGNALS:
            signal.signal(number, self._signalled)
        threading.Thread(target=self._run, name="rolescope-ending", daemon=True).start()

    def _signalled(self, number: int, _: FrameType | None) -> None:
        if self._number is None:
            self._number = number
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, KERNEL_SECONDS)
            # Otherwise a process that restores the terminal from the background would be stopped.
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            signal.signal(signal.SIGTSTP, signal.SIG_IGN)
            TerminalWriter.ending_since = time.monotonic()
            os.write(self._wake, b"\n")
        self._leave(128 + number)

    def _run(self) -> None:
        self._wait_for_reason()
        since = time.monotonic()
        for pid in _descendants():
            _send(pid, signal.SIGHUP, signal.SIGCONT)
        time.sleep(CHILDREN_SECONDS)
        for pid in _descendants():
            _send(pid, signal.SIGKILL)
        time.sleep(max(0.0, since + THREAD_SECONDS - time.monotonic()))
        for end in (self._give_back, self._give_up):
            with suppress(Exception):
                end()
        os._exit(128 + (self._number or signal.SIGHUP))

    def _wait_for_reason(self) -> None:
        """Wait until a signal arrives or the terminal is lost."""
        watched = select.poll()
        watched.register(self._woken, select.POLLIN)
        watched.register(self._terminal, 0)  # hang-up and error are always reported
        while True:
            for descriptor, event in watched.poll():
                if descriptor == self._woken:
                    return
                if event & (select.POLLHUP | select.POLLERR):
                    # The kernel sends SIGHUP only to the terminal's foreground process group, not to a process in the
                    # background.
                    hang_up()
                    select.select([self._woken], [], [], HANDLER_SECONDS)
                    return
                watched.unregister(descriptor)  # this system cannot watch a terminal


def hang_up() -> None:
    """Send SIGHUP to the main thread, because the terminal was lost."""
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGHUP)


def _send(pid: int, *numbers: int) -> None:
    for number in numbers:
        with suppress(OSError):
            os.kill(pid, number)


def _descendants() -> list[int]:
    """Return the descendants of the current process that are in its session.

    A browser, for instance, has its own session and is left out. Without ``/proc``, the result is empty.
    """
    children: dict[int, list[int]] = {}
    for pid, parent, session in _processes():
        if session == os.getsid(0):
            children.setdefault(parent, []).append(pid)
    found = list(children.get(os.getpid(), ()))
    for pid in found:
        found += children.get(pid, ())
    return found


def _processes() -> Iterator[tuple[int, int, int]]:
    """Yield the process ID, parent ID and session ID of every process."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError):
            # "12 (any name) S parent group session …"
            _, parent, _, session, *_ = path.read_text(errors="replace").rpartition(")")[2].split()
            yield int(path.parent.name), int(parent), int(session)
