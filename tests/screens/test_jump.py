"""Jump mode: letters on what may have the focus, in lists and in forms."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Button

from screens.jump.screen import Jump, places
from screens.widgets.document import DocumentView
from tests.support.driving.seeing import running, screen_text, until
from tui.app import RolescopeApp


async def letters(pilot: Pilot[None], key: str) -> dict[str, Any]:
    await pilot.press(key)
    app = pilot.app
    await until(pilot, lambda: isinstance(app.screen, Jump), "jump mode")
    screen = app.screen
    assert isinstance(screen, Jump)
    return {letter: widget for letter, (widget, _) in screen.places.items()}


def front(pilot: Pilot[None]) -> RolescopeApp:
    assert isinstance(pilot.app, RolescopeApp)
    return pilot.app


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_letter_goes_to_its_pane_and_every_other_key_stays(demo_reader: Any, size: tuple[int, int]) -> None:
    async with running(demo_reader, size=size) as pilot:
        app = front(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.focused, DocumentView), "the role")
        below, before = app.screen, app.focused
        shown = await letters(pilot, "semicolon")
        assert len(shown) >= 3
        await until(pilot, lambda: all(f" {letter} " in screen_text(app) for letter in shown), "the letters")
        assert screen_text(app).rstrip().split("\n")[-1].strip() == "letter go there  esc stay"
        await pilot.press("1")
        await until(pilot, lambda: app.screen is below and app.focused is before, "all as it was")
        shown = await letters(pilot, "f4")
        letter, widget = next(each for each in shown.items() if each[1] is not before)
        await pilot.press(letter)
        await until(pilot, lambda: app.screen is below and app.focused is widget, "the pane of the letter")


async def test_in_a_form_a_function_key_shows_the_letters_of_its_fields(demo_reader: Any) -> None:
    async with running(demo_reader) as pilot:
        app = front(pilot)
        await pilot.press("2", "ctrl+t")
        await until(
            pilot, lambda: any(each.id == "form" for each in (app.focused.ancestors if app.focused else ())), "the form"
        )
        shown = await letters(pilot, "f4")
        names = [widget.parent.id for widget in shown.values()]
        assert names[:3] == ["form-principal", "form-action", "form-resource"]
        third = list(shown)[2]
        await pilot.press(third)
        await until(pilot, lambda: app.focused is shown[third], "the third field")
        await pilot.press("x", "semicolon")
        assert shown[third].value == "x;"


async def test_what_is_not_laid_out_yet_has_no_letter() -> None:
    async with running() as pilot:
        screen = pilot.app.screen
        screen.mount(late := Button("late"))
        assert late in screen.focus_chain
        assert late not in {widget for widget, _ in places(screen)}
