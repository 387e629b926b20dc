"""An unfinished role is put aside and had back; a recipe is found by typing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.create.steps import CreateStep
from screens.widgets.form.filtered_menu import FilteredMenu
from tests.support.creating import wizard
from tests.support.diagnosing import until, until_seen

if TYPE_CHECKING:
    from iam.demo.aws.world import World


async def test_a_draft_is_put_aside_and_had_back(demo_world: World) -> None:
    async with wizard(demo_world) as w:
        await w.fill(service="lambda")
        await w.on(CreateStep.MAY)
        await w.press("slash")
        await until(w.pilot, lambda: isinstance(w.app.screen, FilteredMenu), "the list of recipes")
        await w.press(*"sqs cons", "enter")
        await until_seen(w.pilot, "‹ Consume a queue ›")
        await w.press("f2")
        await until_seen(w.pilot, "f3 brings the draft back")
        assert not w.screen.creation.draft.begun
        await w.press("f3")
        await until_seen(w.pilot, "the draft is back")
        assert [each.recipe.id for each in w.screen.creation.draft.recipes] == ["consume-queue"]
        assert w.screen.creation.draft.trust_answers["service"]["service"].startswith("lambda")
