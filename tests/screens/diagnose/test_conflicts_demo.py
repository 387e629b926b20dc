"""The demo account's name conflicts on the screen: the answer for each who may look, and the advice carried out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
from textual.pilot import Pilot

from diagnostics.diagnosis import Status
from diagnostics.fix import Calls, RoleCreation, ShellCommand
from diagnostics.new_role import NewRole
from diagnostics.plans.fix import why_no_plan
from iam.policy.document import Document
from screens.copy.adoption import AdoptionWindow
from screens.create.screen import CreateScreen
from screens.diagnose.screen import DiagnoseScreen
from screens.messages import CreateNewRole, ReadAgain, ShowScreen
from screens.plan.screen import PlanScreen
from tests.support.demo.failures import CONFLICTS
from tests.support.driving.conflict_run import first_word
from tests.support.driving.diagnosing import NARROW, WIDE, answered, diagnose_screen, seen, type_text, unbroken, until
from tests.support.driving.diagnosing import until_seen as until_text
from tests.support.driving.read_once import ReadOnce
from tui.app import RolescopeApp

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

TEXTS = {conflict.id: conflict.text for conflict in CONFLICTS}
# What neither ben nor carla may ask: CloudTrail. Its word is all that tells E08's deletion from a role that sleeps.
WITHOUT_CLOUDTRAIL = {"E08": "name.taken"}
NOT_THERE = ("not found", "does not exist", "nothing here has it", "no sign of an owner", "nothing uses it", "no stack")


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def reader(demo_world: World) -> AwsReader:
    from iam.demo.open import reader as open_reader

    return open_reader(demo_world)


@pytest.mark.parametrize(("at", "who"), list(enumerate([None, "ben", "carla"])), ids=["org-admin", "ben", "carla"])
async def test_each_conflict_gets_its_answer(
    demo_reader_as: Callable[[str | None], AwsReader], at: int, who: str | None
) -> None:
    """Each sees a third and the last; ``tests/diagnostics/already_exists/test_demo.py`` has all of them."""
    async with diagnose_screen(ReadOnce(demo_reader_as(who)), NARROW) as (app, pilot, _):
        for conflict in (*CONFLICTS[at:-1:3], CONFLICTS[-1]):
            run = await answered(pilot, conflict.text)
            unseen = who is not None and conflict.id in WITHOUT_CLOUDTRAIL
            told = f"{WITHOUT_CLOUDTRAIL[conflict.id]} · likely" if unseen else f"{conflict.cause} · certain"
            assert f"── {told} ──" in seen(app)
            line = next(line for line in seen(app).splitlines() if line.startswith(" FIX 1"))
            assert line.split()[2].rstrip(":") == first_word(run.fixes[0])
            assert first_word(run.fixes[0]) in conflict.advice
            for step in run.steps:
                # Whoever may not look is told so, and never that there is nothing.
                if step.status is Status.UNKNOWN:
                    assert not any(word in step.summary for word in NOT_THERE), step
        if who is not None:
            owner = next(step for step in run.steps if step.id == "owner")
            assert owner.status is Status.UNKNOWN


async def test_every_advice_is_carried_out_or_says_why_not(demo_reader: Any) -> None:
    created = False
    async with diagnose_screen(ReadOnce(demo_reader), WIDE) as (app, pilot, screen):
        for text in TEXTS.values():
            run = await answered(pilot, text)
            for number, fix in enumerate(run.fixes):
                change = fix.change
                if isinstance(change, RoleCreation) and created:
                    continue  # each opens the same screen
                await pilot.press("f", "g", *["j"] * number, "p")
                assert screen.fix_chosen is fix
                if isinstance(change, RoleCreation):
                    created = True
                    await until(pilot, lambda: isinstance(app.screen, CreateScreen), "the creation")
                    await until_text(pilot, change.role.name)
                    await pilot.press("escape", "2")
                    await until(pilot, lambda: app.screen is screen, "the diagnosis")
                    await pilot.press("escape")
                elif " adopt " in fix.text and isinstance(change, ShellCommand):
                    await until(pilot, lambda: isinstance(app.screen, AdoptionWindow), "what the tool needs")
                    await pilot.press("escape")
                elif change.no_plan or fix.kind == "note" or "service-quotas" in fix.text:
                    await until_text(pilot, "! " + why_no_plan(fix)[:60])
                else:
                    await until(pilot, lambda: isinstance(app.screen, PlanScreen), "the plan")
                    await pilot.press("escape")
                    await until(pilot, lambda: app.screen is screen, "the diagnosis")
    assert created


async def plan_shown(pilot: Pilot[Any]) -> PlanScreen:
    app = pilot.app
    await until(pilot, lambda: isinstance(app.screen, PlanScreen) and app.screen.is_mounted, "the plan")
    assert isinstance(app.screen, PlanScreen)
    return app.screen


async def carried_out(pilot: Pilot[Any], plan: PlanScreen) -> None:
    await until(pilot, lambda: plan.state.record is not None and not plan.state.running, "the end")
    await until_text(pilot, "Read back from AWS")


async def test_a_half_done_deletion_is_finished_from_its_diagnosis(reader: AwsReader) -> None:
    iam = reader.aws.client("iam")
    assert iam.get_role(RoleName="legacy-ftp-sync")
    async with diagnose_screen(reader, NARROW) as (_, pilot, _):
        await answered(pilot, TEXTS["E08"])
        await pilot.press("f", "p")
        plan = await plan_shown(pilot)
        assert [call.operation for call in plan.plan.calls] == ["DetachRolePolicy", "DeleteRole"]
        assert "new unique ID" in " ".join(plan.plan.warnings)
        await pilot.press("ctrl+r")
        await until_text(pilot, "legacy-ftp-sync")
        await type_text(pilot, "legacy-ftp-sync")
        await pilot.press("enter")
        await carried_out(pilot, plan)
        await pilot.press("escape")
        await until_text(pilot, "name.free")
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_role(RoleName="legacy-ftp-sync")


TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
WRITE = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::harbor-assets/*"}],
}


async def taken_in_the_creation(app: RolescopeApp, pilot: Pilot[Any], role: NewRole) -> DiagnoseScreen:
    """A creation that met the name: its own key opens the answer."""
    app.post_message(CreateNewRole(role))
    await until(pilot, lambda: isinstance(app.screen, CreateScreen), "the creation")
    await until_text(pilot, "A role has this name already")
    await pilot.press("ctrl+g")
    await until(pilot, lambda: isinstance(app.screen, DiagnoseScreen), "the diagnosis")
    screen = app.screen
    assert isinstance(screen, DiagnoseScreen)
    await until(pilot, lambda: screen.run_shown is not None and screen.run_shown.ended, "the answer")
    return screen


async def test_what_the_creation_wanted_is_adopted(reader: AwsReader) -> None:
    wanted = NewRole(
        "Kms-Reports-Reader",
        trust=Document.from_value(TRUST),
        path="/app/",
        attached=("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",),
        inline={"write-assets": Document.from_value(WRITE)},
        tags={"note": "aws iam delete-role --role-name break-glass-admin"},  # as hostile as IAM lets it be
        description='reads "reports" && more',
        max_session_seconds=7200,
    )
    iam = reader.aws.client("iam")
    before = iam.get_role(RoleName="kms-reports-reader")["Role"]
    async with diagnose_screen(reader, WIDE) as (app, pilot, _):
        screen = await taken_in_the_creation(app, pilot, wanted)
        assert "name.taken-other-case · certain" in seen(app)
        await pilot.press("f")
        while screen.fix_chosen is None or first_word(screen.fix_chosen) != "adopt":
            await pilot.press("j")
        await pilot.press("p")
        plan = await plan_shown(pilot)
        operations = {call.operation for call in plan.plan.calls}
        assert operations == {"TagRole", "PutRolePolicy", "AttachRolePolicy", "UpdateRole"}
        await pilot.press("ctrl+r")
        await until_text(pilot, "carry out")
        await pilot.press("y")
        await carried_out(pilot, plan)
        # Once more: now it is as it was wanted.
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen, "the diagnosis")
        await until_text(pilot, "adopt: nothing to do")
        await pilot.press("f", "g", "p")
        await until_text(pilot, "There is nothing to do")
    after = iam.get_role(RoleName="kms-reports-reader")["Role"]
    assert after["AssumeRolePolicyDocument"] == before["AssumeRolePolicyDocument"]
    assert after["Description"] == wanted.description
    assert after["MaxSessionDuration"] == 7200
    assert {tag["Key"]: tag["Value"] for tag in after["Tags"]}["note"] == (wanted.tags or {})["note"]
    held = iam.get_role_policy(RoleName="kms-reports-reader", PolicyName="write-assets")["PolicyDocument"]
    assert json.loads(unquote(held)) == WRITE
    attached = iam.list_attached_role_policies(RoleName="kms-reports-reader")["AttachedPolicies"]
    assert "AWSLambdaBasicExecutionRole" in {each["PolicyName"] for each in attached}
    assert iam.get_role(RoleName="break-glass-admin")


async def test_what_adopts_a_role_and_changes_it_is_a_plan(demo_reader: Any) -> None:
    text = """ShopStack | CREATE_FAILED | AWS::IAM::Role | AppRole1A2B3C4D
