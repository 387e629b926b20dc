"""The list of recent denials: read, narrowed, chosen; and said to be unreadable where it is."""

from __future__ import annotations

from typing import Any

import pytest

from screens.diagnose import DiagnoseScreen
from screens.recent_denials import RecentDenialsScreen
from tests.screens.diagnose.driving import NARROW, WIDE, diagnose_screen, seen, type_text, unbroken, until, until_seen


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_one_key_lists_them_and_enter_explains_one(demo_reader: Any, size: tuple[int, int]) -> None:
    async with diagnose_screen(demo_reader, size) as (app, pilot, screen):
        await pilot.press("escape", "R")
        await until(pilot, lambda: isinstance(app.screen, RecentDenialsScreen), "the list")
        await until_seen(pilot, "events back to 2026-08-22")
        assert "4×" in seen(app) and "role orders-ecs-" in seen(app)
        await pilot.press("slash")
        await type_text(pilot, "decrypt")
        await pilot.press("enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, DiagnoseScreen), "the Diagnose screen")
        await until(pilot, lambda: screen.run_shown and screen.run_shown.ended, "the answer")
        assert "resource.principal-mismatch" in seen(app)


async def test_where_cloudtrail_may_not_be_read_it_says_so(demo_reader_as: Any) -> None:
    async with diagnose_screen(demo_reader_as("carla"), NARROW) as (app, pilot, _):
        await pilot.press("ctrl+n")
        await until_seen(pilot, "a pasted error is explained all the same")
        assert "AWS denied cloudtrail:LookupEvents" in unbroken(app)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, DiagnoseScreen), "back")
