"""Find the failures that CloudTrail events and other structured records state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from diagnostics.failure import Denial, Failure
from diagnostics.text.read.clean.records import clean, unwrap
from diagnostics.text.read.forms.cloudtrail_events import FailedEvent, events_of
from diagnostics.text.read.layout.record_rules import read_record, signals_in
from iam.api_operations import action_for
from iam.services import iam_prefix


def failures_in_events(failed: Iterable[FailedEvent]) -> Iterator[Failure]:
    """Yield the failure of each event whose error is known."""
    seen: dict[tuple[str, str, str | None, str | None], Failure | None] = {}
    for event in failed:
        key = (event.code, event.message, event.operation, event.service)
        if key not in seen:
            seen[key] = _read_event(event)
        if failure := seen[key]:
            yield _of_event(failure, event)


def failures_of_json(value: object) -> Iterator[Failure]:
    """Yield the failures in CloudTrail events, given as parsed JSON, one for each event."""
    yield from failures_in_events(events_of(value))


def _read_event(event: FailedEvent) -> Failure | None:
    sentence = f"An error occurred ({event.code}) when calling the {event.operation} operation: {clean(event.message)}"
    failures = read_record(unwrap(sentence), event.service, tuple(signals_in(sentence).values()))
    if failures and isinstance(failures[0], Denial) and failures[0].action is None and event.operation:
        return replace(failures[0], action=action_for(event.operation, iam_prefix(event.service or "") or None))
    return failures[0] if failures else None


def _of_event(failure: Failure, event: FailedEvent) -> Failure:
    """Return the failure, completed with what only the event contains, such as the caller and the resource."""
    if not isinstance(failure, Denial):
        return replace(failure, text=event.text, code=event.code, name=failure.name or event.entity)
    if failure.claims_trust:
        # The service is who could not assume the role; the event's caller only handed the role to it.
        return replace(
            failure,
            text=event.text,
            code=event.code,
            resource=failure.resource or event.role,
            operation=event.operation,
        )
    return replace(
        failure,
        text=event.text,
        code=event.code,
        principal=failure.principal or event.principal,
        resource=failure.resource or event.resource,
        operation=event.operation,
    )
