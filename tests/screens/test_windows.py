"""Windows over a screen: their keys are in sight, however long their text."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Static

from iam.credentials.profile_file import profile_change
from screens.export.picture import screen_lines
from screens.use.profile import ProfileWindow
from screens.widgets.difference import DifferenceView
from screens.widgets.footer import Footer
from screens.widgets.modal import Menu, MenuChoice, TextWindow
from screens.widgets.pane import Pane
from tests.support.driving.seeing import running, screen_text, seen, until
from tui.app import RolescopeApp


async def test_the_keys_of_a_window_with_a_long_text_are_in_sight() -> None:
    """Also where the first child of the screen is Textual's own, as it is on a terminal."""
    async with running(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        window = TextWindow("Long", "\n".join(map(str, range(100))))
        await app.push_screen(window)
        await window.mount(Static(), before=0)
        window.fit(24)
        await seen(pilot, "esc close")
        assert "esc close" in screen_text(app) and window.query_one(Footer).region.bottom < 24


async def test_a_long_message_in_a_window_with_a_long_text_is_in_sight() -> None:
    async with running(size=(80, 24)) as pilot:
        window = TextWindow("Long", "\n".join(map(str, range(100))))
        await pilot.app.push_screen(window)
        await seen(pilot, "esc close")
        window.say("Nothing was written: " + "the folder belongs to somebody else, " * 3 + "so choose another")
        await seen(pilot, "choose another")
        frame, footer = window.query_one(Pane).region, window.query_one(Footer).region
        assert footer.height > 1 and footer.bottom < frame.bottom < 24


async def test_the_place_to_type_at_and_the_line_that_enter_takes_are_seen_without_a_colour() -> None:
    async with running() as pilot:
        await pilot.press("colon")
        await seen(pilot, "Command or role")
        await pilot.press("w", "h", "o")
        await seen(pilot, "who can assume")

        def reversed_parts() -> list[str]:
            """What has the terminal's own colours, exchanged."""
            looks = ((part.text.strip(), part.style) for line in screen_lines(pilot.app) for part in line if part.style)
            return [text for text, look in looks if look.reverse and (not look.bgcolor or look.bgcolor.is_default)]

        await until(pilot, lambda: any("who can assume" in text for text in reversed_parts()), "the lit line")
        assert "" in reversed_parts(), "the cursor behind what was typed"


async def test_a_label_that_is_cut_is_whole_below_the_list() -> None:
    long = "Stop every principal of this account from assuming the role that deploys the notebooks of data science"
    async with running(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        await app.push_screen(Menu("Which", [MenuChoice("a", long, "3 paths close", "1"), MenuChoice("b", "Other")]))
        await seen(pilot, "data science")
        assert "3 paths close" in screen_text(app)


async def test_explanations_that_are_cut_in_the_list_are_all_below_it() -> None:
    lost = "evaluated: this finding goes away, but nobody could assume the role afterwards"
    async with running(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        choices = [MenuChoice(str(at), f"The fix number {at}", f"{lost} {at}", str(at)) for at in range(1, 5)]
        await app.push_screen(Menu("Which fix", choices))
        for size in ((80, 24), (60, 24), (80, 24)):
            await pilot.resize_terminal(*size)
            for at in range(1, 5):
                await seen(pilot, f"could assume the role afterwards {at}")
        await pilot.resize_terminal(160, 40)
        await seen(pilot, f"The fix number 1  {lost} 1")


async def test_a_menu_ends_below_its_keys_however_many_lines_it_has() -> None:
    async with running(size=(80, 24)) as pilot:
        window = Menu("Which", [MenuChoice(str(at), f"Line {at}") for at in range(40)])
        await pilot.app.push_screen(window)
        for size in ((80, 24), (120, 40), (80, 24)):
            await pilot.resize_terminal(*size)
            await until(
                pilot,
                lambda: window.query_one(Footer).region.bottom + 1 == window.query_one(Pane).region.bottom,
                "the frame right below the keys",
            )


async def test_the_change_of_a_profile_takes_as_many_lines_as_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config"
    file.write_text("[default]\nregion = us-east-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    async with running(size=(80, 24)) as pilot:
        for settings in (1, 40):
            lines = "".join(f"key{number} = x\n" for number in range(settings))
            window = ProfileWindow(profile_change("deployer", lines))
            await pilot.app.push_screen(window)
            await seen(pilot, "write it")
            view = window.query_one(DifferenceView)
            await until(pilot, lambda view=view: view.lines and view.region.height == min(len(view.lines), 14))  # type: ignore[misc]
            assert window.query_one(Footer).region.bottom + 1 == window.query_one(Pane).region.bottom
            await pilot.press("escape")
