"""Messages pass by those who would only hand them on, and nothing else is different for it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from textual import events, on
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget

from tui.terminal.dispatch import dispatch_directly


class Said(Message):
    def __init__(self, word: str) -> None:
        super().__init__()
        self.word = word


class Deaf(Vertical):
    pass


class Named(Vertical):
    def on_said(self, message: Said) -> None:
        told(self, message.word)


class Decorated(Vertical):
    @on(Said)
    def hear(self, message: Said) -> None:
        told(self, message.word)


class Stopping(Vertical):
    def on_said(self, message: Said) -> None:
        message.stop()


class WithKey(Vertical):
    def key_x(self) -> None:
        told(self, "x")


class Speaker(Widget, can_focus=True):
    pass


class Family(App[None]):
    """A screen with these containers, one in the other, and a speaker in the innermost."""

    def __init__(self, *containers: type[Vertical]) -> None:
        super().__init__()
        self.containers = containers
        self.heard: list[str] = []

    def compose(self) -> ComposeResult:
        inner: Widget = Speaker()
        for container in reversed(self.containers):
            inner = container(inner)
        yield inner

    def on_said(self, message: Said) -> None:
        told(self, message.word)

    def on_key(self, event: events.Key) -> None:
        told(self, event.key)


def told(pump: MessagePump, word: str) -> None:
    app = pump.app
    assert isinstance(app, Family)
    app.heard.append(f"{type(pump).__name__} {word}")


@pytest.fixture(autouse=True)
def directly() -> Iterator[None]:
    kept = (Message._bubble_to, MessagePump._get_dispatch_methods, Screen._binding_chain)
    dispatch_directly()
    yield
    changed: Any = (Message, MessagePump, Screen)
    changed[0]._bubble_to, changed[1]._get_dispatch_methods, changed[2]._binding_chain = kept


async def heard(*containers: type[Vertical]) -> list[str]:
    app = Family(*containers)
    async with app.run_test() as pilot:
        await pilot.pause()
        say(app)
        await turns()
    return app.heard


def say(app: Family) -> None:
    speaker = app.query_one(Speaker)
    speaker.post_message(Said("hello").set_sender(speaker))


async def turns() -> None:
    """Not the pilot's pause, which gives everybody something to do."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_who_answers_hears_it_in_turn() -> None:
    assert await heard(Decorated, Deaf, Named, Deaf) == ["Named hello", "Decorated hello", "Family hello"]


async def test_who_stops_it_ends_its_way() -> None:
    assert await heard(Named, Deaf, Stopping, Deaf) == []


async def test_the_deaf_are_not_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[str] = []
    dispatch = MessagePump._dispatch_message

    async def noted(pump: MessagePump, message: Message) -> None:
        if isinstance(message, Said):
            woken.append(type(pump).__name__)
        await dispatch(pump, message)

    monkeypatch.setattr(MessagePump, "_dispatch_message", noted)
    await heard(Deaf, Named, Deaf, Deaf)
    assert woken == ["Speaker", "Named", "Family"]


async def test_what_a_container_does_already_comes_before_what_would_pass_it() -> None:
    app = Family(Deaf)
    async with app.run_test() as pilot:
        begun, goes_on = asyncio.Event(), asyncio.Event()

        async def work() -> None:
            begun.set()
            await goes_on.wait()
            told(app.query_one(Deaf), "worked")

        app.query_one(Deaf).call_next(work)
        await begun.wait()
        say(app)
        await turns()
        assert app.heard == []
        goes_on.set()
        await pilot.pause()
    assert app.heard == ["Deaf worked", "Family hello"]


async def test_a_method_for_a_key_is_called_on_its_way() -> None:
    app = Family(Deaf, WithKey, Deaf)
    async with app.run_test() as pilot:
        app.query_one(Speaker).focus()
        await pilot.press("x", "y")
    assert app.heard == ["WithKey x", "Family x", "Family y"]


async def test_who_does_not_hear_it_now_does_not_pass_it_on() -> None:
    app = Family(Deaf)
    async with app.run_test() as pilot:
        app.query_one(Deaf).disable_messages(Said)
        await pilot.pause()
        say(app)
        await turns()
    assert app.heard == []
