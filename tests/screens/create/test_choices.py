"""A chooser takes what is typed for the beginning of a choice's name, and no letter for anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from iam.creation.recipes.table import TRUST_RECIPES
from screens.create.forms import Forms
from screens.create.steps import CreateStep
from screens.widgets.form.filtered_menu import FilteredMenu
from tests.support.driving.creating import NARROW, wizard
from tests.support.driving.diagnosing import until, until_seen
from tests.support.driving.seeing import screen_text

if TYPE_CHECKING:
    from iam.demo.aws.world import World


async def test_a_word_is_looked_for(demo_world: World) -> None:
    async with wizard(demo_world, NARROW) as w:
        await w.press(*"lambda")
        await until(w.pilot, lambda: isinstance(w.app.screen, FilteredMenu), "the list")
        await w.press("enter")
        await until_seen(w.pilot, "Lets the service lambda.amazonaws.com")
        assert "‹ AWS service ›  1/12" in screen_text(w.app)
        await w.press(*"eks pod", "enter")
        await until_seen(w.pilot, "‹ EKS pod, with Pod Identity ›")
        await w.press(*"no such thing", "enter", "escape")
        await until_seen(w.pilot, "‹ EKS pod, with Pod Identity ›")


async def test_a_kind_is_found_by_its_name(demo_world: World) -> None:
    async with wizard(demo_world) as w:
        for each in TRUST_RECIPES[::4]:
            await w.press(*each.title, "enter")
            await until(w.pilot, lambda id=each.id: w.screen.creation.draft.trust_kind == id, each.title)
            w.screen.form.put_cursor()


async def test_yes_and_no_of_a_statement(demo_world: World) -> None:
    async with wizard(demo_world) as w:
        await w.fill(service="lambda")
        await w.on(CreateStep.MAY)
        await w.field("perm.statement.0")
        await w.press("a", "enter")
        await until_seen(w.pilot, "‹ Allow ›")
        await w.press(*"deny", "enter")
        await until_seen(w.pilot, "‹ Deny ›")


async def test_whoever_went_to_a_field_while_the_form_was_built_stays_there(
    demo_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with wizard(demo_world) as w:
        forms, shown = w.screen.forms, Forms._show_form

        async def with_a_key(self: Forms) -> None:
            await shown(self)
            self.form.put_cursor(list(self.form.values)[1])  # as `tab` does
            await w.pilot.pause()

        first = forms.form.cursor
        await forms.form.show((), {})
        monkeypatch.setattr(Forms, "_show_form", with_a_key)
        await forms.show(CreateStep.WHO)
        await w.pilot.pause()
        assert forms.form.cursor not in ("", first)
