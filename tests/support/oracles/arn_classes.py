"""ARNs of a resource type, some for each set of patterns that match them: all that there are.

Walks through every text that the type's ARNs can begin with, at all places of all patterns at once; two beginnings at
the same places go on alike. Shares nothing with `iam.policy.arn_regions`, against which it stands.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable
from functools import cache

from tests.support.oracles.random_changes import ID

MOST_OF_A_CLASS = 4

_Token = tuple[Callable[[str], bool], bool]
"""Which characters it takes, and whether any number of them."""


def regex(pattern: str) -> re.Pattern[str]:
    """A Resource pattern: before the resource part a star stays in its segment, but for one at a segment's end."""
    return _compiled(pattern)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    pieces = []
    for at, char in enumerate(pattern):
        inside = pattern.count(":", 0, at) < 5 and not (char == "*" and pattern[at + 1 : at + 2] in (":", ""))
        any_char = "[^:]" if inside else "."
        pieces.append(any_char + "*" if char == "*" else any_char if char == "?" else re.escape(char))
    return re.compile("".join(pieces))


def _is(wanted: str) -> Callable[[str], bool]:
    return wanted.__eq__


def _any(_: str) -> bool:
    return True


def _no_colon(char: str) -> bool:
    return char != ":"


def _in_name(char: str) -> bool:
    """A name is not taken for a second ARN."""
    return char != ":"


def _in_part(char: str) -> bool:
    return char not in ":/"


def _in_region(char: str) -> bool:
    return char.isalnum() or char == "-"


def _of_pattern(pattern: str) -> list[_Token]:
    tokens: list[_Token] = []
    for at, char in enumerate(pattern):
        inside = pattern.count(":", 0, at) < 5 and not (char == "*" and pattern[at + 1 : at + 2] in (":", ""))
        takes = _is(char) if char not in "*?" else _no_colon if inside else _any
        tokens.append((takes, char == "*"))
    return tokens


def _of_shape(arn: str, closed: bool) -> list[_Token]:
    text = arn.replace("${Partition}", "aws").replace("${Account}", ID)
    tokens: list[_Token] = []
    for piece in re.finditer(r"\$\{(\w+)\}|.", text):
        if piece[1] is None:
            tokens.append((_is(piece[0]), False))
            continue
        narrow = closed or text[piece.end() : piece.end() + 1] == "/"
        takes = _in_region if piece[1] == "Region" else _in_part if narrow else _in_name
        tokens += [(takes, False), (takes, True)]
    return tokens


class _Places:
    """The places of a pattern that a text may have come to, one bit each."""

    def __init__(self, tokens: list[_Token], alphabet: Iterable[str]) -> None:
        self._stars = sum(1 << at for at, (_, star) in enumerate(tokens) if star)
        self._takes = {char: sum(1 << at for at, (takes, _) in enumerate(tokens) if takes(char)) for char in alphabet}
        self.end = 1 << len(tokens)
        self.start = self._past_stars(1)

    def _past_stars(self, places: int) -> int:
        while more := (places & self._stars) << 1 & ~places:
            places |= more
        return places

    def step(self, places: int, char: str) -> int:
        taken = places & self._takes[char]
        return self._past_stars((taken & ~self._stars) << 1 | (taken & self._stars))


@cache
def classes(arn: str, closed: bool, patterns: tuple[str, ...]) -> dict[frozenset[str], list[str]]:
    """By the patterns that match them, ARNs of the type."""
    head = re.split(r"\$\{(?!Partition)", arn.replace("${Partition}", "aws"))[0]
    near = [one for one in patterns if _may_begin(one, head)]
    written = [*near, re.sub(r"\$\{\w+\}", "", arn), ID, "aws", "q/-:"]
    alphabet = sorted({char for one in written for char in one if char not in "*?"})
    shape = _Places(_of_shape(arn, closed), alphabet)
    places = [_Places(_of_pattern(one), alphabet) for one in near]
    found: dict[frozenset[str], list[str]] = {}
    start = (shape.start, *(each.start for each in places))
    seen, pending = {start}, deque([(start, "")])
    while pending:
        state, text = pending.popleft()
        if state[0] & shape.end:
            matched = frozenset(one for one, each, at in zip(near, places, state[1:], strict=True) if at & each.end)
            some = found.setdefault(matched, [])
            if len(some) < MOST_OF_A_CLASS:
                some.append(text)
        for char in alphabet:
            first = shape.step(state[0], char)
            if not first:
                continue
            after = (first, *(each.step(at, char) for each, at in zip(places, state[1:], strict=True)))
            if after not in seen:
                seen.add(after)
                pending.append((after, text + char))
    return found


def _may_begin(pattern: str, head: str) -> bool:
    literal = re.split(r"[*?]", pattern)[0]
    return literal.startswith(head) or head.startswith(literal)
