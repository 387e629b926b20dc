"""Writing to a terminal that takes nothing, or that is gone, ends once the program is about to end."""

from __future__ import annotations

import os
import pty
import threading
from collections.abc import Iterator
from time import monotonic
from typing import TextIO

import pytest

from tests.support.driving.waiting import LONG
from tui.terminal.output import GIVE_UP_SECONDS, TerminalWriter

FULL = "x" * 100_000


@pytest.fixture
def terminal() -> Iterator[tuple[int, TextIO]]:
    """What reads the terminal, and the terminal."""
    reader, writer = pty.openpty()
    with os.fdopen(writer, "w", encoding="utf-8") as file:
        yield reader, file
    os.close(reader)


@pytest.fixture
def ending(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(TerminalWriter, "ending_since", None)
    yield
    TerminalWriter.ending_since = None


def read(reader: int, size: int) -> bytes:
    found = b""
    while len(found) < size:
        found += os.read(reader, size - len(found))
    return found


@pytest.mark.usefixtures("ending")
def test_all_is_written_before_the_end_where_somebody_reads(
    terminal: tuple[int, TextIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.terminal.output.GIVE_UP_SECONDS", LONG)  # on a machine that has other work
    reader, file = terminal
    writer = TerminalWriter(file)
    writer.start()
    found: list[bytes] = []
    reading = threading.Thread(target=lambda: found.append(read(reader, 200_003)), daemon=True)
    reading.start()
    TerminalWriter.ending_since = monotonic() - 60
    for text in (FULL, "é", "!", FULL):
        writer.write(text)
    writer.stop()
    reading.join(LONG)
    assert found == [f"{FULL}é!{FULL}".encode()]
    assert not writer.lost


@pytest.mark.usefixtures("ending")
def test_what_cannot_be_encoded_does_not_end_the_thread(terminal: tuple[int, TextIO]) -> None:
    reader, file = terminal
    writer = TerminalWriter(file)
    writer.start()
    writer.write("a\ud800b")
    writer.stop()
    assert os.read(reader, 100) == b"a\\ud800b"


@pytest.mark.usefixtures("ending")
def test_nobody_reads_and_the_end_does_not_wait_for_it(terminal: tuple[int, TextIO]) -> None:
    _, file = terminal
    writer = TerminalWriter(file)
    writer.start()
    threading.Timer(0.2, lambda: setattr(TerminalWriter, "ending_since", monotonic())).start()
    since = monotonic()
    for _ in range(100):  # more than are queued
        writer.write(FULL)
    writer.stop()
    assert writer.lost
    assert GIVE_UP_SECONDS <= monotonic() - since < LONG


@pytest.mark.usefixtures("ending")
def test_a_terminal_that_is_gone_holds_nobody() -> None:
    reader, terminal = pty.openpty()
    with os.fdopen(terminal, "w", encoding="utf-8") as file:
        writer = TerminalWriter(file)
        writer.start()
        os.close(reader)
        for _ in range(100):
            writer.write(FULL)
        writer.stop()
        assert writer.lost
