"""Convert the text that a terminal sends into events. What cannot be parsed is dropped and counted.

Textual's own parser raises on some sequences (kitty keys with an event type, code points above Unicode, size reports of
0), which ends the program. It returns an unknown sequence as key presses, so that the reply to a query could press the
application's keys. It splits a paste into characters: 5 MB block the keyboard for seconds. Here the input is split into
sequences as ECMA-48 defines them, Textual's tables name the keys, and a bracketed paste is one event.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from time import monotonic

from textual import constants, events, messages
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, FOCUSIN, FOCUSOUT, XTermParser
from textual.keys import Keys
from textual.message import Message

ESC = "\x1b"
POLL_SECONDS = 0.1
SEQUENCE_SECONDS = 1.0
"""How long to wait for the rest of a sequence on a slow line, in seconds. After that its beginning is dropped."""

PASTE_SECONDS = 2.0
"""How long a paste must pause, in seconds, before a key ends it because its end marker was lost."""

KEY_LENGTH = 8
"""The length in characters of the longest key press. A longer read continues a paste."""

LONGEST_SEQUENCE = 256
LARGEST_COORDINATE = 0xFFFF

# Some terminals report a mouse before the first column, with a minus sign. Linux's console sends ESC [ [ A for F1, rxvt
# ESC [ 3 $ for a key with shift; the mouse of an old terminal is ESC [ M and three characters.
_CONTROL_SEQUENCE = re.compile(r"\x1b\[(?:\[[!-~]|M[^\x1b]{3}|(?:[378]|2[34])\$|(?![M\[])[0-?-]*[ -/]*[@-~])")
_BEGUN_CONTROL_SEQUENCE = re.compile(r"\x1b\[(?:\[|M[^\x1b]{0,2}|[0-?-]*[ -/]*)")
_SINGLE_SHIFT = re.compile(r"\x1bO[0-9;]*[@-~]")
_BEGUN_SINGLE_SHIFT = re.compile(r"\x1bO[0-9;]*")
# OSC, DCS, SOS, PM and APC end with ST or BEL; CAN, SUB or another escape sequence cancels them.
_STRINGS = "]PX^_"
_STRING_END = re.compile(r"\x1b\\|[\x07\x18\x1a]|(?=\x1b[^\\])")
_MOUSE = re.compile(r"\x1b\[(?:<|M)|\x1b\[[\d;]+M")
_CURSOR_POSITION = re.compile(r"\x1b\[(?!1;(?:[2-9]|1[0-6])R)\d+;\d+R")  # 1;5R is ctrl+F3
_MODE_REPORT = re.compile(r"\x1b\[\?(?P<mode>\d+);(?P<setting>\d)\$y")
_EXTENDED_KEY = re.compile(
    r"\x1b\[(?P<code>\d*)(?::[\d:]*)?(?:;(?P<modifiers>\d*)(?::(?P<event>\d*))?(?P<text>;[\d:]*)?)?(?P<end>[u~A-FHP-S])"
)
_RELEASE = "3"
_SYNCHRONIZED_OUTPUT = "2026"


class InputParser:
    """Parses decoded terminal input, which arrives in pieces of any length.

    ``dropped`` counts what could not be parsed, by kind. It stores no content, because a reply may contain the
    clipboard.
    """

    def __init__(self) -> None:
        self.dropped: Counter[str] = Counter()
        self._tables = XTermParser()
        self._begun = ""
        self._paste: list[str] | None = None
        self._fed_at = 0.0
        self._pasted_at = 0.0

    def feed(self, data: str) -> Iterator[Message]:
        """Yield the messages that this piece of input completes."""
        self._fed_at = monotonic()
        if self._paste is not None and self._is_key_after_lost_marker(data):
            yield self._end_paste(self._begun)
            self._begun = ""
        data, self._begun = self._begun + data, ""
        at = 0
        while at < len(data):
            end, found = self._in_paste(data, at) if self._paste is not None else self._part(data, at)
            if end == at and not found:
                self._begun = _shortened(data[at:])
                return
            at = end
            yield from found

    def patience(self) -> float:
        """Return the number of seconds after which `tick` should be called."""
        if not self._begun or self._paste is not None:
            return POLL_SECONDS
        return max(0.001, self._fed_at + self._hold_seconds - monotonic())

    def tick(self) -> Iterator[Message]:
        """Yield the messages for an incomplete sequence that was not continued in time."""
        if not self._begun or self._paste is not None or monotonic() - self._fed_at < self._hold_seconds:
            return
        begun, self._begun = self._begun, ""
        if len(begun) > 2:
            self._drop("unfinished sequence")
            return
        yield from _escape()
        yield from self._keys(begun[1:])

    @property
    def _hold_seconds(self) -> float:
        # Escape and "[" are also keys. Longer beginnings of a sequence are not.
        return SEQUENCE_SECONDS if len(self._begun) > 2 else constants.ESCAPE_DELAY

    # Pastes

    def _is_key_after_lost_marker(self, data: str) -> bool:
        if len(data) > KEY_LENGTH or BRACKETED_PASTE_END in self._begun + data:
            self._pasted_at = self._fed_at
            return False
        return self._fed_at - self._pasted_at > PASTE_SECONDS

    def _in_paste(self, data: str, at: int) -> tuple[int, Sequence[Message]]:
        assert self._paste is not None
        end = data.find(BRACKETED_PASTE_END, at)
        if end >= 0:
            return end + len(BRACKETED_PASTE_END), [self._end_paste(data[at:end])]
        end = len(data) - _begun_marker(data[at:])
        self._paste.append(data[at:end])
        return end, ()

    def _end_paste(self, last: str) -> events.Paste:
        text, self._paste = "".join([*(self._paste or ()), last]), None
        return events.Paste(text)

    # Sequences. Each method returns where its part ends and what it means; no progress if the part is incomplete.

    def _part(self, data: str, at: int) -> tuple[int, Sequence[Message]]:
        first, second = data[at], data[at + 1 : at + 2]
        if first != ESC:
            return at + 1, self._keys(first)
        if not second:
            return at, ()
        if second == "[":
            return self._sequence(data, at, _CONTROL_SEQUENCE, _BEGUN_CONTROL_SEQUENCE)
        if second == "O":
            return self._sequence(data, at, _SINGLE_SHIFT, _BEGUN_SINGLE_SHIFT)
        if second in _STRINGS:
            end = _STRING_END.search(data, at + 2)
            if end is None:
                return at, ()
            self._drop("control string")
            return end.end(), ()
        # Textual's table names some pairs as keys with alt. Here most pairs are two keys: over a slow line, or from
        # fast fingers, a key comes right after escape.
        if second != ESC and isinstance(ANSI_SEQUENCES_KEYS.get(ESC + second), tuple):
            return at + 2, self._keys(ESC + second)
        return at + 1, _escape()

    def _sequence(
        self, data: str, at: int, complete: re.Pattern[str], begun: re.Pattern[str]
    ) -> tuple[int, Sequence[Message]]:
        if (found := complete.match(data, at)) is not None:
            return found.end(), self._meaning(found[0])
        prefix = begun.match(data, at)
        assert prefix is not None
        if prefix.end() == len(data):
            return at, ()
        if prefix.end() == at + 2:
            return at + 1, _escape()
        self._drop("broken sequence")
        return prefix.end(), ()

    def _meaning(self, sequence: str) -> Sequence[Message]:
        if len(sequence) > LONGEST_SEQUENCE:
            self._drop("control sequence")
            return ()
        if sequence == BRACKETED_PASTE_START:
            self._paste, self._pasted_at = [], self._fed_at
            return ()
        if sequence in (FOCUSIN, FOCUSOUT):
            return [events.AppFocus() if sequence == FOCUSIN else events.AppBlur()]
        if _MOUSE.match(sequence):
            return self._mouse(sequence)
        if (report := _MODE_REPORT.fullmatch(sequence)) is not None:
            known = report["mode"] == _SYNCHRONIZED_OUTPUT and report["setting"] != "0"
            return [messages.TerminalSupportsSynchronizedOutput()] if known else ()
        if _CURSOR_POSITION.fullmatch(sequence):
            return ()
        if (key := _EXTENDED_KEY.fullmatch(sequence)) is not None:
            if key["event"] == _RELEASE:
                return ()
            if key["end"] != "u" and f"{int(key['code'] or 1)}{key['end']}" not in FUNCTIONAL_KEYS:
                # Textual interprets the number as a character: F13 as ctrl+y.
                return self._named_keys(sequence)
            if ":" in sequence:
                # Remove alternate keys and event types, which were not requested: the key itself remains.
                sequence = f"{ESC}[{key['code']};{key['modifiers'] or ''}{key['text'] or ''}{key['end']}"
        return self._keys(sequence)

    def _named_keys(self, sequence: str) -> Sequence[Message]:
        names = ANSI_SEQUENCES_KEYS.get(sequence)
        if not isinstance(names, tuple):
            self._drop("key")
            return ()
        return [events.Key(name.value, None) for name in names if name is not Keys.Ignore]

    def _keys(self, sequence: str) -> Sequence[Message]:
        if not sequence:
            return ()
        try:
            found = [key for key in self._tables._sequence_to_key_events(sequence) if key.key != Keys.Ignore]
        except Exception:
            # Textual converts numbers in a sequence without checking them.
            found = []
            known = False
        else:
            known = bool(found) or sequence in ANSI_SEQUENCES_KEYS
        if not known or not all(_is_sound(key) for key in found):
            self._drop("key")
            return ()
        return found

    def _mouse(self, sequence: str) -> Sequence[Message]:
        try:
            message = self._tables.parse_mouse_code(sequence)
        except Exception:
            message = None
        if not isinstance(message, events.MouseEvent) or max(message.x, message.y) > LARGEST_COORDINATE:
            self._drop("mouse report")
            return ()
        return [message]

    def _drop(self, kind: str) -> None:
        self.dropped[kind] += 1


def _escape() -> Sequence[Message]:
    return [events.Key("escape", ESC)]


def _is_sound(key: events.Key) -> bool:
    """Whether the key can be shown. A surrogate, for instance, cannot be written to any terminal or file."""
    sign = key.character
    return bool(key.key) and (sign is None or (len(sign) == 1 and not "\ud800" <= sign <= "\udfff"))


def _begun_marker(text: str) -> int:
    """Return how many characters at the end of ``text`` may begin the end marker of a paste."""
    longest = min(len(BRACKETED_PASTE_END) - 1, len(text))
    return next((size for size in range(longest, 0, -1) if text.endswith(BRACKETED_PASTE_END[:size])), 0)


def _shortened(begun: str) -> str:
    """Return an incomplete sequence without content that nothing will read."""
    if begun[1:2] and begun[1] in _STRINGS:
        return begun[:2] + "x" * (len(begun) > 2) + ESC * (len(begun) > 2 and begun.endswith(ESC))
    return begun[: LONGEST_SEQUENCE + 1]


def dropped_sentence(dropped: Iterable[tuple[str, int]]) -> str:
    """Return a sentence for the log that says what could not be parsed."""
    return "dropped from the terminal's input: " + ", ".join(f"{count} × {kind}" for kind, count in dropped)
