"""What changed lately, as two witnesses tell it: IAM's own dates and CloudTrail."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from diagnostics.access_denied.evidence.history import OWN, assumed, changes_of, changes_step
from diagnostics.access_denied.request.caller import identify
from diagnostics.diagnose import collect, read_text
from diagnostics.diagnosis import Status
from iam.changes import journal
from iam.changes.call import Call
from iam.changes.journal import CallProgress, CallState, End, JournalRecord
from iam.changes.plan import make_plan
from iam.event import Event
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading
from tests.support.accounts.fake_reader import ASSETS_READ, NOW, FakeReader, document
from tests.support.demo.failures import FAILURES
from tests.support.demo.role_changes import USED

if TYPE_CHECKING:
    from iam.demo.aws.world import World

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


@pytest.mark.parametrize(("hours", "status", "words"), [(0, Status.FAIL, "20 s ago"), (5, Status.PASS, "5 h ago")])
def test_a_change_is_as_old_as_the_clock_says_whenever_the_account_was_read(
    demo_world: World, monkeypatch: pytest.MonkeyPatch, hours: int, status: Status, words: str
) -> None:
    from iam.demo.open import reader as open_reader

    reader = open_reader(demo_world)
    account = list(reader.accounts())[-1]
    monkeypatch.setattr(reader, "_clock", lambda: account.now + timedelta(hours=hours))
    text = (
        "User: arn:aws:sts::111122223333:assumed-role/orders-ecs-task/1 is not authorized to perform: sqs:SendMessage "
        "on resource: arn:aws:sqs:us-east-1:111122223333:orders-events"
    )
    diagnosis = collect(read_text(text)[0], OpenedAccount(account, reader))
    (step,) = (each for each in diagnosis.steps if each.id == "changes")
    assert step.status is status and words in step.summary


@pytest.mark.parametrize(("kind", "name", "found"), [("aws", "arn", 1), ("aws", "name", 0), ("snapshot", "name", 1)])
def test_sessions_are_looked_up_by_the_roles_arn(kind: str, name: str, found: int) -> None:
    """As CloudTrail has them; who writes a snapshot may have put the role's name there."""
    event = Event(
        "AssumeRole", NOW, resources=("arn:aws:iam::111122223333:role/a/worker" if name == "arn" else "worker",)
    )

    class Sessions(FakeReader):
        def events(
            self, *, resource_name: str | None = None, event_name: str | None = None
        ) -> Reading[tuple[Event, ...]]:
            return Reading("cloudtrail:LookupEvents", (event,) if resource_name in event.resources else ())

    reader = Sessions()
    reader.kind = kind
    sessions = assumed(reader, "arn:aws:iam::111122223333:role/a/worker")  # type: ignore[arg-type]
    assert len(sessions.value or ()) == found


@pytest.mark.parametrize(("minutes", "cause"), [(2, "identity.no-action"), (90, "allowed.now")])
def test_of_an_account_that_was_read_a_while_ago_the_caller_is_read_again(
    demo_world: World, monkeypatch: pytest.MonkeyPatch, minutes: int, cause: str
) -> None:
    from iam.demo.open import reader as open_reader

    reader = open_reader(demo_world)
    account = list(reader.accounts())[-1]
    allowed = document({"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::harbor-assets/*"})
    reader.aws.client("iam").put_role_policy(RoleName=USED, PolicyName="since", PolicyDocument=allowed.text)
    monkeypatch.setattr(reader, "_clock", lambda: account.now + timedelta(minutes=minutes))
    (failure,) = (each for each in FAILURES if each.id == "F01")
    diagnosis = collect(read_text(failure.text or "")[0], OpenedAccount(account, reader), failure.context)
    assert diagnosis.verdict.cause == cause


def test_changes_of_ones_own_are_known_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """CloudTrail tells of a change after minutes, the journal at once; another account's is another matter."""
    reader = Busy()
    account = list(reader.accounts())[-1]
    opened = OpenedAccount(account, reader)  # type: ignore[arg-type]  # as much of a reader as is asked here
    role = account.roles[1]

    def record(
        age: timedelta, account_id: str, progress: CallProgress = CallProgress.DONE, name: str = role.name
    ) -> JournalRecord:
        given = {"RoleName": name, "PolicyName": "p", "PolicyDocument": "{}"}
        call = Call("PutRolePolicy", given, "why", role.arn.replace(role.name, name))
        plan = make_plan("put", "Put.", [call], target=role.arn, account_id=account_id)
        begun = datetime.now(UTC) - age
        return JournalRecord(tmp_path, plan, (CallState(progress),), End.APPLIED, reader.kind, "me", begun, os.getpid())

    young = timedelta(seconds=20)
    kept = [
        record(young, account.id),
        record(young, "999988887777"),
        record(young, account.id, CallProgress.FAILED),
        record(timedelta(days=2), account.id),
    ]
    monkeypatch.setattr(journal, "journals", lambda directory=None, since=None: iter(kept))
    changes = changes_of(identify(role.arn, opened), None, opened)
    assert [(event.name, event.username) for event in changes.recent] == [("PutRolePolicy", OWN)]
    assert changes.within_propagation(account.now)
    step = changes_step(changes, account.now)
    assert "PutRolePolicy" in step.summary and OWN in step.evidence[0].text
    # One's own change of something else is listed, too, and counts for nothing.
    kept[:] = [record(young, account.id, name="unrelated")]
    changes = changes_of(identify(role.arn, opened), None, opened)
    assert not changes.within_propagation(account.now)
    assert "PutRolePolicy on unrelated" in changes_step(changes, account.now).summary
    # Nor is another process's change of its demo account a change of this one.
    assert reader.kind == "demo"
    kept[:] = [replace(record(young, account.id), process=os.getpid() + 1)]
    assert not changes_of(identify(role.arn, opened), None, opened).recent
