"""Recent denials: which events are denials, equal ones folded, the walk bounded and resumed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from diagnostics.diagnose import collect
from diagnostics.recent.denials import RecentDenials, walk
from iam.event import Event
from iam.sources.reader.evidence import EventPage
from iam.sources.reader.opened import OpenedAccount
from tests.support.denials.recent import NOW, ROLE, event


def found_in(*events: Event, region: str = "us-east-1") -> RecentDenials:
    found = RecentDenials()
    found.take(EventPage(region, events))
    return found


def test_sessions_of_a_role_and_regions_are_one_row() -> None:
    found = found_in(event(1, session="a"), event(5, session="b", awsRegion="eu-west-1"), event(3, session="c"))
    (denial,) = found.newest()
    assert (denial.count, denial.who, denial.roles) == (3, "role shop-api", ("shop-api",))
    assert (denial.first, denial.last) == (NOW - timedelta(minutes=5), NOW - timedelta(minutes=1))
    assert denial.regions == ("us-east-1", "eu-west-1")
    assert denial.failure.principal == f"{ROLE}/a"


@pytest.mark.parametrize(
    "code", ["AccessDenied", "AccessDeniedException", "Client.UnauthorizedOperation", "UnauthorizedException"]
)
def test_refusals_in_words_nobody_knows_count_by_their_code(code: str) -> None:
    (denial,) = found_in(event(code=code, errorMessage="no")).newest()
    assert denial.failure.action == "sqs:CreateQueue"


@pytest.mark.parametrize("code", [None, "ThrottlingException", "ResourceNotFoundException"])
def test_other_events_are_none(code: str | None) -> None:
    assert found_in(event(code=code, errorMessage="no such queue")).newest() == ()


def test_own_reads_are_left_out_and_counted() -> None:
    ours = event(eventName="ListRoles", eventSource="iam.amazonaws.com", userAgent="Boto3/1 rolescope")
    found = found_in(ours, event(eventName="CreateQueue", userAgent="Boto3/1 rolescope"))
    assert found.own == 1
    assert len(found.newest()) == 1


@pytest.mark.parametrize("detail", [None, "{", '["errorCode"]', '{"errorCode": 7}', '{"errorCode": "AccessDenied"}'])
def test_broken_records_break_nothing(detail: str | None) -> None:
    assert len(found_in(Event("X", NOW, detail=detail)).newest()) <= 1


def test_the_walk_stops_and_goes_on_where_it_was() -> None:
    asked = []

    def pages() -> Iterator[EventPage]:
        for number in range(4):
            asked.append(number)
            yield EventPage("us-east-1", tuple(event(number * 50 + each) for each in range(50)), more=number < 3)

    source, found = pages(), RecentDenials()
    assert len(list(walk(source, found, most=100))) == 2
    assert (asked, found.ended) == ([0, 1], False)
    assert len(list(walk(source, found, most=1000))) == 2
    assert (found.events, found.ended, found.newest()[0].count) == (200, True, 200)


def test_a_region_that_cannot_be_read_is_told_beside_the_others() -> None:
    found = found_in(event())
    found.take(EventPage("eu-west-1", why="AWS denied it."))
    assert found.why == {"eu-west-1": "AWS denied it."}
    assert not found.unreadable


def test_the_demo_has_denials_that_are_explained_from_the_event_alone(demo_reader: Any) -> None:
    account = list(demo_reader.accounts())[-1]
    found = RecentDenials()
    list(walk(demo_reader.recent_events(), found))
    causes = {
        denial.what: collect(denial.failure, OpenedAccount(account, demo_reader)).verdict.cause
        for denial in found.newest()
        if denial.what in ("secretsmanager:GetSecretValue", "iam:CreateRole", "lambda cannot assume", "kms:Decrypt")
    }
    assert causes == {
        "secretsmanager:GetSecretValue": "identity.no-action",
        "iam:CreateRole": "boundary.condition-unmet",
        "lambda cannot assume": "trust.principal-mismatch",
        "kms:Decrypt": "resource.principal-mismatch",
    }
    assert all(each.concerns("METRICS-collector") for each in found.newest("metrics-collector"))
    assert found.newest("metrics-collector")
