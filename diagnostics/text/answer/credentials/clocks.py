"""Compare the clocks that a text shows: the clock of the machine that made the call, and another clock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from iam.facts.request_windows import SIGNATURE
from iam.lazy_pattern import regex

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES = "|".join(_MONTHS)
_DAY = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_TIME = r"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?: ?(?P<half>[AP]M))?"
_ZONE = r"(?P<zone> ?(?:UTC|GMT|Z)\b)"
# What date and timedatectl print, and the header of an HTTP answer.
_FULL = (
    regex(
        rf"\b{_DAY},? +(?P<name>{_NAMES}) +(?P<day>\d\d?),? +{_TIME}{_ZONE}?(?: +\w+)? +(?P<year>20\d\d)\b",
        re.IGNORECASE,
    ),
    regex(rf"\b{_DAY},? +(?P<day>\d\d?) +(?P<name>{_NAMES}) +(?P<year>20\d\d),? +{_TIME}{_ZONE}?", re.IGNORECASE),
    regex(rf"\b(?P<year>20\d\d)-(?P<month>0[1-9]|1[0-2])-(?P<day>\d\d)[ T]{_TIME}{_ZONE}?"),
)
# Words that show that a line prints the time of a clock.
_OF_A_CLOCK = regex(
    r"\bdate(?: -u)?\b|\bUniversal time\b|\bLocal time\b|\bRTC time\b|^\W{0,3}[Dd]ate: |\bclock\b"
    r"|\b(?:real|actual|right|correct|current) time\b|\bphone\b|\bwatch\b|\blaptop\b"
    r"|\bit is (?:now )?\d|\btime\.(?:is|gov)\b|\bhwclock\b"
)
_ANOTHER = regex(
    r"\b(?:my|the|his|her|our) (?:laptop|phone|watch|wall|other|host|desktop|PC)\b"
    r"|\b(?:real|actual|right|correct) time\b"
    r"|\btime\.(?:is|gov)\b|^\W{0,3}[Dd]ate: |\b(?:host|hypervisor|laptop|other)\W{0,3}[$#]",
    re.IGNORECASE,
)
_SHORT = regex(rf"(?<![\d:.-]){_TIME}{_ZONE}?(?![\d:])", re.IGNORECASE)
# chronyc tracking; ntpdate -q and sntp print seconds.
_NTP = regex(
    r"\bSystem time\s*:\s*(?P<seconds>\d+(?:\.\d+)?) seconds (?P<way>slow|fast) of NTP time"
    r"|\b(?:ntpdate|sntp)\b[^\n]*\boffset (?P<sign>[+-]?)(?P<offset>\d+(?:\.\d+)?)"
)
_HALF_DAY, _DAY_LONG = timedelta(hours=12), timedelta(days=1)
_HOUR, _LIMIT = timedelta(hours=1), timedelta(minutes=SIGNATURE.minutes)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The time on a clock.

    ``dated``: the time has a date. ``utc``: the text says that the time is in UTC. ``another``: the clock is not the
    caller's.
    """

    time: datetime
    dated: bool
    utc: bool
    another: bool


@dataclass(frozen=True, slots=True)
class ClockDifference:
    """By how much the caller's clock differs from another clock; ``behind``: the caller's clock is slow."""

    apart: timedelta
    behind: bool


def clock_difference(text: str) -> ClockDifference | None:
    """Return the difference between the caller's clock and another one; None if it is small enough for signatures.

    IAM User Guide, "Troubleshoot signed requests for AWS APIs": a request's time must be near AWS's
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html).
    """
    if (measured := _NTP.search(text)) is not None:
        apart = timedelta(seconds=float(measured["seconds"] or measured["offset"]))
        slow = measured["way"] == "slow" if measured["way"] else measured["sign"] != "-"
        return ClockDifference(apart, slow) if apart > _LIMIT else None
    pair = _two_clocks(text)
    return _between(*pair) if pair is not None else None


def clocks_agree(text: str) -> bool:
    """Return whether the text shows that the caller's clock is accurate enough for signatures."""
    shown = _NTP.search(text) is not None or _two_clocks(text) is not None
    return shown and clock_difference(text) is None


_RIGHT = regex(
    r"\b(?:clocks?|system time|NTP|chrony)\b[^.;,?\n]{0,40}\b(?:is|are|was|were|looks?|checked|all)\b(?: \w+){0,2}? "
    r"(?<!not )(?:right|correct|fine|ok(?:ay)?|accurate|in sync|synced|synchroni[sz]ed|exact)\b",
    re.IGNORECASE,
)


def clock_is_right(text: str) -> bool:
    """Return whether the text shows, or its author states, that the caller's clock is right."""
    stated = _RIGHT.search(text)
    return clocks_agree(text) or (stated is not None and "n't" not in stated[0])


def _two_clocks(text: str) -> tuple[_Reading, _Reading] | None:
    """The times on the caller's clock and on another clock; None unless the text shows both."""
    readings = list(_readings(text))
    own = [each for each in readings if each.dated and not each.another]
    own = [each for each in own if each.utc] or own
    others = [each for each in readings if each.another]
    if len({each.time for each in own}) != 1 or len(others) != 1:
        return None
    return own[0], others[0]


def _between(own: _Reading, other: _Reading) -> ClockDifference | None:
    difference = other.time - own.time
    if not other.dated:
        difference = (difference + _HALF_DAY) % _DAY_LONG - _HALF_DAY
    apart = abs(difference)
    if not (own.utc and other.utc):
        # The two may be in different time zones, which are whole or half hours apart.
        rest = apart % (_HOUR / 2)
        if min(rest, _HOUR / 2 - rest) <= _LIMIT and apart > _LIMIT:
            return None
    return ClockDifference(apart, difference > timedelta(0)) if apart > _LIMIT else None


def _readings(text: str) -> Iterator[_Reading]:
    before = ""
    for line in text.splitlines():
        label = f"{before} {line}" if line.strip() and _ANOTHER.search(before) else line
        if _OF_A_CLOCK.search(line) or _OF_A_CLOCK.search(before):
            yield from _of_line(line, label)
        before = line


def _of_line(line: str, label: str) -> Iterator[_Reading]:
    if re.search(r"\bRTC time\b", line):
        return
    found = [each for form in _FULL for each in form.finditer(line)]
    if found:
        at = 0
        for each in sorted(found, key=lambda one: one.start()):
            said = line[at : each.start()]
            yield _reading(each, another=_ANOTHER.search(said if at or said.strip() else label) is not None)
            at = each.end()
    elif (short := _SHORT.search(line)) is not None and _ANOTHER.search(line):
        yield _reading(short, another=True)


def _reading(found: re.Match[str], *, another: bool) -> _Reading:
    parts = found.groupdict()
    hour = int(parts["hour"]) % 24
    if parts["half"]:
        hour = hour % 12 + (12 if parts["half"].lower() == "pm" else 0)
    dated = parts.get("year") is not None
    month = parts.get("month") or (str(_MONTHS.index(parts["name"].lower()) + 1) if parts.get("name") else "1")
    day = datetime(int(parts.get("year") or 2000), int(month), 1, tzinfo=UTC) + timedelta(
        int(parts.get("day") or 1) - 1
    )
    time = day + timedelta(hours=hour, minutes=int(parts["minute"]), seconds=int(parts["second"] or 0))
    return _Reading(time, dated, parts["zone"] is not None, another)
