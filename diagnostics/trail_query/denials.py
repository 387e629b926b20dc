"""Read denials from a query's answer, as pages of events: those of an account, or of an organization."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from iam.event import Event
from iam.sources.reader.evidence import EventPage
from iam.sources.reader.trail_queries import TrailQueryError, TrailRow
from iam.sources.reader.trail_query_source import TrailAnswer

_PAGE = 500


def denial_pages(answer: TrailAnswer) -> Iterator[EventPage]:
    """Yield pages of the answer, the newest first. If it breaks off, the last page says why."""
    page: list[Event] = []
    try:
        for row in answer.rows():
            if (event := _event(row)) is not None:
                page.append(event)
            if len(page) == _PAGE:
                yield EventPage("", tuple(page), more=True)
                page = []
    except TrailQueryError as error:
        if page:
            yield EventPage("", tuple(page), more=True)
        yield EventPage("", why=str(error))
        return
    yield EventPage("", tuple(page))


def _event(row: TrailRow) -> Event | None:
    try:
        when = datetime.fromisoformat(str(row.record.get("eventTime")).replace("Z", "+00:00"))
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return Event(str(row.record.get("eventName") or ""), when, detail=json.dumps(row.record))
