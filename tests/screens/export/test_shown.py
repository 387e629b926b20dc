"""``e`` and ``y`` where a screen has no menu of its own: the list as shown, the line under the cursor."""

from __future__ import annotations

from screens.help.screen import HelpScreen
from screens.widgets.table import Row, VirtualTable
from tests.support.accounts.fake_reader import FakeReader, role
from tests.support.driving.seeing import gone, running, seen, until
from tui.app import RolescopeApp


async def test_a_screen_without_its_own_exports_its_list_and_copies_a_line() -> None:
    async with running(FakeReader(roles=[role("worker")])) as pilot:
        app = pilot.app
        await pilot.press("4")
        await seen(pilot, "finding")
        await pilot.press("colon", *"bars", "enter")
        await seen(pilot, "findings by severity")
        await pilot.press("e")
        await seen(pilot, "Export the list")
        await seen(pilot, "CSV")
        await pilot.press("escape", "y")
        await seen(pilot, "this line")
        await pilot.press("escape", "question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        assert isinstance(app.screen, HelpScreen)
        assert "Copy the line under the cursor" in "\n".join(
            text for line in app.screen.lay_out(100) for text, _ in line
        )


async def test_help_names_a_key_once() -> None:
    async with running(FakeReader(roles=[role("worker")])) as pilot:
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
        assert isinstance(pilot.app.screen, HelpScreen)
        lines = ["".join(text for text, _ in line) for line in pilot.app.screen.lay_out(100)]
        assert sum(line.split()[:1] == ["y"] for line in lines) == 1


async def test_help_opened_while_the_account_is_read_says_what_works_afterwards() -> None:
    async with running(FakeReader(roles=[role("worker")]), size=(120, 60)) as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        await seen(pilot, "worker")
        app.session.account, account = None, app.session.account
        await pilot.press("question_mark")
        await seen(pilot, "(The account has not been read yet.)")
        app.session.account = account
        app._tell_screens()
        await gone(pilot, "(The account has not been read yet.)")
        assert isinstance(app.screen, HelpScreen)


async def test_a_click_on_a_heading_sorts_a_second_one_the_other_way_a_third_as_given() -> None:
    roles = [role(name) for name in ("web-10", "web-9")]
    async with running(FakeReader(roles=roles), size=(120, 40)) as pilot:
        await pilot.press("4")
        await seen(pilot, "finding")
        table = pilot.app.screen.query_one(VirtualTable)
        table.show([Row(name, ("", name, "", "", "")) for name in ("b", "a", "C")])
        names = []
        for _ in range(3):
            await pilot.click(VirtualTable, offset=(16, 0))
            await pilot.pause()
            names.append([row.id for row in table.rows])
        assert names == [["a", "b", "C"], ["C", "b", "a"], ["b", "a", "C"]]