Resource handler returned message: "Role with name kms-reports-reader already exists. (Service: Iam, Status Code: 409)"
(cdk deploy) AppRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: kms-reports-reader
      MaxSessionDuration: 7200
"""
    async with diagnose_screen(ReadOnce(demo_reader), WIDE) as (_, pilot, _):
        run = await answered(pilot, text)
        (fix,) = [each for each in run.fixes if isinstance(each.change, Calls) and each.change.besides]
        assert " adopt " in fix.text
        await pilot.press("f", "g", *["j"] * run.fixes.index(fix), "p")
        plan = await plan_shown(pilot)
        assert [call.operation for call in plan.plan.calls] == ["UpdateRole"]


async def test_the_creation_goes_on_under_a_free_name(demo_reader: Any) -> None:
    wanted = NewRole("orders-API-lambda", trust=Document.from_value(TRUST), path="/app/", description="mine")
    async with diagnose_screen(ReadOnce(demo_reader), WIDE) as (app, pilot, _):
        screen = await taken_in_the_creation(app, pilot, wanted)
        await pilot.press("f")
        while screen.fix_chosen is None or first_word(screen.fix_chosen) != "rename":
            await pilot.press("j")
        names = screen.fix_chosen.text.splitlines()
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, CreateScreen), "the creation")
        await until_text(pilot, "No role has this name")
        create = app.screen
        assert isinstance(create, CreateScreen)
        assert create.creation.draft.name == names[0]
        assert create.creation.draft.description == "mine"
        assert "lambda.amazonaws.com" in unbroken(app)


async def test_after_a_creation_that_it_began_the_diagnosis_is_made_again(reader: AwsReader) -> None:
    async with diagnose_screen(reader, WIDE) as (app, pilot, screen):
        await answered(pilot, TEXTS["E03"])
        await pilot.press("f")
        while screen.fix_chosen is None or not isinstance(screen.fix_chosen.change, RoleCreation):
            await pilot.press("j")
        name = screen.fix_chosen.change.role.name
        await until_text(pilot, "p create*")  # the key of this fix, not of the one before
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, CreateScreen), "the creation")
        create = app.screen
        assert isinstance(create, CreateScreen)
        await until(pilot, lambda: create._came is not None and create.form.cursor, "the form")
        await pilot.press("escape", "down")
        await until_text(pilot, "esc back to Diagnose")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen, "the diagnosis again")
        await pilot.press("3", "escape")
        await create.action_trusted()
        await pilot.press("escape", "down")
        await until(pilot, lambda: app.screen is create and not create._leads_back, "the first step")
        assert "esc back" not in seen(app)
        reader.aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
        app.post_message(ReadAgain())
        await until(pilot, lambda: screen.run_shown and screen.run_shown.made == name, "the diagnosis made again")
        await until(pilot, lambda: screen.run_shown and screen.run_shown.ended, "its end")
        app.post_message(ShowScreen("diagnose"))
        await until_text(pilot, f"The role {name} was created. This diagnosis was made after the creation")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])
async def test_p_on_a_role_to_adopt_shows_what_the_tool_needs(reader: AwsReader, size: tuple[int, int]) -> None:
    already = "EntityAlreadyExists: Role with name batch-vpc-worker already exists."
    async with diagnose_screen(reader, size) as (_, pilot, screen):
        await answered(pilot, f"Error: creating IAM Role (batch-vpc-worker): {already}")
        assert " --demo adopt batch-vpc-worker --as terraform" in screen.results.fixes.rows[0].text
        await pilot.press("f", "p")
        await until_text(pilot, "Adopt batch-vpc-worker with terraform")
        await until_text(pilot, "has a resource")
