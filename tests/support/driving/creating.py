"""Driving the creation as an operator does: keys alone, from the first step to the tries of the new role."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from screens.create.screen import CreateScreen
from screens.create.steps import CreateStep
from screens.plan.confirm import TypeName
from screens.plan.forms import FORMS, texts_of
from screens.plan.screen import PlanScreen
from tests.support.accounts.fake_reader import make_app
from tests.support.driving.diagnosing import paste, seen, until, until_seen
from tui.app import RolescopeApp

if TYPE_CHECKING:
    import boto3

    from iam.demo.aws.world import World

WIDE, NARROW = (120, 40), (80, 24)
ACCOUNT = "111122223333"


async def send(pilot: Pilot[Any], *keys: str) -> None:
    """The keys as one packet, as they may come over SSH, waiting until the last one was dealt with.

    Textual's own ``press`` waits after each key until the process is idle, which is most of such a test's time.
    """
    app = pilot.app
    assert isinstance(app, RolescopeApp)
    assert app._driver is not None
    for key in keys:
        char = key if len(key) == 1 else {"space": " "}.get(key)
        event = events.Key(_character_to_key(key) if len(key) == 1 else key, char)
        event.set_sender(app)
        app._driver.send_message(event)
    await asyncio.sleep(0)
    while app._keys_waiting or not app._rested:
        await asyncio.sleep(0.001)
    await pilot.pause()


class Wizard:
    """The operator at the keyboard."""

    def __init__(self, app: RolescopeApp, pilot: Pilot[Any], screen: CreateScreen) -> None:
        self.app, self.pilot, self.screen = app, pilot, screen

    async def press(self, *keys: str) -> None:
        await send(self.pilot, *keys)

    async def type(self, text: str) -> None:
        """Into the line that has the cursor; what stood there goes. At one go: every key lays out the screen anew."""
        await self.press("ctrl+u")
        await paste(self.pilot, text)

    async def type_keys(self, text: str) -> None:
        """The same key by key, for what is shown while somebody types."""
        await self.press("ctrl+u", *text)

    async def choose(self, title: str) -> None:
        """In the choice that has the cursor."""
        row = self.screen.form.row(self.cursor)
        assert row is not None
        options = [option.title for option in row.spec.options if not option.listed_only]
        assert title in options, f"no choice {title} among {options}"
        ids = [option.id for option in row.spec.options]
        steps = (options.index(title) - ids.index(row.value)) % len(options)
        await self.press(*["right"] * steps)
        await until(self.pilot, lambda: f"‹ {title} ›" in seen(self.app), f"the choice {title}")

    @property
    def cursor(self) -> str:
        return self.screen.form.cursor

    async def told(self, id: str, words: str) -> None:
        """The sentence below a field, once it says so, and in sight."""
        row = self.screen.form.row(id)
        assert row is not None
        await until(self.pilot, lambda: words in row.sentence.text and row.sentence.region.height, words)

    async def field(self, id: str) -> None:
        """Walk down to the field, as a person does."""
        for _ in range(3):
            ids = list(self.screen.form.values)
            if self.cursor == id:
                return
            assert id in ids, f"no field {id}:\n{seen(self.app)}"
            await self.press(*["tab"] * (ids.index(id) - ids.index(self.cursor)))
        raise AssertionError(f"the cursor is in {self.cursor}, not in {id}:\n{seen(self.app)}")

    async def fill(self, *, by_keys: bool = False, **values: str) -> None:
        """Fields by the last part of their ids, in their order on the screen."""
        for key, value in values.items():
            ids = [each for each in self.screen.form.values if each.rpartition(".")[2] == key]
            await self.field(ids[0] if ids else key)
            row = self.screen.form.row(self.cursor)
            assert row is not None
            if row.spec.options:
                await self.choose(next(each.title for each in row.spec.options if each.id == value))
            else:
                await (self.type_keys if by_keys else self.type)(value)

    async def on(self, step: CreateStep) -> None:
        """ctrl+r, and the next step is there."""
        await self.press("ctrl+r")
        await until(self.pilot, lambda: self.screen.step is step, f"step {step.name}")

    async def checked(self) -> None:
        await self.on(CreateStep.CHECK)
        await until(self.pilot, lambda: not self.screen.check.running, "the check's end")

    async def planned(self) -> PlanScreen:
        """The check finds no error, and the plan can be had in every form."""
        await self.checked()
        assert not self.screen.check.errors, seen(self.app)
        await self.press("ctrl+r")
        await until(self.pilot, lambda: isinstance(self.app.screen, PlanScreen), "the plan")
        plan = self.app.screen
        assert isinstance(plan, PlanScreen)
        await until_seen(self.pilot, "no calls made yet")
        texts = texts_of(plan.plan)
        assert set(texts) == set(FORMS)
        assert all(plan.plan.calls[0].text("RoleName") in text for text in texts.values())
        return plan

    async def made(self) -> None:
        """Check, plan, apply, and the tries of the result."""
        plan = (await self.planned()).plan
        await self.press("enter")
        if plan.type_name:
            await until(self.pilot, lambda: isinstance(self.app.screen, TypeName), "the name is asked for")
            await self.type(plan.type_name)
            await self.press("enter")
        else:
            await until_seen(self.pilot, "not now")
            await self.press("y")
        await until(self.pilot, lambda: self.screen.step is CreateStep.RESULT, "the result")
        await until(self.pilot, lambda: not self.screen.result.trying, "the end of the tries")
        assert f"{self.screen.creation.draft.name} created" in seen(self.app)

    @property
    def next_steps(self) -> str:
        return self.screen.result.next.text

    def assert_tried(self, least: int = 2) -> None:
        tries = self.screen.result.tries
        assert len(tries) >= least, seen(self.app)
        assert all(each.good for each in tries), [(each.request, each.sentence) for each in tries if not each.good]
        assert any(not each.request.allowed for each in tries)


@asynccontextmanager
async def wizard(world: World, size: tuple[int, int] = WIDE, *, user: str | None = None) -> AsyncIterator[Wizard]:
    """The application on this test's own demo account, with the Create screen opened by its key."""
    from iam.demo.open import reader

    app = make_app(reader(world, as_user=user))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.session.account and not app.session.loading, "the account")
        await pilot.press("3")
        await until(pilot, lambda: isinstance(app.screen, CreateScreen) and app.screen.creation.names, "the screen")
        screen = app.screen
        assert isinstance(screen, CreateScreen)
        yield Wizard(app, pilot, screen)


Session = Callable[..., "boto3.Session"]


def role_of(session: Session, name: str) -> Any:
    return session().client("iam").get_role(RoleName=name)["Role"]


def statement_of(role: Any) -> Any:
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    return statement
