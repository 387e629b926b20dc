"""One change in several accounts of the demo: shown by account, carried out, stopped at a failure, undone in each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iam.changes.journal import End, journals
from iam.demo.aws.wire import AwsError
from screens.messages import ViewAccount
from screens.plan.screen import PlanScreen
from screens.plan.several import SeveralPlansScreen
from screens.roles.screen import CameToRest, RolesScreen
from tests.support.driving.seeing import running, screen_text, seen, set_filter, type_text, until

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from iam.demo.aws.world import World

PROD, SHARED, PARTNER = "111122223333", "444455556666", "999988887777"


async def planned(pilot: Pilot[None]) -> SeveralPlansScreen:
    """A tag for the marked roles, as plans of their accounts."""
    await pilot.press("t")
    await seen(pilot, "key=value")
    await type_text(pilot, "wave=2")
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, SeveralPlansScreen) and pilot.app.screen.is_mounted)
    screen = pilot.app.screen
    assert isinstance(screen, SeveralPlansScreen)
    await seen(pilot, "Plans in 3 accounts")
    return screen


async def test_a_tag_in_three_accounts_stops_at_the_one_that_refuses(
    demo_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from iam.demo.open import reader
    from iam.demo.organization import open_demo_accounts

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    own = reader(demo_world)
    own.neighbours = open_demo_accounts(own)
    for account in (SHARED, PARTNER):
        assert own.neighbours.opened(account) is not None

    def tagged() -> dict[str, bool]:
        names = {PROD: "web-frontend-ec2", SHARED: "release-runner", PARTNER: "freight-sync"}
        with demo_world.in_place():
            roles = {id: demo_world.iam_of(id).get_role(name) for id, name in names.items()}
            return {id: any(tag["Key"] == "wave" for tag in role.tags or ()) for id, role in roles.items()}

    async with running(own) as pilot:
        await seen(pilot, "freight-sync")
        for name in ("web-frontend-ec2", "release-runner", "freight-sync"):
            set_filter(pilot, name)
            await seen(pilot, "1 of")
            await pilot.press("g", "space")
        await seen(pilot, "3 marked")
        assert tagged() == {PROD: False, SHARED: False, PARTNER: False}
        # The first failure stops, and nothing is made in the accounts after it.
        screen = await planned(pilot)
        assert [row.what.account for row in screen.rows] == [PROD, SHARED, PARTNER]
        await seen(pilot, "ctrl+r carries out 2 of 3 plans")
        foot = screen_text(pilot.app).rstrip().split("\n")[-1]  # type: ignore[arg-type]
        assert "enter plan" in foot and "esc back" in foot
        demo_world.next_failures["TagRole"] = [AwsError("AccessDenied", "Not now.", 403)]
        await pilot.press("ctrl+r")
        await seen(pilot, "carry out 2 plans")
        await seen(pilot, "Nothing will be done in northwind-audit")
        await pilot.press("y")
        await seen(pilot, "0 of 3 done; stopped at harbor-prod")
        assert tagged() == {PROD: False, SHARED: False, PARTNER: False}
        await pilot.press("escape")
        # The partner lets this account read, and change nothing: its plan is refused before, and the others are made.
        screen = await planned(pilot)
        await pilot.press("ctrl+r")
        await seen(pilot, "carry out 2 plans")
        await pilot.press("y")
        await seen(pilot, "2 of 3 done")
        assert tagged() == {PROD: True, SHARED: True, PARTNER: False}
        made = [record.plan.account_id for record in journals() if record.end is End.APPLIED]
        assert sorted(made) == [PROD, SHARED]
        # Each is undone by its own plan, in its own account.
        for account, keys in ((PROD, ("g",)), (SHARED, ("j",))):
            await pilot.press(*keys, "u")
            await until(pilot, lambda: isinstance(pilot.app.screen, PlanScreen) and pilot.app.screen.is_mounted)
            await seen(pilot, "no calls made yet")
            assert account in screen_text(pilot.app).split("\n")[0]
            await pilot.press("ctrl+r")
            await seen(pilot, "carry out")
            await pilot.press("y")
            undo = pilot.app.screen
            assert isinstance(undo, PlanScreen)
            await until(pilot, lambda undo=undo: undo.state.end is End.APPLIED, "the end")  # type: ignore[misc]
            await pilot.press("escape")
            await until(pilot, lambda: pilot.app.screen is screen)
        assert tagged() == {PROD: False, SHARED: False, PARTNER: False}


async def test_the_list_below_does_not_bring_the_account_of_its_row_into_view(demo_world: World) -> None:
    from iam.demo.open import reader
    from iam.demo.organization import open_demo_accounts

    own = reader(demo_world)
    own.neighbours = open_demo_accounts(own)
    for account in (SHARED, PARTNER):
        assert own.neighbours.opened(account) is not None
    async with running(own) as pilot:
        roles = pilot.app.screen
        assert isinstance(roles, RolesScreen)
        await seen(pilot, "freight-sync")
        set_filter(pilot, "freight-sync")
        await until(pilot, lambda: roles.session.account is not None and roles.session.account.id == PARTNER)
        await pilot.app.push_screen(SeveralPlansScreen(roles.session, ()))
        pilot.app.post_message(ViewAccount(SHARED))
        await until(pilot, lambda: roles.account_elsewhere == PARTNER)
        roles.post_message(CameToRest())
        # What it asked for before it was covered comes too late.
        pilot.app.post_message(ViewAccount(PARTNER, wanted=lambda: roles.in_view))
        await pilot.pause()
        await pilot.pause()
        assert roles.account_elsewhere == PARTNER
