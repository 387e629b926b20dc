"""An unfinished role is put aside and had back; a recipe is found by typing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diagnostics.failure import NewRole
from iam.creation.draft.kept import text_of
from screens.create.steps import CreateStep
from screens.messages import CreateLikeRole, CreateNewRole
from screens.widgets.form.filtered_menu import FilteredMenu
from tests.support.driving.creating import wizard
from tests.support.driving.diagnosing import until, until_seen

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
        await until_seen(w.pilot, "The draft was set aside; f3 restores it")
        assert not w.screen.creation.draft.begun
        await w.press("f3")
        await until_seen(w.pilot, "The role without a name is restored: f2 starts a new role.")
        assert [each.recipe.id for each in w.screen.creation.draft.recipes] == ["consume-queue"]
        assert w.screen.creation.draft.trust_answers["service"]["service"].startswith("lambda")


async def test_no_draft_is_lost_to_another_one(demo_world: World) -> None:
    async with wizard(demo_world) as w:
        creation = w.screen.creation
        await w.fill(service="lambda")
        await w.press("f2")
        await until_seen(w.pilot, "The draft was set aside; f3 restores it")
        await w.fill(service="ec2")
        w.screen.post_message(CreateLikeRole("web-frontend-ec2"))
        await until_seen(w.pilot, "The draft was set aside; f3 restores it")
        w.screen.post_message(CreateNewRole(NewRole("found-by-diagnosis")))
        await until(w.pilot, lambda: creation.draft.name == "found-by-diagnosis", "what the diagnosis knows")
        await until_seen(w.pilot, "The draft was set aside; f3 restores it")
        drafts = creation.unfinished
        assert len(drafts) == 4
        seen_again = []
        for _ in drafts:
            await w.press("f3")
            await until_seen(w.pilot, "is restored: f2 starts")
            seen_again.append(text_of((creation.draft,)))
        assert len(set(seen_again)) == 4
        assert creation.draft.name == "found-by-diagnosis"
