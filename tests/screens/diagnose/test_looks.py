"""The usual causes beside the steps: in sight before any step, ruled out by them, gone where the cause is certain."""

from __future__ import annotations

import pytest

from diagnostics.claims.kinds import TextPart
from diagnostics.diagnosis import Confidence, FirstLook, Status, Step, Verdict
from diagnostics.text.causes.build_causes import says
from diagnostics.who import Who
from tests.support.driving.diagnosing import answered, diagnose_screen, explain, seen, unbroken, until_seen
from tests.support.driving.scripted_diagnosis import PARTS, VERDICT, Script

NAMED = says("the text says so", TextPart.ACTION)
BOUNDARY = FirstLook("A boundary keeps it out.", NAMED, "aws iam get-role", Who.ACCOUNT_ADMIN, ("boundary",))
NODE = FirstLook("A node's role was used.", NAMED, "aws sts who", Who.CALLER)
UNSURE = Verdict("unreadable", Confidence.UNKNOWN, "It cannot be told from here.")


@pytest.fixture(autouse=True)
def usual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screens.diagnose.run.first_look", lambda failure: (BOUNDARY, NODE))


@pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids=["120x40", "80x24"])
async def test_what_the_steps_rule_out_is_shown_as_ruled_out(script: Script, size: tuple[int, int]) -> None:
    script.parts = tuple(UNSURE if part is VERDICT else part for part in PARTS)
    gate = script.gate(1)
    async with diagnose_screen(size=size) as (app, pilot, screen):
        await explain(pilot, "denied")
        await until_seen(pilot, "? usual 1 A boundary keeps it out.")
        gate.set()
        await until_seen(pilot, "unreadable · unknown")
        assert "? usual 1 A node's role was used." in unbroken(app)
        assert "– usual 2 A boundary keeps it out." in unbroken(app) and "ruled out" in seen(app)
        screen.results.looks.focus()
        await until_seen(pilot, "check aws sts who")
        await pilot.press("j")
        await until_seen(pilot, "steps ruled out: Boundary: none")
        await pilot.press("enter")
        await until_seen(pilot, "Usual cause 2 of 2")


async def test_it_gives_way_to_a_cause_that_is_certain(script: Script) -> None:
    async with diagnose_screen() as (app, pilot, screen):
        await answered(pilot, "denied")
        assert "usual 1" not in seen(app) and not screen.results.looks.display
        # The sentence is what is read first; the code stands small in the rule above it.
        above, sentence = (
            next(number for number, line in enumerate(seen(app).splitlines()) if words in line)
            for words in ("identity.no-action · certain", "✗ Nothing lets web-frontend-ec2")
        )
        assert above + 1 == sentence


@pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids=["120x40", "80x24"])
async def test_where_the_text_alone_is_certain_the_usual_cause_is_what_is_read(
    script: Script, size: tuple[int, int]
) -> None:
    text_steps = (
        Step("message", "What the text says", Status.PASS, "not iam"),
        Step("authorization", "Is it a question of permissions", Status.PASS, "no"),
    )
    script.parts = (*text_steps, Verdict("not-iam", Confidence.CERTAIN, "Start with the registry."))
    async with diagnose_screen(size=size) as (_, pilot, _):
        await explain(pilot, "denied")
        await until_seen(pilot, "not-iam · certain")
        await until_seen(pilot, "A common cause of this error")
        await until_seen(pilot, "check aws iam get-role")
