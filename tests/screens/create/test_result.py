"""The end of a creation: the new role waited for and tried, by an administrator and by somebody with few rights."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from screens.create.steps import CreateStep
from screens.diagnose.screen import DiagnoseScreen
from screens.plan.screen import PlanScreen
from screens.role.screen import RoleScreen
from screens.use.screen import UseScreen
from tests.support.driving.creating import ACCOUNT, NARROW, Session, role_of, statement_of, wizard
from tests.support.driving.diagnosing import seen, until, until_seen
from tests.support.driving.seeing import line_with

if TYPE_CHECKING:
    from iam.demo.aws.world import World

BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/DeveloperBoundary"


@pytest.fixture(autouse=True)
def _own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


async def test_a_role_for_this_account_is_assumed_with_its_external_id(
    demo_world: World, demo_session: Session
) -> None:
    async with wizard(demo_world) as w:
        await w.choose("AWS account")
        await w.fill(external_id="hl-77-audit")
        await w.on(CreateStep.MAY)
        await w.on(CreateStep.DETAILS)
        await w.type("audit-entry")
        await w.made()
        w.assert_tried(1)
        await until_seen(w.pilot, "you can assume this role")
        assert "you can assume it" in line_with(w.app, "audit-entry created")
        await w.press("G")
        await until(w.pilot, lambda: "Assumed with its external ID;" in w.screen.result.detail.text, "the sentence")
        await until_seen(w.pilot, "discarded")
        assert "external_id = hl-77-audit" in w.next_steps
        assert "ASIA" not in seen(w.app).replace("ASIAHARBORORGADMIN01", "")
    assert statement_of(role_of(demo_session, "audit-entry"))["Condition"] == {
        "StringEquals": {"sts:ExternalId": "hl-77-audit"}
    }


async def test_alice_is_asked_for_the_boundary_and_makes_the_role_with_it(
    demo_world: World, demo_session: Session
) -> None:
    async with wizard(demo_world, user="alice") as w:
        await w.choose("AWS account")
        await w.on(CreateStep.MAY)
        await w.choose("Read a bucket")
        await w.fill(bucket="harbor-assets")
        await w.on(CreateStep.DETAILS)
        await w.told("boundary", "only with the permissions boundary DeveloperBoundary")
        await w.type("alice-helper")
        await w.fill(path="/dev/")
        await w.press("ctrl+r")
        await until(w.pilot, lambda: w.cursor == "boundary", "the cursor at the boundary")
        await w.type("DeveloperB")
        await w.press("down", "enter")
        await w.made()
        # She may read neither the bucket's policy nor the organization's, and may not ask AWS's simulator.
        for each in w.screen.result.tries:
            assert each.good is None
            assert "unreadable: the resource's policy, service control policies" in each.sentence
        await until_seen(w.pilot, "undecided")
        # She may make the role, and nothing lets her assume it: the reason is a key away, and the result stays.
        await w.press("G")
        await until_seen(w.pilot, "you cannot assume this role (enter: why)")
        await w.press("enter")
        await until(w.pilot, lambda: isinstance(w.app.screen, DiagnoseScreen), "the diagnosis")
        diagnosis = w.app.screen
        assert isinstance(diagnosis, DiagnoseScreen)
        await until(w.pilot, lambda: diagnosis.run_shown and diagnosis.run_shown.ended, "its end")
        await until_seen(w.pilot, "identity.resource-mismatch")
        await w.press("escape")
        await until(w.pilot, lambda: w.app.screen is w.screen, "the result again")
        assert w.screen.step is CreateStep.RESULT
    role = role_of(demo_session, "alice-helper")
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == BOUNDARY
    names = demo_session().client("iam").list_role_policies(RoleName="alice-helper")["PolicyNames"]
    assert names == ["read-bucket"]


async def test_what_alice_may_not_do_is_named_and_the_plan_can_be_given_to_somebody_else(demo_world: World) -> None:
    async with wizard(demo_world, user="alice") as w:
        await w.press("enter")
        await w.type("ec2")
        await w.on(CreateStep.MAY)
        await w.on(CreateStep.DETAILS)
        await w.type("alice-machine")
        await w.fill(boundary=BOUNDARY)
        await w.checked()
        lacking = {each.value for each in w.screen.check.findings if each.code == "permission" and each.value}
        assert lacking == {"iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile", "iam:PassRole"}
        await until_seen(w.pilot, "You are not allowed to perform iam:CreateInstanceProfile")
        await w.press("ctrl+r")
        await until(w.pilot, lambda: isinstance(w.app.screen, PlanScreen), "the plan")
        await w.press("6")
        await until_seen(w.pilot, "aws iam create-role")
        await w.press("G")
        await until_seen(w.pilot, "aws iam create-instance-profile --instance-profile-name alice-machine")


async def test_the_result_comes_by_itself_and_leads_to_the_role_and_its_use(demo_world: World) -> None:
    async with wizard(demo_world) as w:
        await w.fill(service="lambda")
        await w.on(CreateStep.MAY)
        await w.on(CreateStep.DETAILS)
        await w.type("loads-orders")
        await w.made()
        await until_seen(w.pilot, "loads-orders created")
        assert "everything is as planned" in w.next_steps
        assert "Activity (5)" in w.next_steps
        await w.press("O")
        await until(w.pilot, lambda: isinstance(w.app.screen, RoleScreen), "the role")
        await w.press("escape")
        await until(w.pilot, lambda: w.app.screen is w.screen, "the result again")
        await w.press("a")
        await until(w.pilot, lambda: isinstance(w.app.screen, UseScreen), "its use")


async def test_a_role_for_ec2_is_attached_to_an_instance_from_the_result(demo_world: World) -> None:
    async with wizard(demo_world, NARROW) as w:
        await w.fill(service="ec2")
        await w.on(CreateStep.MAY)
        await w.on(CreateStep.DETAILS)
        await w.type("runs-reports")
        await w.made()
        await until_seen(w.pilot, "m attach to an instance")
        await w.press("m")
        await until_seen(w.pilot, "i-09b8a7c6d5e4f3021")
        await w.press(*"09b8")
        await until(w.pilot, lambda: "0c7d8e9f" not in seen(w.app), "the one instance")
        await w.press("enter")
        await until(w.pilot, lambda: isinstance(w.app.screen, PlanScreen), "the plan")
        await until_seen(w.pilot, "uses the instance profile report-worker")
        plan = w.app.screen
        assert isinstance(plan, PlanScreen)
        assert plan.plan.type_name == "i-09b8a7c6d5e4f3021"
        await w.press("escape")
        await until(w.pilot, lambda: w.app.screen is w.screen, "the result again")
        assert w.screen.step is CreateStep.RESULT
