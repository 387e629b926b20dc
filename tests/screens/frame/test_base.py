"""Which screen the operator looks at."""

from __future__ import annotations

from pathlib import Path

import screens.frame.base
from screens.frame.base import BaseScreen
from screens.plan.several import SeveralPlansScreen
from screens.widgets.modal import TextWindow
from tests.support.driving.seeing import running


async def test_a_screen_is_in_view_below_a_window_and_not_below_another_screen() -> None:
    async with running() as pilot:
        roles = pilot.app.screen
        assert isinstance(roles, BaseScreen) and roles.in_view
        await pilot.app.push_screen(TextWindow("A window", "over the screen"))
        assert roles.in_view
        await pilot.app.push_screen(SeveralPlansScreen(roles.session, ()))
        assert not roles.in_view
        pilot.app.pop_screen()
        pilot.app.pop_screen()
        await pilot.app.push_screen(covering := SeveralPlansScreen(roles.session, ()))
        assert covering.in_view and roles.is_current and not roles.in_view


def test_no_screen_asks_textual_which_is_current() -> None:
    # It would do something for the screen right below another one.
    root = Path(screens.frame.base.__file__).parents[1]
    asking = [path for path in root.rglob("*.py") if "self.is_current" in path.read_text(encoding="utf-8")]
    assert asking == []
