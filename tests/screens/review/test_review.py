"""The Review screen on the demo account: findings, filter, plan, acceptance, and what other screens show of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from threading import Event
from time import sleep

import pytest
from textual.pilot import Pilot

from diagnostics.review.finding import Finding, Progress
from diagnostics.review.limits import Limits
from diagnostics.review.rules.habits import OWNER
from screens.review.accept import acceptances
from screens.review.rows import COLUMNS, FindingRows, row_of
from screens.review.run import ReviewRun, ReviewWent
from screens.review.screen import ReviewScreen
from screens.widgets.table import Row, VirtualTable
from screens.worker_failures import run_in_thread
from tests.support.accounts.fake_reader import FakeReader
from tests.support.driving.seeing import gone, line_with, running, screen_text, seen, type_text, until
from tui.app import RolescopeApp


@asynccontextmanager
async def reviewed(reader: object) -> AsyncIterator[tuple[RolescopeApp, Pilot[None]]]:
    """Review, at its end."""
    async with running(reader, wait_for="") as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        await until(pilot, lambda: app.session.account and not app.session.loading)
        await pilot.press("4")
        await until(pilot, lambda: app.session.findings is not None, "the review's end")
        yield app, pilot


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_findings_of_the_demo(
    demo_reader_as: Callable[..., object],
    size: tuple[int, int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ROLESCOPE_CONFIG", str(tmp_path / "config.toml"))
    async with running(demo_reader_as(None), size=size, wait_for="") as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        await until(pilot, lambda: app.session.account and not app.session.loading)
        await pilot.press("4")
        await until(pilot, lambda: app.session.findings is not None, "the review's end")
        await seen(pilot, " high, ")
        table = app.screen.query_one(VirtualTable)
        assert table.cursor == 0 and table.rows[0].cells[0] == "◆ critical"
        await pilot.press("/")
        await type_text(pilot, "rule:orphan")
        await seen(pilot, "1 of ")
        await seen(pilot, "AROAEXAMPLEDELETEDROLE")
        await pilot.press("enter", "enter")
        await seen(pilot, "metrics-collector")
        await seen(pilot, "names a principal that was deleted")  # among the role's facts
        await pilot.press("escape")
        await seen(pilot, "1 of ")  # back in the review
        await pilot.press("1")
        await seen(pilot, "sorted by name")
        if size[0] == 120:
            assert "1 medium" in line_with(app, "metrics-collector ")
        await pilot.press("/")
        await type_text(pilot, "rule:external")
        await seen(pilot, "1 of 32 roles")


async def test_a_fix_becomes_a_plan_and_a_finding_is_accepted(
    demo_reader_as: Callable[..., object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLESCOPE_CONFIG", str(tmp_path / "config.toml"))
    async with reviewed(demo_reader_as(None)) as (app, pilot):
        await pilot.press("/")
        await type_text(pilot, "deputy ReportExporter")
        await seen(pilot, "1 of ")
        await pilot.press("enter", "p")
        await seen(pilot, "UpdateAssumeRolePolicy")
        await pilot.press("escape")
        await seen(pilot, "aws:SourceAccount")
        await pilot.press("z")
        await seen(pilot, "Accept trust.confused-deputy")
        await type_text(pilot, "no cross-account states 2027-03-31")
        await pilot.press("enter")
        await seen(pilot, "1 finding accepted")
        assert "1 accepted" in screen_text(app)
        text = (tmp_path / "accepted.toml").read_text(encoding="utf-8")
        assert 'rule = "trust.confused-deputy"' in text and "until = 2027-03-31" in text
        assert 'reason = "no cross-account states"' in text
        await pilot.press("slash", "end")
        await type_text(pilot, " is:open")
        await seen(pilot, "No finding matches")
        await pilot.press("escape", "exclamation_mark")
        await gone(pilot, "No finding matches")
        await pilot.press("escape", "slash")
        await type_text(pilot, "rule:use.unused-service gha-plan")
        await seen(pilot, "1 of ")
        await pilot.press("enter", "l")
        await seen(pilot, "gha-plan-readonly  right-sized")


def test_a_reason_with_and_without_a_day() -> None:
    from diagnostics.review.rules.care import UNATTACHED

    one = UNATTACHED.finding("arn:aws:iam::111122223333:policy/x", "Nobody has x.")
    (given,) = acceptances([one], "kept for later until 2027-01-31", "ben")
    assert (given.reason, given.until, given.by) == ("kept for later", date(2027, 1, 31), "ben")
    (given,) = acceptances([one], "kept for good", "")
    assert (given.reason, given.until) == ("kept for good", None)


async def test_marked_roles_are_tagged_and_a_role_is_renamed(
    demo_reader_as: Callable[..., object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLESCOPE_CONFIG", str(tmp_path / "config.toml"))
    async with reviewed(demo_reader_as(None)) as (app, pilot):
        await pilot.press("/")
        await type_text(pilot, "rule:wildcard-resource write")
        await seen(pilot, "2 of ")
        await pilot.press("enter", "space", "space", "t")
        await seen(pilot, "2 roles: put tags on")
        assert "team=" in screen_text(app)
        await pilot.press("ctrl+u")
        await type_text(pilot, "night")
        await pilot.press("enter")
        await seen(pilot, "night is not a tag")
        await pilot.press("t")
        await seen(pilot, "2 roles: put tags on")
        await type_text(pilot, "night")
        await pilot.press("enter")
        await seen(pilot, "2 calls")
        for words in ("release-manager", "lake-etl-glue", "TagRole"):
            assert words in screen_text(app)
        await pilot.press("escape")
        await pilot.press("/")
        await type_text(pilot, "rule:naming")
        await seen(pilot, "1 of ")
        await pilot.press("enter", "p")
        await seen(pilot, "ReportExporter: rename")
        assert "report-exporter" in screen_text(app)
        await pilot.press("enter")
        await seen(pilot, "Creates the role report-exporter with 1 policy")


async def test_a_cause_is_opened_accepted_and_planned_as_one(
    demo_reader_as: Callable[..., object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROLESCOPE_CONFIG", str(tmp_path / "config.toml"))
    async with reviewed(demo_reader_as(None)) as (app, pilot):
        table = app.screen.query_one(VirtualTable)
        await pilot.press("/")
        await type_text(pilot, "rule:s.admin")
        await seen(pilot, "[+] 3 roles")
        await pilot.press("enter", "right")
        await seen(pilot, "[-] 3 roles")
        assert [row.cells[1].strip() for row in table.rows[1:]] == ["ds-notebook", "break-glass-admin", "saml-admin"]
        await pilot.press("down", "left")
        await seen(pilot, "[+] 3 roles")
        assert table.cursor == 0 and len(table.rows) == 1
        await pilot.press(_key(app, "accept"))
        await seen(pilot, "Accept 3 findings")
        await type_text(pilot, "kept for drills")
        await pilot.press("enter")
        await seen(pilot, "3 findings accepted")
        assert (tmp_path / "accepted.toml").read_text(encoding="utf-8").count("permissions.admin") == 3
        await pilot.press("/")
        await type_text(pilot, "rule:unused-service")
        await seen(pilot, "[+] 4 roles")
        await pilot.press("enter", "p")
        await seen(pilot, "None of these findings has a fix that can be planned here")
        await pilot.press("/")
        await type_text(pilot, "rule:deputy")
        await seen(pilot, "4 of ")
        await pilot.press("enter", "space", "space", "p")
        await seen(pilot, "4 changes: ")
        await pilot.press("escape")
        await seen(pilot, "4 of ")
        await pilot.press("f")
        await seen(pilot, "Fixes: ")
        await pilot.press("escape", "C")
        await seen(pilot, "The fewest changes that close every path")
        await seen(pilot, "Stop every principal of this account from assuming ds-notebook")
        await pilot.press("1")
        await seen(pilot, "UpdateAssumeRolePolicy")


def _key(app: RolescopeApp, action: str) -> str:
    return next(each.key for each in app.screen.BINDINGS if getattr(each, "action", "") == action)


async def test_what_is_found_later_moves_no_line_that_is_read(demo_reader_as: Callable[..., object]) -> None:
    async with reviewed(demo_reader_as(None)) as (app, pilot):
        screen, table = app.screen, app.screen.query_one(VirtualTable)
        assert isinstance(screen, ReviewScreen)
        run = screen.run
        assert run is not None
        every = run.review

        async def found(count: int) -> list[str]:
            """Show the last so many findings, as if the others were still to come; return the lines' ids."""
            at_first = replace(every, findings=every.findings[-count:])
            screen.post_message(ReviewWent(run, at_first, Progress("rules", 1, 3), ()))
            await until(pilot, lambda: len(screen.shown) == count)
            await pilot.pause()
            return [row.id for row in table.rows]

        await found(20)
        assert table.row is None  # graver ones may come first: no key acts on what may change under it
        await pilot.press("p")
        await seen(pilot, "No line is chosen yet: j goes to the first one.")
        assert app.screen is screen
        await found(len(every.findings))
        assert table.row is None and table.rows[0].cells[0] == "◆ critical"
        few = await found(20)
        await pilot.press("down", "down", "down")
        here = table.rows[2].id
        more = await found(40)
        assert table.cursor == 2 and table.rows[2].id == here
        # A line of one finding may have become one of several, in its place.
        assert [id for id in more if id in few] == [id for id in few if id in more]
        assert {*more[: len(few)]} >= {*few} & {*more}
        await found(len(every.findings))
        assert table.cursor == 2 and table.rows[2].id == here and table.rows[0].cells[0] != "◆ critical"
        assert "newest last" in screen_text(app)
        screen.post_message(ReviewWent(run, every, None, ()))
        await until(pilot, lambda: run.ended)
        assert table.cursor == 2 and table.rows[2].id == here
        await pilot.press("4")
        await until(pilot, lambda: table.rows[0].cells[0] == "◆ critical" and table.cursor == 0)
        assert "newest last" not in screen_text(app)


