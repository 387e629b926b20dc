"""``m`` on a role and a version set back: every change of the menu is a plan, is carried out, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from screens.role.change import TRUST, edited_at
from tests.support.driving.role_changes import USED, carried_out, choose, menu, now, opened, planned
from tests.support.driving.role_changes import own_state as own_state
from tests.support.driving.role_changes import reader as reader
from tests.support.driving.seeing import screen_text, seen, set_filter

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader

BOUNDARY = "arn:aws:iam::111122223333:policy/DeveloperBoundary"


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
        await seen(pilot, "from v4 (in effect) to v5")
        await pilot.press("down", "p")
        await seen(pilot, "v4 is already in effect")
        await pilot.press("down")
        await seen(pilot, "from v4 (in effect) to v3")
        await pilot.press("p")
        plan = await planned(pilot)
        text = screen_text(app)
        assert f"{USED} gains s3:ListBucket" in text
        assert f"It is attached to {USED}" in text
        assert plan.plan.type_name == "app-assets-read"
        await carried_out(pilot, plan)
        await pilot.press("escape", "up")
        await seen(pilot, "from v3 (in effect) to v4")


@pytest.mark.parametrize(
    ("place", "what"),
    [
        ("Trust policy of r", TRUST),
        ("Inline policy of of r", "of"),
        ("New version of p of r", "arn:aws:iam::111122223333:policy/team/p"),
        ("New version of gone of r", ""),
        ("r: rename of r", ""),
    ],
)
def test_the_place_of_a_draft_names_what_it_edits(place: str, what: str) -> None:
    assert edited_at(place, "r", ["arn:aws:iam::111122223333:policy/team/p"]) == what
