"""A trail asked from the screens: the query and its cost are seen before a yes, and then its answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from iam.sources.aws.reader import AwsReader
from iam.sources.aws.trail_query.answer import AthenaAnswer
from iam.sources.reader.reading import Reading
from iam.sources.reader.trail_queries import TrailQuery, TrailQueryError
from screens.diagnose.recent.screen import RecentDenialsScreen
from screens.messages import RightSizeRole
from tests.support.driving.seeing import gone, line_with, running, screen_text, seen, until
from tui.app import RolescopeApp


@pytest.fixture
def asked(demo_reader_as: Callable[[str | None], AwsReader], monkeypatch: pytest.MonkeyPatch) -> list[TrailQuery]:
    """The queries that were run."""
    found: list[TrailQuery] = []
    ordinary = AwsReader.ask_trail

    def ask(reader: AwsReader, query: TrailQuery) -> Any:
        found.append(query)
        return ordinary(reader, query)

    monkeypatch.setattr(AwsReader, "ask_trail", ask)
    return found


async def test_right_size_by_a_query(demo_reader: AwsReader, asked: list[TrailQuery]) -> None:
    async with running(demo_reader, size=(120, 40)) as pilot:
        await seen(pilot, "ds-notebook")
        pilot.app.post_message(RightSizeRole("ds-notebook"))
        await seen(pilot, "ds-notebook  right-sized")
        await pilot.press("Q")
        await seen(pilot, "y runs it")
        text = screen_text(app_of(pilot))
        assert "Scans about" in text and "audit.cloudtrail_logs" in text and "ends a query at 10.0 GB" in text
        assert "SELECT awsregion" in text and not asked
        await pilot.press("escape")
        await gone(pilot, "y runs it")
        assert not asked
        await pilot.press("Q")
        await seen(pilot, "y runs it")
        await pilot.press("y")
        await seen(pilot, "actions removed")
        assert [query.question.role.name for query in asked if query.question.role] == ["ds-notebook"]
        await pilot.press("I")
        await seen(pilot, "Athena audit.cloudtrail_logs was queried, and scanned")


async def test_denials_of_the_account_or_of_every_account(demo_reader: AwsReader, asked: list[TrailQuery]) -> None:
    async with running(demo_reader, size=(120, 40)) as pilot:
        await seen(pilot, "ds-notebook")
        await pilot.press("2")
        app = app_of(pilot)
        await app.push_screen(RecentDenialsScreen(app.session))
        await seen(pilot, "Recent denials")
        await pilot.press("Q")
        await seen(pilot, "every account in it")
        assert "this account" in screen_text(app) and "y runs it" not in screen_text(app)
        await pilot.press("y")
        await seen(pilot, "There is no query to run yet")
        await pilot.press("down", "enter")
        await seen(pilot, "y runs it")
        await pilot.press("y")
        await seen(pilot, "refused calls in Athena audit.cloudtrail_logs since 2026-11-13")
        assert [query.question.account for query in asked] == [None]


def app_of(pilot: Any) -> RolescopeApp:
    assert isinstance(pilot.app, RolescopeApp)
    return pilot.app


async def test_what_cannot_be_asked_says_why(demo_reader: AwsReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        AwsReader, "trail_tables", lambda self, engine, name="": Reading("", why=f"AWS denied {engine}.")
    )
    async with running(demo_reader, size=(80, 24)) as pilot:
        await seen(pilot, "ds-notebook")
        pilot.app.post_message(RightSizeRole("ds-notebook"))
        await seen(pilot, "right-sized")
        await pilot.press("Q")
        await seen(pilot, "no trail can be queried")
        text = screen_text(app_of(pilot))
        assert "AWS denied Athena. AWS denied CloudTrail Lake." in text


async def test_a_query_that_fails_is_said(demo_reader: AwsReader, monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing:
        scanned = None

        def rows(self, waiting: object = None) -> Any:
            raise TrailQueryError("Athena audit.cloudtrail_logs: the query failed: [red]oh[/].")

        def stop(self) -> None: ...

    monkeypatch.setattr(AwsReader, "ask_trail", lambda self, query: Failing())
    async with running(demo_reader, size=(120, 40)) as pilot:
        await seen(pilot, "ds-notebook")
        pilot.app.post_message(RightSizeRole("ds-notebook"))
        await seen(pilot, "right-sized")
        await pilot.press("Q")
        await seen(pilot, "y runs it")
        await pilot.press("y")
        await seen(pilot, "the query failed: [red]oh[/]")


async def test_leaving_ends_a_query_that_runs(demo_reader: AwsReader, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[str] = []
    monkeypatch.setattr(AthenaAnswer, "_state", lambda self: ("RUNNING", ""))
    monkeypatch.setattr(AthenaAnswer, "_stop", lambda self: stopped.append("stopped"))
    async with running(demo_reader, size=(120, 40)) as pilot:
        await seen(pilot, "ds-notebook")
        pilot.app.post_message(RightSizeRole("ds-notebook"))
        await seen(pilot, "right-sized")
        for leave in ("right-size", "recent denials"):
            if leave == "recent denials":
                await pilot.app.push_screen(RecentDenialsScreen(app_of(pilot).session))
                await seen(pilot, "Recent denials")
            await pilot.press("Q")
            await seen(pilot, "audit.cloudtrail_logs")
            await pilot.press("enter")
            await seen(pilot, "y runs it")
            await pilot.press("y")
            await seen(pilot, "running for" if leave == "right-size" else "escape stops")
            await pilot.press("escape")
            await until(pilot, lambda: stopped, f"the query of {leave} to be stopped")
            stopped.clear()


async def test_the_numbers_of_a_draft_are_whole_at_80_columns(demo_reader: AwsReader) -> None:
    async with running(demo_reader, size=(80, 24)) as pilot:
        await seen(pilot, "ds-notebook")
        pilot.app.post_message(RightSizeRole("ds-notebook"))
        await seen(pilot, "actions removed")
        await seen(pilot, "newly allowed")
        numbers, more = (line_with(app_of(pilot), words).rstrip(" ▐") for words in ("actions removed", "newly allowed"))
        assert numbers.endswith("actions removed") and "kept: use unknown; " in more and more.endswith("I"), (
            numbers,
            more,
        )
