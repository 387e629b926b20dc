"""The confirmation: letters that begin a name choose nothing, and an answer typed ahead counts where it may."""

from __future__ import annotations

import pytest

from screens.plan.confirm import TypeName
from screens.widgets.confirm import Confirm, question
from tests.support.driving.seeing import gone, running, screen_text, seen
from tui.app import RolescopeApp


async def test_a_name_typed_where_none_is_asked_for_chooses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("screens.widgets.confirm.OF_A_NAME", 600.0)  # however slowly the keys come
    async with running() as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        for keys, expected in (
            (("o", "y"), "open"),
            (("o", "j", "k", "y", "enter"), "open"),
            (("o", "down", "enter"), "no"),
            (("o", "down", "y"), "yes"),
            (("enter",), "yes"),
        ):
            answers: list[str | None] = []
            app.push_screen(Confirm("Apply", "It changes.", question("carry out")), answers.append)
            await seen(pilot, "carry out")
            await pilot.press(*keys)
            await pilot.pause()
            assert answers == ([] if expected == "open" else [expected]), keys
            if expected == "open":
                dialog = app.screen
                assert isinstance(dialog, Confirm)
                dialog._seems_over()  # its time is over before a key that came earlier is processed
                await pilot.press("y")
                await pilot.pause()
                assert answers == []
                await seen(pilot, "There is nothing to type here, and your typing is ignored")
                dialog._name_over()  # a moment later, what is listed works again
                await pilot.press("y")
                await pilot.pause()
                assert answers == ["yes"], keys
        # An answer typed before its question counts, unless that has to be read.
        for careful in (False, True):
            told: list[str | None] = []
            asked = Confirm("Apply", "It.", question("go"), careful=careful, ahead="y")
            app.push_screen(asked, told.append)
            await (seen(pilot, "You pressed y before this question appeared") if careful else gone(pilot, "go"))
            await pilot.press(*"n" * careful)
            assert told == ["no" if careful else "yes"]
        app.push_screen(TypeName("Apply", "It deletes.", "tide"))
        await seen(pilot, "Type tide to go on")
        await pilot.press("enter")
        await seen(pilot, "you typed no name")
        assert "Apply" in screen_text(app)
