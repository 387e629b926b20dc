"""``m`` on a role and a version set back: every change of the menu is a plan, is carried out, and taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from iam.changes.journal import End
from screens.plan.screen import PlanScreen
from screens.widgets.form.choice_window import ChoiceWindow
from screens.widgets.modal import Menu
from tests.support.accounts.fake_reader import make_app
from tests.support.driving.seeing import screen_text, seen, set_filter, until
from tui.app import RolescopeApp

if TYPE_CHECKING:
    from iam.account import Role
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

USED = "web-frontend-ec2"
BOUNDARY = "arn:aws:iam::111122223333:policy/DeveloperBoundary"


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def reader(demo_world: World) -> AwsReader:
    from iam.demo.open import reader

    return reader(demo_world, as_user=None)


@asynccontextmanager
async def opened(
    reader: Any, size: tuple[int, int] = (120, 40), **options: Any
) -> AsyncIterator[tuple[RolescopeApp, Pilot[None]]]:
    app = make_app(reader, **options)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.session.account and not app.session.loading, "the account")
        yield app, pilot


async def planned(pilot: Pilot[None], *, after: PlanScreen | None = None) -> PlanScreen:
    def there() -> bool:
        screen = pilot.app.screen
        return isinstance(screen, PlanScreen) and screen.is_mounted and screen is not after

    await until(pilot, there, "the plan")
    screen = pilot.app.screen
    assert isinstance(screen, PlanScreen)
    await pilot.pause()
    return screen


async def carried_out(pilot: Pilot[None], screen: PlanScreen) -> None:
    await pilot.press("ctrl+r")
    if screen.plan.type_name:
        await seen(pilot, "to go on:")
        typed(pilot, screen.plan.type_name)
        await pilot.press("enter")
    else:
        await seen(pilot, "carry out")
        await pilot.press("y")
    await until(pilot, lambda: screen.state.record is not None and not screen.state.running, "the end")
    assert screen.state.end is End.APPLIED


def typed(pilot: Pilot[None], text: str) -> None:
    pilot.app.screen.query_one(Input).value = text


async def menu(pilot: Pilot[None], key: str) -> None:
    await pilot.press("m")
    await until(pilot, lambda: isinstance(pilot.app.screen, Menu), "the menu")
    await pilot.press(key)


async def choose(pilot: Pilot[None], key: str, policy: str) -> None:
    """Take a change of the menu that asks for a policy, and the first policy that ``policy`` narrows the list to."""
    await menu(pilot, key)
    await until(pilot, lambda: isinstance(pilot.app.screen, ChoiceWindow), "the policies")
    typed(pilot, policy)
    await seen(pilot, policy)
    await pilot.press("enter")


def now(reader: AwsReader, name: str = USED) -> Role:
    role = reader.role(name).value
    assert role is not None
    return role


async def test_a_policy_is_attached_from_the_list_and_detached_from_the_role(reader: AwsReader) -> None:
    before = now(reader)
    async with opened(reader, (80, 24)) as (app, pilot):
        set_filter(pilot, USED)
        await seen(pilot, "1 of 32 roles")
        await choose(pilot, "a", "AmazonS3ReadOnlyAccess")
        plan = await planned(pilot)
        assert plan.plan.type_name is None
        assert "gains 94 actions: s3 (82)" in screen_text(app)
        await carried_out(pilot, plan)
        assert "AmazonS3ReadOnlyAccess" in {each.name for each in now(reader).attached or ()}
        await pilot.press("escape")
        await choose(pilot, "d", "AmazonS3ReadOnlyAccess")
        plan = await planned(pilot, after=plan)
        assert "loses 94 actions" in screen_text(app)
        assert "3 instances" in screen_text(app)
        assert plan.plan.type_name == USED
        await carried_out(pilot, plan)
    assert now(reader) == before


async def test_disabled_revoked_and_enabled_again(reader: AwsReader) -> None:
    before = now(reader)
    async with opened(reader, role=USED) as (app, pilot):
        await seen(pilot, "PERMISSIONS")
        plan = None
        for key in ("x", "s", "e"):
            await menu(pilot, key)
            plan = await planned(pilot, after=plan)
            assert (plan.plan.type_name is None) == (key == "e")
            await carried_out(pilot, plan)
            await pilot.press("escape")
            await seen(pilot, "PERMISSIONS")
        names = {each.name for each in now(reader).inline or ()}
        assert names == {"AWSRevokeOlderSessions", *(each.name for each in before.inline or ())}
        await pilot.press("m")
        await seen(pilot, "disable")
        assert "enable again" not in screen_text(app)


async def test_a_boundary_is_set_and_removed(reader: AwsReader) -> None:
    async with opened(reader, role=USED) as (app, pilot):
        await seen(pilot, "PERMISSIONS")
        await choose(pilot, "b", "DeveloperBoundary")
        plan = await planned(pilot)
        assert plan.plan.type_name == USED
        await carried_out(pilot, plan)
        assert now(reader).boundary_arn == BOUNDARY
        await pilot.press("escape")
        await menu(pilot, "n")
        plan = await planned(pilot, after=plan)
        assert f"{USED} gains 25 actions" in screen_text(app)
        await carried_out(pilot, plan)
        assert now(reader).boundary_arn is None


async def test_a_policy_that_does_not_exist_is_said(reader: AwsReader) -> None:
    async with opened(reader, role=USED) as (_, pilot):
        await seen(pilot, "PERMISSIONS")
        await choose(pilot, "a", "arn:aws:iam::111122223333:policy/none")
        await seen(pilot, "There is no policy arn:aws:iam::111122223333:policy/none")


async def test_a_services_own_role_is_refused_with_the_reason(reader: AwsReader) -> None:
    async with opened(reader, role="AWSServiceRoleForECS") as (_, pilot):
        await seen(pilot, "PERMISSIONS")
        await pilot.press("m")
        await seen(pilot, "belongs to an AWS service")


async def test_a_version_is_set_back(reader: AwsReader) -> None:
    async with opened(reader, role=USED) as (app, pilot):
        await seen(pilot, "customer-managed v4")
        await pilot.press("v")
        await seen(pilot, "from v4 (in force) to v5")
        await pilot.press("down", "p")
        await seen(pilot, "v4 is already in force")
        await pilot.press("down")
        await seen(pilot, "from v4 (in force) to v3")
        await pilot.press("p")
        plan = await planned(pilot)
        text = screen_text(app)
        assert f"{USED} gains s3:ListBucket" in text
        assert f"It is attached to {USED}" in text
        assert plan.plan.type_name == "app-assets-read"
        await carried_out(pilot, plan)
        await pilot.press("escape", "up")
        await seen(pilot, "from v3 (in force) to v4")
