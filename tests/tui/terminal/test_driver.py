"""The last size of the terminal is sent last; a terminal that is too large is cut; dropped input is logged."""

from __future__ import annotations

import asyncio
import logging
import signal
from types import FrameType

import pytest
from textual.drivers.linux_driver import LinuxDriver

from tui.terminal.driver import LARGEST_SIZE, DropLog, TerminalDriver
from tui.terminal.input import InputParser


async def test_a_size_that_comes_while_another_is_sent_is_sent_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = iter((1, 2))
    sent: list[int] = []

    def send_size(number: int, frame: FrameType | None) -> None:
        if (size := next(sizes)) == 1:
            signal.raise_signal(signal.SIGWINCH)
        sent.append(size)

    before = signal.getsignal(signal.SIGWINCH)
    monkeypatch.setattr(LinuxDriver, "start_application_mode", lambda self: signal.signal(signal.SIGWINCH, send_size))
    try:
        TerminalDriver.start_application_mode(object.__new__(TerminalDriver))
        signal.raise_signal(signal.SIGWINCH)
        while len(sent) < 2:
            await asyncio.sleep(0.001)
    finally:
        asyncio.get_running_loop().remove_signal_handler(signal.SIGWINCH)
        signal.signal(signal.SIGWINCH, before)
    assert sent == [1, 2]


def test_a_terminal_cannot_claim_more_cells_than_memory_has_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LinuxDriver, "_get_terminal_size", lambda self: (65535, 65535))
    assert object.__new__(TerminalDriver)._get_terminal_size() == LARGEST_SIZE
    monkeypatch.setattr(LinuxDriver, "_get_terminal_size", lambda self: (120, 40))
    assert object.__new__(TerminalDriver)._get_terminal_size() == (120, 40)


def test_dropped_input_is_counted_in_the_log_without_its_content(caplog: pytest.LogCaptureFixture) -> None:
    parser = InputParser()
    log = DropLog(parser)
    with caplog.at_level(logging.INFO, "rolescope"):
        list(parser.feed("\x1b]52;c;c2VjcmV0\x07\x1b[1114112u\x1b[1114112u"))
        log.look()
        list(parser.feed("\x1b[1114112u"))
        log.look()
        log.look(at_end=True)
    assert caplog.messages == [
        "dropped from the terminal's input: 1 × control string, 2 × key",
        "dropped from the terminal's input: 1 × key",
    ]
