"""The confirmation: letters that begin a name choose nothing, and a name that was not typed is asked for."""

from __future__ import annotations

from screens.plan.confirm import TypeName
from screens.widgets.confirm import Confirm, question
from tests.support.driving.seeing import running, screen_text, seen
from tui.app import RolescopeApp


async def test_a_name_typed_where_none_is_asked_for_chooses_nothing() -> None:
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
                await seen(pilot, "No name is asked for here")
                await pilot.press("escape")
        app.push_screen(TypeName("Apply", "It deletes.", "tide"))
        await seen(pilot, "Type tide to go on")
        await pilot.press("enter")
        await seen(pilot, "you typed no name")
        assert "Apply" in screen_text(app)
