"""What was typed survives leaving; what may not be kept is asked about before."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from screens.diagnose.screen import DiagnoseScreen
from screens.plan.leaving import Leaving
from tests.support.accounts.fake_reader import FakeReader
from tests.support.driving.seeing import running, seen, until
from tui.app import RolescopeApp


async def _box(pilot: Pilot[None]) -> tuple[RolescopeApp, DiagnoseScreen]:
    app = pilot.app
    assert isinstance(app, RolescopeApp)
    await until(pilot, lambda: app.session.typed.path is not None, "the drafts")
    await pilot.press("2")
    await until(pilot, lambda: isinstance(app.screen, DiagnoseScreen), "Diagnose")
    assert isinstance(app.screen, DiagnoseScreen)
    return app, app.screen


async def test_a_text_that_was_not_explained_is_back_in_the_next_run() -> None:
    async with running(FakeReader(kind="aws")) as pilot:
        app, screen = await _box(pilot)
        screen.input.box.paste("s3:PutObject was denied, somehow")
        await pilot.pause()
        await app.action_quit()
        assert app._exit
    async with running(FakeReader(kind="aws")) as pilot:
        app, screen = await _box(pilot)
        await seen(pilot, "s3:PutObject was denied, somehow")
        await pilot.press("ctrl+r")  # what was explained is no draft any longer
        await until(pilot, lambda: screen.run_shown is not None, "the diagnosis")
        app.exit()
    async with running(FakeReader(kind="aws")) as pilot:
        app, screen = await _box(pilot)
        assert not screen.input.box.whole


@pytest.mark.parametrize("text", ["aws sts assume-role --external-id hl-77-audit", "password: hunter2-4711"])
async def test_leaving_says_what_is_not_saved(text: str) -> None:
    async with running(FakeReader(kind="aws")) as pilot:
        app, screen = await _box(pilot)
        screen.input.box.paste(text)
        await pilot.pause()
        await app.action_quit()
        await seen(pilot, "it has a credential or an external ID")
        assert isinstance(app.screen, Leaving) and not app._exit
        await pilot.press("s")
        assert not app._exit and screen.input.box.whole == text
        await app.action_quit()
        await until(pilot, lambda: isinstance(app.screen, Leaving))
        await pilot.press("l")
        await until(pilot, lambda: app._exit, "the end")
