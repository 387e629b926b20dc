"""An error of our own ends what it was in, not the program, and nothing that was typed is lost."""

from __future__ import annotations

import asyncio

import pytest
from textual.message_pump import MessagePump

from screens.diagnose.screen import DiagnoseScreen
from screens.frame.base import BaseScreen
from screens.messages import DiagnoseRole
from screens.role.screen import RoleScreen
from screens.widgets.cursor import CursorView
from screens.widgets.footer import Footer
from tests.support.driving.diagnosing import diagnose_screen, type_text, until_seen
from tests.support.driving.seeing import running, until
from tui.app import RolescopeApp
from tui.goes_on import MOST_ERRORS, GoesOn, go_on_after_errors


@pytest.fixture(autouse=True)
def going_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the start of the program does, taken back after the test."""
    monkeypatch.setattr(MessagePump, "_dispatch_message", MessagePump._dispatch_message)
    monkeypatch.setattr(GoesOn, "goes_on", False)
    go_on_after_errors()


def fail(screen: DiagnoseScreen, message: DiagnoseRole) -> None:
    raise LookupError("nobody thought of this")


async def test_what_was_typed_survives_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    async with diagnose_screen() as (app, pilot, screen):
        await type_text(pilot, "AccessDenied: half a")
        monkeypatch.setattr(DiagnoseScreen, "on_diagnose_role", fail)
        screen.post_message(DiagnoseRole("x"))
        await until_seen(pilot, "An error inside rolescope (LookupError: nobody thought of this)")
        await type_text(pilot, " sentence")
        await until_seen(pilot, "AccessDenied: half a sentence")
        assert app.session.troubles[-1].what.endswith("It continues to run; the log has more.")


async def test_errors_without_end_end_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DiagnoseScreen, "on_diagnose_role", fail)
    with pytest.raises(LookupError):
        async with diagnose_screen() as (_, pilot, screen):
            for _ in range(MOST_ERRORS):
                screen.post_message(DiagnoseRole("x"))
                await pilot.pause()


def outlive_the_lists(screen: BaseScreen) -> None:
    """Have the footer look for the keys that work when the screen's lists are gone, and it is not."""
    footer, lists = screen.query_one(Footer), list(screen.query(CursorView))
    assert lists

    async def look() -> None:
        while any(each.is_attached for each in lists):
            await asyncio.sleep(0)
        footer._bindings_changed(screen)

    footer.call_next(look)


async def test_what_a_widget_misses_while_its_screen_is_removed_is_no_error() -> None:
    async with running() as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RoleScreen) and app.screen.query(CursorView))
        role = app.screen
        assert isinstance(role, RoleScreen)
        outlive_the_lists(role)
        app.pop_screen()
        await until(pilot, lambda: not role.is_attached)
        assert not app._errors
        last = app.screen
        assert isinstance(last, BaseScreen)
        outlive_the_lists(last)
    assert not app._errors
