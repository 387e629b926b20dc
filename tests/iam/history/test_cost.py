"""What a history costs: calls of LookupEvents at AWS's pace, and nothing throttled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from iam.history.cache import EventCache
from iam.history.gather import whole_account
from tests.support.history.lookup_events import ACCOUNT, Clock, LookupEvents, account_of, change, changes_of, cost

ROLES = [f"role-{number}" for number in range(300)]


def asked(trail: LookupEvents, **given: Any) -> int:
    params = {"url": "https://cloudtrail.eu-west-1.amazonaws.com/", "body": json.dumps(given)}
    return int(trail(params)[0].status_code)


def test_the_stand_in_throttles_and_takes_one_attribute() -> None:
    clock = Clock()
    trail = LookupEvents([change(1, "role-1", 5)], clock)
    name = {"LookupAttributes": [{"AttributeKey": "ResourceName", "AttributeValue": "role-1"}]}
    assert [asked(trail, **name) for _ in range(3)] == [200, 200, 400]
    clock.wait(2)
    assert asked(trail) == 400 and asked(trail, **name) == 200
    assert trail.throttled == 1


def test_a_role_of_30_changes_takes_few_calls(tmp_path: Path) -> None:
    """One for the role, one for each of the four policies that were attached then."""
    events = ("PutRolePolicy", "AttachRolePolicy", "TagRole")
    records = [change(number, "role-1", number * 24 + 1, events[number % 3]) for number in range(30)]
    account = account_of(ROLES)
    trail, found = cost([*records, *changes_of(ROLES[2:], 100)], account, "role-1", EventCache(ACCOUNT, tmp_path))
    assert len([each for each in found.changes if each.entity is not None and each.entity.name == "role-1"]) == 30
    assert (trail.calls, trail.throttled) == (5, 0)
    assert trail.clock.now < 3


def test_an_account_takes_a_call_for_each_name_of_an_event_and_each_page(tmp_path: Path) -> None:
    account = account_of(ROLES)
    cache = EventCache(ACCOUNT, tmp_path)
    records = changes_of(ROLES, 900)
    trail, found = cost(records, account, None, cache)
    pages = sum(-(-sum(each["eventName"] == lookup.value for each in records) // 50) or 1 for lookup in whole_account())
    assert len(found.changes) == 900 and not found.lost
    assert (trail.calls, trail.throttled) == (pages, 0)
    again, same = cost(records, account, None, cache)
    assert len(same.changes) == 900 and again.calls == len(whole_account())
