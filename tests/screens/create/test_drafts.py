"""An unfinished role is put aside and had back; a recipe is found by typing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diagnostics.new_role import NewRole
from iam.creation.draft.kept import text_of
from screens.create.steps import CreateStep
from screens.messages import CreateLikeRole, CreateNewRole
from screens.widgets.form.completion import Completion
from screens.widgets.form.filtered_menu import FilteredMenu
from tests.support.driving.creating import wizard
from tests.support.driving.diagnosing import seen, until, until_seen

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


async def test_the_policies_that_aws_attaches_for_the_service_are_one_key_away(demo_world: World) -> None:
    async with wizard(demo_world) as w:
        await w.fill(service="lambda")
        await w.on(CreateStep.MAY)
        await w.told("perm.managed.0", "ctrl+t adds AWSLambdaBasicExecutionRole, as on docs.aws.amazon.com/lambda")
        await w.field("perm.managed.0")
        await w.press("ctrl+t")
        basic = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
        await until(w.pilot, lambda: w.screen.creation.draft.attached == (basic,), "the policy")
        await until(w.pilot, lambda: "ctrl+t adds" not in seen(w.app), "no further offer")
        assert w.screen.form.values["perm.managed.0"] == basic  # also where the cursor was
        assert w.cursor == "perm.managed.0"
        # The further ones are suggested first.
        await w.field("perm.managed.1")
        await w.press("down")
        await until(w.pilot, lambda: "AWSLambdaVPCAccessExecutionRole" in seen(w.app), "the suggestions")
        assert "esc close list" in seen(w.app)
        row = w.screen.form.row("perm.managed.1")
        assert row is not None and isinstance(row.control, Completion)
        assert row.control._candidates.rows[0].endswith("AWSLambdaVPCAccessExecutionRole")
        await w.press("escape")
        await until(w.pilot, lambda: "esc back" in seen(w.app) and "close list" not in seen(w.app), "what esc does now")


async def test_suggestions_cover_the_whole_note_below_the_field(demo_world: World) -> None:
    async with wizard(demo_world) as w:
        await w.fill(by_keys=True, service="lambda")
        row = w.screen.form.row(w.cursor)
        assert row is not None and isinstance(row.control, Completion)
        candidates = row.control._candidates
        await until(w.pilot, lambda: row.control.open and row.sentence.lines_in(row.size.width) > 2, "note and names")
        await until(w.pilot, lambda: candidates.size.height >= row.sentence.lines_in(row.size.width), "a covered note")
