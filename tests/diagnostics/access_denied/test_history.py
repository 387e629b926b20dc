"""What changed lately, as two witnesses tell it: IAM's own dates and CloudTrail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from diagnostics.access_denied.evidence.history import changes_of, changes_step
from diagnostics.access_denied.request.caller import identify
from diagnostics.diagnosis import Status
from iam.account import Event
from iam.sources.reader import OpenedAccount, Reading
from tests.support.accounts.fake_reader import ASSETS_READ, NOW, FakeReader

UPDATED = NOW - timedelta(minutes=30)


class Trail(FakeReader):
    """CloudTrail answers with one event where the policy is asked for."""

    event: Event

    def events(self, *, resource_name: str | None = None, event_name: str | None = None) -> Reading[tuple[Event, ...]]:
        del event_name
        return Reading("cloudtrail:LookupEvents", (self.event,) if resource_name == ASSETS_READ.arn else ())


@pytest.mark.parametrize(
    ("seconds", "resource", "names"),
    [
        (0, ASSETS_READ.arn, ["CreatePolicyVersion"]),
        (2, ASSETS_READ.name, ["CreatePolicyVersion"]),
        (-90, ASSETS_READ.arn, ["Update of app-assets-read", "CreatePolicyVersion"]),
        (0, "another-policy", ["Update of app-assets-read", "CreatePolicyVersion"]),
    ],
)
def test_one_change_is_told_once(seconds: int, resource: str, names: list[str]) -> None:
    reader = Trail(policies=(replace(ASSETS_READ, updated=UPDATED),))
    reader.event = Event("CreatePolicyVersion", UPDATED + timedelta(seconds=seconds), "ben", (resource,))
    account = list(reader.accounts())[-1]
    opened = OpenedAccount(account, reader)  # type: ignore[arg-type]  # as much of a reader as is asked here
    changes = changes_of(identify(account.roles[1].arn, opened), None, opened)
    assert [event.name for event in changes.recent] == names
    witnesses = [each.call for each in changes_step(changes, account.now).evidence]
    assert witnesses[-1] == "cloudtrail:LookupEvents" and len(witnesses) == len(names)


class Busy(FakeReader):
    """Of the newest events, which are all that is read, the oldest is of ``back_to``."""

    back_to = NOW

    def events(self, *, resource_name: str | None = None, event_name: str | None = None) -> Reading[tuple[Event, ...]]:
        del resource_name, event_name
        note = "Only the newest 200 events were read."
        return Reading("cloudtrail:LookupEvents", (), note=note, back_to=self.back_to)


@pytest.mark.parametrize(("hours", "status"), [(3, Status.UNKNOWN), (30, Status.PASS)])
def test_changes_before_the_newest_events_may_be_unread(hours: int, status: Status) -> None:
    reader = Busy()
    reader.back_to = NOW - timedelta(hours=hours)
    account = list(reader.accounts())[-1]
    opened = OpenedAccount(account, reader)  # type: ignore[arg-type]  # as much of a reader as is asked here
    step = changes_step(changes_of(identify(account.roles[1].arn, opened), None, opened), account.now)
    assert step.status is status and ("newest 200" in step.summary) == (status is Status.UNKNOWN)
