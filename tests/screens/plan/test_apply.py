"""A plan while it is carried out: stopped, left, waiting for AWS, refused, denied; each time with a way on."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iam.changes.journal import CallProgress, End, journals
from iam.changes.operations.undo import Existing, with_undo
from iam.changes.plan import Call, Plan, make_plan
from iam.demo.aws.wire import AwsError
from screens.diagnose.screen import DiagnoseScreen
from screens.plan import run as plan_run
from screens.plan import screen as plan_screen
from screens.plan.leaving import Leaving
from screens.plan.screen import PlanScreen
from screens.text import visible
from screens.widgets.modal import Menu, TextLines
from tests.support.accounts.fake_reader import FakeReader
from tests.support.driving.plans import BOUNDARY, NARROW, ROLE, of_role, opened, over, planned, three_calls
from tests.support.driving.seeing import screen_text, seen, until

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def open_as(demo_world: World) -> Callable[[str | None], AwsReader]:
    from iam.demo.open import reader

    return lambda user: reader(demo_world, as_user=user)


class HeldCall(threading.Event):
    """A call that is on its way until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived = threading.Event()


@contextmanager
def held(reader: AwsReader, operation: str) -> Iterator[HeldCall]:
    call = HeldCall()

    def wait(**_: object) -> None:
        call.arrived.set()
        assert call.wait(120)

    events, name = reader.aws.client("iam").meta.events, f"before-call.iam.{operation}"
    events.register(name, wait, unique_id="held")
    try:
        yield call
    finally:
        call.set()
        events.unregister(name, unique_id="held")


