"""The steps of the creation can be clicked, as far as those before are right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.create.steps import CreateStep, StepsLine
from screens.text import marks
from tests.support.driving.creating import NARROW, wizard
from tests.support.driving.seeing import screen_text, until

if TYPE_CHECKING:
    from iam.demo.aws.world import World


async def test_a_click_on_a_step_leads_there(demo_world: World) -> None:
    async with wizard(demo_world, NARROW) as w:

        async def click(words: str, step: CreateStep) -> None:
            line = screen_text(w.app).split("\n")[1]
            await w.pilot.click("#create-steps", offset=(line.index(words), 0))
            await until(w.pilot, lambda: w.screen.step is step, step.name)

        await w.fill(service="lambda")
        await click("may", CreateStep.MAY)
        await click("who", CreateStep.WHO)
        await click("check", CreateStep.DETAILS)  # the name is missing


def test_a_step_that_was_passed_with_nothing_chosen_is_not_ticked() -> None:
    line = StepsLine()
    line.show_step(CreateStep.DETAILS, wide=False, empty=(CreateStep.MAY,))
    text = "".join(each for each, _ in line.pieces(80))
    assert f"{marks().passed} who" in text and f"{marks().none} may" in text and "3 name" in text
