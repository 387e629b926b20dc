"""Waiting for a deletion from its diagnosis: how far it is, what becomes of it, and what cannot be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from diagnostics.fix import Wait
from iam.other_services import StackResource
from iam.sources.reader.reading import Reading
from screens.diagnose import deletion_watch as diagnose_watch
from screens.diagnose.deletion_watch import WatchStatus, statuses
from tests.support.driving.diagnosing import NARROW, answered, diagnose_screen, seen, until, until_seen

if TYPE_CHECKING:
    from iam.demo.aws.world import World

ROLE = "AWSServiceRoleForAutoScaling"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnose_watch, "EVERY", 0.0)


class Answers:
    """Answers one after the other, as a deletion goes on."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)

    def role(self, name: str) -> Reading[str]:
        return Reading("iam:GetRole", name if self.answers else None)

    def _next(self, call: str) -> Reading[Any]:
        answer = self.answers.pop(0)
        return Reading(call, why=answer) if " " in answer else Reading(call, answer)

    def deletion_status(self, name: str) -> Reading[str]:
        return self._next("iam:GetServiceLinkedRoleDeletionStatus")

    def stack_resources(self, physical_id: str) -> Reading[tuple[StackResource, ...]]:
        reading = self._next("cloudformation:DescribeStackResources")
        if reading.unreadable:
            return reading
        if reading.value == "ELSEWHERE":
            return Reading(reading.call, (), note="eu-west-1: AWS denied it.")
        return Reading(reading.call, (StackResource("sea", reading.value or "", "AWS::IAM::Role", physical_id),))


def told(watch: Wait, *answers: str) -> list[WatchStatus]:
    return list(statuses(watch, Answers(*answers), lambda: False))  # type: ignore[arg-type]  # it has what is asked


def test_only_what_changes_is_told() -> None:
    first, last = told(Wait("", role="r"), "IN_PROGRESS", "IN_PROGRESS", "SUCCEEDED")
    assert "is IN_PROGRESS" in first.sentence
    assert not first.over
    assert "is done" in last.sentence
    assert last.over
    _, last = told(Wait("", stack="sea", physical_id="r"), "DELETE_IN_PROGRESS", "DELETE_FAILED")
    assert "the stack sea is now DELETE_FAILED" in last.sentence


def test_what_is_gone_is_done_and_what_cannot_be_seen_is_no_end() -> None:
    [only] = told(Wait("", role="r"))
    assert "is done" in only.sentence
    [only] = told(Wait("", stack="sea", physical_id="r"), "denied cloudformation:DescribeStackResources")
    assert "could not be read: denied" in only.sentence
    [partly] = told(Wait("", stack="sea", physical_id="r"), "ELSEWHERE")
    assert "could not be read: eu-west-1: AWS denied it." in partly.sentence and not partly.over
    assert only.trouble
    assert not only.over


def test_whoever_leaves_asks_no_more() -> None:
    assert list(statuses(Wait("", role="r"), Answers("IN_PROGRESS"), lambda: True)) == []  # type: ignore[arg-type]  # as above


async def test_a_service_s_deletion_is_waited_for(demo_world: World) -> None:
    from iam.demo.open import reader as open_reader

    reader = open_reader(demo_world)
    reader.aws.client("iam").delete_service_linked_role(RoleName=ROLE)
    text = (
        "An error occurred (InvalidInput) when calling the CreateServiceLinkedRole operation: Service role name "
        f"{ROLE} has been taken in this account, please try a different suffix."
    )
    async with diagnose_screen(reader, NARROW) as (app, pilot, screen):
        run = await answered(pilot, text)
        assert "deletion.unfinished · certain" in seen(app)
        assert isinstance(run.fixes[0].change, Wait) and run.fixes[0].change.role == ROLE
        await pilot.press("f", "p")
        await until(pilot, lambda: screen.run_shown is not run, "another run")
        await until_seen(pilot, "name.free")
