"""Who can do something, asked in a line: the answer as a tree that is walked by keys."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import pytest
from textual.message import Message
from textual.widgets import Input

from screens.who_can.screen import WhoCanAnswered, WhoCanScreen
from screens.widgets.document import DocumentView
from screens.widgets.table import VirtualTable
from tests.support.driving.seeing import gone, running, seen, type_text, until
from tui.app import RolescopeApp


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_an_answer_and_who_is_behind_it(demo_reader_as: Callable[..., object], size: tuple[int, int]) -> None:
    async with running(demo_reader_as(None), size=size, wait_for="") as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        await until(pilot, lambda: app.session.account and not app.session.loading)
        app.action_who_can()
        await seen(pilot, "Who can")
        await type_text(pilot, "PassRole")
        await pilot.press("enter")
        await seen(pilot, "is not an action")
        asking = app.screen
        assert isinstance(asking, WhoCanScreen)
        question = asking.query_one("#who-can-question", Input)
        for text, drafts in (("b", ()), ("s3:Get", ("Who can",))):  # a lone letter was meant for a command
            question.value = text
            asking.note_typed()
            assert app.session.typed.places == drafts
        question.value = ""
        await pilot.press("n", "ctrl+u")
        await type_text(pilot, "who can iam:PassRole?")
        await pilot.press("enter")
        await seen(pilot, "4 principals may, 3 more possibly")
        table = app.screen.query_one(VirtualTable)
        assert table.go_to("2")
        await pilot.press("right")
        await seen(pilot, "by role platform-operator")
        assert table.go_to("2.3")
        await pilot.press("enter")
        await seen(pilot, "by user ben")
        await pilot.press("down")
        await seen(pilot, "may assume role platform-operator")
        # The statement of the edge is below, lit in its document; an edge between roles has one of each side.
        screen = app.screen
        assert isinstance(screen, WhoCanScreen)
        view = screen.query_one(DocumentView)
        assert view.document is not None and view.statement is not None
        here = screen._here()
        assert here is not None and here.statements
        seen_documents = set()
        for _ in here.statements:
            seen_documents.add((view.document.text, view.statement.index))
            await pilot.press("right_square_bracket")
        assert len(seen_documents) == len(here.statements)
        await pilot.press("left", "left")
        await gone(pilot, "by user ben")
        await gone(pilot, "by role platform-operator")
        assert table.row is not None and table.row.id == "2"
        await pilot.press("w")
        await seen(pilot, "can reach: 3 to assume, ")
        await until(pilot, lambda: screen.access is not None and screen.access.reach, "what it reaches")
        assert {one.step for one in screen.access.roots} == {  # type: ignore[union-attr]  # see above
            "may assume it",
            "may change it",
            "may pass it",
            "may run code as it",
        }
        await seen(pilot, "31 to pass to a service, ")
        assert all(row.one.step for row in screen.rows.values())
        await pilot.press("w")
        await until(pilot, lambda: screen.access is not None and not screen.access.reach, "who may assume it")
        await pilot.press("O")
        await seen(pilot, "ds-notebook")
        await pilot.press("escape", "escape")
        await seen(pilot, "sorted by name")


async def test_an_answer_after_a_stop_is_not_shown(demo_reader_as: Callable[..., object]) -> None:
    async with running(demo_reader_as(None), wait_for="") as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        await until(pilot, lambda: app.session.account and not app.session.loading)
        app.action_who_can()
        await until(pilot, lambda: isinstance(app.screen, WhoCanScreen), "the screen")
        screen = app.screen
        assert isinstance(screen, WhoCanScreen)
        late: list[Message] = []
        running_on, begun = Event(), Event()

        def ask(number: int, *_: object) -> None:
            begun.set()
            running_on.wait(60)
            late.append(WhoCanAnswered(number, None, "too late"))

        screen._ask = ask  # type: ignore[method-assign]
        await type_text(pilot, "iam:PassRole")
        await pilot.press("enter")
        await until(pilot, begun.is_set, "the work")
        await pilot.press("escape")
        await seen(pilot, "iam:PassRole: stopped")
        running_on.set()
        await until(pilot, lambda: late, "the late answer")
        screen.post_message(late[0])
        await pilot.pause()
        await seen(pilot, "iam:PassRole: stopped")
