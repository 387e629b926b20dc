"""Decide whether a CloudTrail event is the call that a text is about: nothing in the text may contradict the event."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from diagnostics.access_denied.evidence.history import TrailCall
from diagnostics.access_denied.request.own_claims import own_claims
from diagnostics.access_denied.request.subject import Subject
from iam.ages import short_age
from iam.lazy_pattern import regex

_APART = timedelta(minutes=5)
"""The maximum difference between a text's time and the event's, because of clocks, retries and delays in writing the
log.
"""
_TIME = regex(
    r"\b(?P<day>20\d\d-[01]\d-[0-3]\d)[T ](?P<clock>[0-2]\d:[0-5]\d(?::[0-5]\d)?)(?:[.,]\d+)?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)?"
)
_REQUEST_ID = regex(
    r"\b(?:request[ _-]?id|x-amzn-requestid)[\"']?\s*[:=]?\s*[\"']?"
    r"(?P<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
    2,  # re.IGNORECASE
)


def same_request(call: TrailCall, text: str) -> bool:
    """Return whether the text contains the event's request ID."""
    recorded = call.record.get("requestID")
    return isinstance(recorded, str) and len(recorded) > 8 and recorded in text


def contradiction(call: TrailCall, subject: Subject, subjects: tuple[str, ...]) -> str:
    """Return a clause that says what in the text shows that the event is another call; "" if nothing does.

    ``subjects`` are the subjects of the event's token.
    """
    text = subject.denial.text
    if same_request(call, text):
        return ""
    return next(_contradictions(call, subject, subjects, text), "")


def _contradictions(call: TrailCall, subject: Subject, subjects: tuple[str, ...], text: str) -> Iterator[str]:
    recorded = call.record.get("requestID")
    own = {found["id"].lower() for found in _REQUEST_ID.finditer(text)}
    if own and isinstance(recorded, str) and recorded.lower() not in own:
        yield "it has another request ID"
    claims = own_claims(text)
    for each in subjects:
        if claims.contradicts(each):
            yield f"its subject is {each}"
    caller = call.identity.get("arn")
    if isinstance(caller, str) and subject.who is not None and subject.who.known and not _same(caller, subject):
        yield f"it was made by {caller}"
    times = list(_times(text))
    if times and not any(abs(each - call.event.time) <= _APART for each in times):
        yield f"it was made at {call.event.time:%Y-%m-%d %H:%M}"


def _same(caller: str, subject: Subject) -> bool:
    """Return whether a recorded caller is the one in the text, which may name the role instead of its session."""
    own = subject.principal or ""
    return caller == own or ":assumed-role/" not in own or ":assumed-role/" not in caller


def _times(text: str) -> Iterator[datetime]:
    """Yield the times in the text that have a time zone."""
    for found in _TIME.finditer(text):
        if not found["zone"]:
            continue
        try:
            time = datetime.fromisoformat(f"{found['day']}T{found['clock']}{found['zone'].replace('Z', '+00:00')}")
        except ValueError:
            continue
        yield time.astimezone(UTC)


def other_run(call: TrailCall, role: str, subjects: tuple[str, ...], now: datetime) -> str:
    """Return a question to the operator: was this recorded run yours? It is asked if the text does not confirm it."""
    had = f" as {', '.join(subjects)}" if subjects else ""
    return f"a run {short_age(now - call.event.time)} ago requested {role}{had}; was that your run?"
