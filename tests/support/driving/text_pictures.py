"""What the main screens look like, as text.

``python -m tests.support.driving.text_pictures`` (`make pictures`) draws them anew.

A change of a screen is seen in the difference of its file, and is meant or is not. The demo account has a clock of its
own, so that no date moves.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

from textual import events
from textual.pilot import Pilot

from iam.sources.reader.account_reader import AccountReader
from screens.roles.screen import RolesScreen
from tests.support.demo.failures import FAILURES
from tests.support.driving.seeing import running, screen_text, seen, until
from tests.support.driving.settling import settled
from tui.app import RolescopeApp

FOLDER = Path(__file__).parents[2] / "pictures"
SIZES = ((80, 24), (120, 40))
DENIAL = next(failure.text for failure in FAILURES if failure.id == "F03")


async def pictures(reader: AccountReader, size: tuple[int, int]) -> AsyncIterator[tuple[str, str]]:
    """The name and the text of each screen, in one walk through the demo account."""
    async with running(reader, size=size, wait_for="32 roles") as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, RolesScreen)
        low = screen.has_class("-low")
        await until(pilot, lambda: screen._resting is None and (low or screen.preview.parts), "the preview")
        yield "roles", await _drawn(pilot, "RolesScreen")
        await pilot.press("question_mark")
        yield "keys", await _drawn(pilot, "HelpScreen")
        await pilot.press("escape", "colon")
        yield "palette", await _drawn(pilot, "Palette")
        await pilot.press("escape", "slash", *"orders", "minus", *"api", "enter", "enter")
        yield "role", await _drawn(pilot, "RoleScreen")
        await pilot.press("a")
        yield "use", await _drawn(pilot, "UseScreen")
        await pilot.press("escape", "escape", "3")
        yield "create", await _drawn(pilot, "CreateScreen")
        await pilot.press("escape", "2")
        yield "diagnose", await _drawn(pilot, "DiagnoseScreen")
        (pilot.app.focused or pilot.app.screen).post_message(events.Paste(DENIAL))
        await pilot.press("ctrl+r")
        await seen(pilot, "FIX 1")
        yield "diagnosis", await _drawn(pilot, "DiagnoseScreen")
        await pilot.press("escape", "4")
        yield "review", await _drawn(pilot, "ReviewScreen")


async def _drawn(pilot: Pilot[None], screen: str) -> str:
    """The screen of this class, when nothing works on it any more."""
    app = pilot.app
    assert isinstance(app, RolescopeApp)
    await until(pilot, lambda: type(app.screen).__name__ == screen, screen)
    before = ""
    while (text := screen_text(app)) != before:
        before = text
        await until(pilot, lambda: all(worker.is_finished for worker in app.workers), "the end of the workers")
        await until(pilot, lambda: "esc stop" not in screen_text(app), "the footer of a screen at rest")
        with app._context():
            await settled()
        await pilot.pause(0.1)
    return text + "\n"


def file_of(name: str, size: tuple[int, int]) -> Path:
    return FOLDER / f"{name}-{size[0]}x{size[1]}.txt"


async def _draw() -> None:
    from iam.demo.open import open_demo

    for size in SIZES:
        async for name, text in pictures(open_demo(as_user=None, region=None), size):
            file_of(name, size).write_text(text, encoding="utf-8")


def main() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    asyncio.run(_draw())


if __name__ == "__main__":
    main()
