"""Read by how much a request's time differs from AWS's."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from diagnostics.text.answer.credentials.clocks import clock_difference, clock_is_right
from diagnostics.text.answer.credentials.credential_fault import WRONG_SIGNATURE
from iam.facts.request_windows import S3, SIGNATURE
from iam.lazy_pattern import regex

_TIME = r"(\d{8}T\d{6}Z|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)"
_TIMES = (
    # "Signature expired: REQUEST is now earlier than LIMIT (SERVER - 5 min.)"
    regex(rf"(?:Signature expired|Signature not yet current)[^\n]{{0,20}}?{_TIME}[^\n(]{{1,80}}\({_TIME}"),
    regex(rf"RequestTime\W{{1,4}}{_TIME}[\s\S]{{1,120}}?ServerTime\W{{1,4}}{_TIME}"),
)

_HOUR, _EXACT = timedelta(hours=1), timedelta(minutes=2)
_FARTHEST_ZONE = 14  # hours from UTC
# In the message's own words: "(20261129T032640Z - 15 min.)"; S3's MaxAllowedSkewMilliseconds.
_OWN_WINDOW = regex(r"[-+]\s*(?P<minutes>\d{1,3})\s*min\b|MaxAllowedSkewMilliseconds\W{1,4}(?P<thousandths>\d{5,9})")
OF_S3 = regex(r"RequestTimeTooSkewed|\bS3\b|s3[.-][\w.-]*amazonaws|calling the \w*(?:Object|Bucket)\w* operation")


_JUST_LATE = timedelta(seconds=30)
"""The maximum amount by which a retried request exceeds the limit at its first refusal."""


def limit_of_time(text: str) -> timedelta:
    """How far the request's time may be from AWS's: as the message says, else the limit of S3 or of other services."""
    if own := _OWN_WINDOW.search(text):
        minutes = int(own["minutes"]) if own["minutes"] else int(own["thousandths"]) // 60_000
    else:
        minutes = (S3 if OF_S3.search(text) else SIGNATURE).minutes
    return timedelta(minutes=minutes)


def window(text: str) -> str:
    return f"{limit_of_time(text) // timedelta(minutes=1)} minutes"


def time_apart(difference: timedelta) -> str:
    """Return the difference as ``75 min``.

    From three hours on it is in hours and minutes, from three days on in days.
    """
    minutes = round(abs(difference).total_seconds() / 60)
    if minutes < 1:
        return f"{round(abs(difference).total_seconds())} s"
    if minutes < 180:
        return f"{minutes} min"
    if minutes < 3 * 1440:
        return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")
    return f"{minutes // 1440} days"


def of_times(text: str) -> dict[str, str]:
    """Return by how much the request's time differs from AWS's, or two clocks in the text from each other."""
    values: dict[str, str] = {}
    found = next((match for pattern in _TIMES if (match := pattern.search(text))), None)
    if found is None:
        values |= _of_clocks(text)
    elif apart := _time(found[1]) - _time(found[2]):
        values |= {"apart": time_apart(apart), "direction": "ahead of" if apart > timedelta(0) else "behind"}
        if apart > timedelta(0):
            values["ahead"] = "yes"
        elif (late := -apart - limit_of_time(text)) > timedelta(0) and late < _JUST_LATE and clock_is_right(text):
            values["late"] = f"{round(late.total_seconds())}"
        elif late > timedelta(0) and (at_first := _WORKS_AT_FIRST.search(text)):
            values["works_at_first"] = " ".join(at_first[0].split())
        if _DATE_CHANGED.search(text) and re.search(WRONG_SIGNATURE, text):
            values["date_is_signed"] = (
                "The date is part of what is signed: pass the correct time to the signer (an option such as datetime), "
                "and do not change X-Amz-Date after signing. Changing a signed header makes the signature invalid."
            )
        hours = round(abs(apart) / _HOUR)
        if 0 < hours <= _FARTHEST_ZONE and abs(abs(apart) - hours * _HOUR) <= _EXACT:
            values["hours"] = f"{hours} hour{'' if hours == 1 else 's'}"
    return values


_WORKS_AT_FIRST = regex(
    r"\b(?:works?|worked|succeeds?|ok|fine)\b[^.\n]{0,20}\b(?:at first|initially"
    r"|after (?:an? |each |every |the )?(?:re)?start"
    r"|for (?:some |about |around |the first )?(?:15|fifteen) ?min\w*)"
    r"|\bafter (?:some |about |around |roughly |~ ?)?(?:15|16|17|18|20|fifteen) ?min\w*",
    re.IGNORECASE,
)
# The header that people name when their program sets the date itself.
_DATE_CHANGED = regex(r"\bx-amz-date\b", re.IGNORECASE)


def _of_clocks(text: str) -> dict[str, str]:
    """Return by how much two clocks in the text differ; empty if the text does not show two clocks."""
    found = clock_difference(text)
    if found is None:
        return {}
    return {"clock_apart": time_apart(found.apart), "clock_direction": "behind" if found.behind else "ahead of"}


def _time(written: str) -> datetime:
    form = "%Y%m%dT%H%M%SZ" if "-" not in written else "%Y-%m-%dT%H:%M:%SZ"
    return datetime.strptime(re.sub(r"\.\d+", "", written), form).replace(tzinfo=UTC)
