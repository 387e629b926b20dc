"""How long ago something was, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

_UNITS = (("minute", 60, 90), ("hour", 3600, 36), ("day", 86_400, 1000), ("year", 31_557_600, None))


def age(then: datetime | None, now: datetime) -> str:
    """``3 days ago``; ``at an unknown time`` for None."""
    if then is None:
        return "at an unknown time"
    seconds = (now - then).total_seconds()
    if seconds < 90:
        return "just now"
    for unit, length, limit in _UNITS:
        count = round(seconds / length)
        if limit is None or count < limit:
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    raise AssertionError("the last unit has no limit")


def short_age(age: timedelta) -> str:
    """``3 h``, in whole units of the largest that fits."""
    seconds = max(0, int(age.total_seconds()))
    for size, word in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {word}"
    return f"{seconds} s"
