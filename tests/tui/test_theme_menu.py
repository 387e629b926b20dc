"""The list of themes shows each as the cursor comes to it."""

from __future__ import annotations

from screens.diagnose.screen import DiagnoseScreen
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


async def test_a_theme_that_is_chosen_elsewhere_reaches_a_main_screen_that_was_left() -> None:
    async with running(demo()) as pilot:
        app = pilot.app
        app.theme = "textual-dark"
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, DiagnoseScreen) and app.screen.query(".label"))
        left = app.screen
        label = left.query(".label").first()
        of_dark = label.styles.color, left.styles.background
        app.switch_mode("roles")
        await until(pilot, lambda: app.screen is not left)
        app.theme = "textual-light"
        await until(pilot, lambda: app.screen.styles.background != of_dark[1], "the new theme")
        app.switch_mode("diagnose")
        await until(pilot, lambda: app.screen is left and left.styles.background != of_dark[1], "the new theme")
        await until(pilot, lambda: label.styles.color != of_dark[0], "the new theme in a widget")
