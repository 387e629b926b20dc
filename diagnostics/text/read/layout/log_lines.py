"""Read log lines: which program wrote one, how severe it is, and in which order they are listed."""

from __future__ import annotations

import re
from itertools import pairwise

from diagnostics.text.read.layout.shell import TYPED
from iam.lazy_pattern import regex

_TIME = r"(?:20\d\d[-/]\d\d[-/]\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?"
_DATED = regex(r"\W{0,3}(?P<day>20\d\d[-/]\d\d[-/]\d\d[T ])?(?P<time>\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)")
_LOGGED = regex(rf"\W{{0,3}}(?:[A-Z][a-z]{{2}} +\d{{1,2}} )?{_TIME}\W{{1,4}}")
_OF_A_HOST = regex(r"[\w.-]{1,60} (?=[\w./-]{1,40}\[\d+\]: )")
"""The host in a syslog line, before its program and process."""
_FEWEST_TIMES = 3
"""The minimum number of times without a day that show an order.

Two times are not enough: the second may be after midnight.
"""
_LEVEL = r"(?:WARN(?:ING)?|ERR(?:OR)?|INFO|DEBUG|FATAL|CRIT(?:ICAL)?|TRACE|NOTICE|PANIC)"
_SPEAKER = regex(
    r"(?:\[(?P<boxed>[a-z][\w./-]{1,40})\]|(?P<plain>[A-Za-z][\w.-]{1,40}(?:[(\[][^)\]\n]{1,30}[)\]])?)):?\s",
)
_NO_SPEAKER = regex(
    rf"(?:{_LEVEL}|Error|Warning|An|User|aws|arn|level|msg|Caused|Note|Reason|Message|[A-Z]\w*[a-z][A-Z]\w*|\w+(?:Exception|Error))\b"
)
_PROMPTED = regex(rf"{TYPED}\S")
# Levels as words, as fields (level=warn, "level":"warn"), as numbers of pino and bunyan, and klog's first letter.
_ASIDE = regex(
    r"\b(?:WARN(?:ING)?|DEBUG|INFO|NOTICE|TRACE)\b|\blevel[\"']?\s*[:=]\s*[\"']?(?:warn|info|debug|[1-4]0\b)"
    r"|^\s*[WI]\d{4} "
    r"|(?i:\bwarning:|\b(?:continuing|carrying on|ignored|ignoring|non-?fatal|best[- ]effort|skipped|skipping"
    r"|falling back"
    r"|proceeding|dropping)\b)"
)
_ENDS = r"\bgiving up\b|\bgave up\b|\baborted\b|\bexit(?:ed|ing)?(?: with)?(?: status| code)?[ =:]+[1-9]\d{0,2}\b"
_GRAVE = regex(
    r"\b(?:FATAL|CRITICAL|PANIC|ERROR|EMERG)\b|\blevel[\"']?\s*[:=]\s*[\"']?(?:error|fatal|panic|[56]0\b)"
    r"|^\s*[EF]\d{4} |^g?make(?:\[\d{1,3}\])?: \*\*\* "
    rf"|\bTraceback \(|(?i:^panic:|{_ENDS})"
)
_STOPS = regex(rf"\b(?:FATAL|PANIC|CRITICAL)\b|(?i:{_ENDS})")
_ERROR = regex(r"\b(?:error|fatal|panic):\s|\bstatus=[1-9]\d{0,2}/", re.IGNORECASE)
"""Words that mark a log line as severe if the line has no log level."""
_CONTINUES = regex(
    r"\b(?:continuing|carrying on|ignored|ignoring|non-?fatal|best[- ]effort|skipped|skipping|falling back|proceeding"
    r"|dropping|not critical|optional)\b",
    re.IGNORECASE,
)
_COUNTED = regex(
    r"\b(?:ERRORS?|FATALS?|WARNINGS?)\b\s*[:=]\s*\d|\b(?:0|no|zero) (?:errors?|warnings?)\b(?!\s*[=:])", re.I
)


