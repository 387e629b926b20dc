"""Find the failures of an earlier day: a note above them names it, and a note above another failure a later one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from diagnostics.text.read.sequence.paste import FAILS, Paste
from iam.lazy_pattern import regex

_MONTHS = ("jan", "feb", "m[aä]r", "apr", "ma[iy]", "jun", "jul", "aug", "sep", "o[ck]t", "nov", "de[cz]")
_MONTH = "|".join(_MONTHS)
_PAST = (
    r"yesterday|last (?:night|week|month)|the day before|gestern|vorgestern|letzte (?:Nacht|Woche)|hier|avant-hier"
    r"|ayer|anteayer|before|vorher|davor|avant|antes"
)
_NOW = (
    r"today|tonight|this (?:morning|afternoon|evening)|(?:right )?now|heute|jetzt|nun|aujourd['’]hui"
    r"|ce matin|hoy|ahora|after(?:wards)?|nachher|danach|apr[eè]s|despu[eé]s"
)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)[a-z]{0,8}\.?,? )?"
_NOTE = regex(
    rf"^[^\w\n]{{0,6}}{_WEEKDAY}(?:(?P<past>{_PAST})\b|(?P<now>{_NOW})\b"
    r"|20\d\d-(?P<number>\d\d)-(?P<day>\d\d)\b(?!T| \d\d:\d\d:)"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th|\.)? (?P<month>{_MONTH})[a-z]{{0,6}}\b"
    rf"|(?P<month2>{_MONTH})[a-z]{{0,6}} (?P<day3>\d{{1,2}})(?:st|nd|rd|th)?\b(?! \d\d:\d\d:\d\d))[^\n]{{0,60}}$",
    re.IGNORECASE,
)
_SENTENCE = regex(
    r"\b(?:it|that|this|we|I|he|she|they|you|the \w+) (?:was|were|is|are|did|does|gets?|got|said|says|works?|worked)\b"
    r"|\?|\bexit(?:ed|ing)?\b",
    re.IGNORECASE,
)
"""Words of a sentence, which is no heading."""
_ABOVE = regex(
    r"\b(?:(?:the|this) )?(?:stuff |lines? |part )?above (?:is|was|are|were) (?:from|of|before|older?)\b", re.IGNORECASE
)


_HEADING = regex(r"\d\d?[:.h]\d\d\b|[:)\]=*-]\s*$|^(?:\S+\s*){1,4}$")
"""A note is short, has a time, or ends like a heading."""
Day = tuple[int, int]
_EARLIER: Day = (0, 0)
_PRESENT: Day = (99, 0)


def of_earlier_days(known: Mapping[int, int], paste: Paste) -> dict[int, str]:
    """Return the failures, by index, of an earlier day than another one, each with the note that says so.

    ``known`` are the lines of the failures, by index. Empty where all are of one day, or where the text does not say.
    """
    notes = _notes(paste)
    if not notes:
        return {}
    days: dict[int, tuple[Day, int]] = {}
    for index, at in known.items():
        above = next(((when, number) for number, when in reversed(notes) if number < at), None)
        below = next((number for number, _ in notes if number > at and _ABOVE.search(paste.lines[number])), None)
        if below is not None:
            days[index] = (_EARLIER, below)
        elif above is not None:
            days[index] = above
    return {
        index: paste.lines[note].strip()
        for index, (when, note) in days.items()
        if any(_is_before(when, other) for other, _ in days.values())
    }


def later_notes(paste: Paste) -> set[int]:
    """Return the lines that are notes by which what follows is later than what an earlier note begins."""
    out: set[int] = set()
    before: set[Day] = set()
    for number, when in _notes(paste):
        if any(_is_before(each, when) for each in before):
            out.add(number)
        before.add(when)
    return out


def _notes(paste: Paste) -> list[tuple[int, Day]]:
    """The notes on days, with the number of their line; none in a long log, whose lines have their own times."""
    numbers = range(len(paste.lines) if len(paste.lines) <= _LONGEST else 0)
    return [(number, when) for number in numbers if (when := _when(number, paste)) is not None]


_LONGEST = 2_000
"""How many lines a text with notes of its author has at most."""


def _is_before(one: Day, other: Day) -> bool:
    """Whether a day is before another one; False where that is unknown, as with a date and "yesterday"."""
    return one < other and (other == _PRESENT or one != _EARLIER)


def _when(number: int, paste: Paste) -> Day | None:
    """The day of a line that is a note on what follows, as a value to compare; None for any other line."""
    line = paste.lines[number]
    if _ABOVE.search(line):
        return _PRESENT
    found = _NOTE.match(line) if number not in paste.prompts and not FAILS.search(line) else None
    if found is None or _SENTENCE.search(line) or not _HEADING.search(line):
        return None
    if found["past"] or found["now"]:
        return _EARLIER if found["past"] else _PRESENT
    if found["number"]:
        return int(found["number"]), int(found["day"])
    named = found["month"] or found["month2"]
    month = next(at for at, each in enumerate(_MONTHS, 1) if re.match(each, named, re.IGNORECASE))
    return month, int(found["day2"] or found["day3"])
