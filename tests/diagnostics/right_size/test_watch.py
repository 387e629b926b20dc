"""What a right-sized role is denied and could do before, found in the event history and given back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from diagnostics.right_size.layers import role_layers
from diagnostics.right_size.watch import GIVEN_BACK, Watching, give_back_plan
from iam.changes.plan import PlanError
from iam.event import Event
from iam.policy.request import NamedPolicy
from iam.sources.reader.evidence import EventPage
from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts.fake_reader import allow, document
from tests.support.accounts.trail_records import ACCOUNT, record
from tests.support.history.right_sized import NOW, QUEUE, opened, worker

MADE = datetime(2026, 11, 27, 10, tzinfo=UTC)
ONLY_OURS = {"Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}}
BEFORE = (
    allow(["sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:TagQueue"], QUEUE, **ONLY_OURS),
    allow("ec2:CreateVpc"),
)
AFTER = (NamedPolicy(document(allow("ec2:CreateVpc")), "work"),)
AT_THE_QUEUE = {"queueUrl": f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/jobs"}


def event(name: str, *, at: int = 60, source: str = "sqs", error: str | None = "AccessDenied", **more: Any) -> Event:
    """A denied call, so many seconds after the change."""
    time = MADE + timedelta(seconds=at)
    told = record(source, name, AT_THE_QUEUE, time=f"{time:%Y-%m-%dT%H:%M:%SZ}", error=error, **more)
    return Event(name, time, detail=json.dumps(told))


class Pages:
    """The pages of each look, one after the other; the last one stays."""

    def __init__(self, *looks: list[EventPage]) -> None:
        self.looks = list(looks)
        self.asked = 0

    def __call__(self) -> Iterator[EventPage]:
        look = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        for page in look:
            self.asked += 1
            yield page


def watching(monkeypatch: pytest.MonkeyPatch, *looks: list[EventPage]) -> tuple[Watching, OpenedAccount, Pages]:
    here = opened(worker(*BEFORE))
    pages = Pages(*looks)
    monkeypatch.setattr(here.reader, "recent_events", pages, raising=False)
    layers = role_layers(here.account.roles[0], here.account, here.reader)
    return Watching(layers, AFTER, MADE), here, pages


def page(*events: Event, region: str = "us-east-1", more: bool = False) -> EventPage:
    return EventPage(region, events, more)


def test_a_denial_is_given_back_as_it_was_granted(monkeypatch: pytest.MonkeyPatch) -> None:
    watch, here, _ = watching(monkeypatch, [page()], [page(event("DeleteQueue"))], [page(event("DeleteQueue"))])
    assert watch.look() == ()
    (lost,) = watch.look()
    assert (lost.action, lost.resource) == ("sqs:DeleteQueue", QUEUE)
    assert lost.statement == allow("sqs:DeleteQueue", QUEUE, **ONLY_OURS)
    assert watch.look() == ()
    plan = give_back_plan(watch.lost, "worker", here)
    (call,) = plan.calls
    assert (call.operation, call.parameters["PolicyName"]) == ("PutRolePolicy", GIVEN_BACK)
    assert call.undo is not None and call.undo.operation == "DeleteRolePolicy"
    assert json.loads(call.parameters["PolicyDocument"])["Statement"] == [
        {**allow("sqs:DeleteQueue", QUEUE, **ONLY_OURS), "Action": ["sqs:DeleteQueue"]}
    ]


def test_what_is_lost_later_joins_what_was_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = event("DeleteQueue"), event("TagQueue", at=120)
    watch, here, _ = watching(monkeypatch, [page(first)], [page(second, first)])
    assert len(watch.look()) == 1 and [each.action for each in watch.look()] == ["sqs:TagQueue"]
    (call,) = give_back_plan(watch.lost, "worker", here).calls
    (statement,) = json.loads(call.parameters["PolicyDocument"])["Statement"]
    assert statement["Action"] == ["sqs:DeleteQueue", "sqs:TagQueue"]


OTHERS = {
    "what was allowed": event("DeleteQueue", error=None),
    "what failed otherwise": event("DeleteQueue", error="QueueDoesNotExist"),
    "what was denied before": event("DeleteQueue", at=-60),
    "what it could not do before either": event("PurgeQueue"),
    "what something else denies": event("CreateVpc", source="ec2", error="Client.UnauthorizedOperation"),
    "another role": event("DeleteQueue", role=f"arn:aws:iam::{ACCOUNT}:role/other", role_id="AROAOTHER00000000001"),
    "no record": Event("DeleteQueue", MADE + timedelta(seconds=60), detail='{"errorCode":'),
}


@pytest.mark.parametrize("name", OTHERS)
def test_no_loss(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    watch, _, _ = watching(monkeypatch, [page(OTHERS[name])])
    assert watch.look() == () and watch.lost == ()


def test_a_look_ends_where_every_region_is_older_than_the_change(monkeypatch: pytest.MonkeyPatch) -> None:
    old = event("DeleteQueue", at=-60)
    looks = [
        page(event("TagQueue"), more=True),
        page(old, region="eu-west-1", more=True),
        page(old, more=True),
        page(event("DeleteQueue"), region="eu-west-1"),
    ]
    watch, _, pages = watching(monkeypatch, looks)
    assert [each.action for each in watch.look()] == ["sqs:TagQueue"] and pages.asked == 3


def test_a_region_that_cannot_be_read_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = EventPage("eu-west-1", why="AWS denied cloudtrail:LookupEvents.")
    watch, _, _ = watching(monkeypatch, [closed, page(event("DeleteQueue"))])
    assert len(watch.look()) == 1 and watch.look() == ()
    assert watch.problems == ["eu-west-1: AWS denied cloudtrail:LookupEvents."]


def test_a_role_that_is_gone_gets_nothing_back(monkeypatch: pytest.MonkeyPatch) -> None:
    watch, here, _ = watching(monkeypatch, [page(event("DeleteQueue"))])
    watch.look()
    gone = replace(here, account=replace(here.account, roles=()))
    with pytest.raises(PlanError):
        give_back_plan(watch.lost, "nobody", gone)
    assert here.account.now == NOW
