"""What screens that were left held is given back when nobody types."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Iterator
from contextvars import ContextVar

import pytest
from textual.app import App

from tests.support.driving.seeing import running, until
from tui import tidying


class _Left:
    """Refers to itself, as screens do."""

    def __init__(self) -> None:
        self.itself = self


async def test_the_collector_looks_when_the_operator_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[None] = []
    monkeypatch.setattr(tidying, "REST_SECONDS", 0.05)
    monkeypatch.setattr(tidying, "WORTH", 1)
    monkeypatch.setattr(tidying, "SHARE", 1_000_000)
    monkeypatch.setattr(tidying, "tidy", lambda: looks.append(None))
    async with running() as pilot:
        await pilot.press("j")
        await until(pilot, lambda: looks, "a look")


@pytest.fixture
def _thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("_thawed")
def test_what_refers_to_itself_alone_is_collected_though_it_was_frozen() -> None:
    """Whenever an account was read again, what was garbage then stayed for good, with all that it referred to."""
    shown = _Left()
    gone, left = weakref.ref(_Left()), weakref.ref(shown)
    gc.freeze()
    tidying.tidy()
    assert gone() is None and left() is shown
    del shown
    tidying.tidy()
    assert left() is None


def test_an_application_that_ended_is_garbage() -> None:
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


def test_new_objects_are_counted_since_the_last_whole_look() -> None:
    gc.collect()
    before = tidying.new_objects()
    kept = [_Left() for _ in range(5_000)]
    assert tidying.new_objects() - before >= 4_000 and kept
