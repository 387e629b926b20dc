"""Where changes come from: lookups, files, journals; how many calls it takes, and what is kept on disk."""

from __future__ import annotations

import gzip
import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from iam.account import Account
from iam.changes.call import Call
from iam.changes.journal import CallProgress, Journal
from iam.changes.plan import make_plan
from iam.event import Event
from iam.history.cache import EventCache, KeptEvents, Lookup
from iam.history.change import Entity, Kind
from iam.history.gather import (
    Recorded,
    from_files,
    from_journals,
    from_records,
    look_up,
    lookups_of,
    recorded_for,
    resource_entity,
    whole_account,
)
from iam.sources.aws.trail import Pace
from iam.sources.reader.evidence import EventPage
from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts.fake_reader import ACCOUNT_ID, NOW, role
from tests.support.history.recorded_account import RecordedReader


def record(number: int, name: str = "PutRolePolicy", account: str = ACCOUNT_ID, **more: Any) -> dict[str, Any]:
    at = NOW - timedelta(hours=number + 1)
    return {
        "eventTime": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": "iam.amazonaws.com",
        "eventName": name,
        "awsRegion": "us-east-1",
        "recipientAccountId": account,
        "eventID": f"{account}-{number}",
        "requestParameters": {"roleName": "mover", "policyName": f"p{number}", "policyDocument": "{}"},
        **more,
    }


class Paged(RecordedReader):
    """A reader that counts its lookups, 50 events each."""

    def __init__(self, account: Account, records: list[dict[str, Any]]) -> None:
        super().__init__(account, ())
        self.records, self.calls = records, 0

    def lookup_events(self, attribute: str, value: str, *, since: datetime, region: str = "") -> Iterator[EventPage]:
        found = [each for each in self.records if attribute == "EventName" or value in json.dumps(each)]
        kept = [each for each in found if datetime.fromisoformat(each["eventTime"]) >= since]
        for begin in range(0, max(len(kept), 1), 50):
            self.calls += 1
            page = [
                Event(each["eventName"], datetime.fromisoformat(each["eventTime"]), detail=json.dumps(each))
                for each in kept[begin : begin + 50]
            ]
            yield EventPage(region, tuple(page), more=begin + 50 < len(kept))


def opened(records: list[dict[str, Any]]) -> tuple[Paged, OpenedAccount]:
    account = Account(ACCOUNT_ID, "test", NOW, roles=(role("mover"),), users=(), groups=(), policies=())
    reader = Paged(account, records)
    return reader, OpenedAccount(account, reader)


def test_a_role_of_thirty_changes_takes_one_lookup() -> None:
    reader, account = opened([record(number) for number in range(30)])
    found = recorded_for([Entity(Kind.ROLE, "mover")], account, NOW - timedelta(days=30))
    assert (reader.calls, len(found.changes)) == (1, 30)
    assert found.complete


def test_a_whole_account_takes_a_lookup_for_each_name_of_a_change() -> None:
    reader, _ = opened([])
    found = Recorded(NOW - timedelta(days=30))
    look_up(reader, whole_account(), found)
    assert reader.calls == len(whole_account()) <= 50


def test_a_policy_that_was_detached_is_looked_up_too() -> None:
    arn = f"arn:aws:iam::{ACCOUNT_ID}:policy/readers"
    detached = record(1, "DetachRolePolicy", requestParameters={"roleName": "mover", "policyArn": arn})
    reader, account = opened([detached])
    recorded_for([Entity(Kind.ROLE, "mover")], account, NOW - timedelta(days=30))
    assert reader.calls == 2


def test_more_than_ninety_days_are_only_in_a_trail() -> None:
    _, account = opened([])
    found = recorded_for([Entity(Kind.ROLE, "mover")], account, NOW - timedelta(days=200))
    assert found.since == NOW - timedelta(days=90)
    assert "90 days" in found.gaps[0]


def test_kept_events_are_asked_for_again_only_from_their_end(tmp_path: Path) -> None:
    cache = EventCache(ACCOUNT_ID, tmp_path)
    reader, account = opened([record(number) for number in range(120)])
    first = recorded_for([Entity(Kind.ROLE, "mover")], account, NOW - timedelta(days=30), cache=cache)
    assert reader.calls == 3
    second = recorded_for([Entity(Kind.ROLE, "mover")], account, NOW - timedelta(days=30), cache=cache)
    assert reader.calls == 4
    assert [each.event_id for each in first.changes] == [each.event_id for each in second.changes]
    files = list(tmp_path.rglob("*.jsonl"))
    assert files and all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)


def test_a_broken_cache_is_as_if_there_were_none(tmp_path: Path) -> None:
    cache, lookup = EventCache(ACCOUNT_ID, tmp_path), Lookup("ResourceName", "mover")
    cache.write(lookup, KeptEvents(NOW - timedelta(days=1), NOW, (record(1),)))
    assert cache.read(lookup) is not None
    (path,) = tmp_path.rglob("*.jsonl")
    path.write_text("{not json\n")
    assert cache.read(lookup) is None


