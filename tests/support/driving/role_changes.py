"""Changes of a role's menu, carried out by keys."""

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
from tests.support.driving.seeing import seen, until
from tui.app import RolescopeApp

if TYPE_CHECKING:
    from iam.account import Role
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader


USED = "web-frontend-ec2"


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
