"""The list of themes shows each as the cursor comes to it."""

from __future__ import annotations

from screens.widgets.modal import ListWindow
from tests.support.driving.seeing import running, seen, until
from tests.support.papers.picture import demo


async def test_a_theme_is_shown_while_the_cursor_is_on_it() -> None:
    async with running(demo()) as pilot:
        app = pilot.app
        former = app.theme
        app.action_theme()  # type: ignore[attr-defined]  # of the program
        await until(pilot, lambda: isinstance(app.screen, ListWindow))
        await pilot.press("down")
        await until(pilot, lambda: app.theme != former, "another theme")
        await pilot.press("escape")
        await until(pilot, lambda: app.theme == former, "the former theme")
        app.action_theme()  # type: ignore[attr-defined]  # of the program
        await until(pilot, lambda: isinstance(app.screen, ListWindow))
        await pilot.press("down")
        await until(pilot, lambda: app.theme != former, "another theme")
        chosen = app.theme
        await pilot.press("enter")
        await seen(pilot, f"The theme is now {chosen}")
        assert app.theme == chosen
