"""Input is parsed the same however it is cut; what cannot be parsed is dropped and presses no key."""

from __future__ import annotations

from itertools import islice, pairwise
from random import Random
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START
from textual.message import Message

from tests.support.driving.sequences import Parsing, sequences
from tui.terminal.input import PASTE_SECONDS, SEQUENCE_SECONDS, InputParser

TEXTS = st.text(st.characters(exclude_categories=("Cs",)) | st.sampled_from("\x1b[201~m;"), max_size=200).filter(
    lambda text: BRACKETED_PASTE_END not in text + BRACKETED_PASTE_END[:-1]
)


def parsed(*chunks: str) -> list[Message]:
    parser = InputParser()
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


class Clock:
    """The time that the parser sees."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr("tui.terminal.input.monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_the_rest_of_a_sequence_may_be_late(clock: Clock) -> None:
    parser = InputParser()
    assert list(parser.feed("\x1b[2")) == []
    clock.now += SEQUENCE_SECONDS / 2
    assert list(parser.tick()) == []
    assert keys(list(parser.feed("~"))) == ["insert"]


def test_a_sequence_that_is_never_finished_presses_nothing(clock: Clock) -> None:
    parser = InputParser()
    for begun in ("\x1b[2", "\x1b[<0;1", "\x1b]52;c;cXVpdA", "\x1bP1$r", "\x1bO1", "\x1b[Mq"):
        assert list(parser.feed(begun)) == []
        clock.now += SEQUENCE_SECONDS + 0.1
        assert list(parser.tick()) == []
    assert parser.dropped == {"unfinished sequence": 6}
    assert keys(list(parser.feed("j"))) == ["j"]


def test_five_megabytes_are_no_work() -> None:
    parser = InputParser()
    line = "2026-11-24T15:00:00Z INFO \x1b[32mall is well\x1b[0m\n"
    text = line * (5 * 2**20 // len(line))
    stream = f"{BRACKETED_PASTE_START}{text}{BRACKETED_PASTE_END}"
    started = process_time()
    found = [message for at in range(0, len(stream), 4096) for message in parser.feed(stream[at : at + 4096])]
    assert pastes(found) == [text]
    assert process_time() - started < 2


@pytest.mark.parametrize("sign", ["2", "j", "G", ":", "/", "é", "[", "P", "]", "O"])
def test_a_key_right_behind_an_escape_is_a_key_of_its_own(sign: str, clock: Clock) -> None:
    parser = InputParser()
    messages = list(parser.feed(f"\x1b{sign}"))
    clock.now += 0.2
    messages += parser.tick()
    assert [message.character for message in messages if isinstance(message, events.Key)] == ["\x1b", sign]


def test_a_paste_whose_end_was_lost_does_not_keep_the_keyboard(clock: Clock) -> None:
    parser = InputParser()
    assert not list(parser.feed(f"{BRACKETED_PASTE_START}some text"))
    clock.now += PASTE_SECONDS / 2
    assert not list(parser.feed("j"))
    clock.now += PASTE_SECONDS
    messages = list(parser.feed("k"))
    assert pastes(messages) == ["some textj"]
    assert keys(messages) == ["k"]


def test_a_long_pause_inside_a_paste_presses_nothing(clock: Clock) -> None:
    parser = InputParser()
    found = list(parser.feed(f"{BRACKETED_PASTE_START}one "))
    clock.now += 60
    found += parser.feed("and the rest of the text")
    found += parser.feed(BRACKETED_PASTE_END)
    assert pastes(found) == ["one and the rest of the text"]
    assert not keys(found)


UNREADABLE = {
    "a code point above Unicode": "\x1b[1114112u",
    "a code point beyond C's integers": "\x1b[99999999999999999999u",
    "a surrogate": "\x1b[55296u",
    "a surrogate as text": "\x1b[97;;56320u",
    "a size of 0": "\x1b[48;0;0;0;0t",
    "a huge size": "\x1b[48;99999999;99999999;1;1t",
    "a mouse far away": "\x1b[<0;99999999999999;3M",
    "a mouse before the first column": "\x1b[<0;-5;3M",
    "the mouse of an old terminal": "\x1b[Mqqq",
    "a letter as a function key": "\x1b[113~",
    "a letter as an arrow": "\x1b[113;1A",
    "a clipboard": "\x1b]52;c;cXFx\x07",
    "a colour": "\x1b]11;rgb:qqqq/0000/0000\x1b\\",
    "a device's name": "\x1bP>|quit(1)\x1b\\",
    "a kitty picture": "\x1b_Gi=1;q\x1b\\",
    "a sequence of 300 digits": f"\x1b[{'1' * 300}u",
    "a device's attributes": "\x1b[?62;4q",
    "a mode's report without its setting": "\x1b[2$y",
    "an unknown single shift": "\x1bO1q",
}


@pytest.mark.parametrize("sequence", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_parsed_presses_nothing_and_is_counted(sequence: str) -> None:
    for cut in range(1, len(sequence)):
        parser = InputParser()
        found = [*parser.feed(sequence[:cut]), *parser.feed(sequence[cut:]), *parser.feed("j")]
        assert keys(found) == ["j"], cut
        assert not [each for each in found if not isinstance(each, events.Key)]
        assert parser.dropped.total() == 1


@pytest.mark.parametrize(
    ("sequence", "expected"),
    [
        ("\x1b[97;1:1u", ["a"]),
        ("\x1b[97;5:2u", ["ctrl+a"]),
        ("\x1b[97;1:3u", []),  # released
        ("\x1b[97:65;2;65u", ["A"]),
        ("\x1b[1;1:3A", []),
        ("\x1b[1;5A", ["ctrl+up"]),
        ("\x1b[25~", ["f13"]),
        ("\x1b[3$", ["shift+delete"]),
        ("\x1b[[A", ["f1"]),
        ("\x1bOP", ["f1"]),
        ("\x1b\x1b[A", ["escape", "up"]),
        ("\x1b[24;80R", []),
    ],
)
def test_what_terminals_send_for_keys(sequence: str, expected: list[str]) -> None:
    assert keys(parsed(sequence)) == expected
    assert keys(parsed(*sequence)) == expected


def test_a_broken_sequence_loses_itself_and_not_the_key_that_broke_it() -> None:
    assert keys(parsed("\x1b[12\x03")) == ["ctrl+c"]
    assert keys(parsed("\x1b[12\x1b[A")) == ["up"]
    assert keys(parsed("\x1b]0;title\x1b[Bj")) == ["down", "j"]


def test_the_terminal_says_that_it_can_show_whole_frames() -> None:
    assert [type(each).__name__ for each in parsed("\x1b[?2026;2$y")] == ["TerminalSupportsSynchronizedOutput"]
    assert not parsed("\x1b[?2026;0$y", "\x1b[?2048;2$y")


def test_every_key_that_textual_knows_is_still_one() -> None:
    from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
    from textual.keys import Keys

    lost = {
        sequence: names
        for sequence, names in ANSI_SEQUENCES_KEYS.items()
        if isinstance(names, tuple)
        and names != (Keys.Ignore,)
        and len(sequence) > 1
        and sequence != "\x1b\x1b"
        and not keys(parsed(sequence))
    }
    assert not lost


def test_generated_sequences_end_nothing_and_mean_the_same_however_they_are_cut() -> None:
    """A slice of `tests.support.driving.sequences`."""
    with Parsing() as parser:
        for sequence in islice(sequences(Random(20)), 300):
            assert not parser.check(sequence), sequence
