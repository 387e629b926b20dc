"""The list of recent denials: read, narrowed, chosen, kept, stopped; and said to be unreadable where it is."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from iam.sources.reader.evidence import EventPage
from screens.diagnose.recent.screen import RecentDenialsScreen
from screens.diagnose.screen import DiagnoseScreen
from tests.support.accounts.fake_reader import FakeReader
from tests.support.denials.recent import event
from tests.support.driving.diagnosing import NARROW, WIDE, diagnose_screen, seen, type_text, unbroken, until, until_seen


async def listed(pilot: Any) -> RecentDenialsScreen:
    """Open the list, and wait until it is read."""
    await pilot.press("escape", "R")
    app = pilot.app
    await until(pilot, lambda: isinstance(app.screen, RecentDenialsScreen), "the list")
    return the_list(app)


def the_list(app: Any) -> RecentDenialsScreen:
    screen = app.screen
    assert isinstance(screen, RecentDenialsScreen)
    return screen


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_enter_explains_one_and_escape_comes_back_to_its_row(demo_reader: Any, size: tuple[int, int]) -> None:
    async with diagnose_screen(demo_reader, size) as (app, pilot, screen):
        await listed(pilot)
        await until_seen(pilot, "events back to 2026-08-22 10:00 UTC; nothing is older")
        assert "4×" in seen(app) and "role orders-ecs-" in seen(app)
        # Where there is room, the day by hours: the newest at the right.
        assert ("24 h to now" in seen(app)) is (size == WIDE)
        assert ("  most " in seen(app)) is (size == WIDE)
        await pilot.press("s", "slash")
        await type_text(pilot, "pipeline")
        await pilot.press("enter", "down")
        row = the_list(app).table.row
        assert row is not None
        assert row.id.startswith("role ci-pipeline-builder|iam:CreateRole")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DiagnoseScreen), "the Diagnose screen")
        await until(pilot, lambda: screen.run_shown and screen.run_shown.ended, "the answer")
        assert "boundary.condition-unmet" in seen(app)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, RecentDenialsScreen), "back on the list")
        await pilot.pause()
        back = the_list(app)
        assert back.table.row == row
        assert (back.query_one(Input).value, back.order) == ("pipeline", 1)
        await pilot.press("escape", "escape", "escape")
        await until(pilot, lambda: app.current_mode == "roles", "no way round in a circle")


async def test_the_list_is_kept_with_ids_masked(
    demo_reader: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with diagnose_screen(demo_reader, NARROW) as (_, pilot, _screen):
        await listed(pilot)
        await until_seen(pilot, "nothing is older")
        await pilot.press("e")
        await until_seen(pilot, "JSON, with IDs and passwords masked")
        await pilot.press("O")
        await until_seen(pilot, "Save as")
        await pilot.press("enter")
        await until_seen(pilot, "Saved")
    (path,) = tmp_path.iterdir()
    text = path.read_text()
    assert "111122223333" not in text and "999988887777" not in text
    assert len(json.loads(text)["denials"]) == 16


class Endless(FakeReader):
    """CloudTrail without an end: one page at a time, when the test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.more = threading.Semaphore(1)

    def recent_events(self) -> Iterator[EventPage]:
        number = 0
        while True:
            self.more.acquire()
            number += 1
            yield EventPage("us-east-1", (event(number, session=f"s{number}"),), more=True)


async def test_what_was_read_until_escape_stays_and_m_goes_on() -> None:
    reader = Endless()
    async with diagnose_screen(reader, NARROW) as (app, pilot, _):
        await listed(pilot)
        await until_seen(pilot, "1 event back to 2026-11-20 08:59")
        assert "escape stops" in seen(app)
        await pilot.press("escape")
        await until_seen(pilot, "< reads further back")
        assert "1 kind of denial" in seen(app) and "escape stops" not in seen(app)
        reader.more.release(3)
        await pilot.press("less_than_sign")
        await until_seen(pilot, "events back to 2026-11-20 08:5")
        await until_seen(pilot, "×")
        await pilot.press("escape")
        await until_seen(pilot, "< reads further back")
        reader.more.release(5)  # whoever still waits for a page ends


async def test_where_cloudtrail_may_not_be_read_it_says_so(demo_reader_as: Any) -> None:
    async with diagnose_screen(demo_reader_as("carla"), NARROW) as (app, pilot, _):
        await pilot.press("ctrl+n")
        await until_seen(pilot, "a pasted error can still be explained")
        assert "AWS denied cloudtrail:LookupEvents" in unbroken(app)
        await pilot.press("e")
        await until_seen(pilot, "No denials could be read.")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, DiagnoseScreen), "back")
