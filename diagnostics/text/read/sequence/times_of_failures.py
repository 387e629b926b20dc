"""Find when each part of a text happened, and which failures are from an earlier day than another failure.

A moment is a time that begins a line: a date, a day of the week or "yesterday" with a clock time, perhaps after an
author's name, or a note or heading that names only the day. It applies to the lines up to the next moment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diagnostics.failure import Denial, Trouble
from diagnostics.text.read.sequence.changes import is_rolled_out
from diagnostics.text.read.sequence.lines_and_commands import FAILS, Paste
from iam.lazy_pattern import regex

_MONTHS = ("jan", "feb", "m[aä]r", "apr", "ma[iy]", "jun", "jul", "aug", "sep", "o[ck]t", "nov", "de[cz]")
_MONTH = "|".join(_MONTHS)
_WEEKDAYS = ("mon?", "tue?|di", "wed?|mi", "thu?|do", "fri?", "sat?|sa", "sun?|so")
_PAST = (
    r"yesterday|last (?:night|week|month)|the day before|gestern|vorgestern|letzte (?:Nacht|Woche)|hier|avant-hier"
    r"|ayer|anteayer|before|vorher|davor|avant|antes"
)
_NOW = (
    r"today|tonight|this (?:morning|afternoon|evening)|(?:right )?now|heute|jetzt|nun|aujourd['’]hui"
    r"|ce matin|hoy|ahora|after(?:wards)?|nachher|danach|apr[eè]s|despu[eé]s"
)
_WEEKDAY = (
    r"(?:mon|tue|wed|thu|fri|sat|sun)(?:s|nes|rs|ur)?(?:day)?|(?:mo|di|mi|fr|sa)\b|(?:do|so)(?=\.)"
    r"|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sonnabend"
)
_HOUR = r"(?P<hour>\d\d?)(?:[:.h](?P<minute>\d\d)(?::\d\d)?|(?= ?[ap]m))"
_CLOCK = rf"(?:[ T,]{{1,3}}|[ ,]{{1,3}}(?:at|um|gegen|around|à|a las) )[~(]?{_HOUR}"
_DAY = (
    rf"(?:(?P<past>{_PAST})\b|(?P<now>{_NOW})\b"
    r"|20\d\d-(?P<number>\d\d)-(?P<day>\d\d)(?!\d)"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th|\.)? (?P<month>{_MONTH})[a-z]{{0,6}}\b"
    rf"|(?P<month2>{_MONTH})[a-z]{{0,6}} (?P<day3>\d{{1,2}})(?:st|nd|rd|th)?\b)"
)
_BEGINS = r"^[^\w\n]{0,6}"
_TIMED = regex(
    rf"{_BEGINS}(?:@?[\w.-]{{1,20}}[ :,(\[]{{1,3}}){{0,2}}?"
    rf"(?:(?:(?:{_WEEKDAY})\.?,? )?{_DAY}|(?P<weekday>{_WEEKDAY})\b\.?){_CLOCK}",
    re.IGNORECASE,
)
"""A day and a clock time at the beginning of a line, perhaps after who wrote it: whatever else is in the line."""
_STAMP = regex(r"[^\"'\n]{1,40}?\b(?P<date>20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d)")
"""The full time of a log's line behind other fields: "[worker-2] 2026-11-11 17:58:31", "level=error time=2026-…"."""
_NOTE = regex(
    rf"{_BEGINS}(?:on |am |le |el )?(?:(?:(?:{_WEEKDAY})\.?,? )?{_DAY}"
    rf"|(?P<weekday>(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch)\b)[^\n]{{0,60}}$",
    re.IGNORECASE,
)
"""A day without a clock time. It begins a moment only in a heading of the lines after it."""
_SENTENCE = regex(
    r"\b(?:it|that|this|we|I|he|she|they|you|the \w+) (?:was|were|is|are|did|does|gets?|got|said|says|works?|worked)\b"
    r"|\?|\bexit(?:ed|ing)?\b",
    re.IGNORECASE,
)
"""Words that show that a line is a sentence and not a heading."""
_ABOVE = regex(
    r"\b(?:(?:the|this) )?(?:stuff |lines? |part )?above (?:is|was|are|were) (?:from|of|before|older?)\b", re.IGNORECASE
)
_HEADING = regex(r"\d\d?[:.h]\d\d\b|[:)\]=*-]\s*$|^(?:\S+\s*){1,4}$")
"""Signs that a note is a heading: it has a time, ends like a heading, or has at most four words."""
_OF_A_LOG = regex(r"\W{0,3}(?:20\d\d-\d\d-\d\d[T ]|[A-Z][a-z]{2} +\d{1,2} )\d\d:\d\d:\d\d")
"""The full time that a program writes before each line. In such a log, failures of two days may both be present."""
Day = tuple[int, int]
_EARLIER: Day = (0, 0)
_PRESENT: Day = (99, 0)
_OF_A_WEEK = -1
"""A number in place of the date, for a day of which only the day of the week is known."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The time that applies from ``line`` on, in the text's ``words``; ``logged``: a program writes it on each line.

    ``minute`` is the minute of the day, None if only the day is known.
    """

    line: int
    day: Day
    words: str
    logged: bool = False
    minute: int | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of a failure: its trouble or type, and the operation that failed ("" if unknown)."""

    of: object
    operation: str = ""


def of_earlier_times(known: Mapping[int, int], kinds: Mapping[int, Kind], paste: Paste) -> dict[int, str]:
    """Return the failures, by index, that happened earlier than another failure, each with the line that says so.

    ``known`` are the lines of the failures, by index. Empty if all are from the same time, or if the text does not say.
    """
    moments = moments_of(paste)
    if len(moments) < 2:
        return {}
    at: dict[int, Moment] = {}
    for index, line in known.items():
        above = next((each for each in reversed(moments) if each.line <= line), None)
        below = next(
            (each.line for each in moments if each.line > line and _ABOVE.search(paste.lines[each.line])), None
        )
        if below is not None:
            at[index] = Moment(below, _EARLIER, paste.lines[below].strip())
        elif above is not None:
            at[index] = above
    return {
        index: one.words
        for index, one in at.items()
        if any(
            (_is_before(one, other) and _may_be_over(one, other, moments, paste))
            or (_replaces(kinds[later], kinds[index]) and _is_long_before(one, other))
            for later, other in at.items()
        )
    }


_NO_CONSEQUENCE: frozenset[object] = frozenset((Trouble.CREDENTIALS, Trouble.THROTTLING, Trouble.QUOTA, Denial))
"""Kinds of failures that are not consequences of an earlier failure of another kind."""


def _replaces(later: Kind, earlier: Kind) -> bool:
    """Return whether the later failure suggests that the earlier failure, of another kind, no longer occurs."""
    one_call = not (later.operation and earlier.operation) or later.operation == earlier.operation
    return one_call and later.of != earlier.of and later.of in _NO_CONSEQUENCE


_LONG = 60
"""The number of minutes after which a failure of another kind belongs to another run."""


def _is_long_before(one: Moment, other: Moment) -> bool:
    """Whether a program logged one time on an earlier day than the other, or at least an hour before it."""
    if not (one.logged and other.logged) or one.day[0] < 1 or other.day[0] < 1:
        return False
    if one.day != other.day:
        return one.day < other.day
    return one.minute is not None and other.minute is not None and other.minute - one.minute >= _LONG


def _may_be_over(one: Moment, other: Moment, moments: Sequence[Moment], paste: Paste) -> bool:
    """Whether an earlier failure may be over.

    If the program logged both failures itself, the earlier one may be over only if a change lies between them.
    """
    if not (one.logged and other.logged):
        return True
    dated = {each.line for each in moments if one.day <= each.day <= other.day} - {one.line, other.line}
    return any(is_rolled_out(paste.lines[line]) for line in dated.union(range(one.line + 1, other.line)))


def later_notes(paste: Paste) -> set[int]:
    """Return the lines with notes that say that the text below is later than the text below an earlier note."""
    out: set[int] = set()
    before: list[Moment] = []
    for each in moments_of(paste):
        if each.logged:
            continue
        if any(_is_before(other, each) for other in before):
            out.add(each.line)
        before.append(each)
    return out


def newest_part(text: str) -> str:
    """Return the lines that the author wrote from the text's last day on; "" if the text covers only one day.

    A program's own times do not count: they begin each line of a log.
    """
    if len(text) > _LONGEST_TEXT or "\n" not in text.strip():
        return ""
    paste = Paste(text)
    moments = [each for each in moments_of(paste) if not each.logged]
    later = [each for each in moments if any(_is_before(other, each) for other in moments)]
    first = next((each for each in later if not _differ(each, later[-1])), None)
    return "\n".join(paste.lines[first.line :]) if first is not None else ""


_LONGEST_TEXT = 40_000


def moments_of(paste: Paste) -> list[Moment]:
    """Return the moments of the text, in the order of its lines; none for a long log."""
    numbers = range(len(paste.lines) if len(paste.lines) <= _LONGEST else 0)
    return [moment for number in numbers if (moment := _moment(number, paste)) is not None]


_LONGEST = 2_000
"""The maximum number of lines of a text that is searched for notes of its author."""


def _differ(one: Moment, other: Moment) -> bool:
    return one.day != other.day


def _is_before(one: Moment, other: Moment) -> bool:
    """Whether a day is before another one; False if that is unknown, as with a date and "yesterday"."""
    if one.day[0] == _OF_A_WEEK == other.day[0]:
        # An export is oldest first; one or two days back in the week may be a list with the newest first.
        return one.line < other.line and one.day != other.day and (other.day[1] - one.day[1]) % 7 < _MOST_FORWARD
    if _OF_A_WEEK in (one.day[0], other.day[0]):
        return other.day == _PRESENT
    return one.day < other.day and (other.day == _PRESENT or one.day != _EARLIER)


_MOST_FORWARD = 5


def _moment(number: int, paste: Paste) -> Moment | None:
    """Return the moment that begins with a line; None for any other line."""
    line = paste.lines[number]
    if _ABOVE.search(line):
        return Moment(number, _PRESENT, line.strip())
    if number in paste.prompts:
        return None
    if found := _TIMED.match(line):
        return Moment(number, _day(found), _words(line, found), _OF_A_LOG.match(line) is not None, _minute(found))
    if (stamp := _STAMP.match(line)) and (found := _TIMED.match(stamp["date"])):
        return Moment(number, _day(found), _words(line, stamp), True, _minute(found))
    found = _NOTE.match(line) if not FAILS.search(line) else None
    if found is None or _SENTENCE.search(line) or not _HEADING.search(line):
        return None
    return Moment(number, _day(found), line.strip())


def _words(line: str, found: re.Match[str]) -> str:
    """Return the line that introduces a failure below it; only its time, if the line itself reports what failed."""
    return (found[0] if FAILS.search(line) else line).strip(" []()*>-")


def _minute(found: re.Match[str]) -> int | None:
    return int(found["hour"]) * 60 + int(found["minute"]) if found["minute"] else None


def _day(found: re.Match[str]) -> Day:
    if found["past"] or found["now"]:
        return _EARLIER if found["past"] else _PRESENT
    if found["weekday"]:
        return _OF_A_WEEK, _place(_WEEKDAYS, found["weekday"])
    if found["number"]:
        return int(found["number"]), int(found["day"])
    named = found["month"] or found["month2"]
    return _place(_MONTHS, named) + 1, int(found["day2"] or found["day3"])


def _place(names: Sequence[str], named: str) -> int:
    return next(at for at, each in enumerate(names) if re.match(each, named, re.IGNORECASE))
