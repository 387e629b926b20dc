"""Fixes as plans: each that changes IAM is carried out, helps, and can be taken back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from diagnostics.check.run import judged
from diagnostics.diagnose import collect, read_text
from diagnostics.diagnosis import Diagnosis
from diagnostics.failure import Denial
from diagnostics.fix import (
    Calls,
    Change,
    Fix,
    InlinePlace,
    ManagedPlace,
    Note,
    OtherPlace,
    PolicyChange,
    ShellCommand,
    iam_call,
    to_complete,
)
from diagnostics.plans.fix import plan_for_fix, plan_for_set, plans_of, why_no_plan
from diagnostics.who import Who
from iam.account import Account
from iam.changes.apply import CallStatus
from iam.changes.journal import End, journals, read_journal
from iam.changes.plan import Call, Plan, PlanError
from iam.policy.decision import Outcome
from iam.policy.document import Document
from iam.simulator import SimulationRequest, SimulationResult
from iam.sources.reader.opened import OpenedAccount
from tests.support.demo.failures import CONFLICTS, FAILURES, DemoConflict, DemoFailure
from tests.support.gate.let_through import apply, roll_back

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

ALL: dict[str, DemoFailure | DemoConflict] = {each.id: each for each in (*FAILURES, *CONFLICTS)}
# The first fix of each that changes IAM, and what it calls.
PLANNED = {
    "F01": ["DeletePolicyVersion", "CreatePolicyVersion", "SetDefaultPolicyVersion"],
    "F02": ["AddRoleToInstanceProfile"],
    "F03": ["PutRolePolicy"],
    "F04": ["UpdateAssumeRolePolicy"],
    "F08": ["UpdateAssumeRolePolicy"],
    "F18": ["PutRolePolicy"],
    "F28": ["SetDefaultPolicyVersion"],
    "E08": ["DetachRolePolicy", "DeleteRole"],
}


def diagnosed(name: str, account: Account, reader: AwsReader) -> Diagnosis:
    failure = ALL[name]
    context = failure.context if isinstance(failure, DemoFailure) else {}
    role = failure.role if isinstance(failure, DemoFailure) else None
    return collect(read_text(failure.text)[0], OpenedAccount(account, reader), context, role=role)


@pytest.mark.parametrize("name", PLANNED)
def test_a_fix_is_carried_out_and_taken_back(reader: AwsReader, account: Account, tmp_path: Path, name: str) -> None:
    fix = diagnosed(name, account, reader).fixes[0]
    assert not why_no_plan(fix)
    plan = plan_for_fix(fix, OpenedAccount(account, reader))
    assert [call.operation for call in plan.calls] == PLANNED[name]
    assert plan.destructive == (name == "E08")
    # F08 lets a federated subject in.
    judged_plan = judged(plan, OpenedAccount(account, reader)).plan
    assert judged_plan.destructive == (name in ("E08", "F08")), judged_plan.opens
    *_, last = apply(plan, reader, writable=False, directory=tmp_path)
    assert last.status is CallStatus.VERIFIED
    [record] = journals(tmp_path)
    list(roll_back(record.path, reader, writable=False))
    assert read_journal(record.path).end is End.ROLLED_BACK
    before = diagnosed(name, account, reader).verdict.cause
    assert before == ALL[name].cause or before in ALL[name].also


@pytest.mark.parametrize("name", ["F03", "F04", "F18"])
def test_after_the_fix_the_request_is_allowed(reader: AwsReader, account: Account, tmp_path: Path, name: str) -> None:
    fix = next(each for each in diagnosed(name, account, reader).fixes if each.verified and not why_no_plan(each))
    list(apply(plan_for_fix(fix, OpenedAccount(account, reader)), reader, writable=False, directory=tmp_path))
    fresh = list(reader.accounts())[-1]
    assert diagnosed(name, fresh, reader).verdict.cause == "allowed.now"


def test_a_plan_says_who_gains_and_who_loses(demo_reader: AwsReader, account: Account) -> None:
    opened = OpenedAccount(account, demo_reader)
    gives = plan_for_fix(diagnosed("F03", account, demo_reader).fixes[0], opened)
    [grant] = gives.effects.gained
    assert (grant.actions, grant.who.rpartition("/")[2]) == (("dynamodb:Query",), "orders-api-lambda")
    assert (gives.effects.lost, gives.effects.complete, gives.type_name) == ((), True, None)
    # The pattern of the trust policy goes, of a role that was used minutes ago.
    takes = plan_for_fix(diagnosed("F16", account, demo_reader).fixes[0], opened)
    assert takes.effects.gained and takes.effects.lost and takes.in_use
    assert takes.type_name == "scheduler-invoke-orders"
    # What policies that compare tags say of it is another matter.
    tags = next(fix for fix in diagnosed("F15", account, demo_reader).fixes if isinstance(fix.change, Calls))
    assert not plan_for_fix(tags, opened).effects.complete


def test_what_helps_only_together_is_one_plan(demo_reader: AwsReader, account: Account) -> None:
    """F22: the caller has to take another region, and two policies lack the action."""
    opened = OpenedAccount(account, demo_reader)
    several = [fix for fix in diagnosed("F22", account, demo_reader).fixes if fix.together]
    plan = plan_for_set(several, opened)
    targets = [call.target.rpartition("/")[2] for call in plan.calls if call.operation == "CreatePolicyVersion"]
    assert sorted(targets) == ["DeveloperBoundary", "abac-project"]
    assert [grant.actions for grant in plan.effects.gained] == [("ec2:RunInstances",)]
    [left] = [each for each in plan.warnings if each.startswith("Not enough alone")]
    assert "(caller): Call in an allowed Region" in left
    # Neither gives anything alone.
    assert not any(plan_for_fix(fix, opened).effects.gained for fix in several if not why_no_plan(fix))
    plans = plans_of(several, opened)
    assert isinstance(plans.together, Plan) and "note for the person who" in str(plans.alone[0])
    with pytest.raises(PlanError):
        plan_for_set(several[:1], opened)


def place_of(fix: Fix) -> str | None:
    """The ARN of the holder of the inline policy that a fix changes."""
    match fix.change:
        case PolicyChange(InlinePlace(holder)):
            return holder.arn
    return None


def test_the_policy_of_a_group_is_changed_as_the_groups(demo_world: World, tmp_path: Path) -> None:
    """The user holds a policy of the same name, which is not the one at fault."""
    from iam.demo.open import reader as open_reader

    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::harbor-lake/${aws:username}/*"}
    old = json.dumps({"Version": "2008-10-17", "Statement": [statement]})
    other = {"Effect": "Allow", "Action": "sqs:ListQueues", "Resource": "*"}
    with demo_world.in_place():  # moto saves no document of the old language, which AWS does
        demo_world.iam.groups["Operators"].put_policy("own-home", old)
        user = next(each for each in demo_world.iam.users.values() if each.name == "ben")
        user.put_policy("own-home", json.dumps({"Version": "2012-10-17", "Statement": [other]}))
    text = (
        "User: arn:aws:iam::111122223333:user/ben is not authorized to perform: s3:GetObject on resource: "
        '"arn:aws:s3:::harbor-lake/ben/x" because no identity-based policy allows the s3:GetObject action'
    )
    reader = open_reader(demo_world)
    account = list(reader.accounts())[-1]
    fixes = collect(read_text(text)[0], OpenedAccount(account, reader), {}).fixes
    group = "arn:aws:iam::111122223333:group/Operators"
    assert place_of(fixes[0]) == group and fixes[0].target.startswith(f"{group} ")
    assert "own-home of the group Operators" in fixes[0].title
    for fix in fixes:  # whatever else is added does not touch the group, nor the other policy of that name
        match fix.change:
            case PolicyChange(InlinePlace(holder, new=new)) if holder.kind == "user":
                assert new
    plan = plan_for_fix(fixes[0], OpenedAccount(account, reader))
    assert [call.operation for call in plan.calls] == ["PutGroupPolicy"]
    *_, last = apply(plan, reader, writable=False, directory=tmp_path)
    assert last.status is CallStatus.VERIFIED
    fresh = list(reader.accounts())[-1]
    assert collect(read_text(text)[0], OpenedAccount(fresh, reader), {}).verdict.cause == "allowed.now"


@pytest.mark.parametrize("name", ["F01", "F28"])
def test_after_the_fix_the_simulator_agrees(reader: AwsReader, account: Account, tmp_path: Path, name: str) -> None:
    diagnosis = diagnosed(name, account, reader)
    denial = diagnosis.failure
    assert isinstance(denial, Denial)
    request = SimulationRequest(
        "arn:aws:iam::111122223333:role/app/web-frontend-ec2",
        denial.action or "",
        denial.resource or "",
        {"aws:RequestedRegion": ("us-east-1",)},
    )
    simulator = reader.simulator()
    assert simulator is not None
    before = simulator.simulate(request)
    list(
        apply(
            plan_for_fix(diagnosis.fixes[0], OpenedAccount(account, reader)), reader, writable=False, directory=tmp_path
        )
    )
    after = simulator.simulate(request)
    assert isinstance(before, SimulationResult)
    assert isinstance(after, SimulationResult)
    assert (before.outcome, after.outcome) == (Outcome.IMPLICIT_DENY, Outcome.ALLOWED)


@pytest.mark.parametrize("name", ALL)
def test_every_fix_is_a_plan_or_a_sentence(demo_reader: AwsReader, account: Account, name: str) -> None:
    for fix in diagnosed(name, account, demo_reader).fixes:
        try:
            plan = plan_for_fix(fix, OpenedAccount(account, demo_reader))
        except PlanError as error:
            assert str(error)
            assert "\n" not in str(error)
            continue
        assert not why_no_plan(fix)
        assert plan.calls
        assert all(call.undo is not None or call.undo_note for call in plan.calls)
        assert plan.account_id == account.id


def test_what_changed_since_the_diagnosis_is_not_overwritten(reader: AwsReader, account: Account) -> None:
    fix = diagnosed("F04", account, reader).fixes[0]
    iam = reader.aws.session.client("iam")
    other = {"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}
    changed = json.dumps({"Version": "2012-10-17", "Statement": [other]})
    iam.update_assume_role_policy(RoleName="invoice-render-lambda", PolicyDocument=changed)
    with pytest.raises(PlanError, match="changed since the diagnosis"):
        plan_for_fix(fix, OpenedAccount(account, reader))
    fix = diagnosed("F03", account, reader).fixes[0]
    iam.delete_role_policy(RoleName="orders-api-lambda", PolicyName="orders-table-rw")
    with pytest.raises(PlanError, match="changed since the diagnosis"):
        plan_for_fix(fix, OpenedAccount(account, reader))


ROLE = "arn:aws:iam::111122223333:role/app/orders-api-lambda"
DENY_ALL = "arn:aws:iam::aws:policy/AWSDenyAll"
BOUNDARY = "arn:aws:iam::111122223333:policy/DeveloperBoundary"


def role_call(operation: str, **parameters: object) -> Call:
    return iam_call(operation, RoleName="orders-api-lambda", **parameters)


CALLS = [
    ([role_call("TagRole", Tags={"team": "a", "new": "b"})], ["TagRole", "TagRole"]),
    ([role_call("TagRole", Tags={"new": "it's"})], ["TagRole"]),
    ([role_call("UntagRole", TagKeys=("team",))], ["UntagRole"]),
    ([role_call("UpdateRole", MaxSessionDuration=7200)], ["UpdateRole"]),
    ([role_call("UpdateRole", Description="a; b")], ["UpdateRole"]),
    ([role_call("AttachRolePolicy", PolicyArn=DENY_ALL)], ["AttachRolePolicy"]),
    (
        [iam_call("CreateOpenIDConnectProvider", Url="https://gitlab.com", ClientIDList=("a", "b"))],
        ["CreateOpenIDConnectProvider"],
    ),
    (
        [
            iam_call("CreateInstanceProfile", InstanceProfileName="x"),
            iam_call("AddRoleToInstanceProfile", InstanceProfileName="x", RoleName="web-frontend-ec2"),
        ],
        ["CreateInstanceProfile", "AddRoleToInstanceProfile"],
    ),
    ([role_call("PutRolePermissionsBoundary", PermissionsBoundary=BOUNDARY)], ["PutRolePermissionsBoundary"]),
]


@pytest.mark.parametrize(("calls", "operations"), CALLS)
def test_calls_become_a_plan(
    reader: AwsReader, account: Account, tmp_path: Path, calls: list[Call], operations: list[str]
) -> None:
    change = Calls(ROLE, tuple(calls), besides="terraform import aws_iam_role.x y")
    plan = plan_for_fix(Fix("do it", Who.YOU, change), OpenedAccount(account, reader))
    assert [call.operation for call in plan.calls] == operations
    *_, last = apply(plan, reader, writable=False, directory=tmp_path)
    assert last.status is CallStatus.VERIFIED, last.sentence
    [record] = journals(tmp_path)
    list(roll_back(record.path, reader, writable=False))
    assert read_journal(record.path).end is End.ROLLED_BACK
    for call in plan.calls:
        if call.operation == "UpdateRole":  # what is not sent would be set back
            assert set(call.parameters) == {"RoleName", "Description", "MaxSessionDuration"}
    assert any("terraform import" in each for each in plan.warnings)
    # Taking a right of what is in use asks as a deletion does.
    takes = any(call.text("PolicyArn") == DENY_ALL or call.text("PermissionsBoundary") for call in calls)
    assert plan.type_name == ("orders-api-lambda" if takes else None)
    assert takes == any("In use: " in each for each in plan.in_use)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ShellCommand("x", "aws iam create-access-key", "create-access-key"),
            "No plan can contain aws iam create-access-key",
        ),
        (ShellCommand("x", "aws sts assume-role --role-arn x"), "changes nothing in IAM"),
        (to_complete("x", "SECONDS", role_call("UpdateRole", MaxSessionDuration="SECONDS")), "SECONDS"),
        (Calls("x", (iam_call("DeleteRole", RoleName="gone"),)), "nothing of gone is left"),
        (Calls("x", (role_call("AttachRolePolicy"),)), "PolicyArn"),
        (Calls("x", (iam_call("DeleteRole", RoleName="AWSServiceRoleForECS"),)), "belongs to an AWS service"),
        (PolicyChange(OtherPlace("arn:aws:s3:::b"), {}, after=Document("{}")), "IAM cannot change"),
        (PolicyChange(ManagedPlace(BOUNDARY), {}), "could not be read"),
        (Note("x"), "note"),
    ],
)
def test_what_is_no_plan_says_why(demo_reader: AwsReader, account: Account, change: Change, said: str) -> None:
    with pytest.raises(PlanError) as error:
        plan_for_fix(Fix("do it", Who.YOU, change), OpenedAccount(account, demo_reader))
    assert said in str(error.value)


def test_with_few_rights_no_plan_is_made_blindly(
    demo_reader_as: Callable[[str | None], AwsReader], account: Account, demo_reader: AwsReader
) -> None:
    fix = diagnosed("F04", account, demo_reader).fixes[0]
    with pytest.raises(PlanError, match="denied iam:GetRole"):
        plan_for_fix(fix, OpenedAccount(account, demo_reader_as("ci-legacy")))
