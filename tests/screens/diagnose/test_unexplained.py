"""An answer is marked while the box contains another text than it is about, and help leaves the focus where it was."""

from __future__ import annotations

from tests.support.driving.diagnosing import diagnose_screen, explain, paste, seen, until, until_seen
from tests.support.driving.scripted_diagnosis import Script

MARK = "This answer is not about the newer text:"


async def test_an_answer_below_another_text_says_so_until_it_is_explained(script: Script) -> None:
    async with diagnose_screen(size=(80, 24)) as (app, pilot, _):
        await explain(pilot, "denied")
        await until_seen(pilot, "FIX 2")
        assert MARK not in seen(app) and "Earlier answer" not in seen(app)
        await pilot.press("o")
        assert MARK not in seen(app)  # it is its own text
        await paste(pilot, " and another denial")
        await until_seen(pilot, MARK)
        await until_seen(pilot, "Earlier answer")
        await pilot.press("escape")  # the box is closed, and what was typed is not forgotten
        await until_seen(pilot, f"{MARK} o shows it, ctrl+r explains it")
        await pilot.press("ctrl+r")
        await until(pilot, lambda: MARK not in seen(app), "the new answer")
        assert "Earlier answer" not in seen(app)
        # The form is not the text either.
        await pilot.press("ctrl+t")
        await pilot.press(*"s3:Get")
        await until_seen(pilot, "This answer is not about the newer form:")


async def test_help_leaves_the_focus_where_it_was(script: Script) -> None:
    async with diagnose_screen() as (app, pilot, screen):
        assert screen.input.box.has_focus
        await pilot.press("escape")
        assert app.focused is None
        await pilot.press("question_mark")
        await until(pilot, lambda: app.screen is not screen, "help")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen, "no help")
        assert app.focused is None  # letters are commands still


async def test_a_paste_after_o_replaces_the_explained_text_and_no_key_acts_on_a_hidden_answer(script: Script) -> None:
    async with diagnose_screen() as (_, pilot, screen):
        await explain(pilot, "denied")
        await until_seen(pilot, "FIX 2")
        await pilot.press("o")
        await paste(pilot, "another text")
        assert screen.input.box.whole == "another text"
        await pilot.press("escape", "o", "x")
        await paste(pilot, " goes on")  # a key continues the text, and a paste after it too
        assert screen.input.box.whole.endswith("x goes on")
        await pilot.press("escape", "H")
        await until_seen(pilot, "enter shows a diagnosis again")
        for key in ("p", "y", "e"):
            await pilot.press(key)
            await until_seen(pilot, "No answer is shown yet: enter shows the answer for the chosen line.")
