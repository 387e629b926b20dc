"""A policy document divided into colored pieces, line by line, with the position of each element of each statement."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.style import Style

from screens.text import visible
from screens.widgets.styles import LITERAL, NAME, PLAIN, STRING

if TYPE_CHECKING:
    from pygments.token import _TokenType

    from iam.policy.document import Document, Statement


@dataclass(frozen=True, slots=True)
class Key:
    """A key of an object: its name and depth, where it starts, and where its value ends in the text."""

    name: str
    depth: int
    start: int
    end: int


@dataclass(frozen=True)
class HighlightedText:
    """A colored text.

    ``lines`` contains, for each line, pairs of raw text and style, without newlines; ``starts`` contains each line's
    offset.
    """

    lines: tuple[tuple[tuple[str, Style], ...], ...]
    starts: tuple[int, ...]
    keys: tuple[Key, ...]

    def line_of(self, offset: int) -> int:
        """Return the index, from 0, of the line that contains the offset."""
        return bisect_right(self.starts, offset) - 1

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """The width of each line in cells, with its control characters made visible."""
        texts = ["".join([part for part, _ in line]) for line in self.lines]
        whole = "".join(texts)
        if whole.isascii() and whole.isprintable():
            return tuple(map(len, texts))
        return tuple(cell_len(visible(text)) for text in texts)


def plain(text: str) -> HighlightedText:
    """Return the text without colors, which is fast for any size."""
    lines = text.split("\n")
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    return HighlightedText(tuple(((line, PLAIN),) for line in lines), tuple(starts), ())


@cache
def _look(kind: _TokenType) -> tuple[Style, bool]:
    """Return the style for a Pygments token, and whether it is punctuation."""
    from pygments.token import Keyword, Name, Number, Punctuation, String

    for tokens, style in ((Name.Tag, NAME), (String, STRING), (Number, LITERAL), (Keyword, LITERAL)):
        if kind in tokens:
            return style, False
    return PLAIN, kind in Punctuation


@lru_cache(maxsize=64)
def highlighted(text: str) -> HighlightedText:
    """Return the text colored by Pygments' JSON lexer.

    It takes about 15 ms for 100 KB: call it in a worker for long texts.
    """
    from pygments.lexers.data import JsonLexer

    lines: list[tuple[tuple[str, Style], ...]] = []
    line: list[tuple[str, Style]] = []
    starts = [0]
    keys = _Keys()
    for at, kind, value in JsonLexer().get_tokens_unprocessed(text):
        style, punctuation = _look(kind)
        if style is NAME:
            keys.open(value.strip('"'), at)
        elif punctuation:
            keys.punctuation(value)
        if value.strip() not in ("", ","):
            keys.last_end = at + len(value.rstrip())
        first, *rest = value.split("\n")
        if first:
            line.append((first, style))
        passed = at + len(first) + 1
        for part in rest:
            lines.append(tuple(line))
            starts.append(passed)
            line = [(part, style)] if part else []
            passed += len(part) + 1
    lines.append(tuple(line))
    return HighlightedText(tuple(lines), tuple(starts), tuple(sorted(keys.closed, key=lambda key: key.start)))


class _Keys:
    """The object keys read so far; a key ends where its value ends."""

    def __init__(self) -> None:
        self.closed: list[Key] = []
        self.last_end = 0
        """The offset after the last character that is not white space."""
        self._open: list[list[tuple[str, int]]] = [[]]
        """By depth, the key whose value is being read, if there is one."""

    def open(self, name: str, at: int) -> None:
        self._open[-1].append((name, at))

    def punctuation(self, signs: str) -> None:
        for sign in signs:
            if sign in "{[":
                self._open.append([])
            elif sign in "}]" and len(self._open) > 1:
                self._close()
                self._open.pop()
            elif sign == ",":
                self._close()

    def _close(self) -> None:
        if self._open[-1]:
            name, start = self._open[-1].pop()
            self.closed.append(Key(name, len(self._open) - 1, start, self.last_end))


def statements_of(document: Document) -> tuple[Statement, ...]:
    """Return the document's statements; none if it cannot be parsed (its text is still shown)."""
    from iam.policy.document import PolicyError

    try:
        return document.statements
    except PolicyError:
        return ()


def element_range(parts: HighlightedText, statement: Statement, element: str) -> tuple[int, int] | None:
    """Return the start and the end in the text of an element of a statement, including key and value.

    The element is ``Action``, ``Condition`` …
    """
    first, last = statement.first_line - 1, statement.last_line - 1
    inside = [key for key in parts.keys if first <= parts.line_of(key.start) <= last]
    own = [key for key in inside if key.name in _ELEMENTS]
    if not own:
        return None
    depth = min(key.depth for key in own)
    same = [key for key in own if key.depth == depth]
    # If other statements share these lines, the first match is used.
    wanted = [key for key in same if key.name == element] or [
        key for key in inside if key.name.lower() == element.lower()
    ]
    if not wanted:
        return None
    return wanted[0].start, wanted[0].end


_ELEMENTS = frozenset(
    ("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition")
)
