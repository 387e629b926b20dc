"""Read the validity period of a presigned URL, or of a sign-in token of the same form.

IAM User Guide, "Add the signature to the request": X-Amz-Date and X-Amz-Expires, the number of seconds
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from iam.lazy_pattern import regex

_URL = regex(r"[^\s\"'<>]*[?&]X-Amz-[^\s\"'<>]*")
_DATE = regex(r"[?&]X-Amz-Date=(?P<at>20\d{6}T\d{6})Z")
_EXPIRES = regex(r"[?&]X-Amz-Expires=(?P<seconds>\d{1,6})(?!\d)")
_CLOCK = regex(
    r"(?<![\d:])(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.\d+)?)? ?(?:UTC|GMT|Z)\b"
)
_OF_LOG = regex(
    r"(?<![\d:+-])(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d):(?P<second>[0-5]\d)(?![\d:]|[.,\d]* ?(?:UTC|GMT|Z)\b)"
)
_SIGNS = regex(r"\b(?:tokens?|sign(?:ed|ing|ature)?|pre-?signed)\b", re.IGNORECASE)
_SAME_MOMENT = 2
"""The largest difference in seconds between a token's signature and the log line about the token."""

_HOUR = timedelta(hours=1)
NEW_TOKEN = "Make a new token:"
"""The beginning of the sentence about a token that had expired."""


@dataclass(frozen=True, slots=True)
class Presigned:
    """The times of a presigned URL. ``used`` is the last time in the rest of the text; None if there is none.

    Times in UTC are considered. So are the times of a log with a line at the moment of the signature: the full hours
    between the two are the log's time zone. A time without a date is assumed to be on the day of the signature.
    """

    signed: datetime
    expires: datetime
    used: datetime | None

    @property
    def expired(self) -> bool:
        """Whether the text shows that the URL was used too late."""
        return self.used is not None and self.used > self.expires

    @property
    def sentence(self) -> str:
        """When the URL was valid, and when it was used."""
        valid = f"the one in the text was valid from {self.signed:%H:%M:%S} to {self.expires:%H:%M:%S} UTC"
        used = f", and was used at {self.used:%H:%M}" if self.used else f" on {self.signed.day} {self.signed:%B %Y}"
        return f"{NEW_TOKEN} {valid}{used} (X-Amz-Date, X-Amz-Expires)."


def presigned(text: str) -> Presigned | None:
    """Return the times of the text's last presigned URL; None if it has none with a date and a duration."""
    found = None
    for url in _URL.finditer(text):
        date, lasts = _DATE.search(url[0]), _EXPIRES.search(url[0])
        if date and lasts:
            signed = datetime.strptime(date["at"], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
            found = (signed, signed + timedelta(seconds=int(lasts["seconds"])))
    if found is None:
        return None
    rest = _URL.sub(" ", text)
    used = [_at(each, found[0]) for each in _CLOCK.finditer(rest)] or _of_log(rest, found[0])
    return Presigned(*found, max((each for each in used if each >= found[0]), default=None))


def _of_log(rest: str, signed: datetime) -> list[datetime]:
    """Return the times of a log in UTC; none if no line of the log is from the moment of the signature.

    For a log in another time zone, only the line about the token shows the time zone.
    """
    found = list(_OF_LOG.finditer(rest))
    times = [_at(each, signed) for each in found]
    for clock, time in zip(found, times, strict=True):
        hours = round((time - signed) / _HOUR)
        line = rest[clock.end() :].partition("\n")[0]
        same = abs((time - signed - hours * _HOUR).total_seconds()) <= _SAME_MOMENT
        if same and (hours == 0 or _SIGNS.search(line)):
            return [each - hours * _HOUR for each in times]
    return []


def _at(clock: re.Match[str], day: datetime) -> datetime:
    return day.replace(hour=int(clock["hour"]), minute=int(clock["minute"]), second=int(clock["second"] or 0))
