"""LookupEvents as AWS limits it, in the place of moto's, which has none: the cost of reading a history.

One attribute a call, 50 events a page, 90 days, and two calls a second for each account and Region: what is faster is
throttled (CloudTrail API reference, LookupEvents). Its clock moves only when somebody waits, and with each call.

``python -m tests.support.history.lookup_events [EVENTS]`` prints calls and seconds for a role of 30 changes and for an
account of 5,000 roles, and time and memory for files of EVENTS records (a million).
"""

from __future__ import annotations

import gzip
import json
import random
import resource
import sys
import tempfile
import time
from collections import defaultdict, deque
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import boto3
from moto import mock_aws

from iam.account import Account, Role
from iam.history.cache import EventCache
from iam.history.gather import Recorded, entities_behind, from_files, recorded_for
from iam.sources.aws.reader import AwsReader
from iam.sources.aws.trail import Pace
from iam.sources.reader.opened import OpenedAccount

ACCOUNT = "123456789012"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
PAGE, DAYS, A_SECOND = 50, 90, 2
CALL_TAKES = 0.15


class Clock:
    """Seconds that pass when somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


class LookupEvents:
    """Answers LookupEvents from ``records``, the records of one Region's events."""

    def __init__(self, records: list[dict[str, Any]], clock: Clock) -> None:
        self.clock = clock
        self.calls = self.throttled = 0
        self._by: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        self._called: dict[str, deque[float]] = defaultdict(deque)
        for record in sorted(records, key=lambda each: str(each["eventTime"]), reverse=True):
            self._by["EventName", record["eventName"]].append(record)
            for name in record["requestParameters"].values():
                if isinstance(name, str) and len(name) < 200:
                    self._by["ResourceName", name].append(record)

    def __call__(self, params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        asked = json.loads(params.get("body") or b"{}")
        self.calls += 1
        self.clock.now += CALL_TAKES
        if self._too_fast(params["url"].split(".")[1]):
            self.throttled += 1
            return _refused("ThrottlingException")
        attributes = asked.get("LookupAttributes", [])
        if len(attributes) != 1:
            return _refused("InvalidLookupAttributesException")
        key = attributes[0]["AttributeKey"], attributes[0]["AttributeValue"]
        since = max(NOW.timestamp() - DAYS * 86400, float(asked.get("StartTime", 0)))
        begin = int(asked.get("NextToken", 0))
        found = [each for each in self._by.get(key, ()) if _seconds(each) >= since]
        page = found[begin : begin + min(PAGE, int(asked.get("MaxResults", PAGE)))]
        more = {"NextToken": str(begin + len(page))} if begin + len(page) < len(found) else {}
        events = [
            {
                "EventName": each["eventName"],
                "EventTime": datetime.fromisoformat(each["eventTime"]),
                "CloudTrailEvent": json.dumps(each),
            }
            for each in page
        ]
        return SimpleNamespace(status_code=200), {"Events": events, **more}

    def _too_fast(self, region: str) -> bool:
        called = self._called[region]
        while called and called[0] <= self.clock.now - 1 + 1e-6:
            called.popleft()
        if len(called) >= A_SECOND:
            return True
        called.append(self.clock.now)
        return False

    def reader(self) -> AwsReader:
        """A reader of a live account, for use within `mock_aws`, that asks this and waits by its clock."""
        session = boto3.Session("AKIAEXAMPLE", "secret", region_name="us-east-1")
        session.events.register_first("before-call.cloudtrail.LookupEvents", self)
        reader = AwsReader(session, kind="aws", clock=lambda: NOW)
        reader._pace = Pace(clock=self.clock, wait=self.clock.wait)
        return reader


def _refused(code: str) -> tuple[Any, dict[str, Any]]:
    return SimpleNamespace(status_code=400), {"Error": {"Code": code, "Message": "refused"}, "ResponseMetadata": {}}


def _seconds(record: dict[str, Any]) -> float:
    return datetime.fromisoformat(record["eventTime"]).timestamp()


# The accounts.


def change(number: int, role: str, hours: float, event: str = "PutRolePolicy") -> dict[str, Any]:
    """A recorded change of a role."""
    document = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*"}]})
    given = {"policyDocument": document, "policyName": f"p{number % 3}"} if event == "PutRolePolicy" else {}
    if event.endswith("tachRolePolicy"):
        given = {"policyArn": f"arn:aws:iam::{ACCOUNT}:policy/team-{number % 4}"}
    return {
        "eventTime": f"{NOW - timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": "iam.amazonaws.com",
        "eventName": event,
        "awsRegion": "us-east-1",
        "recipientAccountId": ACCOUNT,
        "userIdentity": {"arn": f"arn:aws:iam::{ACCOUNT}:user/otto"},
        "userAgent": "aws-cli/2",
        "eventID": f"e{number}",
        "requestParameters": {"roleName": role, **given},
    }


_EVENTS = ("PutRolePolicy", "AttachRolePolicy", "DetachRolePolicy", "UpdateAssumeRolePolicy", "TagRole")


def changes_of(roles: list[str], count: int, seed: int = 7) -> list[dict[str, Any]]:
    """So many changes of these roles over 89 days."""
    chance = random.Random(seed)
    return [
        change(number, chance.choice(roles), chance.uniform(1, 89 * 24), chance.choice(_EVENTS))
        for number in range(count)
    ]


def account_of(roles: list[str]) -> Account:
    entities = tuple(
        Role(name, f"arn:aws:iam::{ACCOUNT}:role/{name}", inline=(), attached=(), tags={}) for name in roles
    )
    return Account(ACCOUNT, "test", NOW, roles=entities, users=(), groups=(), policies=())


def cost(
    records: list[dict[str, Any]], account: Account, role: str | None, cache: EventCache | None = None
) -> tuple[LookupEvents, Recorded]:
    """What the history of a role costs; of the account for None."""
    trail = LookupEvents(records, Clock())
    with mock_aws():
        opened = OpenedAccount(account, trail.reader())
        held = account.role(role) if role is not None else None
        wanted = tuple(entities_behind(held, account)) if held is not None else ()
        found = recorded_for(wanted, opened, NOW - timedelta(days=90), cache=cache, whole=role is None)
    return trail, found


def write_files(folder: Path, events: int, each: int = 5000) -> None:
    """Files of a trail with so many records, of which one in a hundred is a change."""
    roles = [f"role-{number}" for number in range(5000)]
    chance = random.Random(3)
    for begin in range(0, events, each):
        records = []
        for number in range(begin, min(begin + each, events)):
            name = "PutRolePolicy" if number % 100 == 0 else "AssumeRole"
            one = change(number, chance.choice(roles), 89 * 24 * (1 - number / events) + 1, "PutRolePolicy")
            records.append({**one, "eventName": name, "requestParameters": one["requestParameters"]})
        with gzip.open(folder / f"{ACCOUNT}_CloudTrail_us-east-1_{begin:09}.json.gz", "wt", compresslevel=1) as file:
            json.dump({"Records": records}, file)


def main() -> int:
    roles = [f"role-{number}" for number in range(5000)]
    account = account_of(roles)
    one = [change(number, "role-1", number * 24 + 1, _EVENTS[number % 5]) for number in range(30)]
    with tempfile.TemporaryDirectory() as folder, patch("iam.history.gather.from_journals"):
        for words, records, role in (
            ("a role of 30 changes", one, "role-1"),
            ("an account of 5,000 roles, 2,000 changes", changes_of(roles, 2_000), None),
            ("an account of 5,000 roles, 20,000 changes", changes_of(roles, 20_000), None),
        ):
            for again in ("", ", again with what is kept on disk"):
                cache = EventCache(ACCOUNT, Path(folder) / words[-20:].strip().replace(",", ""))
                trail, found = cost(records, account, role, cache)
                print(
                    f"{words}{again}: {trail.calls} calls, {trail.clock.now:.1f} s, throttled {trail.throttled}; "
                    f"{len(found.changes):,} changes, complete {found.complete}"
                )
    events = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        write_files(Path(name), events)
        before, cpu, began = _memory(), time.process_time(), time.monotonic()
        found = Recorded(datetime.min.replace(tzinfo=UTC))
        from_files([Path(name)], found, ACCOUNT, NOW)
        print(
            f"{found.events:,} records of files, {len(found.changes):,} changes: {time.process_time() - cpu:.1f} s of "
            f"CPU, {time.monotonic() - began:.1f} s, memory {before:.0f} MB before, {_memory():.0f} MB at most"
        )
    return 0


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    raise SystemExit(main())