async def test_escape_stops_after_the_running_call_and_leaving_in_mid_call_asks(
    open_as: Callable[[str | None], AwsReader], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = open_as(None)
    check = threading.Event()

    def judge_later(*told: Any) -> None:
        assert check.wait(120)
        plan_run.judge(*told)

    monkeypatch.setattr(plan_screen, "judge", judge_later)
    async with opened(reader, NARROW) as (app, pilot):
        assert app.session.account is not None
        await app.push_screen(PlanScreen(app.session, three_calls(reader, app.session.account)))
        screen = await planned(pilot)
        with held(reader, "UpdateRole") as call:
            # The answer is typed before its question is there: it waits, and copies nothing.
            await pilot.press("ctrl+r", "y")
            await seen(pilot, "Keys that you press now answer the question")
            assert type(app.screen) is PlanScreen
            check.set()
            await until(pilot, call.arrived.is_set, "the second call")
            await seen(pilot, "Carrying out, 1 of 3 done (esc stops)")
            await pilot.press("q")
            await until(pilot, lambda: isinstance(app.screen, Leaving), "the question")
            await seen(pilot, "is being carried out")
            await seen(pilot, "the current call is finished, and no further call is started")
            await pilot.press("s")
            await until(pilot, lambda: app.screen is screen, "the plan again")
            # Nothing else can be begun meanwhile, and its reason is told.
            await pilot.press("u")
            await seen(pilot, "The plan is being carried out: escape stops it after the current call.")
            await pilot.press("escape")
            await seen(pilot, "Stopping")
            assert screen.state.running
        await over(pilot, screen)
        await seen(pilot, "Stopped, 2 of 3 done")
        await seen(pilot, "resume it, or roll it back")
        description, _, boundary, *_ = of_role(reader)
        assert (description, boundary) == ("new", None)
        check.clear()
        await pilot.press("ctrl+r", "e")
        await until(pilot, lambda: type(app.screen) is Menu, "a window over the plan")
        check.set()
        await until(pilot, lambda: screen._verdict is not None, "the verdict")
        await until(pilot, lambda: type(app.screen) is Menu, "the same window")
        await pilot.press("escape")
        await seen(pilot, "1 call left; calls already made are not repeated.")
        await pilot.press("y")
        await until(pilot, lambda: screen.state.end is End.APPLIED, "the end")
        assert not app.session.half_done
    assert of_role(reader)[2] == BOUNDARY
    made = [each.name for each in reader.aws.log.calls() if each.name in ("iam:TagRole", "iam:UpdateRole")]
    assert made == ["iam:TagRole", "iam:UpdateRole"]


async def test_leaving_in_mid_call_lets_it_end_and_begins_no_other(
    open_as: Callable[[str | None], AwsReader],
) -> None:
    reader = open_as(None)
    async with opened(reader) as (app, pilot):
        assert app.session.account is not None
        await app.push_screen(PlanScreen(app.session, three_calls(reader, app.session.account)))
        screen = await planned(pilot)
        with held(reader, "UpdateRole") as call:
            await pilot.press("ctrl+r")
            await seen(pilot, "carry out 3 calls")
            await pilot.press("y")
            await until(pilot, call.arrived.is_set, "the second call")
            await pilot.press("q")
            await until(pilot, lambda: isinstance(app.screen, Leaving), "the question")
            await pilot.press("l")
            await until(pilot, lambda: screen.state.stopping, "the end of the application")
    # The worker's thread outlives the screen until its call is answered.
    [record] = journals()
    while record.states[1].progress is not CallProgress.DONE:
        await asyncio.sleep(0.005)
        [record] = journals()
    assert [state.progress.value for state in record.states] == ["done", "done", "waiting"]
    assert record.half_done


async def test_not_yet_is_shown_while_it_waits(
    open_as: Callable[[str | None], AwsReader], demo_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = open_as(None)
    busy = AwsError("ConcurrentModification", "Multiple concurrent changes.", 409)
    demo_world.next_failures["UpdateRole"] = [busy, busy]
    waiting, go = threading.Event(), threading.Event()
    waits: list[float] = []

    def wait(stop: threading.Event, seconds: float) -> None:
        waits.append(seconds)
        waiting.set()
        assert go.wait(120)

    monkeypatch.setattr(plan_run, "_sleep", wait)
    async with opened(reader, NARROW) as (app, pilot):
        assert app.session.account is not None
        await app.push_screen(PlanScreen(app.session, three_calls(reader, app.session.account)))
        screen = await planned(pilot)
        await pilot.press("ctrl+r")
        await seen(pilot, "carry out 3 calls")
        await pilot.press("y")
        await until(pilot, waiting.is_set, "the wait")
        await seen(pilot, "AWS: not yet")
        await seen(pilot, "Somebody else is changing the same entity at this moment. Trying again in 1 s.")
        go.set()
        await until(pilot, lambda: screen.state.end is End.APPLIED, "the end")
        assert "not yet" not in screen_text(app)
    assert waits == [1, 2]


async def test_a_denial_in_the_middle_is_explained_and_gone_on_with_once_it_is_lifted(
    open_as: Callable[[str | None], AwsReader], monkeypatch: pytest.MonkeyPatch
) -> None:
    admin, ben = open_as(None), open_as("ben")
    iam = admin.aws.client("iam")
    actions = ["iam:TagRole", "iam:UntagRole", "iam:UpdateRole"]

    def let(*actions: str) -> None:
        named = ", ".join(f'"{each}"' for each in actions)
        text = f'{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Resource":"*","Action":[{named}]}}}}'
        iam.put_user_policy(UserName="ben", PolicyName="half", PolicyDocument=text)

    let(*actions)
    monkeypatch.setattr("iam.gate.checks.run.permission_findings", lambda *_: iter(()))  # which would say so before
    async with opened(ben) as (app, pilot):
        assert app.session.account is not None
        await app.push_screen(PlanScreen(app.session, three_calls(admin, app.session.account)))
        screen = await planned(pilot)
        await pilot.press("ctrl+r")
        await seen(pilot, "carry out 3 calls")
        await pilot.press("y")
        await over(pilot, screen)
        await seen(pilot, "Failed at call 3 of 3")
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, DiagnoseScreen))
        diagnosis = app.screen
        assert isinstance(diagnosis, DiagnoseScreen)
        await until(pilot, lambda: diagnosis.run_shown is not None and diagnosis.run_shown.ended, "the diagnosis")
        await seen(pilot, "iam:PutRolePermissionsBoundary")
        await seen(pilot, "identity.no-action")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen, "the plan again")
        let(*actions, "iam:PutRolePermissionsBoundary")
        await pilot.press("ctrl+r")
        await seen(pilot, "resume with 1 call")
        await pilot.press("y")
        await until(pilot, lambda: screen.state.end is End.APPLIED, "the end")
    assert of_role(admin)[2] == BOUNDARY


