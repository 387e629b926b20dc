"""Format lists of words and counts in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def joined(words: Iterable[str], last: str = "and") -> str:
    """Join words for a sentence: ``a``, ``a and b``, ``a, b and c``; "" for no words."""
    *others, end = list(words) or [""]
    return f"{', '.join(others)} {last} {end}" if others else end


def listing(words: Sequence[str], last: str = "and", *, limit: int = 4) -> str:
    """Join words like `joined`, but only count those beyond ``limit``: ``a, b, c, d and 3 more``."""
    rest = len(words) - limit
    return joined([*words[:limit], f"{rest} more"] if rest > 0 else words, last)


def plural(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun: ``1 role``, ``2 roles``, ``10,000 roles``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def duration(seconds: int) -> str:
    """Return a duration as ``1 h``, ``90 min`` or ``45 s``, in the largest unit that gives an integer."""
    if seconds % 3600 == 0:
        return f"{seconds // 3600} h"
    return f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds} s"


def with_article(noun: str) -> str:
    """Return a noun with its article, chosen by the first letter: ``an action``, ``a role``."""
    return f"an {noun}" if noun[:1].lower() in "aeiou" else f"a {noun}"
