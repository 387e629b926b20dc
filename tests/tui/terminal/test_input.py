"""Pastes arrive whole and never press a key, however the terminal's bytes are cut; the last size is told last."""

from __future__ import annotations

import asyncio
import signal
from itertools import pairwise
from time import monotonic, process_time
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tui.terminal.input import PasteParser, TerminalDriver

TEXTS = st.text(st.characters(exclude_categories=("Cs",)) | st.sampled_from("\x1b[201~m;"), max_size=200).filter(
    lambda text: BRACKETED_PASTE_END not in text + BRACKETED_PASTE_END[:-1]
)


def parsed(*chunks: str) -> list[Message]:
    parser = PasteParser()
    found = [message for chunk in chunks if chunk for message in parser.feed(chunk)]
    return [*found, *parser.tick()]


def keys(messages: list[Message]) -> list[str]:
    return [message.key for message in messages if isinstance(message, events.Key)]


def pastes(messages: list[Message]) -> list[str]:
    return [message.text for message in messages if isinstance(message, events.Paste)]


@given(TEXTS, st.lists(st.integers(5, 300), max_size=4))
def test_a_paste_is_one_event_with_every_character(text: str, cuts: list[int]) -> None:
    stream = f"ab{BRACKETED_PASTE_START}{text}{BRACKETED_PASTE_END}c"
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    messages = parsed(*(stream[low:high] for low, high in pairwise(edges)))
    assert pastes(messages) == [text]
    assert keys(messages) == ["a", "b", "c"]


def test_escape_sequences_in_a_paste_press_nothing() -> None:
    hostile = "\x1b]0;title\x07\x1b[31mred\x1b[0m\x1b[" + "9" * 60 + "q\x1bq:!"
    messages = parsed(f"{BRACKETED_PASTE_START}{hostile}{BRACKETED_PASTE_END}")
    assert pastes(messages) == [hostile]
    assert keys(messages) == []


def test_keys_beside_pastes_are_still_keys() -> None:
    messages = parsed("\x1b[A", "\x1b[2~", f"x{BRACKETED_PASTE_START}p{BRACKETED_PASTE_END}\x1b[B")
    assert keys(messages) == ["up", "insert", "x", "down"]
    assert pastes(messages) == ["p"]


def test_the_beginning_of_a_marker_that_stays_alone_is_a_key_after_all() -> None:
    parser = PasteParser()
    assert list(parser.feed("\x1b[2")) == []
    parser._part_since = monotonic() - 1
    assert list(parser.tick()) == []
    assert keys(list(parser.feed("~"))) == ["insert"]


def test_five_megabytes_are_no_work() -> None:
    parser = PasteParser()
    line = "2026-11-24T15:00:00Z INFO \x1b[32mall is well\x1b[0m\n"
    text = line * (5 * 2**20 // len(line))
    stream = f"{BRACKETED_PASTE_START}{text}{BRACKETED_PASTE_END}"
    started = process_time()
    found = [message for at in range(0, len(stream), 4096) for message in parser.feed(stream[at : at + 4096])]
    assert pastes(found) == [text]
    assert process_time() - started < 2


async def test_a_size_that_comes_while_another_is_told_is_told_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = iter((1, 2))
    told: list[int] = []

    def tell_size(number: int, frame: FrameType | None) -> None:
        if (size := next(sizes)) == 1:
            signal.raise_signal(signal.SIGWINCH)
        told.append(size)

    before = signal.getsignal(signal.SIGWINCH)
    monkeypatch.setattr(LinuxDriver, "start_application_mode", lambda self: signal.signal(signal.SIGWINCH, tell_size))
    try:
        TerminalDriver.start_application_mode(object.__new__(TerminalDriver))
        signal.raise_signal(signal.SIGWINCH)
        while len(told) < 2:
            await asyncio.sleep(0.001)
    finally:
        asyncio.get_running_loop().remove_signal_handler(signal.SIGWINCH)
        signal.signal(signal.SIGWINCH, before)
    assert told == [1, 2]


@pytest.mark.parametrize("sign", ["2", "j", "G", ":", "/", "é", "["])
def test_a_key_right_behind_an_escape_is_a_key_of_its_own(sign: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parser = PasteParser()
    messages = list(parser.feed(f"\x1b{sign}"))
    monkeypatch.setattr("textual._parser.get_time", lambda: monotonic() + 10)
    messages += parser.tick()
    assert [message.character for message in messages if isinstance(message, events.Key)] == ["\x1b", sign]
