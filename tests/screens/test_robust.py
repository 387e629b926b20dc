"""Browsing where the terminal shrinks, the account is cut off in the middle, and names are hostile."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable, Iterator

from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from iam.account import Account, Role
from iam.sources.reader.reading import Reading
from iam.sources.source_error import SourceError
from screens.role.screen import RoleScreen
from screens.widgets.modal import Menu, MenuChoice
from screens.widgets.table import VirtualTable
from tests.support.accounts.fake_reader import ROLES, FakeReader, role
from tests.support.driving.seeing import gone, line_with, running, screen_text, seen, type_text, until


async def other_size(pilot: Pilot[None]) -> None:
    """From large to 40 by 10, or back."""
    before = pilot.app.screen
    size = (40, 10) if pilot.app.size.width > 40 else (120, 40)
    await pilot.resize_terminal(*size)
    await until(pilot, lambda: len(screen_text(pilot.app).split("\n")) == size[1])  # type: ignore[arg-type]
    assert pilot.app.screen is before


async def test_every_screen_survives_a_terminal_of_40_by_10(demo_reader_as: Callable[..., object]) -> None:
    async with running(demo_reader_as(None)) as pilot:
        await until(pilot, lambda: not pilot.app.session.loading)  # type: ignore[attr-defined]  # the application
        await other_size(pilot)
        for key in ("question_mark", "exclamation_mark", "colon", "P", "y", "e"):
            await pilot.press(key)
            await other_size(pilot)
            await pilot.press("escape")
        await pilot.press("space", "space", "c")
        await other_size(pilot)
        await pilot.press("escape")
        await type_text(pilot, ":role web-frontend")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, RoleScreen))
        await seen(pilot, "TRUST")
        await other_size(pilot)
        await other_size(pilot)
        await seen(pilot, "TRUST")
        for key in ("i", "w", "v", "l", "R", "t", "x"):
            await pilot.press(key)
            await pilot.pause()
            await other_size(pilot)
            while len(pilot.app.screen_stack) > 2:
                await pilot.press("escape")
        await pilot.press("5")
        await other_size(pilot)
        await pilot.press("3")
        await other_size(pilot)
        await pilot.press("escape", "2")
        await other_size(pilot)


async def test_what_arrived_stays_when_the_account_is_cut_off() -> None:
    go_on = threading.Event()

    class CutOff(FakeReader):
        def accounts(self) -> Iterator[Account]:
            yield self.account(3, "3 roles read")
            go_on.wait(120)
            raise SourceError("The credentials of the profile prod expired: run `aws sso login --profile prod`.")

    async with running(CutOff(), wait_for="3 roles read") as pilot:
        await seen(pilot, "orders-api-lambda")
        go_on.set()
        await seen(pilot, "expired: run `aws sso login --profile prod`")
        await seen(pilot, "3 roles · not all were read")
        assert line_with(pilot.app, "orders-api-lambda")  # type: ignore[arg-type]  # the application
        await pilot.press("G", "g", "enter")
        await seen(pilot, "TRUST")


async def test_without_credentials_the_demo_opens_at_a_key() -> None:
    class Nobody(FakeReader):
        def accounts(self) -> Iterator[Account]:
            raise SourceError("No AWS credentials were found.")
            yield  # an iterator, as the reader's is

    async with running(Nobody(), wait_for="D opens the demo") as pilot:
        opened: list[argparse.Namespace] = []

        def demo(options: argparse.Namespace, _: object) -> FakeReader:
            opened.append(options)
            return FakeReader()

        pilot.app._open_reader = demo  # type: ignore[attr-defined]
        await pilot.press("D")
        await seen(pilot, "orders-api-lambda")
        assert [(each.demo, each.profile) for each in opened] == [(True, None)]
        await pilot.press("D")
        assert len(opened) == 1


async def test_a_role_that_expired_credentials_keep_from_us_says_so_and_the_rest_goes_on() -> None:
    why = "The security token expired: run `aws sso login`."

    class Expired(FakeReader):
        def role(self, name: str) -> Reading[Role]:
            return Reading("iam:GetRole", why=why)

    bare = [role(f"role-{number}", inline=None, attached=None) for number in range(3)]
    async with running(Expired(bare)) as pilot:
        await seen(pilot, "the policies of role-0 could not be read: The security")
        await pilot.press("enter")
        await seen(pilot, "TRUST")
        await seen(pilot, "the policies of role-0 could not be read: The security")
        await pilot.press("escape", "j")
        await seen(pilot, "the policies of role-1 could not be read")


async def test_thousands_of_hostile_names_are_listed_filtered_and_opened() -> None:
    signs = ("\x1b[2J", "\u202e", "\x00", "[bold]", "日本", "e\u0301", "\r\n", "\ud800", "%s", "'; rm -rf /")
    many = [role(f"{signs[number % len(signs)]}-{number:05}") for number in range(4_000)]
    async with running(FakeReader(many)) as pilot:
        await seen(pilot, "4,000 roles")
        for key in ("G", "g", "ctrl+d", "s", "S", "s"):
            await pilot.press(key)
        await type_text(pilot, "/-00007")
        await seen(pilot, "1 of 4,000 roles")
        await pilot.press("enter", "enter")
        await seen(pilot, "TRUST")
        text = screen_text(pilot.app)  # type: ignore[arg-type]  # the application
        assert not any(sign in text for sign in ("\x1b", "\u202e", "\x00", "\r", "\ud800"))
        await pilot.press("w")
        await seen(pilot, "Who can assume")
        await pilot.press("escape", "escape")
        await type_text(pilot, ":role 03999")
        await seen(pilot, "1 role ━")


async def test_a_paste_comes_onto_the_line_with_its_controls_visible() -> None:
    async with running() as pilot:
        await pilot.press("slash")
        pilot.app.post_message(events.Paste("orders\x1b[31m\n api\u202e\x00" + "x" * 50_000))
        field = pilot.app.screen.query_one("#filter", Input)
        await until(pilot, lambda: field.value)
        assert field.value.startswith("orders␛[31m api<U+202E>␀xxx") and len(field.value) == 2000
        await seen(pilot, "No role matches")
        await pilot.press("escape")
        await gone(pilot, "No role matches")
        assert len(pilot.app.screen.query_one("#roles", VirtualTable).rows) == len(ROLES)


async def test_a_second_key_on_its_way_to_a_window_takes_nothing_else_away() -> None:
    async with running() as pilot:
        chosen: list[str | None] = []
        menu = Menu("one of", [MenuChoice("it", "it", key="i")])
        pilot.app.push_screen(menu, chosen.append)
        await pilot.pause()
        for _ in range(2):
            menu.post_message(events.Key("i", "i"))
        await pilot.pause()
        assert chosen == ["it"]
        assert "5 roles" in screen_text(pilot.app)  # type: ignore[arg-type]  # it is ours