def oldest_first(lines: list[str]) -> list[str]:
    """Return the lines sorted by time, because consoles and lists of events show the newest first.

    Lines before and after the dated lines are not moved; a line without a time stays with the dated line above it.
    """
    if (turned := _youngest_last(lines)) is not None:
        return turned
    dated = [(number, found) for number, line in enumerate(lines) if (found := _DATED.match(line))]
    with_day = all(found["day"] for _, found in dated)
    if len(dated) < (2 if with_day else _FEWEST_TIMES) or (not with_day and any(found["day"] for _, found in dated)):
        return lines
    times = [(found["day"] or "").replace("T", " ") + found["time"] for _, found in dated]
    if times[0] <= times[-1] or any(one < other for one, other in pairwise(times)):
        return lines
    begin, last = dated[0][0], dated[-1][0]
    end = next((number for number in range(last, len(lines)) if not lines[number].strip()), len(lines))
    if any(_PROMPTED.match(line) for line in lines[begin:end]):
        return lines
    starts = [number for number, _ in dated]
    records = [lines[start:stop] for start, stop in zip(starts, [*starts[1:], end], strict=True)]
    return [*lines[:begin], *(line for record in reversed(records) for line in record), *lines[end:]]


_AGED = regex(r"\s{0,3}(?P<age>(?:\d{1,4}d)?(?:\d{1,4}h)?(?:\d{1,4}m)?(?:\d{1,4}s)?)(?: ago)?\s{2,}\S")
_SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}


def _youngest_last(lines: list[str]) -> list[str] | None:
    """Return the lines of a list of ages (12s, 9m) with the oldest first; None for other lines or another order."""
    found = ((number, _AGED.match(line)) for number, line in enumerate(lines))
    aged = [(number, _age(each["age"])) for number, each in found if each is not None and each["age"]]
    ages = [age for _, age in aged]
    numbers = [number for number, _ in aged]
    if len(aged) < 2 or numbers != list(range(numbers[0], numbers[-1] + 1)):
        return None
    if ages[0] >= ages[-1] or any(one > other for one, other in pairwise(ages)):
        return None
    begin, end = numbers[0], numbers[-1] + 1
    return [*lines[:begin], *reversed(lines[begin:end]), *lines[end:]]


def _age(written: str) -> int:
    return sum(int(count) * _SECONDS[unit] for count, unit in re.findall(r"(\d+)([dhms])", written))


def speaker(line: str) -> str:
    """Return the program that wrote a log line, as named after its time; "" if it names none."""
    logged = _LOGGED.match(line)
    if logged is None:
        boxed = _SPEAKER.match(line)
        return boxed["boxed"] or "" if boxed else ""
    rest = re.sub(rf"^{_LEVEL}\b\W{{0,3}}", "", line[logged.end() :])
    host = _OF_A_HOST.match(rest)
    if host is not None:
        return rest[: rest.index("[", host.end())]  # the process is another one after a restart
    found = _SPEAKER.match(rest)
    if found is None or _NO_SPEAKER.match(rest):
        return ""
    named = found["boxed"] or found["plain"]
    return named if found["boxed"] or rest[len(named) : len(named) + 1] == ":" else ""


def aside(line: str) -> bool:
    """Return whether the line itself says that the program continued.

    It says so by a log level below ERROR or in words.
    """
    return _ASIDE.search(line) is not None and _GRAVE.search(line) is None


def continues(line: str) -> str:
    """Return the words in which a line says that the program continues; "" if there are none."""
    found = _CONTINUES.search(line)
    if found is None:
        return ""
    before = line[: found.start()]
    near = before[-_NEAR:]
    if len(before) > _NEAR and not before[-_NEAR - 1].isspace():
        near = near.partition(" ")[2]  # without the rest of a word
    return " ".join(f"{near}{found[0]}".split())


_NEAR = 40
"""The number of characters that are quoted before the words that say that the program continued."""


def stops_program(line: str) -> bool:
    """Return whether the line reports the end of its program: a fatal level, an exit status, or that it gives up."""
    return _STOPS.search(line) is not None


def grave(line: str) -> bool:
    """Return whether the line's level or words report an error that may have stopped the program."""
    found = _GRAVE.search(line) or (_ERROR.search(line) if not _ASIDE.search(line) else None)
    return found is not None and _COUNTED.search(line) is None
