"""A denial between two accounts of the demo, by keys: explained, both sides fixed by plans, asked again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from iam.changes.journal import End, journals
from iam.demo.aws.sessions import session_for
from iam.demo.aws.world import DemoSession
from iam.demo.open import serve
from screens.diagnose.screen import DiagnoseScreen
from screens.plan.screen import PlanScreen
from tests.support.driving.diagnosing import answered
from tests.support.driving.seeing import gone, running, screen_text, seen, type_text, until

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from iam.demo.aws.world import World

PROD, SHARED = "111122223333", "444455556666"
TARGET = f"arn:aws:iam::{PROD}:role/ci/ci-pipeline-builder"
DENIED = (
    f"User: arn:aws:sts::{SHARED}:assumed-role/release-runner/build-311 is not authorized to perform: sts:AssumeRole "
    f"on resource: {TARGET}"
)


def may_assume(world: World) -> bool:
    """Whether STS of the demo lets release-runner in: its own account's and the role's policies decide."""
    from iam.demo.account.facts import NOW

    world.sessions["ASIARELEASERUNNER001"] = DemoSession(
        "release-runner", "build-311", NOW.replace(year=2030), account=SHARED
    )
    sts = session_for(serve(world), access_key="ASIARELEASERUNNER001", token="t", region="us-east-1").client("sts")
    try:
        sts.assume_role(RoleArn=TARGET, RoleSessionName="build-311")
    except ClientError as error:
        assert error.response["Error"]["Code"] == "AccessDenied"
        return False
    return True


async def apply_first_fix(pilot: Pilot[None], account: str, typed: str = "") -> None:
    """The first fix as a plan, carried out in its account, and back; ``typed`` is the name that it asks for."""
    await pilot.press("f", "p")
    await until(pilot, lambda: isinstance(pilot.app.screen, PlanScreen) and pilot.app.screen.is_mounted, "the plan")
    screen = pilot.app.screen
    assert isinstance(screen, PlanScreen)
    await seen(pilot, "no calls made yet")
    assert account in screen_text(pilot.app).split("\n")[0], screen_text(pilot.app)
    await pilot.press("ctrl+r")
    if typed:
        await seen(pilot, "to go on:")
        await type_text(pilot, typed)
        await pilot.press("enter")
    else:
        await seen(pilot, "carry out")
        await pilot.press("y")
    await until(pilot, lambda: screen.state.end is End.APPLIED, "the end")
    await pilot.press("escape")


async def test_both_sides_are_fixed_by_plans(
    demo_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from iam.demo.open import reader

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    async with running(reader(demo_world), size=(80, 24)) as pilot:
        # The palette leads to the other accounts; what could not be read of one is said.
        await pilot.press("colon")
        await type_text(pilot, "organization")
        await pilot.press("enter")
        await seen(pilot, "Accounts")
        await seen(pilot, "shared-tools")
        await pilot.press("escape")
        assert not may_assume(demo_world)
        await pilot.press("2")
        await until(pilot, lambda: isinstance(pilot.app.screen, DiagnoseScreen) and pilot.app.screen.is_mounted)
        await answered(pilot, DENIED)
        await seen(pilot, f"resource: harbor-prod {PROD}")
        await seen(pilot, "in shared-tools")
        # The caller's side, in its account; that alone lets nobody in.
        await apply_first_fix(pilot, SHARED)
        await gone(pilot, "1 of 2 needed")
        assert not may_assume(demo_world)
        # The role's side, in the other account.
        await apply_first_fix(pilot, PROD, "ci-pipeline-builder")
        await seen(pilot, "allowed now")
        await seen(pilot, "What would be refused")
        assert "never allowed" not in screen_text(pilot.app)
        assert may_assume(demo_world)
    made = {record.plan.account_id: record.end for record in journals()}
    assert made == {PROD: End.APPLIED, SHARED: End.APPLIED}
