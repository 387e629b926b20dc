"""Find the time of a failure in its text: log prefixes, event times, dates in headers.

A log without a time zone or a year gives a range: zones are up to 14 hours ahead of UTC and 12 behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from iam.lazy_pattern import regex

_LONGEST = 200_000
_AHEAD, _BEHIND = timedelta(hours=14), timedelta(hours=12)
_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_MONTH = {name.lower(): number for number, name in enumerate(_MONTHS.split("|"), 1)}
_ZONE = r"(?P<zone>(?:Z|UTC|GMT)\b|[+-](?:0\d|1[0-4]):?(?:00|15|30|45)\b)"
_CLOCK = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:[.,]\d{1,9})?"
_FORMS = tuple(
    regex(form, re.IGNORECASE)
    for form in (
        rf"(?<!\d)(?P<year>20\d\d)[-/](?P<month>\d\d)[-/](?P<day>\d\d)[T ]{_CLOCK}(?:\s?{_ZONE})?",
        rf"(?<!\d)(?P<day>\d\d?)[/ -](?P<name>{_MONTHS})[a-z]*[/ -](?P<year>20\d\d)[: ]{_CLOCK}(?:\s?{_ZONE})?",
        rf"\b(?P<name>{_MONTHS})[a-z]*\.? +(?P<day>\d\d?)(?:, ?(?P<year>20\d\d),?)? {_CLOCK}(?:\s?{_ZONE})?"
        r"(?! (?:UTC |GMT )?20\d\d)",
        # What the command date prints: "Wed Dec  2 18:20:11 UTC 2026".
        rf"\b(?P<name>{_MONTHS}) +(?P<day>\d\d?) (?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))? {_ZONE} "
        r"(?P<year>20\d\d)",
    )
)
_EPOCH = regex(r"(?<![\d.])(?P<epoch>1[5-9]\d{8}|2\d{9})(?P<thousand>\d{3})?(?![\d.])")
_FAILURE = regex(
    r"not authorized|access ?denied|unauthorized|forbidden|already ?exists|errorCode|ExpiredToken|explicit deny",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TextTime:
    """When a failure happened according to its text: between ``earliest`` and ``latest``.

    They are equal if the text has year and time zone.
    """

    earliest: datetime
    latest: datetime

    @property
    def as_json(self) -> dict[str, str]:
        """Return the value of ``parsed.at``."""
        return {"from": _iso(self.earliest), "to": _iso(self.latest)}


def time_of_text(text: str, now: datetime | None = None) -> TextTime | None:
    """Return the last timestamp before the failure message, else the first one in the text; None if there is none.

    ``now`` determines the year of a log without one: the latest year for which the time is not in the future.
    """
    if len(text) > _LONGEST:
        text = text[:_LONGEST]
    at = now or datetime.now(UTC)
    found = sorted(_times(text, at), key=lambda each: each[0])
    if not found:
        return None
    recorded = re.search(r'"eventTime"\s*:\s*"', text)
    if recorded is not None:
        return next((time for place, time in found if place >= recorded.end()), found[0][1])
    failure = _FAILURE.search(text)
    before = [time for place, time in found if failure is not None and place < failure.start()]
    return before[-1] if before else found[0][1]


# Headers of quoted mails, in the languages of mail programs; a month by its first letters in those languages.
_MONTH_NAMES = (
    *("jan|gen|ene", "f[eéè][bv]", "m[aäår]r|mrz|mars|maa", "a[pbv]r", "ma[iyjg]", "jun|juin|giu", "jul|juil|lug"),
    *("aug|ago|ao[uû]", "se[pt]", "o[ckt]t|out", "nov", "de[cz]|d[ié]c"),
)
_NAMED_MONTH = "|".join(_MONTH_NAMES)
_SENT = regex(
    r"^[> \t]*(?:Gesendet|Sent|Date|Datum|Envoy[ée]|Enviado|Inviato|Verzonden|On|Am|Le|El|Il|Op|Em)\b:?[^\n\d]{0,40}?"
    rf"(?:(?P<day>\d{{1,2}})\.?[ \u00a0](?:de )?(?P<month>{_NAMED_MONTH})\w{{0,8}}\.?,?[ \u00a0](?:de )?"
    rf"(?P<year>20\d\d)|(?P<month2>{_NAMED_MONTH})\w{{0,8}}\.?[ \u00a0](?P<day2>\d{{1,2}}),?[ \u00a0]"
    r"(?P<year2>20\d\d))",
    re.IGNORECASE | re.MULTILINE,
)


def day_of_mail(text: str) -> TextTime | None:
    """Return the day on which the last quoted mail before a failure was sent; None if the text has no mail header.

    The failure happened at that time or earlier.
    """
    failure = _FAILURE.search(text[:_LONGEST])
    before = text[: failure.start()] if failure is not None else ""
    if "20" not in before:
        return None  # no year
    found = list(_SENT.finditer(before))
    if not found:
        return None
    day, month, year = (found[-1][name] or found[-1][f"{name}2"] for name in ("day", "month", "year"))
    number = next(at for at, names in enumerate(_MONTH_NAMES, 1) if re.match(names, month, re.IGNORECASE))
    try:
        start = datetime(int(year), number, int(day), tzinfo=UTC)
    except ValueError:
        return None
    return TextTime(start - _AHEAD, start + timedelta(days=1) + _BEHIND)


def _times(text: str, now: datetime) -> Iterator[tuple[int, TextTime]]:
    for form in _FORMS:
        for match in form.finditer(text):
            time = _time(match, now)
            if time is not None:
                yield match.start(), time
    for match in _EPOCH.finditer(text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.end()]
        if re.search(r"time|ts|epoch|date|^\s*\d+$|^\d+\s", line, re.IGNORECASE):
            moment = datetime.fromtimestamp(int(match["epoch"]), UTC)
            yield match.start(), TextTime(moment, moment)


def _time(match: re.Match[str], now: datetime) -> TextTime | None:
    parts = match.groupdict()
    month = _MONTH[parts["name"].lower()[:3]] if parts.get("name") else int(parts["month"])
    year = parts.get("year")
    clock = (int(parts["hour"]), int(parts["minute"]), int(parts.get("second") or 0))
    try:
        plain = datetime(int(year) if year else now.year, month, int(parts["day"]), *clock)
    except ValueError:
        return None
    zone = parts.get("zone")
    if not year and plain.replace(tzinfo=UTC) - _AHEAD > now:
        try:
            plain = plain.replace(year=plain.year - 1)
        except ValueError:
            return None
    if zone:
        moment = plain.replace(tzinfo=_offset(zone)).astimezone(UTC)
        return TextTime(moment, moment)
    return TextTime(plain.replace(tzinfo=UTC) - _AHEAD, plain.replace(tzinfo=UTC) + _BEHIND)


def _offset(zone: str) -> timezone:
    if zone.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = zone[1:].replace(":", "")
    length = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-length if zone[0] == "-" else length)


def _iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


_EVENT_HISTORY = timedelta(days=90)
"""How far CloudTrail's event history goes back.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html
"""


def old_day(at: TextTime | None, now: datetime, *, further_back: bool = False) -> str:
    """Return the day of a text that is older than CloudTrail's event history, as ``14 June 2022``; "" for newer texts.

    ``further_back``: older records are available, so the result is "".
    """
    if at is None or further_back or now - at.latest <= _EVENT_HISTORY:
        return ""
    middle = at.earliest + (at.latest - at.earliest) / 2
    return f"{middle.day} {middle:%B %Y}"


def old_words(day: str) -> str:
    """Return the sentence with which an answer to an old text begins."""
    return f"The text dates from {day}: what refused the request then may be different today."