REFUSALS = (  # what they mean is `tests.support.faults.trouble_table`'s
    ("EntityAlreadyExists", "Role with name x already exists."),
    ("LimitExceeded", "Cannot exceed quota for RolesPerAccount: 1000"),
    ("NoSuchEntity", "The user with name x cannot be found."),
    ("UnmodifiableEntity", "Cannot perform the operation on the protected role 'x'"),
    ("InvalidInput", "Something is wrong with it."),
    ("ValidationError", "1 validation error detected: Value 'x' at 'tags'"),
    ("AccessDenied", "User: x is not authorized to perform: iam:TagRole"),
    ("ExpiredToken", "The security token included in the request is expired"),
    ("SomethingNew", "[bold]never seen[/] \u202e before"),
)


async def test_whatever_aws_refuses_is_one_sentence_and_leaves_a_way_on(
    open_as: Callable[[str | None], AwsReader], demo_world: World
) -> None:
    reader = open_as(None)

    def plan_of(number: int) -> Plan:
        role = reader.role(ROLE).value
        assert role is not None
        given = {"RoleName": ROLE, "Tags": {f"try-{number}": "x"}}
        call = with_undo(Call("TagRole", given, f"Add 1 tag of {ROLE}.", role.arn), Existing(role))
        return make_plan(f"try {number}", "Adds a tag.", [call], target=role.arn, account_id="111122223333")

    async with opened(reader, NARROW) as (app, pilot):
        for number, (code, message) in enumerate(REFUSALS):
            demo_world.next_failures["TagRole"] = [AwsError(code, message, 400)]
            await app.push_screen(PlanScreen(app.session, plan_of(number)))
            screen = await planned(pilot)
            await pilot.press("ctrl+r")
            await seen(pilot, "carry out 1 call")
            await pilot.press("y")
            await over(pilot, screen)
            await seen(pilot, "Failed at call 1 of 1")
            text = " ".join(screen_text(app).split())
            assert screen.state.failed is not None
            sentence = screen.state.failed.sentence
            # Whole, on two or three lines, and nothing of it is markup or commands the terminal.
            assert " ".join(visible(sentence).split()) in text, (sentence, text)
            assert "Nothing was changed." in text
            assert "Traceback" not in text and "\u202e" not in text
            assert screen.state.error_text.startswith(f"An error occurred ({code}) when calling the TagRole operation")
            # Nothing was done, so nothing has to be decided before one leaves it.
            assert not app.session.half_done
            await pilot.press("escape")
            await until(pilot, lambda: not isinstance(app.screen, PlanScreen), "the screen before")
    tags = reader.aws.session.client("iam").list_role_tags(RoleName=ROLE)["Tags"]
    assert not [tag for tag in tags if tag["Key"].startswith("try-")]


async def test_without_write_the_plan_is_shown_and_given_to_others() -> None:
    async with opened(FakeReader(kind="aws"), NARROW) as (app, pilot):
        from iam.changes.builders.roles import delete_role

        assert app.session.account is not None
        role = next(each for each in app.session.account.roles if each.name == "orders-api-lambda")
        await app.push_screen(PlanScreen(app.session, delete_role(role, app.session.account)))
        screen = await planned(pilot)
        await seen(pilot, "cannot be carried out here")
        await seen(pilot, "start rolescope with --write to carry out the plan")
        for key in ("ctrl+r", "enter"):
            await pilot.press(key)
            await seen(pilot, "! Read-only")
            assert app.screen is screen and screen.state.record is None
        await pilot.press("6")
        assert "aws iam delete-role --role-name orders-api-lambda" in screen.query_one("#form", TextLines).text
        await pilot.press("e")
        await seen(pilot, "Export the plan")
