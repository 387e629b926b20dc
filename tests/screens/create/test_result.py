"""The end of a creation: the new role waited for and tried, by an administrator and by somebody with few rights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.message import Message

from iam.account import InlinePolicy, Role
from iam.creation.action_table import action_table
from iam.creation.recipes.recipe import AccountFacts
from iam.creation.spec import RoleSpec
from iam.credentials.assume import Assumed, AssumeTry
from iam.policy.document import Document
from iam.sources.reader import Reading
from screens.create.steps import Step
from screens.create.tries import Wish
from screens.create.try_role import WAITS, TryFound, run_tries
from screens.diagnose.screen import DiagnoseScreen
from screens.plan.screen import PlanScreen
from tests.support.creating import ACCOUNT, Session, role_of, statement_of, wizard
from tests.support.diagnosing import seen, until, until_seen
from tests.support.seeing import line_with

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

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
        await w.on(Step.MAY)
        await w.on(Step.DETAILS)
        await w.type("audit-entry")
        await w.made()
        w.assert_tried(1)
        await until_seen(w.pilot, "may be assumed by you")
        assert "you can assume it" in line_with(w.app, "audit-entry IS THERE")
        await w.press("G")
        await until(w.pilot, lambda: "Assumed with its external ID;" in w.screen.result.detail.text, "the sentence")
        await until_seen(w.pilot, "thrown away")
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
        await w.on(Step.MAY)
        await w.choose("Read a bucket")
        await w.fill(bucket="harbor-assets")
        await w.on(Step.DETAILS)
        await w.told("boundary", "only with the boundary DeveloperBoundary")
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
            assert "not readable: the resource's policy, service control policies" in each.sentence
        await until_seen(w.pilot, "undecided")
        # She may make the role, and nothing lets her assume it: the reason is a key away, and the result stays.
        await w.press("G")
        await until_seen(w.pilot, "may not be assumed by you (enter: why)")
        await w.press("enter")
        await until(w.pilot, lambda: isinstance(w.app.screen, DiagnoseScreen), "the diagnosis")
        diagnosis = w.app.screen
        assert isinstance(diagnosis, DiagnoseScreen)
        await until(w.pilot, lambda: diagnosis.run_shown and diagnosis.run_shown.ended, "its end")
        await until_seen(w.pilot, "identity.resource-mismatch")
        await w.press("escape")
        await until(w.pilot, lambda: w.app.screen is w.screen, "the result again")
        assert w.screen.step is Step.RESULT
    role = role_of(demo_session, "alice-helper")
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == BOUNDARY
    names = demo_session().client("iam").list_role_policies(RoleName="alice-helper")["PolicyNames"]
    assert names == ["read-bucket"]


async def test_what_alice_may_not_do_is_named_and_the_plan_can_be_given_to_somebody_else(demo_world: World) -> None:
    async with wizard(demo_world, user="alice") as w:
        await w.press("enter")
        await w.type("ec2")
        await w.on(Step.MAY)
        await w.on(Step.DETAILS)
        await w.type("alice-machine")
        await w.fill(boundary=BOUNDARY)
        await w.checked()
        lacking = {each.value for each in w.screen.check.findings if each.code == "permission" and each.value}
        assert lacking == {"iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile", "iam:PassRole"}
        await until_seen(w.pilot, "You may not iam:CreateInstanceProfile")
        await w.press("ctrl+r")
        await until(w.pilot, lambda: isinstance(w.app.screen, PlanScreen), "the plan")
        await w.press("c")
        await until_seen(w.pilot, "aws iam create-instance-profile --instance-profile-name alice-machine")


class Slow:
    """A reader that AWS shows the new role to only after some looks."""

    def __init__(self, reader: AwsReader, looks: int) -> None:
        self.reader, self.looks = reader, looks

    def __getattr__(self, name: str) -> object:
        return getattr(self.reader, name)

    def role(self, name: str) -> Reading[Role]:
        if self.looks:
            self.looks -= 1
            return Reading("iam:GetRole", note="The role with name x cannot be found.")
        return self.reader.role(name)


@pytest.mark.parametrize("looks", [0, 2, 99])
def test_the_role_is_waited_for(demo_reader: AwsReader, looks: int) -> None:
    account = list(demo_reader.accounts())[-1]
    held = account.role("orders-ecs-execution")
    assert held is not None and held.trust is not None
    spec = RoleSpec(held.name, held.trust, held.path, attached=tuple(each.arn for each in held.attached or ()))
    posted: list[Message] = []
    waited: list[float] = []

    def pause(seconds: float) -> bool:
        waited.extend([seconds] if seconds else [])
        return False

    slow: AwsReader = Slow(demo_reader, looks)  # type: ignore[assignment]  # a reader in all but its class
    run_tries(7, spec, (), AccountFacts.of(account), account, slow, posted.append, pause)
    assert waited == list(WAITS[:looks])
    found = [each for each in posted if isinstance(each, TryFound) and each.number == 7]
    assert sum("does not show the role yet" in each.waiting for each in found) == len(waited)
    if looks == 99:
        assert "AWS does not show the role" in found[-1].missing
        assert not [each for each in found if each.tried]
        return
    assert found[-1].tried is None
    assert not found[-1].missing
    assumed = found[-2].tried
    assert isinstance(assumed, AssumeTry)
    assert assumed.outcome is Assumed.NOT_TRIED


def tried_with(demo_reader: AwsReader, *statements: Mapping[str, object]) -> list[Wish]:
    """The tries of a role with one inline policy."""
    from screens.create.tries import wishes

    account = list(demo_reader.accounts())[-1]
    held = account.roles[0]
    assert held.trust is not None
    document = Document(json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))
    spec = replace(RoleSpec("x", held.trust), inline=(InlinePolicy("one", document),))
    return list(wishes(spec, (), AccountFacts.of(account), account, demo_reader).tries)


def test_what_a_role_is_tried_with(demo_reader: AwsReader) -> None:
    def allow(*actions: str, resource: str = "*") -> dict[str, object]:
        return {"Effect": "Allow", "Action": list(actions), "Resource": resource}

    def actions(*statements: Mapping[str, object]) -> list[tuple[str, bool]]:
        return [(wish.action, wish.allowed) for wish in tried_with(demo_reader, *statements)]

    assert actions(allow("s3:Get*", "s3:List*")) == [("s3:ListBucket", True), ("s3:PutObject", False)]
    assert actions(allow("*")) == [("s3:ListAllMyBuckets", True), ("iam:CreateUser", True)]
    assert actions(allow("sqs:*")) == [("sqs:ListQueues", True), ("iam:CreateUser", False)]
    # What a Deny leaves of an Allow is not guessed: what it names itself is tried.
    denied = {"Effect": "Deny", "Action": "s3:ListBucket", "Resource": "*"}
    assert actions(allow("s3:*"), denied) == [("s3:ListBucket", False)]


def test_what_a_statement_names_is_tried_on_the_resource_that_it_is_for(demo_reader: AwsReader) -> None:
    bucket, objects = "arn:aws:s3:::harbor-assets", "arn:aws:s3:::harbor-assets/*"
    read = {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": [bucket, objects]}
    example = f"{bucket}/example"
    assert tried_with(demo_reader, read) == [
        Wish("s3:ListBucket", bucket, {}, True),
        Wish("s3:GetObject", example, {}, True),
        Wish("s3:PutObject", example, {}, False),
    ]
    # What may be written is not what it must not do.
    write = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": objects}
    assert tried_with(demo_reader, write)[1:] != [Wish("s3:PutObject", example, {}, False)]
    assert [each.allowed for each in tried_with(demo_reader, write)] == [True, False]
    # A Deny beside it is a promise as well, and conditions are met by values of theirs.
    keys = {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "StringLike": {"aws:PrincipalTag/team": "fer*"}}
    deny = {"Effect": "Deny", "Action": "s3:DeleteObject", "Resource": objects}
    assert tried_with(demo_reader, {**read, "Condition": keys}, deny)[1:] == [
        Wish(
            "s3:GetObject",
            example,
            {"aws:MultiFactorAuthPresent": ("true",), "aws:PrincipalTag/team": ("ferexample",)},
            True,
        ),
        Wish("s3:DeleteObject", example, {}, False),
    ]
    # Where no value can be thought of that meets a condition, nothing is promised.
    never = {**read, "Condition": {"NumericGreaterThan": {"s3:max-keys": "5"}}}
    assert [each.action for each in tried_with(demo_reader, never)] == ["iam:CreateUser"]


def test_what_is_too_much_to_be_tried_is_counted(demo_reader: AwsReader) -> None:
    from screens.create.tries import MOST_TRIES, wishes

    account = list(demo_reader.accounts())[-1]
    held = account.roles[0]
    assert held.trust is not None
    names = [name for name in action_table().of_service("ec2") if "Describe" in name][:40]
    document = Document(json.dumps({"Statement": [{"Effect": "Allow", "Action": names, "Resource": "*"}]}))
    spec = replace(RoleSpec("x", held.trust), inline=(InlinePolicy("one", document),))
    found = wishes(spec, (), AccountFacts.of(account), account, demo_reader)
    assert len(found.tries) < MOST_TRIES
    assert found.left_out == 41 - len(found.tries)
