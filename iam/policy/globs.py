"""Which of many patterns match a text, without asking each: they are found by how they begin and end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from iam.policy.match import Matcher

_wildcard = re.compile(r"[*?]")


class Globs:
    """Patterns with ``*`` and ``?``, each with a test of its own, in buckets by their literal start and end."""

    __slots__ = ("_buckets",)

    def __init__(self, tests: Iterable[tuple[str, Matcher]]) -> None:
        self._buckets: dict[tuple[int, int], dict[tuple[str, str], list[Matcher]]] = {}
        for pattern, test in tests:
            start, *rest = _wildcard.split(pattern)
            end = rest[-1] if rest else start
            bucket = self._buckets.setdefault((len(start), len(end)), {})
            bucket.setdefault((start, end), []).append(test)

    def near(self, text: str) -> Iterator[Matcher]:
        """The tests of the patterns that begin and end as the text does."""
        length = len(text)
        for (start, end), bucket in self._buckets.items():
            if start <= length >= end:
                yield from bucket.get((text[:start], text[length - end :]), ())
