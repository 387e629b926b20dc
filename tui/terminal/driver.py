"""Textual's driver, with rolescope's input parser and a writer that cannot block the program.

It suspends the entire process group.
"""

from __future__ import annotations

import asyncio
import os
import selectors
import signal
import termios
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from contextlib import suppress
from time import monotonic
from typing import Any, ClassVar

from textual.drivers import linux_driver
from textual.message import Message

from screens.worker_failures import log
from tui.terminal.input import POLL_SECONDS, InputParser, dropped_sentence
from tui.terminal.output import TerminalWriter

READ_SIZE = 64 * 1024
LOG_SECONDS = 10.0
"""The minimum time in seconds between log records about dropped input."""

# Cancel an incomplete sequence; then restore synchronized output, pastes, wrapping, the mouse, kitty's keys, the
# alternate screen, the cursor, focus reports and colors.
_RESTORE = (
    b"\x18\x1b\\\x1b[?2026l\x1b[?2004l\x1b[?7h\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[<u\x1b[?1049l\x1b[?25h"
    b"\x1b[?1004l\x1b[m"
)
LARGEST_SIZE = (2000, 1000)
"""The largest columns and rows that are used. A terminal that reports more would fill the memory with blanks."""

linux_driver.WriterThread = TerminalWriter  # type: ignore[attr-defined, assignment]


class DropLog:
    """Logs from time to time how much of the input was dropped."""

    def __init__(self, parser: InputParser) -> None:
        self._parser = parser
        self._logged_at = float("-inf")

    def look(self, *, at_end: bool = False) -> None:
        dropped = self._parser.dropped
        if dropped and (at_end or monotonic() - self._logged_at > LOG_SECONDS):
            self._logged_at = monotonic()
            log.info(dropped_sentence(dropped.items()))
            dropped.clear()


class TerminalDriver(linux_driver.LinuxDriver):
    """The driver for a terminal."""

    lost: ClassVar[Callable[[], None]] = staticmethod(lambda: None)
    """Called in the input thread if the terminal can no longer be read."""

    _in_use = False

    # Its size

    def start_application_mode(self) -> None:
        if TerminalWriter.ending_since is not None:
            return  # the program is about to end, and the terminal has its original state
        self._in_use = True
        super().start_application_mode()  # type: ignore[no-untyped-call]
        send_size = signal.getsignal(signal.SIGWINCH)
        if callable(send_size):
            # Textual's handler reads the size and sends it. If a second signal interrupted it in between, the older
            # size would be sent last. The event loop runs one handler at a time.
            asyncio.get_running_loop().add_signal_handler(signal.SIGWINCH, send_size, signal.SIGWINCH, None)

    def _get_terminal_size(self) -> tuple[int, int]:
        columns, rows = super()._get_terminal_size()
        return min(columns, LARGEST_SIZE[0]), min(rows, LARGEST_SIZE[1])

    def _query_in_band_window_resize(self) -> None:
        """Do nothing: size reports between the keys are not needed.

        SIGWINCH reports the size too, and with size reports enabled, the terminal also reports each pixel that the
        mouse moves.
        """

    # Input

    def run_input_thread(self) -> None:
        decode = getincrementaldecoder("utf-8")("replace").decode
        parser = InputParser()
        dropped = DropLog(parser)
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                for message in self._read(parser, decode, selector):
                    self.process_message(message)
                dropped.look()
        dropped.look(at_end=True)

    def _read(
        self, parser: InputParser, decode: Callable[[bytes], str], selector: selectors.BaseSelector
    ) -> Iterator[Message]:
        if selector.select(parser.patience()):
            try:
                data = os.read(self.fileno, READ_SIZE)
            except BlockingIOError:
                return
            except OSError:
                data = b""
            if not data:
                type(self).lost()
                self.exit_event.wait(POLL_SECONDS)
            elif text := decode(data):
                yield from parser.feed(text)
        yield from parser.tick()

    # Its end

    def stop_application_mode(self) -> None:
        super().stop_application_mode()
        self._in_use = False

    def close(self) -> None:
        super().close()
        if isinstance(self._writer_thread, TerminalWriter) and self._writer_thread.lost:
            self._in_use = True  # the sequence that leaves the alternate screen was discarded too
            self.give_back()

    def give_back(self) -> None:
        """Restore the terminal's state without waiting for the terminal. Pending output is discarded."""
        # Otherwise a process in the background would be stopped here.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        with suppress(OSError, termios.error):
            if self._in_use:
                termios.tcflush(self.fileno, termios.TCOFLUSH)
                terminal = os.open(os.ttyname(self.fileno), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
                os.write(terminal, _RESTORE)
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)

    # To the shell and back

    def _sigtstp_application(self, *_: Any) -> None:
        """Stop the process group, as a terminal does.

        The program that started this one (``make``) stops too, and the shell gets the terminal. The kernel does not
        stop a group without a shell that could continue it.
        """
        continued: list[int] = []
        restart = self._auto_restart
        if restart:
            self.suspend_application_mode()
            self._must_signal_resume = True
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        signal.signal(signal.SIGCONT, lambda number, _: continued.append(number))
        os.killpg(0, signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self._sigtstp_application)
        signal.signal(signal.SIGCONT, self._sigcont_application)
        if restart:
            self.resume_application_mode()
            if not continued:
                self._app.call_later(self._say_there_is_no_shell)

    def _say_there_is_no_shell(self) -> None:
        say = getattr(self._app, "say", None)
        if say is not None:
            say("rolescope was not started from a shell, so it cannot be suspended.", trouble=True)
