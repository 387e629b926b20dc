"""What screens that were left held is given back when nobody types."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import weakref
from contextvars import ContextVar

import pytest
from textual.app import App

from screens.messages import AccountRead
from tests.support.driving.seeing import running, until
from tui import tidying
from tui.app import RolescopeApp


class _Left:
    """Refers to itself, as screens do."""

    def __init__(self) -> None:
        self.itself = self


# ``new_blocks`` is replaced: what earlier tests left may be freed meanwhile, and then its count falls.


async def test_the_collector_looks_when_the_operator_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[None] = []
    monkeypatch.setattr(tidying, "REST_SECONDS", 0.05)
    monkeypatch.setattr(tidying, "new_blocks", lambda before: 10**9)
    monkeypatch.setattr(tidying, "tidy", lambda: looks.append(None))
    async with running() as pilot:
        await pilot.press("j")
        await until(pilot, lambda: looks, "a look")


def test_what_refers_to_itself_alone_is_collected_though_it_was_frozen() -> None:
    """Whenever an account was read again, what was garbage then stayed for good, with all that it referred to.

    In a process of its own: of this one, all that earlier tests left would be looked through.
    """
    code = "from tests.tui.test_tidying import look_at_what_was_frozen; look_at_what_was_frozen()"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def look_at_what_was_frozen() -> None:
    shown = _Left()
    gone, left = weakref.ref(_Left()), weakref.ref(shown)
    gc.freeze()
    assert gone() is not None
    tidying.tidy()
    assert gone() is None and left() is shown
    del shown
    assert left() is not None
    tidying.tidy()
    assert left() is None


def test_an_application_that_ended_is_garbage() -> None:
    """In a process of its own, for the same reason."""
    code = "from tests.tui.test_tidying import look_at_an_application_that_ended as look; look()"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def look_at_an_application_that_ended() -> None:
    async def ended() -> weakref.ref[App[None]]:
        async with running() as pilot:
            await pilot.press("2")
            return weakref.ref(pilot.app)

    left = asyncio.run(ended())
    gc.collect()
    assert left() is None


def test_a_thread_keeps_nothing_of_what_it_did_last() -> None:
    worker: ContextVar[_Left] = ContextVar("worker")

    def work() -> weakref.ref[_Left]:
        worker.set(its := _Left())
        return weakref.ref(its)

    with tidying.ForgetfulThreads(1) as threads:
        left = threads.submit(work).result()
        threads.submit(int).result()
        gc.collect()
        assert left() is None


def test_what_is_new_is_counted_though_it_was_frozen() -> None:
    """Reading the account again freezes it, and set the collector's own counts back to 0."""
    gc.collect()
    before = sys.getallocatedblocks()
    kept = [_Left() for _ in range(5_000)]
    gc.freeze()
    assert tidying.new_blocks(before) >= 5_000 and kept


async def test_what_an_account_leaves_when_it_is_read_again_is_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[None] = []
    monkeypatch.setattr(tidying, "REST_SECONDS", 0.05)
    monkeypatch.setattr(tidying, "new_blocks", lambda before: 10**9)
    async with running() as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp) and app.session.account is not None
        monkeypatch.setattr(tidying, "tidy", lambda: looks.append(None))
        app.on_account_read(AccountRead(app.session.account, app._generation))  # no key was pressed
        await until(pilot, lambda: looks, "a look")


async def test_a_worker_that_waits_does_not_put_it_off_for_good(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[None] = []
    monkeypatch.setattr(tidying, "REST_SECONDS", 0.01)
    monkeypatch.setattr(tidying, "new_blocks", lambda before: 10**9)
    monkeypatch.setattr(tidying, "MOST_DELAYS", 3)
    monkeypatch.setattr(tidying, "tidy", lambda: looks.append(None))
    async with running() as pilot:
        waiting = asyncio.Event()
        pilot.app.run_worker(waiting.wait())
        looks.clear()
        await pilot.press("j")
        await until(pilot, lambda: looks, "a look")
        waiting.set()
