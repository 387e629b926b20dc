"""Describe ages in words: one number and one unit, the same in a column and in a sentence."""

from __future__ import annotations

from datetime import datetime, timedelta

_UNITS = ((86_400 * 730, 86_400 * 365, "y", "year"), (86_400, 86_400, "d", "day"), (3600, 3600, "h", "hour"))
_MINUTE = (60, 60, "min", "minute")
"""Units of age, one a row: the smallest age in seconds that is shown in the unit, the unit's length in seconds, and its
short and long names."""


def _counted(age: timedelta) -> tuple[int, str, str]:
    """Return the number of units, and the short and long name of the largest unit that fits. A negative age is 0 s."""
    seconds = max(0, int(age.total_seconds()))
    for begin, length, short, long in (*_UNITS, _MINUTE):
        if seconds >= begin:
            return seconds // length, short, long
    return seconds, "s", "second"


def age(then: datetime | None, now: datetime) -> str:
    """Return the age in words: ``3 days ago``; ``at an unknown time`` if ``then`` is None."""
    if then is None:
        return "at an unknown time"
    count, _, unit = _counted(now - then)
    return "just now" if unit == "second" else f"{count} {unit}{'' if count == 1 else 's'} ago"


def short_age(age: timedelta) -> str:
    """Return the age in short form: ``5 min``, ``3 h``, ``2 y``; ``0 s`` if it is negative because clocks differ."""
    count, unit, _ = _counted(age)
    return f"{count} {unit}"
