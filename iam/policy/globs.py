"""Match a text against many patterns at once.

Candidates are found by the patterns' literal start and end; patterns with the same start and end are matched together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from iam.policy.match import Matcher

_wildcard = re.compile(r"[*?]")
_FEW = 8  # up to this number, patterns are matched one by one


class Globs:
    """Patterns with ``*`` and ``?``, grouped by the literal start and end of their last field.

    Patterns and texts consist of ``fields`` fields separated by colons. A wildcard before the last field matches no
    colon.
    """

    __slots__ = ("_buckets", "_fields")

    def __init__(self, patterns: Iterable[tuple[str, Matcher]], fields: int = 1) -> None:
        self._fields = fields
        self._buckets: dict[tuple[int, int], dict[tuple[str, str], _Bucket]] = {}
        for pattern, test in patterns:
            start, *rest = _wildcard.split(pattern.split(":", fields - 1)[-1])
            end = rest[-1] if rest else start
            bucket = self._buckets.setdefault((len(start), len(end)), {})
            bucket.setdefault((start, end), _Bucket()).add(pattern, test)

    def match(self, text: str) -> bool:
        """Whether any pattern matches."""
        last = text.split(":", self._fields - 1)[-1] if self._fields > 1 else text
        length = len(last)
        for (start, end), bucket in self._buckets.items():
            if start <= length >= end:
                found = bucket.get((last[:start], last[length - end :]))
                if found is not None and found.match(text, self._fields):
                    return True
        return False


class _Bucket:
    """Patterns with the same literal start and end."""

    __slots__ = ("_matchers", "_patterns", "_together")

    def __init__(self) -> None:
        self._patterns: list[str] = []
        self._matchers: list[Matcher] = []
        self._together: _Together | None = None

    def add(self, pattern: str, test: Matcher) -> None:
        self._patterns.append(pattern)
        self._matchers.append(test)

    def match(self, text: str, fields: int) -> bool:
        if len(self._matchers) <= _FEW:
            return any(matches(text) for matches in self._matchers)
        if self._together is None:
            self._together = _Together(dict.fromkeys(self._patterns), fields)
        return self._together.match(text)


class _Together:
    """Patterns as one automaton: one bit for each position of each pattern, tracking all positions reached at once.

    Each character of a text takes a few operations on one long integer, whatever the patterns.
    """

    __slots__ = ("_characters", "_final", "_late", "_ones", "_stars", "_start")

    def __init__(self, patterns: Iterable[str], fields: int) -> None:
        at = self._final = self._ones = self._stars = self._late = self._start = 0
        ones: list[int] = []
        stars: list[int] = []
        late: list[int] = []
        starts: list[int] = []
        finals: list[int] = []
        characters: dict[str, list[int]] = {}
        for pattern in patterns:
            starts.append(at)
            colons = 0
            for char in re.sub(r"\*+", "*", pattern):
                if char in "*?":
                    (stars if char == "*" else ones).append(at)
                    if colons >= fields - 1:
                        late.append(at)
                else:
                    characters.setdefault(char, []).append(at)
                    colons += char == ":"
                at += 1
            finals.append(at)
            at += 1
        size = at // 8 + 1
        self._ones, self._stars, self._late = (_bits(places, size) for places in (ones, stars, late))
        self._final, self._start = _bits(finals, size), _bits(starts, size)
        self._characters = {char: _bits(places, size) for char, places in characters.items()}

    def match(self, text: str) -> bool:
        places = self._start | (self._start & self._stars) << 1
        for char in text:
            ones, stars = self._ones, self._stars
            if char == ":":
                ones, stars = ones & self._late, stars & self._late
            places = (places & (self._characters.get(char, 0) | ones)) << 1 | (places & stars)
            places |= (places & self._stars) << 1
            if not places:
                return False
        return bool(places & self._final)


def _bits(places: list[int], size: int) -> int:
    """Return the integer with these bits set."""
    octets = bytearray(size)
    for place in places:
        octets[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(octets, "little")
