"""What changed lately, as two witnesses tell it: IAM's own dates and CloudTrail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from diagnostics.access_denied.evidence.history import changes_of, changes_step
from diagnostics.access_denied.request.caller import identify
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
