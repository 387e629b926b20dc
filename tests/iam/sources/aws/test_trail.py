"""The walk through CloudTrail's events: paced as LookupEvents wants it, over regions, and past what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, cast

import pytest

from iam.sources.aws.session import Aws
from iam.sources.aws.trail import SECONDS_BETWEEN_CALLS, recent_events
from iam.sources.reader.reading import Reading

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


class Clock:
    """Time that passes only while somebody waits, and as long as each call is said to take."""

    def __init__(self, call_takes: float = 0.0) -> None:
        self.now = 100.0
        self.call_takes = call_takes
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


class Trail:
    """As much of `Aws` as the walk asks for. ``pages`` maps a region to its pages: minutes before now, or an error."""

    def __init__(self, clock: Clock, pages: dict[str, list[list[int] | Exception]], region: str = "us-east-1") -> None:
        self.clock, self.pages, self.region = clock, pages, region
        self.asked: list[tuple[str, float]] = []

    def client(self, service: str, region: str) -> Any:
        assert service == "cloudtrail"
        trail = self

        class Client:
            def get_paginator(self, name: str) -> Any:
                assert name == "lookup_events"
                return self

            def paginate(self) -> Iterator[dict[str, Any]]:
                pages = trail.pages.get(region, [])
                for number, page in enumerate(pages):
                    trail.asked.append((region, trail.clock.now))
                    trail.clock.now += trail.clock.call_takes
                    if isinstance(page, Exception):
                        raise page
                    answer: dict[str, Any] = {"Events": [entry(minutes) for minutes in page]}
                    yield {**answer, "NextToken": "n"} if number < len(pages) - 1 else answer

        return Client()

    def read(self, call: str, ask: Callable[[], Any]) -> Reading[Any]:
        try:
            return Reading(call, ask())
        except PermissionError:
            return Reading(call, why="AWS denied it.")


def entry(minutes: int) -> dict[str, Any]:
    when = NOW - timedelta(minutes=minutes)
    return {"EventName": "GetRole", "EventTime": when, "CloudTrailEvent": json.dumps({"eventName": "GetRole"})}


def walked(trail: Trail, *regions: str) -> list[tuple[str, int, bool]]:
    pages = recent_events(cast(Aws, trail), regions, clock=trail.clock, wait=trail.clock.wait)
    return [(page.region, len(page.events), page.more) for page in pages]


def test_two_calls_a_second_in_a_region() -> None:
    clock = Clock(call_takes=0.1)
    trail = Trail(clock, {"us-east-1": [[1], [2], [3], [4]]})
    assert walked(trail) == [("us-east-1", 1, True)] * 3 + [("us-east-1", 1, False)]
    starts = [time for _, time in trail.asked]
    assert [later - sooner for sooner, later in pairwise(starts)] == pytest.approx([SECONDS_BETWEEN_CALLS] * 3)
    assert clock.waits == pytest.approx([SECONDS_BETWEEN_CALLS - 0.1] * 3)


def test_a_slow_answer_is_not_waited_for_twice() -> None:
    clock = Clock(call_takes=2.0)
    walked(Trail(clock, {"us-east-1": [[1], [2], [3]]}))
    assert clock.waits == []


def test_regions_are_read_side_by_side_the_newest_first() -> None:
    trail = Trail(Clock(), {"eu-west-1": [[1], [5], [50]], "us-east-1": [[10], [20]]})
    walked(trail, "eu-west-1")
    assert [region for region, _ in trail.asked] == ["eu-west-1", "us-east-1", "eu-west-1", "eu-west-1", "us-east-1"]
    # Each region has a limit of its own: the first calls of two regions need no wait between them.
    assert trail.asked[0][1] == trail.asked[1][1]


def test_the_region_of_global_services_is_always_read() -> None:
    trail = Trail(Clock(), {"eu-west-1": [[1]], "us-east-1": [[2]]}, region="eu-west-1")
    assert {region for region, _, _ in walked(trail, "eu-west-1")} == {"eu-west-1", "us-east-1"}
    china = Trail(Clock(), {"cn-northwest-1": [[1]], "cn-north-1": [[2]]}, region="cn-northwest-1")
    assert {region for region, _, _ in walked(china, "cn-northwest-1")} == {"cn-northwest-1", "cn-north-1"}


def test_a_region_that_is_refused_ends_and_the_others_go_on() -> None:
    trail = Trail(Clock(), {"eu-west-1": [PermissionError()], "us-east-1": [[1], [2]]})
    pages = list(recent_events(cast(Aws, trail), ("eu-west-1",), clock=trail.clock, wait=trail.clock.wait))
    assert [(page.region, page.why) for page in pages] == [
        ("eu-west-1", "AWS denied it."),
        ("us-east-1", ""),
        ("us-east-1", ""),
    ]


def test_pages_are_asked_for_only_as_they_are_wanted() -> None:
    trail = Trail(Clock(), {"us-east-1": [[1], [2], [3]]})
    pages = recent_events(cast(Aws, trail), (), clock=trail.clock, wait=trail.clock.wait)
    next(pages)
    assert len(trail.asked) == 1
    next(pages)
    assert len(trail.asked) == 2


def test_a_page_may_be_empty_and_more_follow() -> None:
    trail = Trail(Clock(), {"us-east-1": [[], [], [3]]})
    assert walked(trail) == [("us-east-1", 0, True), ("us-east-1", 0, True), ("us-east-1", 1, False)]
