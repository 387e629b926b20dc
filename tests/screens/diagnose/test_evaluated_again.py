"""After a change the failure is evaluated again, and while the answer is the same once more after each wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from textual.pilot import Pilot

from diagnostics.diagnose import read_text
from diagnostics.diagnosis import Confidence, LookState, Verdict
from diagnostics.past_changes import OwnChange
from diagnostics.text.causes.find_causes import first_look
from screens.diagnose.run import AGAIN_AFTER, Run
from screens.diagnose.screen import DiagnoseScreen
from tests.support.driving.diagnosing import answered, diagnose_screen, unbroken, until_seen
from tests.support.driving.scripted_diagnosis import Script

SOON = (0.001, 0.002, 0.003)
ALLOWED = Verdict("allowed.now", Confidence.LIKELY, "It is allowed now.")


@pytest.fixture
def taking_effect(script: Script, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The scripted denial until it was asked about as often as ``after`` says; from then on it is allowed."""
    told = {"after": 1_000}

    def diagnose(*asked: Any, **more: Any) -> Iterator[Any]:
        parts = list(script(*asked, **more))
        yield from [ALLOWED] if len(script.asked) > told["after"] else parts

    monkeypatch.setattr("screens.diagnose.run.diagnose", diagnose)
    return told


async def changed(pilot: Pilot[Any], screen: DiagnoseScreen) -> Run:
    """A failure explained, and evaluated again as a plan that was carried out wants it."""
    run = await answered(pilot, "denied")
    assert run.verdict is not None
    screen.evaluate_again(run, run.verdict, 0)
    return run


async def test_it_is_evaluated_until_the_change_took_effect(script: Script, taking_effect: dict[str, int]) -> None:
    taking_effect["after"] = 3
    async with diagnose_screen() as (app, pilot, screen):
        screen.runs.waits = SOON
        first = await changed(pilot, screen)
        await until_seen(pilot, "allowed.now · likely")
        assert "Before the change, the cause was identity.no-action, certain (H shows that diagnosis)." in unbroken(app)
        assert "the answer is still the same" not in unbroken(app)
        assert len(script.asked) == 4
        shown = screen.run_shown
        assert shown is not None
        assert (shown.again, shown.again_in) == (2, None)
        assert screen.runs.all == [shown, first], "the tries between take one place"


async def test_it_gives_up_after_the_last_wait_and_says_how_to_go_on(
    script: Script, taking_effect: dict[str, int]
) -> None:
    async with diagnose_screen() as (app, pilot, screen):
        screen.runs.waits = SOON
        await changed(pilot, screen)
        await until_seen(pilot, "the answer is still the same. IAM can take a minute to apply a change; r reads again.")
        assert len(script.asked) == 2 + len(SOON)
        assert "identity.no-action · certain" in unbroken(app)


async def test_whoever_moved_on_is_not_called_back(
    script: Script, taking_effect: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with diagnose_screen() as (app, pilot, screen):
        waiting: list[tuple[float, Callable[[], None]]] = []
        monkeypatch.setattr(screen, "set_timer", lambda seconds, callback: waiting.append((seconds, callback)))
        await changed(pilot, screen)
        await until_seen(pilot, "next evaluation in 2 s")
        other = await answered(pilot, "another denial")
        (wake,) = [callback for seconds, callback in waiting if seconds == AGAIN_AFTER[0]]
        wake()
        await pilot.pause()
        assert screen.run_shown is other
        assert "Before the change" not in unbroken(app)
        assert len(script.asked) == 3


def test_the_waits_are_those_in_which_iam_takes_effect() -> None:
    assert AGAIN_AFTER == (2, 4, 8, 16)


def test_usual_causes_that_the_change_removed_are_not_listed() -> None:
    now = datetime(2026, 11, 30, tzinfo=UTC)
    (failure,) = read_text(
        "User: arn:aws:iam::111122223333:user/ben is not authorized to perform: s3:PutObject on resource: "
        "arn:aws:s3:::harbor-assets/a because no identity-based policy allows the s3:PutObject action"
    )
    looks = first_look(failure)
    assert looks
    for change, left in ((OwnChange("put inline policy", now), 1), (None, len(looks) + 1)):
        run = Run(1, failure, {}, now, change=change)
        run.looks = (*looks, replace(looks[0], state=LookState.FOUND))
        run.take(ALLOWED)
        assert len(run.looks) == left
