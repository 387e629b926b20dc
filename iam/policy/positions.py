"""Find the positions of the parts of a JSON text. Uses the standard library's decoder for speed.

Offsets count characters from 0; lines and columns count from 1.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

_space = re.compile(r"[ \t\n\r]*").match
_decode = json.JSONDecoder(strict=False).raw_decode


@dataclass(frozen=True, slots=True)
class Span:
    """The position of a part of a document's text.

    ``end`` is the offset after the last character; the last line and column are inclusive.
    """

    start: int
    end: int
    first_line: int
    first_column: int
    last_line: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a JSON object: its decoded key, and the offsets of the key and the value."""

    key: str
    key_start: int
    value_start: int
    value_end: int


def skip_space(text: str, at: int) -> int:
    match = _space(text, at)
    return match.end() if match else at


def members(text: str, at: int) -> Iterator[Member]:
    """Yield the members of the object that starts at offset ``at``, in order, including duplicates.

    The text must be valid JSON there.
    """
    at = skip_space(text, at + 1)
    while text[at] != "}":
        key, end = _decode(text, at)
        value_start = skip_space(text, skip_space(text, end) + 1)
        _, value_end = _decode(text, value_start)
        yield Member(key, at, value_start, value_end)
        at = skip_space(text, value_end)
        if text[at] == ",":
            at = skip_space(text, at + 1)


def items(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each item of the array that starts at offset ``at``.

    The text must be valid JSON there.
    """
    at = skip_space(text, at + 1)
    while text[at] != "]":
        _, end = _decode(text, at)
        yield at, end
        at = skip_space(text, end)
        if text[at] == ",":
            at = skip_space(text, at + 1)


class Lines:
    """Converts offsets into lines and columns. ``count`` is the number of lines."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self.count = len(self._starts)

    def place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        first_line, first_column = self.place(start)
        last_line, last_column = self.place(max(start, end - 1))
        return Span(start, end, first_line, first_column, last_line, last_column)


_token = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)


def indented(text: str) -> str:
    """Return the JSON text indented by two spaces. Every token stays as written, and duplicate keys are preserved."""
    parts: list[str] = []
    depth = 0
    opened = False  # the last token opened an object or array: an empty one stays on its line
    for match in _token.finditer(text):
        token = match.group()
        if token in "}]":
            depth -= 1
            if not opened:
                parts.append("\n" + "  " * depth)
            parts.append(token)
            opened = False
            continue
        if opened:
            parts.append("\n" + "  " * depth)
            opened = False
        if token in "{[":
            depth += 1
            opened = True
            parts.append(token)
        elif token == ",":
            parts.append(",\n" + "  " * depth)
        elif token == ":":
            parts.append(": ")
        else:
            parts.append(token)
    return "".join(parts)
