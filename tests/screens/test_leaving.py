"""A screen that leaves is waited for by nobody: who waits may be a part of it, and then both wait for ever."""

from __future__ import annotations

import ast
import asyncio
from pathlib import Path

from textual import events
from textual.app import App
from textual.geometry import Size

import screens
from screens.frame.header import Header
from screens.widgets.form.choice import Choice, Option
from screens.widgets.form.form import Field, FieldKind, Form
from tests.support.driving.seeing import running, screen_text, seen
from tests.support.driving.waiting import LONG

ROOMS = Path(screens.__file__).parents[1]
GOING = {"pop_screen", "dismiss", "switch_screen"}


def test_nothing_waits_for_a_screen_to_be_gone() -> None:
    waiting = [
        f"{path.relative_to(ROOMS)}:{node.lineno}"
        for room in ("screens", "tui")
        for path in (ROOMS / room).rglob("*.py")
        if any(going in (text := path.read_text()) for going in GOING)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Await) and isinstance(node.value, ast.Call)
        if isinstance(called := node.value.func, ast.Attribute) and called.attr in GOING
    ]
    assert not waiting


async def test_a_click_in_the_header_closes_the_screen_that_the_header_is_part_of() -> None:
    async with running(role="orders-api-lambda", wait_for="instance profiles") as pilot:
        column = screen_text(pilot.app).split("\n")[0].rindex("1")
        header = pilot.app.screen.query_one(Header)
        # Not the pilot's click, which waits for ever where the screen waits for itself.
        header.post_message(events.Click(header, column, 0, 0, 0, 1, False, False, False))
        await seen(pilot, "sorted by name")
        await asyncio.wait_for(pilot.press("P"), LONG)
        await seen(pilot, "profile")


async def test_two_who_show_a_form_at_once_do_it_one_after_the_other() -> None:
    class Alone(App[None]):
        def compose(self) -> list[Form]:  # type: ignore[override]  # an iterable of widgets
            return [Form()]

    async with Alone().run_test() as pilot:
        form = pilot.app.query_one(Form)
        first, second = [Field("a", "A"), Field("b", "B")], [Field("b", "B"), Field("c", "C")]
        await asyncio.gather(form.show(first, {}), form.show(second, {}), form.show(first, {}))
        assert list(form.values) == ["a", "b"] == [row.field_id for row in form.children]  # type: ignore[attr-defined]
        assert all(row.is_attached for row in form.children)


async def test_what_an_owner_shows_late_takes_no_key_back() -> None:
    class Owner(App[None]):
        known: dict[str, str] = {}  # noqa: RUF012  # one application

        def compose(self) -> list[Form]:  # type: ignore[override]  # an iterable of widgets
            return [Form()]

        def on_form_changed(self, message: Form.Changed) -> None:
            self.known[message.field_id] = message.take()

    fields = [Field("kind", "Kind", FieldKind.CHOICE, options=tuple(Option(id, id) for id in "abc")), Field("t", "T")]
    async with Owner().run_test() as pilot:
        form = pilot.app.query_one(Form)
        await form.show(fields, {"kind": "a", "t": ""}, "t")
        await pilot.press("x", "y")
        form.put_cursor("kind")
        choice, text = form.row("kind"), form.row("t")
        assert choice is not None and text is not None and isinstance(choice.control, Choice)
        choice.control.action_turn()
        text.control.value = "xyz"  # nobody heard of it yet
        await form.show(fields, {"kind": "a", "t": "x"})
        assert form.values == {"kind": "b", "t": "xyz"}
        choice.control.action_turn()
        await pilot.pause()
        assert pilot.app.known == {"kind": "c", "t": "xy"}  # type: ignore[attr-defined]
        await form.show(fields, {"kind": "a", "t": "x"})  # a change of the owner's own
        assert form.values == {"kind": "a", "t": "xyz"}


async def test_two_sizes_that_wait_while_nothing_is_drawn_come_to_an_end() -> None:
    async with running() as pilot:
        app, screen = pilot.app, pilot.app.screen
        screen._screen_resized(Size(80, 30))
        assert screen._compositor.size == app.size  # or what follows has no end
        with app.batch_update():
            for width in (80, 100):
                screen.post_message(events.Resize(Size(width, 30), Size(width, 30)))
                screen.call_later(lambda: None)
            await asyncio.sleep(0.1)
        assert screen.size == app.size
