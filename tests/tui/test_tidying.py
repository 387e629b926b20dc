"""What a screen that was left held is given back when nobody types."""

from __future__ import annotations

import asyncio
import gc
import weakref

from screens.role.screen import RoleScreen
from tests.support.seeing import gone, running, seen
from tui import tidying


async def test_a_screen_that_was_left_is_not_kept_where_the_operator_rests(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(tidying, "REST_SECONDS", 0.3)
    monkeypatch.setattr(tidying, "WORTH", 1)
    threads = tidying.ForgetfulThreads(2)
    asyncio.get_running_loop().set_default_executor(threads)
    async with running() as pilot:
        # A screen that comes after the account was read: what is there then is put aside, and never collected.
        await pilot.press("enter")
        await seen(pilot, "instance profiles")
        screen = pilot.app.screen
        assert isinstance(screen, RoleScreen)
        left = weakref.ref(screen)
        del screen
        await pilot.press("escape")
        await gone(pilot, "instance profiles")
        while left() is not None:
            await pilot.press("j")  # whenever it is gone: the operator rests again
            await asyncio.sleep(0.5)


def test_new_objects_are_counted_since_the_last_whole_look() -> None:
    gc.collect()
    before = tidying.new_objects()
    kept = [[] for _ in range(5_000)]  # type: ignore[var-annotated]
    assert tidying.new_objects() - before >= 4_000 or not kept
