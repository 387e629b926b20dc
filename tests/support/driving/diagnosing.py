"""Driving the Diagnose screen as an operator does, and reading what is on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

from textual import events
from textual.pilot import Pilot

from screens.diagnose.run import Run
from screens.diagnose.screen import DiagnoseScreen
from tests.support.accounts.fake_reader import make_app
from tests.support.driving.seeing import screen_text as seen
from tests.support.driving.seeing import unframed
from tests.support.driving.waiting import LONG
from tui.app import RolescopeApp

WIDE, NARROW = (120, 40), (80, 24)


def unbroken(app: RolescopeApp) -> str:
    """The same with line breaks and runs of blanks as one blank: for sentences that may wrap."""
    return " ".join(" ".join(map(unframed, seen(app).splitlines())).split())


async def until(pilot: Pilot[Any], condition: Callable[[], object], what: str = "", seconds: float = LONG) -> None:
    """Wait for what other threads bring; fails with the screen's text when it does not come."""
    end = monotonic() + seconds
    while not condition():
        if monotonic() > end:
            raise AssertionError(f"never came: {what}\n{seen(pilot.app)}")  # type: ignore[arg-type]  # it is ours
        await pilot.pause()
        await asyncio.sleep(0)
    await pilot.pause()


async def until_seen(pilot: Pilot[Any], text: str, seconds: float = LONG) -> None:
    app = pilot.app
    assert isinstance(app, RolescopeApp)
    await until(pilot, lambda: text in unbroken(app), text, seconds)


async def paste(pilot: Pilot[Any], text: str) -> None:
    """As the terminal's bracketed paste arrives: at what has the focus, else at the screen."""
    app = pilot.app
    (app.focused or app.screen).post_message(events.Paste(text))
    await pilot.pause()


async def type_text(pilot: Pilot[Any], text: str) -> None:
    await pilot.press(*text)


async def explain(pilot: Pilot[Any], text: str) -> None:
    await paste(pilot, text)
    await pilot.press("ctrl+r")


async def answered(pilot: Pilot[Any], text: str) -> Run:
    """Paste the text, run it, and wait for the end of its run."""
    screen = pilot.app.screen
    assert isinstance(screen, DiagnoseScreen)
    before = screen.run_shown
    await explain(pilot, text)

    def ended() -> bool:
        run = screen.run_shown
        return run is not None and run is not before and run.ended

    await until(pilot, ended, "the end of the run")
    assert screen.run_shown is not None
    return screen.run_shown


@asynccontextmanager
async def diagnose_screen(
    reader: Any = None, size: tuple[int, int] = WIDE, *, read: bool = True, write: bool = False
) -> AsyncIterator[tuple[RolescopeApp, Pilot[Any], DiagnoseScreen]]:
    """The application with the Diagnose screen opened by its key, once the account is read."""
    app = make_app(reader, write=write)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        if read:
            await until(pilot, lambda: app.session.account and not app.session.loading, "the account")
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, DiagnoseScreen) and app.screen.is_mounted, "the screen")
        screen = app.screen
        assert isinstance(screen, DiagnoseScreen)
        yield app, pilot, screen
