"""Describe statements in short plain sentences: their actions, resources, and what their conditions require.

All screens and commands use these functions, so that they use the same words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from iam.policy.operators import operator
from iam.words import joined, listing

_LISTED = 3  # the maximum number of values in a sentence; further ones are only counted


def listed(values: Sequence[str], joint: str = "and") -> str:
    """Join values into a list: ``a``, ``a and b``, ``a, b and c``, ``a, b, c and 4 more``.

    An empty value is shown as ``""``.
    """
    shown = [value or '""' for value in values]
    if len(shown) > _LISTED + 1:
        return listing(shown, limit=_LISTED)
    return joined(shown, joint) or "nothing"


def unmet(operator_text: str, key: str, values: Sequence[str]) -> str:
    """Return what a request must have to violate a condition.

    The words follow "needs": ``aws:RequestedRegion not to be us-east-1``.
    """
    parts = operator(operator_text)
    if parts is None or parts.over:
        return f"not {wish(operator_text, key, values)}"
    if parts.base == "Null":
        return wish(operator_text, key, ["false" if any(value.lower() == "true" for value in values) else "true"])
    return f"{key} {parts.form.words[0 if parts.negated else 1]} {listed(values, 'or')}"


def wish(operator_text: str, key: str, wanted: Sequence[str]) -> str:
    """Return what a condition requires, to follow "needs": ``aws:RequestedRegion to be us-east-1 or eu-west-1``."""
    parts = operator(operator_text)
    if parts is None:
        return f"{key} {operator_text} {listed(wanted, 'or')}"
    if parts.base == "Null":
        absent = any(value.lower() == "true" for value in wanted)
        return f"{key} to be {'absent' if absent else 'present'}"
    verb = parts.form.words[1 if parts.negated else 0]
    subject = {"all": f"every {key}", "any": f"one {key}"}.get(parts.over or "", key)
    return f"{subject} {verb} {listed(wanted, 'or')}"


def holding(operator_text: str, key: str, wanted: Sequence[str]) -> str:
    """Describe what is true if a condition is met: ``aws:RequestedRegion is not us-east-1 or eu-west-1``."""
    asked = wish(operator_text, key, wanted)
    for infinitive, present in _PRESENT:
        if infinitive in asked:
            return asked.replace(infinitive, present, 1)
    return asked


_PRESENT = (
    (" not to be", " is not"),
    (" not to match", " does not match"),
    (" to be", " is"),
    (" to match", " matches"),
)


def fact(had: Sequence[str] | None) -> str:
    """Describe a key's value in the request: ``it is ap-south-1``, or that it has none, or that it is unknown.

    ``had`` is None if the value is unknown, and empty if the request lacks the key.
    """
    if had is None:
        return "no value of this key is known here"
    if not had:
        return "the request does not have it"
    return f"it is {listed(had)}"


def nearest_first(values: Iterable[str], wanted: str) -> list[str]:
    """Return the values sorted by how similar they are to ``wanted``, the most similar first."""
    return sorted(values, key=lambda value: unlikeness(value, wanted))


def least_unlike(values: Iterable[str], wanted: str) -> int:
    """Return the distance (see `unlikeness`) between a text and the most similar value; 99 if there are no values."""
    return min((unlikeness(value, wanted) for value in values), default=99)


@lru_cache(maxsize=4096)
def unlikeness(one: str, other: str) -> int:
    """Return the distance between two texts, from 0 (equal) to 99, computed from their common prefix and suffix."""
    one, other = one.lower(), other.lower()
    if one == other:
        return 0
    shortest = min(len(one), len(other))
    start = _shared(one[:shortest], other[:shortest])
    rest = shortest - start
    end = _shared(one[: -rest - 1 : -1], other[: -rest - 1 : -1])
    longest = max(len(one), len(other), 1)
    return max(1, 99 - 98 * (start + end) // longest)


def _shared(one: str, other: str) -> int:
    """Return the length of the common prefix of two texts of equal length."""
    if one == other:
        return len(one)
    same, differ = 0, len(one)
    while differ - same > 1:
        middle = (same + differ) // 2
        if one[same:middle] == other[same:middle]:
            same = middle
        else:
            differ = middle
    return same
