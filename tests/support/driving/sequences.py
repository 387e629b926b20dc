"""Generated terminal input, at the parser and at the installed command.

    python -m tests.support.driving.sequences COUNT SEED [AT_THE_COMMAND]

Feeds COUNT sequences to the parser, each whole and cut at a byte, one in 20 cut at every byte; then AT_THE_COMMAND
others (one in 200 unless given) to the command in a terminal. Prints what was done; exits 1 with the first sequence
that ended or froze something, or that was parsed in another way when it was cut.
"""

from __future__ import annotations

import sys
import tempfile
import time
from codecs import getincrementaldecoder
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random
from unittest.mock import patch

from textual import events
from textual.message import Message

from tests.support.driving.monkey import Monkey
from tui.terminal import input as parsing
from tui.terminal.input import PASTE_SECONDS, SEQUENCE_SECONDS, InputParser

SLOW_SECONDS = 1.0
EVERYWHERE = 20
"""One sequence in so many is cut at every byte."""
AT_ONCE = 100
"""Sequences between two looks whether the command still answers."""

LEAVING = {"q", "upper_q", "Q", "ctrl+q", "ctrl+c", "ctrl+z"}
"""Keys that end or stop the program by right."""

_NUMBERS = (0, 1, 2, 3, 7, 13, 27, 48, 97, 113, 200, 201, 1000, 2026, 2048, 55296, 57358, 65535, 0x10FFFF, 0x110000)
_HUGE = (2**31, 2**63, 10**19, 10**40)
_FINALS = "@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"


def _number(dice: Random) -> str:
    if dice.random() < 0.1:
        return dice.choice(("", "-1", "1:2", ":", "::3", "007"))
    return str(dice.choice(_HUGE) if dice.random() < 0.05 else dice.choice((*_NUMBERS, dice.randrange(300))))


def _numbers(dice: Random, most: int = 5) -> str:
    return ";".join(_number(dice) for _ in range(dice.randint(0, most)))


def _text(dice: Random, most: int = 20) -> bytes:
    return bytes(dice.choice((dice.randrange(256), dice.randrange(32, 127))) for _ in range(dice.randint(0, most)))


def _csi(dice: Random) -> bytes:
    prefix, middle = dice.choice(("", "", "", "?", ">", "<", "=", "[")), dice.choice(("", "", "", "$", " ", "!", '"'))
    return f"\x1b[{prefix}{_numbers(dice)}{middle}{dice.choice(_FINALS)}".encode()


def _string(dice: Random) -> bytes:
    end = dice.choice((b"\x1b\\", b"\x1b\\", b"\x07", b"\x18", b"", b"\x1b"))
    return b"\x1b" + dice.choice((b"]", b"P", b"_", b"^", b"X")) + _numbers(dice, 2).encode() + _text(dice, 40) + end


def _kitty(dice: Random) -> bytes:
    fields = [":".join(_number(dice) for _ in range(dice.randint(1, 3))) for _ in range(dice.randint(1, 3))]
    return f"\x1b[{';'.join(fields)}{dice.choice('uuuu~ABCDEFHPQRS')}".encode()


def _mode(dice: Random) -> bytes:
    return f"\x1b[?{dice.choice((2026, 2048, 1016, dice.randrange(3000)))};{dice.randrange(12)}$y".encode()


def _size(dice: Random) -> bytes:
    return f"\x1b[48;{';'.join(_number(dice) for _ in range(dice.randint(3, 5)))}t".encode()


def _mouse(dice: Random) -> bytes:
    if dice.random() < 0.2:
        return b"\x1b[M" + bytes(dice.randrange(256) for _ in range(3))
    return f"\x1b[<{_number(dice)};{_number(dice)};{_number(dice)}{dice.choice('Mm')}".encode()


def _paste(dice: Random) -> bytes:
    return dice.choice((b"", b"\x1b[200~")) + _text(dice) + dice.choice((b"", b"\x1b[201~", b"\x1b[201"))


def _shift(dice: Random) -> bytes:
    return b"\x1bO" + _numbers(dice, 2).encode() + dice.choice(_FINALS).encode()


def _broken(dice: Random) -> bytes:
    """Any of the others with bytes changed, lost or doubled."""
    data = bytearray(dice.choice((_csi, _string, _kitty, _mode, _size, _mouse, _paste))(dice))
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(data) + 1)
        data[at : at + dice.randint(0, 2)] = bytes(dice.randrange(256) for _ in range(dice.randint(0, 2)))
    return bytes(data)


_KINDS: tuple[Callable[[Random], bytes], ...] = (
    _csi,
    _string,
    _kitty,
    _mode,
    _size,
    _mouse,
    _paste,
    _shift,
    _text,
    _broken,
    _broken,
)


def sequences(dice: Random) -> Iterator[bytes]:
    """Yield sequences without end: CSI, OSC, DCS, kitty, modes, sizes, the mouse, pastes, broken UTF-8."""
    while True:
        if sequence := dice.choice(_KINDS)(dice):
            yield sequence


