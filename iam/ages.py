"""How long ago something was: one number and one unit, the same in a column and in a sentence."""

from __future__ import annotations

from datetime import datetime, timedelta

_UNITS = ((86_400 * 730, 86_400 * 365, "y", "year"), (86_400, 86_400, "d", "day"), (3600, 3600, "h", "hour"))
_MINUTE = (60, 60, "min", "minute")
"""From how many seconds on, seconds in one, the short and the long name."""


def _counted(age: timedelta) -> tuple[int, str, str]:
    """The number of whole units, and the short and the long name of the largest unit that fits; 0 s for less."""
    seconds = max(0, int(age.total_seconds()))
    for begin, length, short, long in (*_UNITS, _MINUTE):
        if seconds >= begin:
            return seconds // length, short, long
    return seconds, "s", "second"


def age(then: datetime | None, now: datetime) -> str:
    """``3 days ago``; ``at an unknown time`` for None."""
    if then is None:
        return "at an unknown time"
    count, _, unit = _counted(now - then)
    return "just now" if unit == "second" else f"{count} {unit}{'' if count == 1 else 's'} ago"


def short_age(age: timedelta) -> str:
    """``5 min``, ``3 h``, ``2 y``; ``0 s`` where clocks differ."""
    count, unit, _ = _counted(age)
    return f"{count} {unit}"
