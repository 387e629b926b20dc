"""Plans shown and carried out from the screens, on a demo account of each test's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iam.changes.apply import Writer
from iam.changes.builders.roles import delete_role
from iam.changes.journal import End, journals
from iam.changes.plan import Call, Plan, make_plan
from screens.diagnose.screen import DiagnoseScreen
from screens.plan.confirm import dangerous
from screens.plan.leaving import Leaving
from screens.plan.screen import PlanScreen
from screens.widgets.confirm import NO_THANKS, YES, Confirm
from screens.widgets.modal import TextLines
from tests.support.demo.failures import FAILURES
from tests.support.driving.diagnosing import answered
from tests.support.driving.plans import BOUNDARY, NARROW, ROLE, of_role, opened, over, planned, three_calls
from tests.support.driving.seeing import gone, line_with, screen_text, seen, type_text, until
from tests.support.gate.let_through import apply

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


async def test_a_fix_becomes_a_plan_and_the_verdict_is_another_one_afterwards(
    open_as: Callable[[str | None], AwsReader],
) -> None:
    reader = open_as(None)
    text = next(each.text for each in FAILURES if each.id == "F03")
    async with opened(reader, NARROW) as (app, pilot):
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, DiagnoseScreen))
        run = await answered(pilot, text)
        assert run.verdict is not None
        assert run.verdict.cause == "identity.resource-mismatch"
        await pilot.press("f", "p")
        screen = await planned(pilot)
        await pilot.press("j")
        await seen(pilot, "THE DOCUMENT, as a difference")
        await pilot.press("ctrl+r")
        await seen(pilot, "carry out 1 call")
        question = pilot.app.screen
        assert isinstance(question, Confirm) and question.chosen == YES  # it adds a statement, and deletes nothing
        await pilot.press("y")
        await over(pilot, screen)
        await seen(pilot, "Read back from AWS")
        await pilot.press("escape")
        await seen(pilot, "Before the change, the cause was identity.resource-mismatch")
        await seen(pilot, "allowed.now")
        await seen(pilot, "? keys")  # without another key
    role = reader.role("orders-api-lambda").value
    assert role is not None
    assert any("/index/" in each.document.text for each in role.inline or ())


async def test_a_role_is_deleted_by_typing_its_name_and_comes_back_by_the_undo(
    open_as: Callable[[str | None], AwsReader],
) -> None:
    reader = open_as(None)
    iam = reader.aws.client("iam")
    iam.put_role_permissions_boundary(RoleName=ROLE, PermissionsBoundary=BOUNDARY)
    iam.put_role_policy(
        RoleName=ROLE,
        PolicyName="extra",
        PolicyDocument='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}',
    )
    before = of_role(reader)
    async with opened(reader, NARROW, role=ROLE) as (app, pilot):
        await seen(pilot, "PERMISSIONS")
        await pilot.press("x")
        await seen(pilot, "disable first")
        await pilot.press("x")
        screen = await planned(pilot)
        assert "instance" in screen_text(app) and "to know first" in screen_text(app)
        await pilot.press("ctrl+r")
        await seen(pilot, "to go on:")
        await type_text(pilot, "web-frontend")
        await pilot.press("enter")
        await seen(pilot, "you typed a different name")
        assert reader.role(ROLE).found
        assert screen.state.record is None
        await type_text(pilot, "-ec2")
        await pilot.press("enter")
        await over(pilot, screen)
        assert screen.state.end is End.APPLIED
        assert "to know" in screen_text(app) and "to know first" not in screen_text(app)
        assert reader.role(ROLE).absent
        assert app.session.role(ROLE) is None
        await pilot.press("u")
        await until(pilot, lambda: app.screen is not screen)
        undo = await planned(pilot)
        await pilot.press("ctrl+r")
        await seen(pilot, "carry out")
        await pilot.press("y")
        await over(pilot, undo)
        assert undo.state.end is End.APPLIED
    assert of_role(reader) == before


async def test_a_role_in_use_is_disabled_by_typing_its_name_and_enabled_by_a_key(
    open_as: Callable[[str | None], AwsReader],
) -> None:
    reader = open_as(None)
    async with opened(reader, role=ROLE) as (app, pilot):
        await seen(pilot, "PERMISSIONS")
        await pilot.press("x")
        await seen(pilot, "disable first")
        await pilot.press("d")
        screen = await planned(pilot)
        assert "3 instances" in screen_text(app)
        await pilot.press("ctrl+r")
        await seen(pilot, "to go on:")
        await type_text(pilot, ROLE)
        await pilot.press("enter")
        await over(pilot, screen)
        assert screen.state.end is End.APPLIED
        await pilot.press("escape")
        await seen(pilot, "PERMISSIONS")
        await pilot.press("m")
        await seen(pilot, "enable again")
        await pilot.press("escape")
        await pilot.press("x")
        await seen(pilot, "The role is disabled: delete it if")
        await pilot.press("e")
        again = await planned(pilot)
        await pilot.press("ctrl+r")
        await seen(pilot, "carry out")
        await pilot.press("y")
        await over(pilot, again)
        assert again.state.end is End.APPLIED and "enable" in again.plan.title


async def test_after_a_deletion_the_role_is_left_and_the_list_lacks_it(
    open_as: Callable[[str | None], AwsReader],
) -> None:
    reader = open_as(None)
    async with opened(reader, role="legacy-ftp-sync") as (_, pilot):
        await seen(pilot, "PERMISSIONS")
        await pilot.press("x")
        await seen(pilot, "disable first")
        await pilot.press("x")
        screen = await planned(pilot)
        await pilot.press("ctrl+r")
        await seen(pilot, "to go on:")
        await type_text(pilot, "legacy-ftp-sync")
        await pilot.press("enter")
        await over(pilot, screen)
        await pilot.press("escape")
        await seen(pilot, "31 roles")
        await gone(pilot, "legacy-ftp-sync")


async def test_a_services_own_role_is_refused_with_the_reason(open_as: Callable[[str | None], AwsReader]) -> None:
    async with opened(open_as(None), role="AWSServiceRoleForECS") as (app, pilot):
        await seen(pilot, "PERMISSIONS")
        await pilot.press("x")
        await seen(pilot, "belongs to an AWS service")
        assert not isinstance(app.screen, PlanScreen)


async def test_a_snapshot_shows_the_plan_and_its_forms_and_refuses(
    open_as: Callable[[str | None], AwsReader], demo_reader: AwsReader, tmp_path: Path
) -> None:
    from tests.support.accounts.fake_reader import FakeReader

    async with opened(FakeReader(kind="snapshot")) as (app, pilot):
        assert app.session.account is not None
        role = next(each for each in app.session.account.roles if each.name == "orders-api-lambda")
        plan = delete_role(role, app.session.account)
        await app.push_screen(PlanScreen(app.session, plan))
        screen = await planned(pilot)
        await seen(pilot, "A snapshot is a file and cannot be changed")
        for key, words in (("6", "aws iam delete-role"), ("9", '"operation"')):
            await pilot.press(key)
            await pilot.press("G" if key == "6" else "g")
            assert words in screen.query_one("#form", TextLines).text
            await pilot.press(key)
        for key in ("ctrl+r", "enter"):
            await pilot.press(key)
            await seen(pilot, "! A snapshot is read-only.")
        assert app.screen is screen
        assert screen.state.record is None


async def test_a_call_that_fails_in_the_middle_is_rolled_back(
    open_as: Callable[[str | None], AwsReader], monkeypatch: pytest.MonkeyPatch
) -> None:
    admin, ben = open_as(None), open_as("ben")
    before = of_role(admin)
    iam = admin.aws.client("iam")

    def let(actions: str) -> None:
        text = f'{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Resource":"*","Action":{actions}}}]}}'
        iam.put_user_policy(UserName="ben", PolicyName="half", PolicyDocument=text)

    let('"iam:*"')
    async with opened(ben) as (app, pilot):
        assert app.session.account is not None
        plan = three_calls(admin, app.session.account)
        await app.push_screen(PlanScreen(app.session, plan))
        screen = await planned(pilot)
        await pilot.press("ctrl+r")
        await seen(pilot, "carry out 3 calls")
        # After the gate has looked: ben may tag and describe, and not set a boundary.
        let('["iam:TagRole","iam:UntagRole","iam:UpdateRole"]')
        await pilot.press("y")
        await over(pilot, screen)
        await seen(pilot, "Failed at call 3 of 3")
        await seen(pilot, "iam:PutRolePermissionsBoundary")
        assert of_role(admin) != before
        # Leaving asks.
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, Leaving))
        await pilot.press("s")
        await until(pilot, lambda: app.screen is screen)
        await pilot.press("u")
        await seen(pilot, "Undoes 2 calls")
        await pilot.press("y")
        await until(pilot, lambda: screen.state.end is End.ROLLED_BACK, "rolled back")
        assert not app.session.half_done
    assert of_role(admin) == before


async def test_a_change_left_half_done_is_offered_at_the_start_and_resumed(
    open_as: Callable[[str | None], AwsReader],
) -> None:
    reader = open_as(None)
    account = list(reader.accounts())[-1]
    plan = three_calls(reader, account)
    outcomes = apply(plan, reader, writable=False, writer=Writer(reader.aws.client("iam"), sleep=lambda seconds: None))
    for outcome in outcomes:
        if outcome.index == 1 and outcome.status.value == "started":
            break  # the process is lost here
    outcomes.close()  # type: ignore[attr-defined]  # a generator
    async with opened(reader, NARROW) as (_, pilot):
        await seen(pilot, "unfinished: three changes (stopped after 1 of 3 calls)")
        await pilot.press("5")
        await seen(pilot, "Changes")
        assert "three changes" in line_with(pilot.app, "three changes")  # type: ignore[arg-type]  # it is ours
        await pilot.press("colon", *"resume", "enter")
        screen = await planned(pilot)
        await seen(pilot, "outcome unknown")
        await pilot.press("ctrl+r")
        await seen(pilot, "resume with 2 calls")
        await pilot.press("y")
        await until(pilot, lambda: screen.state.end is End.APPLIED, "the end")
        await pilot.press("escape", "1")
        await seen(pilot, "sorted by")
        await gone(pilot, "unfinished")
    assert of_role(reader)[2] == BOUNDARY
    [record] = journals()
    assert record.end is End.APPLIED


async def test_tags_and_description_are_edited_with_faults_at_the_field(
    open_as: Callable[[str | None], AwsReader],
) -> None:
    reader = open_as(None)
    async with opened(reader, role=ROLE) as (app, pilot):
        await seen(pilot, "PERMISSIONS")
        await pilot.press("t")
        await seen(pilot, "Maximum session")
        await type_text(pilot, " and more")
        await pilot.press("tab", "ctrl+u")
        await type_text(pilot, "90")
        await seen(pilot, "must be 3,600 (1 hour)")
        await pilot.press("ctrl+r")
        await pilot.pause()
        assert not isinstance(app.screen, PlanScreen)
        await type_text(pilot, "00")
        await gone(pilot, "must be 3,600 (1 hour)")
        await pilot.press("escape")
        await seen(pilot, "Your text is kept until you quit: t restores it")
        await pilot.press("t")
        await seen(pilot, "Your earlier changes are restored")
        await pilot.press("ctrl+r")
        screen = await planned(pilot)
        await seen(pilot, "Maximum session: 1 h → 150 min")
        assert "and more" in screen_text(app)
        await pilot.press("ctrl+r")
        await seen(pilot, "carry out")
        await pilot.press("y")
        await over(pilot, screen)
    role = reader.role(ROLE).value
    assert role is not None
    assert role.max_session_seconds == 9000
    assert (role.description or "").endswith("and more")


async def test_every_confirmation_starts_on_what_changes_nothing(
    open_as: Callable[[str | None], AwsReader],
) -> None:
    reader = open_as(None)
    async with opened(reader) as (app, pilot):
        account = app.session.account
        assert account is not None
        call = Call("DeleteRolePolicy", {"RoleName": ROLE, "PolicyName": "gone"}, "Delete it.", "")
        deletes = make_plan("delete", "Deletes it.", [call], account_id=account.id)
        for plan in (deletes, three_calls(reader, account)):
            await app.push_screen(PlanScreen(app.session, plan))
            screen = await planned(pilot)
            await pilot.press("ctrl+r")
            await until(pilot, lambda: isinstance(app.screen, Confirm), "the question")
            window = app.screen
            assert isinstance(window, Confirm)
            assert window.chosen == (NO_THANKS if plan is deletes else YES)
            await pilot.press("n")
            await until(pilot, lambda screen=screen: app.screen is screen, "the plan again")
            assert screen.state.record is None
            await pilot.press("escape")


def test_what_deletes_opens_or_locks_out_starts_on_no() -> None:
    def plan(operation: str) -> Plan:
        call = Call(operation, {"RoleName": ROLE, "PolicyName": "gone"}, "It.", "")
        return make_plan("it", "It.", [call], account_id="111122223333")

    deletes = plan("DeleteRolePolicy")
    assert dangerous(deletes, deletes.calls)
    harmless = make_plan("it", "It.", [Call("TagRole", {"RoleName": ROLE, "Tags": {"a": "b"}}, "It.", "")])
    assert not dangerous(harmless, harmless.calls)
    assert dangerous(harmless, deletes.calls)  # as the undo of a creation
    opened = replace(harmless, opens=("Everybody may assume the role.",))
    assert dangerous(opened, opened.calls)
    assert dangerous(replace(harmless, type_name=ROLE), harmless.calls)
