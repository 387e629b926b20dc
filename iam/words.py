"""Lists of words, and counts of things, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def joined(words: Iterable[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``; empty for no words."""
    *others, end = list(words) or [""]
    return f"{', '.join(others)} {last} {end}" if others else end


def listing(words: Sequence[str], last: str = "and", *, limit: int = 4) -> str:
    """The same; what goes beyond ``limit`` is counted: ``a, b, c, d and 3 more``."""
    rest = len(words) - limit
    return joined([*words[:limit], f"{rest} more"] if rest > 0 else words, last)


def plural(count: int, one: str, many: str = "") -> str:
    """``1 role``, ``2 roles``; thousands are set apart: ``10,000 roles``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def duration(seconds: int) -> str:
    """``1 h``, ``90 min``, ``45 s``: as short as it is exact."""
    if seconds % 3600 == 0:
        return f"{seconds // 3600} h"
    return f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds} s"


def with_article(noun: str) -> str:
    """``an action``, ``a role``: by its first letter."""
    return f"an {noun}" if noun[:1].lower() in "aeiou" else f"a {noun}"