class Clock:
    """The parser's time, which passes only here."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Parsing:
    """The parser under test. ``done`` counts the messages that it made, by their class."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.done: Counter[str] = Counter()
        self.parser = InputParser()
        self.longest = 0.0

    def __enter__(self) -> Parsing:
        self._patch = patch.object(parsing, "monotonic", self.clock)
        self._patch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._patch.stop()

    def parse(self, *pieces: bytes) -> tuple[str, ...]:
        """Return what the pieces mean, and what a key means after them. Raises AssertionError if it is not heard."""
        parser, decode = self.parser, getincrementaldecoder("utf-8")("replace").decode
        found: list[Message] = []
        since = time.thread_time()
        for piece in pieces:
            if text := decode(piece):
                found += parser.feed(text)
            found += parser.tick()
        self.clock.now += SEQUENCE_SECONDS + PASTE_SECONDS
        found += parser.tick()
        self.longest = max(self.longest, time.thread_time() - since)
        last = [*parser.feed("\x03")]
        assert isinstance(last[-1], events.Key) and last[-1].key == "ctrl+c", "the keyboard is dead"
        for each in found:
            self.done[type(each).__name__] += 1
        return tuple(_name(each) for each in (*found, *last))

    def check(self, sequence: bytes, cuts: Iterable[int] | None = None) -> str:
        """Return what is wrong with how a sequence is parsed, "" if nothing is. ``cuts``: at which bytes it is cut
        (None: at every one)."""
        try:
            uncut = self.parse(sequence)
            for cut in range(1, len(sequence)) if cuts is None else cuts:
                if (other := self.parse(sequence[:cut], sequence[cut:])) != uncut:
                    return f"cut at {cut}: {other} and not {uncut}"
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        return "" if self.longest < SLOW_SECONDS else f"it took {self.longest:.1f} s"


def _name(message: Message) -> str:
    match message:
        case events.Key():
            (message.character or "").encode("utf-8")
            return f"key {message.key} {message.character!r}"
        case events.Paste():
            return f"paste {message.text!r}"
        case events.MouseEvent():
            return f"{type(message).__name__} {message.x} {message.y} {message.button}"
    return type(message).__name__


def leaves(sequence: bytes) -> bool:
    """Whether the sequence has a key that ends the program by right, whatever precedes it."""
    parser = InputParser()
    found = [*parser.feed(sequence.decode("utf-8", "replace") + "\x18")]
    keys = {each.key for each in found if isinstance(each, events.Key)}
    # A paste that an earlier sequence began may end before any of its characters.
    return bool(keys & LEAVING) or any(letter in sequence for letter in b"q\x03\x11\x1a")


def at_the_command(given: Iterator[bytes], count: int, dice: Random) -> str:
    """Send sequences to the installed command; return what is wrong, "" if nothing is."""
    with tempfile.TemporaryDirectory() as home:
        monkey = Monkey(dice, Path(home), ["--demo"], {})
        try:
            sent = 0
            while sent < count:
                for _ in range(AT_ONCE):
                    sequence = next(each for each in given if not leaves(each))
                    monkey.deeds.append(repr(sequence))
                    cut = dice.randint(0, len(sequence))
                    for piece in (sequence[:cut], sequence[cut:]):
                        if piece:
                            monkey.terminal.child.send(piece)
                        if not monkey.drain(dice.choice((0.0, 0.0, 0.001))):
                            return f"{monkey.ended() or 'ended'}, after {list(monkey.deeds)[-20:]}"
                    sent += 1
                time.sleep(PASTE_SECONDS + 0.2)  # a paste may be open: the next key ends it
                monkey.terminal.keys("\x1b")
                if wrong := monkey.answers():
                    return f"{wrong}, after {list(monkey.deeds)}"
                monkey.terminal.raw = monkey.terminal.raw[-20_000:]
            return monkey.leaves()
        finally:
            monkey.terminal.close()


def run(count: int, seed: int, sample: int) -> int:
    dice = Random(seed)
    given = sequences(dice)
    since, cuts = time.monotonic(), 0
    with Parsing() as parser:
        for done, sequence in enumerate(given, 1):
            everywhere = done % EVERYWHERE == 0
            if wrong := parser.check(sequence, None if everywhere else [dice.randrange(len(sequence))]):
                print(f"{sequence!r}: {wrong}")
                return 1
            cuts += len(sequence) if everywhere else 2
            if done % 100_000 == 0:
                print(f"seed {seed}: {done:,} sequences", flush=True)
            if done >= count:
                break
    print(
        f"seed {seed}: {count:,} sequences at the parser, {cuts:,} times cut or whole, "
        f"in {time.monotonic() - since:.0f} s: exits 0, freezes 0, longest {parser.longest * 1000:.0f} ms of CPU time, "
        f"{parser.parser.dropped.total():,} times dropped; "
        + ", ".join(f"{number:,} {name}" for name, number in parser.done.most_common()),
        flush=True,
    )
    if sample:
        if wrong := at_the_command(given, sample, dice):
            print(f"seed {seed}: at the command: {wrong}")
            return 1
        print(f"seed {seed}: {sample:,} sequences at the command: exits 0, freezes 0")
    return 0


if __name__ == "__main__":
    number, at = int(sys.argv[1]), int(sys.argv[2])
    sys.exit(run(number, at, int(sys.argv[3]) if len(sys.argv) > 3 else number // 200))
