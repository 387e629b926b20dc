"""A plan on its screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from textual.pilot import Pilot

from iam.account import Account
from iam.changes.operations.undo import Existing, with_undo
from iam.changes.plan import Call, Plan, make_plan
from screens.plan.screen import PlanScreen
from tests.support.accounts.fake_reader import make_app
from tests.support.driving.seeing import until
from tui.app import RolescopeApp

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader


WIDE, NARROW = (120, 40), (80, 24)


ROLE = "web-frontend-ec2"


BOUNDARY = "arn:aws:iam::111122223333:policy/DeveloperBoundary"


@asynccontextmanager
async def opened(
    reader: Any, size: tuple[int, int] = WIDE, **options: Any
) -> AsyncIterator[tuple[RolescopeApp, Pilot[None]]]:
    app = make_app(reader, **options)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.session.account and not app.session.loading, "the account")
        yield app, pilot


async def planned(pilot: Pilot[None]) -> PlanScreen:
    """Wait for the plan's screen."""
    await until(pilot, lambda: isinstance(pilot.app.screen, PlanScreen) and pilot.app.screen.is_mounted, "the plan")
    screen = pilot.app.screen
    assert isinstance(screen, PlanScreen)
    await pilot.pause()
    return screen


async def over(pilot: Pilot[None], screen: PlanScreen) -> None:
    await until(pilot, lambda: screen.state.record is not None and not screen.state.running, "the end")
    await pilot.pause()


def three_calls(reader: AwsReader, account: Account, name: str = ROLE) -> Plan:
    """Tags, a description and a boundary."""
    role = reader.role(name).value
    assert role is not None
    calls = (
        Call("TagRole", {"RoleName": name, "Tags": {"team": "ferry"}}, f"Add 1 tag of {name}.", role.arn),
        Call("UpdateRole", {"RoleName": name, "Description": "new"}, f"Describe {name}.", role.arn),
        Call(
            "PutRolePermissionsBoundary",
            {"RoleName": name, "PermissionsBoundary": BOUNDARY},
            f"Set the boundary of {name}.",
            role.arn,
        ),
    )
    return make_plan(
        "three changes",
        "Changes three things.",
        [with_undo(call, Existing(role)) for call in calls],
        target=role.arn,
        account_id=account.id,
    )


def of_role(reader: AwsReader, name: str = ROLE) -> tuple[object, ...]:
    role = reader.role(name).value
    assert role is not None
    return (role.description, dict(role.tags or {}), role.boundary_arn, role.attached, role.instance_profiles)
