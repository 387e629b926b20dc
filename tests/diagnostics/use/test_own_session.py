"""The caller's own session policy, as CloudTrail's event of its making tells it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from diagnostics.use.own_session import with_own_session
from diagnostics.use.side import calling_side
from diagnostics.use.ways import role_ways
from iam.account import ManagedPolicy
from iam.event import Event
from iam.sources.reader.caller_identity import CallerIdentity
from iam.sources.reader.reading import Reading
from tests.support.accounts.fake_reader import FakeReader, allow, document, managed, role, trust

MAKER = "arn:aws:iam::111122223333:user/broker"
ME = "arn:aws:sts::111122223333:assumed-role/worker/run"
LIMIT = json.dumps(document(allow("s3:GetObject")).value)
OPEN = json.dumps(document(allow("sts:AssumeRole")).value)


class Reader(FakeReader):
    events_read: Reading[tuple[Event, ...]]
    method = "env"

    def caller(self) -> Reading[CallerIdentity]:
        return Reading(
            "sts", CallerIdentity(ME, "111122223333", "AROAX:run", self.method, None, "temporary", key_id="ASIAME")
        )

    def events(self, **_: Any) -> Reading[tuple[Event, ...]]:
        return self.events_read

    def managed_policy(self, arn: str) -> Reading[ManagedPolicy]:
        if arn.endswith("/Hidden"):
            return Reading("iam:GetPolicy", why="You may not read it.")
        return Reading("iam:GetPolicy", managed(arn.rpartition("/")[2], document(allow("s3:*")), aws=True))


def _made(key: str, name: str = "AssumeRole", **parameters: Any) -> Event:
    detail = {
        "userIdentity": {"arn": MAKER},
        "requestParameters": {"roleSessionName": "run", **parameters},
        "responseElements": {"credentials": {"accessKeyId": key}},
    }
    return Event(name=name, time=datetime(2026, 11, 2, tzinfo=UTC), detail=json.dumps(detail))


AWS = "arn:aws:iam::aws:policy/"
NOT_LATE = "about 15 minutes late"


@pytest.mark.parametrize(
    ("events", "works", "says"),
    [
        ((_made("ASIAME"),), True, f"no session policy: {MAKER} created it without one"),
        ((_made("ASIAME", policy=LIMIT),), False, "has a session policy, which"),
        ((_made("ASIAME", "AssumeRoleWithSAML", policy=OPEN),), True, "has a session policy, which"),
        ((_made("ASIAME", policyArns=[{"arn": f"{AWS}A"}]),), False, "has a session policy, which"),
        ((_made("ASIAME", policy=OPEN, policyArns=[{"arn": f"{AWS}A"}]),), True, "has a session policy, which"),
        ((_made("ASIAME", policyArns=[{"arn": f"{AWS}Hidden"}]),), None, "cannot be read: You may not read it."),
        ((_made("ASIAME", policy='{"Version": "2012'),), None, "does not contain the complete session policy"),
        # Another session of the same name says nothing of this one.
        ((_made("ASIAOTHER", policy=LIMIT),), True, NOT_LATE),
        ((_made("ASIAOTHER", policy=LIMIT), _made("ASIAME")), True, "no session policy"),
        ((), True, NOT_LATE),
        (None, True, "could not be read: no rights"),
    ],
)  # fmt: skip
def test_the_event_of_the_very_key_says_what_limits_the_session(
    events: tuple[Event, ...] | None, works: bool | None, says: str
) -> None:
    side, found, target, account = _asked(events)
    assert says in found
    ways = role_ways(target, side, account)
    (way,) = [each for each in ways.ways if each.method == "AssumeRole"]
    assert way.works is works
    if works is False:
        assert way.refusal is not None and way.refusal.layer == "session" and "session policy" in way.why
    unknown = says in (NOT_LATE, "could not be read: no rights")
    assert ways.may_be_limited is unknown
    assert any("session policy" in each for each in ways.unread) is (unknown or works is None)


def _asked(events: tuple[Event, ...] | None) -> Any:
    worker = role("worker", inline=())
    target = role("target", trust=trust(AWS="arn:aws:iam::111122223333:role/worker"))
    reader = Reader(roles=[worker, target])
    reader.events_read = Reading("cloudtrail", events) if events is not None else Reading("cloudtrail", why="no rights")
    account = list(reader.accounts())[-1]
    side = calling_side(account, reader)
    assert side is not None and side.may_be_limited
    return *with_own_session(side, reader), target, account


def test_nobody_is_asked_about_sessions_that_cannot_have_one() -> None:
    reader = Reader(roles=[role("worker")])
    reader.method = "assume-role"  # botocore made it, by a profile
    account = list(reader.accounts())[-1]
    side = calling_side(account, reader)
    assert side is not None and not side.may_be_limited
    assert with_own_session(side, reader)[0] == side


@pytest.mark.parametrize(("address", "works"), [("192.0.2.7", True), ("198.51.100.1", False), ("", None)])
def test_a_way_that_depends_on_an_assumption_names_it(address: str, works: bool | None) -> None:
    from diagnostics.assumptions import Assumptions
    from diagnostics.use.assuming import ways_assuming
    from diagnostics.use.way import SessionValues

    near = {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}
    worker = {"AWS": "arn:aws:iam::111122223333:role/worker"}
    entry = {"Effect": "Allow", "Principal": worker, "Action": "sts:AssumeRole", "Condition": near}
    target = role("target", trust=document(entry))
    reader = Reader(roles=(target, role("worker", trust=trust(AWS=MAKER))))
    account = next(iter(reader.accounts()))
    given = {"aws:SourceIp": address, "aws:PrincipalTag/team": "ferry"} if address else {}
    assumed = Assumptions("us-east-1", given).for_request("sts:AssumeRole", target.arn)
    side = calling_side(account, reader)
    ways, _, used = ways_assuming(target, side, account, SessionValues(), assumed)
    assert [each.key for each in used] == (["aws:SourceIp"] if address else [])
    entered = SessionValues(context={"aws:SourceIp": ("192.0.2.9",)})
    assert ways_assuming(target, side, account, entered, assumed)[2] == ()  # a value that was given is not assumed
    assert {way.works for way in ways.ways} == {works}
