"""Read all of CloudTrail's events, newest first, within the rate limit of LookupEvents."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from iam.event import Event
from iam.sources.aws.session import Aws, home_region, that_end
from iam.sources.json_values import TIME
from iam.sources.reader.evidence import EventPage

SECONDS_BETWEEN_CALLS = 0.5
"""The pause in seconds between two calls of LookupEvents, which allows two calls a second for each account and Region.

See CloudTrail API reference, LookupEvents.
"""

PAGE_SIZE = 50
"""The maximum number of events in a response of LookupEvents."""

_CALL = "cloudtrail:LookupEvents"


class Pace:
    """Limits calls to two a second in each Region, for all callers that share this object."""

    def __init__(
        self,
        seconds: float = SECONDS_BETWEEN_CALLS,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        self._seconds, self._clock, self._wait = seconds, clock, wait
        self._next: dict[str, float] = {}
        self._lock = threading.Lock()

    def turn(self, region: str) -> None:
        """Wait until the next call in a Region is allowed."""
        with self._lock:
            now = self._clock()
            at = max(now, self._next.get(region, now))
            self._next[region] = at + self._seconds
        if at > now:
            self._wait(at - now)


@dataclass
class _Region:
    """The progress in one Region: ``reached`` is the time of the oldest event read, None before the first page."""

    name: str
    pages: Iterator[Any]
    reached: datetime | None = None
    called: float | None = None


def recent_events(
    aws: Aws,
    regions: tuple[str, ...],
    *,
    clock: Callable[[], float] = time.monotonic,
    wait: Callable[[float], object] = time.sleep,
) -> Iterator[EventPage]:
    """Yield events as described in `AccountReader.recent_events`."""
    names = dict.fromkeys((*regions, home_region(aws.region)))
    walks = [_Region(name, _pages(aws, name)) for name in names]
    while walks:
        walk = next((walk for walk in walks if walk.reached is None), None) or max(walks, key=_reached)
        if walk.called is not None and (rest := walk.called + SECONDS_BETWEEN_CALLS - clock()) > 0:
            wait(rest)
        walk.called = clock()
        page = _next_page(aws, walk)
        if page.events:
            walk.reached = min(event.time for event in page.events)
        if not page.more:
            walks.remove(walk)
        yield page


def lookup_events(
    aws: Aws, region: str, attribute: str, value: str, since: datetime, pace: Pace
) -> Iterator[EventPage]:
    """Yield events as described in `AccountReader.lookup_events`."""
    asked = {
        "LookupAttributes": [{"AttributeKey": attribute, "AttributeValue": value}],
        "StartTime": since,
        "PaginationConfig": {"PageSize": PAGE_SIZE},
    }

    def pages() -> Iterator[Any]:
        yield from that_end(aws.client("cloudtrail", region).get_paginator("lookup_events").paginate(**asked), "Events")

    walk = _Region(region, pages())
    while True:
        pace.turn(region)
        page = _next_page(aws, walk)
        yield page
        if not page.more:
            return


def _reached(walk: _Region) -> datetime:
    assert walk.reached is not None
    return walk.reached


def _pages(aws: Aws, region: str) -> Iterator[Any]:
    yield from that_end(aws.client("cloudtrail", region).get_paginator("lookup_events").paginate(), "Events")


def _next_page(aws: Aws, walk: _Region) -> EventPage:
    def read() -> EventPage:
        page: Mapping[str, Any] = next(walk.pages, {})
        found = tuple(cloudtrail_event(entry) for entry in page.get("Events") or ())
        return EventPage(walk.name, found, more=bool(page.get("NextToken")))

    reading = aws.read(_CALL, read)
    return reading.value or EventPage(walk.name, why=reading.why)


def cloudtrail_event(entry: Mapping[str, Any]) -> Event:
    """Return the event in one entry of LookupEvents' response. Raises `MalformedJson` and `KeyError`."""
    detail = entry.get("CloudTrailEvent")
    try:
        record = json.loads(detail) if isinstance(detail, str) else {}
    except (ValueError, RecursionError):
        record = {}
    agent = record.get("userAgent") if isinstance(record, dict) else None
    return Event(
        name=str(entry.get("EventName") or ""),
        time=TIME.read(entry["EventTime"]),
        username=entry.get("Username"),
        resources=tuple(str(one["ResourceName"]) for one in entry.get("Resources") or () if one.get("ResourceName")),
        user_agent=agent if isinstance(agent, str) else None,
        detail=detail if isinstance(detail, str) else None,
    )
