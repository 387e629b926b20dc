"""What an operator sees: the screen as text."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

from textual.color import ColorParseError
from textual.pilot import Pilot
from textual.widgets import Input

from tests.support.accounts.fake_reader import make_app
from tests.support.driving.folding import shows
from tests.support.driving.waiting import LONG
from tui.app import RolescopeApp


def screen_text(app: RolescopeApp) -> str:
    """The lines of the terminal, as they would be drawn now; empty where no style has reached the screen yet."""
    try:
        strips = app.screen._compositor.render_strips()
    except ColorParseError:
        return ""
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)


def unframed(line: str) -> str:
    """The line without the frame of the pane that it stands in."""
    return line[1:-1] if line[:1] in tuple("│┃") else line


def line_with(app: RolescopeApp, words: str) -> str:
    """The first line of the screen that holds the words."""
    return next((line for line in screen_text(app).split("\n") if words in line), "")


async def until(pilot: Pilot[None], condition: Callable[[], object], what: str = "") -> None:
    """Wait for the condition; where it does not come, fail with what the screen shows."""
    end = monotonic() + LONG
    while monotonic() < end:
        if condition():
            return
        await pilot.pause(0.01)
    app = pilot.app
    assert isinstance(app, RolescopeApp)
    raise AssertionError(f"{what or 'the condition'} did not come about:\n{screen_text(app)}")


async def seen(pilot: Pilot[None], words: str) -> None:
    """Wait until the screen shows the words, wherever its lines break."""
    app = pilot.app
    assert isinstance(app, RolescopeApp)
    await until(pilot, lambda: shows(screen_text(app), words), f"{words!r}")


async def gone(pilot: Pilot[None], words: str) -> None:
    """Wait until the screen does not show the words."""
    app = pilot.app
    assert isinstance(app, RolescopeApp)
    await until(pilot, lambda: (text := screen_text(app)) and not shows(text, words), f"{words!r} to go")


async def type_text(pilot: Pilot[None], text: str) -> None:
    names = {" ": "space"}
    await pilot.press(*(names.get(sign, sign) for sign in text))


def set_filter(pilot: Pilot[None], words: str) -> None:
    """Put the words into the filter of the list that is shown, in one go."""
    pilot.app.screen.query_one("#filter", Input).value = words


@asynccontextmanager
async def running(
    reader: Any = None, size: tuple[int, int] = (120, 40), wait_for: str = "sorted by", **options: Any
) -> AsyncIterator[Pilot[None]]:
    """The application on a reader, with its rows shown."""
    app = make_app(reader, **options)
    async with app.run_test(size=size) as pilot:
        if wait_for:
            await seen(pilot, wait_for)
        yield pilot
