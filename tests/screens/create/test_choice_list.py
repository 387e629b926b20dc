"""Kinds of trust and recipes are seen as a list where there is room, and which fields are needed everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iam.creation.recipes.table import PERMISSION_RECIPES, TRUST_RECIPES
from screens.create.steps import CreateStep
from screens.widgets.form.choice import Choice, Option
from tests.support.driving.creating import NARROW, WIDE, wizard
from tests.support.driving.diagnosing import seen, until, until_seen
from tests.support.driving.seeing import line_with

if TYPE_CHECKING:
    from iam.demo.aws.world import World


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_recipes_and_what_they_need(demo_world: World, size: tuple[int, int]) -> None:
    async with wizard(demo_world, size) as w:
        assert "required" in line_with(w.app, "Service *")
        await until(w.pilot, lambda: all(each.title in seen(w.app) for each in TRUST_RECIPES), "the kinds")
        await w.fill(service="lambda")
        await w.on(CreateStep.MAY)
        last = PERMISSION_RECIPES[-1]
        if size == NARROW:
            await w.choose("Read a bucket")
            assert last.title not in seen(w.app)
        else:
            await until(w.pilot, lambda: all(each.note in seen(w.app) for each in PERMISSION_RECIPES), "the sentences")
            await w.pilot.click("ChoiceRows", offset=(5, 1))
        await until_seen(w.pilot, "‹ Read a bucket ›")
        await w.told("perm.recipe.0", "Lists the bucket")
        assert "required" in line_with(w.app, "Bucket *")
        await w.press("tab")
        await until(w.pilot, lambda: last.title not in seen(w.app), "the list's end")
        await w.fill(bucket="harbor-assets")
        await w.on(CreateStep.DETAILS)
        assert "required" in line_with(w.app, "Name *")


def test_a_click_on_the_list_of_another_field_that_comes_late_changes_nothing() -> None:
    choice = Choice((Option("service", "AWS service"), Option("account", "Account")), "account")
    choice.take("read-bucket")
    assert choice.value == "account"
