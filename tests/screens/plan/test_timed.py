"""A change that is made for a time on the screen: kept, taken back, and taken back when the program ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from textual.pilot import Pilot

from iam.changes import apply as applying
from iam.changes.call import Call
from iam.changes.journal import End, JournalRecord, journals
from iam.credentials.profiles import Profile, ProfileMethod
from screens.plan import timed
from screens.plan.leaving import Leaving
from screens.plan.run import Judged
from screens.plan.screen import PlanScreen
from screens.plan.timed import Waited, left_words, shows_now
from tests.support.driving.plans import NARROW, WIDE, of_role, opened, planned, three_calls
from tests.support.driving.seeing import seen, until
from tests.support.driving.waiting import LONG
from tui.app import RolescopeApp

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

SOON, LATER = timedelta(seconds=1), timedelta(minutes=10)
Open = Callable[[str | None], "AwsReader"]


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def over(monkeypatch: pytest.MonkeyPatch) -> Event:
    """No time is looked at before this is set, or it might be over before the test has seen that it runs."""
    looked_at = Event()
    wait = timed.wait_for_keep

    def waiting(path: Path, **more: Any) -> Waited:
        looked_at.wait(LONG)
        return wait(path, **more)

    monkeypatch.setattr(timed, "wait_for_keep", waiting)
    return looked_at


@pytest.fixture
def open_as(demo_world: World) -> Open:
    from iam.demo.open import reader

    return lambda user: reader(demo_world, as_user=user)


async def made(
    app: RolescopeApp,
    pilot: Pilot[None],
    reader: AwsReader,
    monkeypatch: pytest.MonkeyPatch,
    time: timedelta,
    *,
    by_menu: bool = False,
) -> PlanScreen:
    """Three calls, made for that time."""
    monkeypatch.setattr("screens.plan.screen.TIMES", [("10m", "10 minutes", time)])
    assert app.session.account is not None
    await app.push_screen(PlanScreen(app.session, three_calls(reader, app.session.account)))
    screen = await planned(pilot)
    if by_menu:
        await pilot.press("ctrl+r")
        await seen(pilot, "carry out 3 calls")
    await pilot.press("at")
    await seen(pilot, "for 10 minutes")
    await pilot.press("down", "enter")
    await seen(pilot, "Undone after 10 minutes")
    await pilot.press("y")
    return screen


@pytest.mark.parametrize(("size", "by_menu"), [(WIDE, False), (NARROW, True)], ids=["120x40", "80x24"])
async def test_a_change_for_a_time_counts_down_and_is_kept(
    open_as: Open, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], by_menu: bool
) -> None:
    reader = open_as(None)
    async with opened(reader, size) as (app, pilot):
        screen = await made(app, pilot, reader, monkeypatch, LATER, by_menu=by_menu)
        await seen(pilot, "Made for a limited time")
        await seen(pilot, "unless you keep it: = keeps it, u undoes it")
        assert screen.state.record is not None
        assert left_words(screen.state.record).endswith(" s")
        assert not app.session.unfinished  # it is watched: nothing offers to resume it
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, Leaving), "the question")
        await seen(pilot, "leaving undoes it")
        await pilot.press("s", "equals_sign")
        await until(pilot, lambda: screen.state.end is End.APPLIED and not app.session.timed, "the end of the wait")
        assert not app.session.half_done
    assert of_role(reader)[0] == "new"


async def test_it_is_taken_back_when_its_time_is_over_whatever_screen_is_up(
    open_as: Open, monkeypatch: pytest.MonkeyPatch, over: Event
) -> None:
    reader = open_as(None)
    before = of_role(reader)
    async with opened(reader) as (app, pilot):
        screen = await made(app, pilot, reader, monkeypatch, SOON)
        await until(pilot, lambda: screen.state.watched, "the end of the calls")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, PlanScreen), "another screen")
        over.set()
        await until(pilot, lambda: not app.session.timed, "the end of its time")
        await seen(pilot, "rolled back")
        assert not app.session.half_done
    assert of_role(reader) == before


async def test_leaving_the_program_takes_it_back(open_as: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = open_as(None)
    before = of_role(reader)
    async with opened(reader) as (app, pilot):
        screen = await made(app, pilot, reader, monkeypatch, LATER)
        await until(pilot, lambda: screen.state.watched, "the end of the calls")
        [watch] = app.session.timed.values()
    app.give_up()
    watch.join(60)
    assert [record.end for record in journals()] == [End.ROLLED_BACK]
    assert of_role(reader) == before


async def test_an_end_in_the_middle_of_the_calls_takes_back_what_was_made(
    open_as: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = open_as(None)
    before = of_role(reader)
    sent: list[str] = []
    send = applying._Run._send

    def sending(run: applying._Run, call: Call) -> Any:
        answer = send(run, call)
        if len(sent) == 1:
            app.give_up()  # the terminal is lost
        sent.append(call.operation)
        return answer

    monkeypatch.setattr(applying._Run, "_send", sending)
    async with opened(reader) as (app, pilot):
        await made(app, pilot, reader, monkeypatch, LATER)
        await until(pilot, lambda: len(sent) > 1, "the second call")
        watches = list(app.session.timed.values())
        for watch in watches:
            watch.join(60)
    [record] = journals()
    assert (record.end, len(sent)) == (End.ROLLED_BACK, 4)
    assert record.until is not None and of_role(reader) == before


async def test_a_change_for_a_time_that_was_stopped_is_taken_back_with_its_time(
    open_as: Open, monkeypatch: pytest.MonkeyPatch, over: Event
) -> None:
    reader = open_as(None)
    before = of_role(reader)
    send = applying._Run._send

    def sending(run: applying._Run, call: Call) -> Any:
        if call.operation == "TagRole":
            cast(PlanScreen, app.screen).give_up()  # escape
        return send(run, call)

    monkeypatch.setattr(applying._Run, "_send", sending)
    async with opened(reader) as (app, pilot):
        await made(app, pilot, reader, monkeypatch, SOON)
        await seen(pilot, "unless you keep it (=)")
        over.set()
        await until(pilot, lambda: not app.session.timed, "the end of its time")
        await seen(pilot, "Rolled back")
    assert of_role(reader) == before


async def test_no_way_back_is_promised_to_who_could_not_take_it_back(
    open_as: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    from diagnostics.plans import changes
    from diagnostics.plans.role_change import change_plan
    from iam.sources.reader.opened import OpenedAccount

    reader = open_as(None)
    async with opened(reader) as (app, pilot):
        assert app.session.account is not None
        own = change_plan(["saml-admin"], changes.Disable(), OpenedAccount(app.session.account, reader))
        await app.push_screen(PlanScreen(app.session, own))
        await planned(pilot)
        await pilot.press("at")
        await seen(pilot, "An undo cannot be guaranteed")
        assert not app.session.timed


async def test_a_profile_that_can_undo_it_takes_it_back(
    open_as: Open, demo_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from diagnostics.plans import changes
    from diagnostics.plans.role_change import change_plan
    from iam.sources.reader.opened import OpenedAccount

    reader = open_as(None)
    everything = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}'
    reader.aws.client("iam").put_user_policy(UserName="alice", PolicyName="rescue", PolicyDocument=everything)
    monkeypatch.setattr("screens.plan.screen.TIMES", [("10m", "10 minutes", LATER)])
    profiles = tuple(Profile(name, "us-east-1", ProfileMethod.KEYS) for name in ("ben", "alice"))
    monkeypatch.setattr(Judged, "profiles", property(lambda _: profiles, lambda *_: None), raising=False)
    async with opened(reader) as (app, pilot):
        app.session.open_profile = open_as
        assert app.session.account is not None
        own = change_plan(["saml-admin"], changes.Disable(), OpenedAccount(app.session.account, reader))
        await app.push_screen(PlanScreen(app.session, own))
        screen = await planned(pilot)
        await pilot.press("at")
        await seen(pilot, "Which profile undoes the change?")
        await pilot.press("enter")
        await seen(pilot, "is denied to ben")
        await pilot.press("at")
        await seen(pilot, "Which profile undoes the change?")
        # While another profile is being opened, the caller's own credentials are asked for again: those are judged.
        begun, go_on = Event(), Event()

        def slowly(user: str | None) -> AwsReader:
            begun.set()
            go_on.wait(LONG)
            return open_as(user)

        app.session.open_profile = slowly
        await pilot.press("down", "enter")
        await until(pilot, begun.is_set, "the profile is opened")
        await pilot.press("at")
        await seen(pilot, "Which profile undoes the change?")
        go_on.set()
        app.session.open_profile = open_as
        await pilot.press("down", "enter")
        await seen(pilot, "for 10 minutes")
        await pilot.press("down", "enter")
        await seen(pilot, "Undone after 10 minutes with profile alice")
        await pilot.press(*"saml-admin", "enter")
        await until(pilot, lambda: screen.state.watched, "the end of the calls")
        await pilot.press("u")
        await until(pilot, lambda: not app.session.timed, "the undo")
    [record] = journals()
    assert (record.end, record.undo_profile) == (End.ROLLED_BACK, "alice")


def record(seconds: float, now: datetime) -> JournalRecord:
    return cast(JournalRecord, cast(Any, SimpleNamespace(until=now + timedelta(seconds=seconds))))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(598, "9 min 58 s"), (59, "59 s"), (0, "0 s"), (-5, "0 s"), (7200, "2 h 0 s"), (61, "1 min 1 s")],
)
def test_the_time_that_is_left_in_words(seconds: float, words: str) -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert left_words(record(seconds, now), now) == words


def test_it_is_shown_seldom_until_the_last_minute() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    shown = [seconds for seconds in range(120) if shows_now(record(seconds, now), now)]
    assert shown == [*range(61), 70, 80, 90, 100, 110]
