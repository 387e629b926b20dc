"""The sessions of a role that CloudTrail saw begin, and whom revoking them cuts off."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from diagnostics.use.sessions import cut_off, in_short, seen_sessions
from iam.account import LastUsed, Role
from iam.event import Event
from iam.sources.reader.reading import Reading

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ROLE = Role("worker", "arn:aws:iam::111122223333:role/worker", "/")
CALL = "cloudtrail:LookupEvents"


def event(minutes: int, identity: dict[str, Any], *, name: str = "AssumeRole", **more: Any) -> Event:
    asked = {"roleArn": ROLE.arn, "roleSessionName": "s1", **more.pop("asked", {})}
    record = {"userIdentity": identity, "requestParameters": asked, "sourceIPAddress": "203.0.113.9", **more}
    return Event(name, NOW - timedelta(minutes=minutes), "fallback", detail=json.dumps(record))


def seen(*events: Event, note: str = "") -> Any:
    asked: list[str] = []

    def answer(resource_name: str) -> Reading[tuple[Event, ...]]:
        asked.append(resource_name)
        return Reading(CALL, events, note=note)

    reader: Any = SimpleNamespace(events=answer)
    found = seen_sessions(ROLE, reader)
    assert asked == [ROLE.arn]
    return found


def test_who_when_from_where_and_whether_it_may_last() -> None:
    provider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
    found = seen(
        event(5, {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/ben"}, asked={"serialNumber": "x"}),
        event(20, {"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}),
        event(50, {"type": "AWSAccount", "principalId": "AROAX:me"}, asked={"durationSeconds": 900}),
        event(
            90,
            {"type": "WebIdentityUser", "userName": "repo:a/b", "identityProvider": provider},
            name="AssumeRoleWithWebIdentity",
        ),
        event(2, {"type": "IAMUser", "arn": "arn:aws:iam::1:user/eve"}, errorCode="AccessDenied"),
        Event("UpdateRole", NOW),
        Event("AssumeRole", NOW - timedelta(hours=9), "somebody", detail="not json"),
    )
    assert [(each.who, each.may_last(NOW), each.mfa) for each in found.value] == [
        ("arn:aws:iam::111122223333:user/ben", True, True),
        ("ec2.amazonaws.com", True, False),
        ("AROAX:me", False, False),
        ("repo:a/b of token.actions.githubusercontent.com", False, False),
        ("somebody", False, False),
    ]
    assert cut_off(ROLE, found, NOW) == (
        "These lose their sessions of worker, as far as CloudTrail shows: arn:aws:iam::111122223333:user/ben "
        "(5 minutes ago) and ec2.amazonaws.com (20 minutes ago)."
    )


def test_what_was_not_read_is_never_nobody() -> None:
    unread: Any = Reading(CALL, why="AWS denied cloudtrail:LookupEvents.")
    assert (
        cut_off(ROLE, unread, NOW)
        == "The active sessions of worker could not be read: AWS denied cloudtrail:LookupEvents."
    )
    assert "not read: eu-west-1: denied" in cut_off(ROLE, seen(note="eu-west-1: denied"), NOW)


def test_a_role_that_was_used_had_a_session_whatever_cloudtrail_tells() -> None:
    used = replace(ROLE, last_used=LastUsed(NOW - timedelta(hours=2)))
    assert "used 2 hours ago, so a session is missing" in in_short(used, seen(), NOW)
    assert "used 2 hours ago, so a session is missing" in cut_off(used, seen(), NOW)
    long_ago = replace(ROLE, last_used=LastUsed(NOW - timedelta(days=100)))
    assert in_short(long_ago, seen(), NOW) == "CloudTrail shows no session in 90 days."
