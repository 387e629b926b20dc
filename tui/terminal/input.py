"""What the terminal sends, with pastes kept whole, and its sizes in their order.

Textual's own parser takes a paste apart character by character: 5 MB hold up the keyboard for seconds, an escape
sequence inside the paste loses characters, and one that is long enough comes back as key presses, so that a pasted
text could press the application's keys. Bytes that are no UTF-8 end its input thread. Here whatever stands between the
markers of a bracketed paste becomes one event, unread, and broken bytes become replacement characters.

Its signal handler reads the terminal's size and sends it on. Where the next signal interrupts it between the two, the
older size is sent last, and the screen stays at it.
"""

from __future__ import annotations

import asyncio
import os
import selectors
import signal
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator
from time import monotonic

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._time import get_time
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

Decode = Callable[[bytes], str]

READ_SIZE = 64 * 1024
POLL_SECONDS = 0.1
HOLD_SECONDS = 0.05
SHORTEST_PART = 3
"""Characters of a marker's beginning that are worth waiting for the rest: shorter ones may be keys (esc, alt+[)."""


class PasteParser(XTermParser):
    """Textual's parser for everything but pastes."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._paste: list[str] | None = None
        self._part = ""
        self._part_since = 0.0

    def feed(self, data: str) -> Iterable[Message]:
        if not data:
            yield from super().feed(data)
            return
        data, self._part = self._part + data, ""
        while data:
            if self._paste is None:
                before, marker, data = data.partition(BRACKETED_PASTE_START)
                if marker:
                    self._paste = []
                else:
                    before = self._keep_part(before, BRACKETED_PASTE_START, SHORTEST_PART)
                if before:
                    yield from super().feed(before)
                continue
            inside, marker, data = data.partition(BRACKETED_PASTE_END)
            if not marker:
                inside = self._keep_part(inside, BRACKETED_PASTE_END, 1)
            self._paste.append(inside)
            if marker:
                text, self._paste = "".join(self._paste), None
                yield events.Paste(text)

    def _keep_part(self, text: str, marker: str, shortest: int) -> str:
        """Hold back a marker's beginning at the end of ``text``; the rest of it comes with the next read."""
        for length in range(min(len(marker) - 1, len(text)), shortest - 1, -1):
            if text.endswith(marker[:length]):
                self._part, self._part_since = text[-length:], monotonic()
                return text[:-length]
        return text

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        """No key here is one with alt: what comes right behind an escape, from fast fingers or over a slow line, is a
        key of its own. Textual takes the two for alt, and types a sign (``™`` for 2) or loses the escape."""
        macs = len(sequence) == 2 and isinstance(ANSI_SEQUENCES_KEYS.get(sequence), str)
        if alt or macs:
            yield events.Key("escape", "\x1b")
            sequence = sequence[-1]
        yield from super()._sequence_to_key_events(sequence)

    def patience(self) -> float:
        """Seconds until `tick` has something to decide, or, where nothing waits, until it may."""
        if self._part:
            return HOLD_SECONDS
        if self._timeout_time is None:
            return POLL_SECONDS
        return max(0.001, self._timeout_time - get_time())

    def tick(self) -> Iterable[Message]:
        if self._part and self._paste is None and monotonic() - self._part_since > HOLD_SECONDS:
            part, self._part = self._part, ""
            yield from super().feed(part)
        yield from super().tick()


class TerminalDriver(LinuxDriver):
    """Textual's driver with this parser."""

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]
        tell_size = signal.getsignal(signal.SIGWINCH)
        if callable(tell_size):
            # The event loop calls one handler at a time.
            asyncio.get_running_loop().add_signal_handler(signal.SIGWINCH, tell_size, signal.SIGWINCH, None)

    def run_input_thread(self) -> None:
        decode = getincrementaldecoder("utf-8")("replace").decode
        parser = PasteParser(self._debug)
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                for message in self._read(parser, decode, selector):
                    self.process_message(message)

    def _read(
        self, parser: PasteParser, decode: Callable[[bytes], str], selector: selectors.BaseSelector
    ) -> Iterator[Message]:
        if selector.select(parser.patience()):
            data = os.read(self.fileno, READ_SIZE)
            if not data:
                # The terminal is gone; its hang-up signal ends the application.
                self.exit_event.wait(POLL_SECONDS)
            elif text := decode(data):
                yield from parser.feed(text)
        yield from parser.tick()