async def test_the_gravest_is_chosen_at_the_end_if_nobody_moved(demo_reader_as: Callable[..., object]) -> None:
    async with reviewed(demo_reader_as(None)) as (app, pilot):
        screen, table = app.screen, app.screen.query_one(VirtualTable)
        assert isinstance(screen, ReviewScreen) and screen.run is not None
        run, every = screen.run, screen.run.review
        few = replace(every, findings=every.findings[-20:])
        screen.post_message(ReviewWent(run, few, Progress("rules", 1, 3), ()))
        await until(pilot, lambda: len(screen.shown) == 20 and table.row is None, "nothing chosen")
        await seen(pilot, "the first line is chosen when the review ends")
        screen.post_message(ReviewWent(run, every, None, ()))
        await until(pilot, lambda: table.row is not None and table.cursor == 0, "the gravest")
        assert table.rows[0].cells[0] == "◆ critical"
        # Escape does one thing at a time, and the bottom line says which.
        await pilot.press("space")
        await type_text(pilot, "/high")
        await seen(pilot, "esc clear filter")
        await pilot.press("escape")
        await seen(pilot, "esc unmark 1")
        await pilot.press("escape")
        assert not table.marked


async def test_the_review_at_a_glance(demo_reader_as: Callable[..., object]) -> None:
    async with running(demo_reader_as(None), wait_for="", size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        await until(pilot, lambda: app.session.account and not app.session.loading)
        await pilot.press("4")
        await until(pilot, lambda: app.session.findings is not None, "the review's end")
        await pilot.press("colon", *"bars", "enter")
        await seen(pilot, "findings by team")
        row = line_with(app, "platform ")
        assert "█" in row and "critical" in row
        while "platform" not in line_with(app, "▸"):
            await pilot.press("down")
        await pilot.press("enter")
        await seen(pilot, "team=platform")
        await seen(pilot, "contractor-scoped")
        assert "legacy-ftp-sync" not in screen_text(app)


async def test_a_review_that_was_stopped_stays_so(
    demo_reader_as: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(_: object) -> Iterator[Progress]:
        for number in count():
            sleep(0.01)
            yield Progress("roles", number, 0)

    monkeypatch.setattr("screens.review.run.review", endless)
    async with running(demo_reader_as(None), wait_for="") as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        await until(pilot, lambda: app.session.account and not app.session.loading)
        await pilot.press("4")
        await seen(pilot, "escape stops")
        await pilot.press("escape")
        await seen(pilot, "stopped")
        await pilot.press("w")
        await seen(pilot, "Who can")
        await pilot.press("escape")
        await pilot.press("1")
        await pilot.press("4")
        await seen(pilot, "stopped")
        await pilot.press("r")
        await seen(pilot, "escape stops")
        await pilot.press("escape")
        await seen(pilot, "stopped")


async def test_a_review_that_fails_is_told_once_and_begins_no_more_by_itself(
    demo_reader_as: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []

    def broken(_: object) -> Iterator[Progress]:
        begun.append(1)
        raise RuntimeError("no such rule")
        yield

    monkeypatch.setattr("screens.review.run.review", broken)
    async with running(demo_reader_as(None), wait_for="") as pilot:
        app = pilot.app
        assert isinstance(app, RolescopeApp)
        await until(pilot, lambda: app.session.account and not app.session.loading)
        await pilot.press("4")
        await seen(pilot, "stopped: r restarts it")
        assert (len(begun), len(app.session.troubles)) == (1, 1)


async def test_what_only_the_rules_look_at_is_given_back_at_the_end(demo_reader: object) -> None:
    async with reviewed(demo_reader) as (app, pilot):
        run = app.session.review
        assert isinstance(run, ReviewRun)
        await until(pilot, lambda: run.ended)
        assert not {"index", "principals"} & set(vars(run.reviewed))
        assert not run.reviewed._trusts and not run.reviewed._accessed


def test_a_row_is_made_when_it_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an account of ten thousand roles the rows of all findings weigh as much as the findings."""
    found = [OWNER.finding(f"arn:aws:iam::111122223333:role/r{number}", f"r{number} has none.") for number in range(9)]
    made: list[Finding] = []

    def counted(one: Finding, **state: bool) -> Row:
        made.append(one)
        return row_of(one, **state)

    monkeypatch.setattr("screens.review.rows.row_of", counted)
    rows = FindingRows(found)
    table = VirtualTable(COLUMNS)
    table.rows = rows
    assert (len(rows), table.row, made) == (9, row_of(found[0]), found[:1])
    assert list(rows[7:]) == [row_of(each) for each in found[7:]]


def test_what_the_last_finished_review_did_not_show_is_new() -> None:
    from diagnostics.review.rules.care import UNATTACHED, VERSIONS_FULL

    reader = FakeReader()
    *_, account = reader.accounts()
    old, covered = (UNATTACHED.finding(f"arn:aws:iam::111122223333:policy/{name}", "Nobody has it.") for name in "xy")
    other = VERSIONS_FULL.finding("arn:aws:iam::111122223333:policy/x", "It has five versions.")

    def ended(earlier: ReviewRun | None, *findings: Finding) -> ReviewRun:
        run = ReviewRun(account, reader, Limits(), None, earlier)
        run.review, run.ended = replace(run.review, findings=findings), True
        return run

    first = ended(None, old, replace(covered, double_of=old.key))
    assert first.new == ()  # nothing came before it
    then = ended(first, covered, other)
    assert then.new == (covered, other)
    then.ended = False
    assert then.new == () and ended(then, old, other).new == (other,)  # one that was stopped counts for nothing


async def test_esc_stops_nothing_any_more_once_the_worker_has_ended() -> None:
    """A worker's last message comes before its end."""
    async with reviewed(FakeReader()) as (app, pilot):
        await gone(pilot, "esc stop")
        ended = Event()
        run_in_thread(app.screen, lambda: ended.wait(60), "review")
        app.screen.refresh_bindings()
        await until(pilot, lambda: "esc stop" in screen_text(app), "esc stop")
        ended.set()
        await gone(pilot, "esc stop")
