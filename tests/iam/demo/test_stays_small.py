"""A demo that stays open for days does not grow with each call."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from iam.demo.account.load import DEMO
from iam.demo.aws import world as worlds

if TYPE_CHECKING:
    import boto3

    from iam.demo.aws.world import World


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(worlds, "MOST_RECORDED", 3)
    return 3


def test_the_latest_changes_are_kept_and_all_that_the_account_came_with(
    demo_session: Callable[..., boto3.Session], demo_world: World, few: int
) -> None:
    iam = demo_session().client("iam")
    for number in range(few + 2):
        iam.update_role(RoleName="orders-api-lambda", Description=f"number {number}")
    made = len(demo_world.events) - len(DEMO.events)
    assert made == few
    descriptions = [event.parameters["description"] for event in demo_world.events[:made]]
    assert descriptions == ["number 4", "number 3", "number 2"]
    assert demo_world.events[made:] == list(DEMO.events)


def test_the_latest_refusals_are_kept(demo_world: World, few: int) -> None:
    for number in range(few + 2):
        demo_world.record_refusal(str(number), {})
    assert list(demo_world.records) == ["2", "3", "4"]