def test_a_cache_is_bounded(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("iam.history.cache.MOST_BYTES", 2000)
    cache = EventCache(ACCOUNT_ID, tmp_path)
    for number in range(20):
        cache.write(Lookup("ResourceName", f"r{number}"), KeptEvents(NOW - timedelta(days=1), NOW, (record(number),)))
    assert sum(path.stat().st_size for path in tmp_path.rglob("*.jsonl")) <= 2000


def test_files_of_a_trail_are_read_whatever_their_form(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps({"Records": [record(1), record(2, "GetRole")]}))
    with gzip.open(tmp_path / "b.json.gz", "wt") as file:
        file.write(json.dumps({"Records": [record(3), record(1)]}))
    (tmp_path / "c.json").write_text(json.dumps({"Events": [{"CloudTrailEvent": json.dumps(record(4))}]}))
    found = Recorded(NOW - timedelta(days=30))
    from_files([tmp_path], found, ACCOUNT_ID, NOW)
    assert sorted(each.event_id for each in found.changes) == [f"{ACCOUNT_ID}-{number}" for number in (1, 3, 4)]
    assert found.since == NOW - timedelta(hours=5)


def test_a_file_that_is_cut_off_leaves_a_hole_of_its_time(tmp_path: Path) -> None:
    name = f"{ACCOUNT_ID}_CloudTrail_us-east-1_20261102T1000Z_abc.json"
    (tmp_path / name).write_text(json.dumps({"Records": [record(1), record(2)]})[:-40])
    found = Recorded(NOW - timedelta(days=30))
    from_files([tmp_path], found, ACCOUNT_ID, NOW)
    assert found.lost
    ((begins, ends),) = found.holes
    assert begins < datetime(2026, 11, 2, 10, tzinfo=UTC) < ends


def test_other_accounts_changes_are_left_out_and_the_organizations_count() -> None:
    attach = record(
        2, "AttachPolicy", "999988887777", eventSource="organizations.amazonaws.com",
        requestParameters={"policyId": "p-1", "targetId": ACCOUNT_ID},
    )  # fmt: skip
    found = Recorded(NOW - timedelta(days=30))
    from_records([record(1, account="999988887777"), attach, record(3)], found, ACCOUNT_ID)
    assert [each.event for each in found.changes] == ["PutRolePolicy", "AttachPolicy"]
    assert "999988887777" in found.accounts


def test_a_key_is_found_by_the_name_of_its_event() -> None:
    key = resource_entity(f"arn:aws:kms:eu-west-1:{ACCOUNT_ID}:key/K1")
    assert key is not None
    assert lookups_of(key) == (Lookup("EventName", "PutKeyPolicy", "eu-west-1"),)
    bucket = resource_entity("arn:aws:s3:::crates/a/b")
    assert bucket is not None and lookups_of(bucket) == (Lookup("ResourceName", "crates"),)


def test_two_calls_a_second_and_a_region() -> None:
    waited: list[float] = []
    pace = Pace(clock=lambda: 100.0, wait=waited.append)
    for region in ("us-east-1", "us-east-1", "eu-west-1", "us-east-1"):
        pace.turn(region)
    assert waited == [0.5, 1.0]


def test_what_is_older_than_was_asked_for_is_left_out(tmp_path: Path) -> None:
    """Of files, and of events that an earlier lookup kept."""
    (tmp_path / "a.json").write_text(json.dumps({"Records": [record(1), record(30), record(200)]}))
    files = Recorded(NOW - timedelta(days=2))
    from_files([tmp_path], files, ACCOUNT_ID, NOW)
    assert [each.event_id for each in files.changes] == [f"{ACCOUNT_ID}-{number}" for number in (30, 1)]
    assert files.since == NOW - timedelta(days=2)
    reader, account = opened([record(number) for number in (1, 30, 200)])
    cache = EventCache(ACCOUNT_ID, tmp_path / "cache")
    entity = Entity(Kind.ROLE, "mover")
    assert len(recorded_for((entity,), account, NOW - timedelta(days=60), cache=cache).changes) == 3
    assert len(recorded_for((entity,), account, NOW - timedelta(days=2), cache=cache).changes) == 2
    del reader


def test_each_call_of_a_plan_has_its_own_time(tmp_path: Path) -> None:
    """Of a plan that was taken back a day later, the undo is of that day."""
    reader, account = opened([])
    reader.kind = "aws"  # the demo's clock is not that of the journal
    calls = []
    for name in ("one", "two"):
        given = {"RoleName": "mover", "PolicyName": name}
        undo = Call("DeleteRolePolicy", given, "undo", "mover")
        calls.append(Call("PutRolePolicy", {**given, "PolicyDocument": "{}"}, "why", "mover", undo=undo))
    plan = make_plan("put", "Put.", calls, target="mover", account_id=ACCOUNT_ID)
    with Journal.create(
        plan, source=reader.kind, caller="arn:aws:iam::111122223333:user/otto", directory=tmp_path
    ) as kept:
        for number in (0, 1):
            kept.started(number, "not-done")
            kept.ended(number, CallProgress.DONE)
        kept.started(1, "done", undo=True)
        kept.ended(1, CallProgress.UNDONE)
        path = kept.path
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    times = ["2026-11-20T10:00:00.000+00:00"] * 2 + [
        f"2026-11-{day}T11:30:00.000+00:00" for day in (20, 21, 21, 22, 22)
    ]
    path.write_text("".join(json.dumps({**line, "time": at}) + "\n" for line, at in zip(lines, times, strict=True)))
    found = Recorded(datetime(2026, 11, 20, 10, 30, tzinfo=UTC))
    from_journals(account, found, tmp_path)
    assert [(each.event, f"{each.at:%d %H:%M}") for each in found.changes] == [
        ("PutRolePolicy", "20 11:30"), ("PutRolePolicy", "21 11:30"), ("DeleteRolePolicy", "22 11:30")
    ]  # fmt: skip
