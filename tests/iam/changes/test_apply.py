"""Plans carried out on the demo account: to the end, cut off at every point, taken up again, rolled back."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iam.account import Account
from iam.changes.apply import CallStatus, NotWritable, Writer, leave
from iam.changes.builders.policies import new_version
from iam.changes.builders.roles import delete_role, edit_role
from iam.changes.journal import CallProgress, End, journals, read_journal, unfinished
from iam.changes.operations.effects import State, look
from iam.changes.plan import Plan
from iam.creation.plan import create_role
from iam.creation.spec import RoleSpec
from iam.policy.document import Document
from iam.sources.reader.reading import Reading
from tests.support.accounts.documents import policy
from tests.support.changes.applied import CALLS, Counting, Killed, run, state_of, writer
from tests.support.gate.let_through import apply, resume, roll_back

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader

VERSIONED = "arn:aws:iam::111122223333:policy/app-assets-read"


def test_a_role_is_created_and_read_back(reader: AwsReader, account: Account, spec: RoleSpec, directory: Path) -> None:
    plan = create_role(spec, account)
    outcomes = run(apply(plan, reader, writable=False, directory=directory))
    assert [each.status for each in outcomes if each.status is not CallStatus.STARTED] == [
        *[CallStatus.DONE] * len(plan.calls),
        CallStatus.VERIFIED,
    ]
    iam = reader.aws.session.client("iam")
    made = iam.get_role(RoleName=spec.name)["Role"]
    assert made["Path"] == "/app/"
    assert made["MaxSessionDuration"] == 7200
    assert made["Description"] == "Makes thumbnails"
    assert made["Tags"] == [{"Key": "team", "Value": "ferry"}]
    assert made["PermissionsBoundary"]["PermissionsBoundaryArn"] == spec.boundary_arn
    assert made["AssumeRolePolicyDocument"] == spec.trust.value
    attached = iam.list_attached_role_policies(RoleName=spec.name)["AttachedPolicies"]
    assert {each["PolicyArn"] for each in attached} == set(spec.attached)
    inline = iam.get_role_policy(RoleName=spec.name, PolicyName="read-assets")["PolicyDocument"]
    assert inline == spec.inline[0].document.value
    profile = iam.get_instance_profile(InstanceProfileName=spec.name)["InstanceProfile"]
    assert [each["RoleName"] for each in profile["Roles"]] == [spec.name]


def test_each_call_is_journaled_before_it_is_made(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path
) -> None:
    plan = create_role(spec, account)
    path = directory / f"{plan.id}.jsonl"
    seen: list[str] = []

    class Watching(Counting):
        def __getattr__(self, name: str) -> Callable[..., Any]:
            if name != "made":
                last = json.loads(path.read_text().splitlines()[-1])
                seen.append(f"{last['record']} {last['call']}")
            return super().__getattr__(name)

    run(apply(plan, reader, writable=False, directory=directory, writer=Writer(Watching(reader.aws.client("iam")))))
    assert seen == [f"start {index}" for index in range(CALLS)]


def test_what_cannot_be_read_back_is_not_verified(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    why = "carla may not call iam:GetRole"
    monkeypatch.setattr(reader, "role", lambda name: Reading("iam:GetRole", why=why))
    last = run(apply(create_role(spec, account), reader, writable=False, directory=directory))[-1]
    assert last.status is CallStatus.UNVERIFIED
    assert "could not be read back" in last.sentence and why in last.sentence
    assert next(iter(journals(directory))).end is End.APPLIED


def test_an_inline_policy_that_comes_back_without_its_document_is_unknown(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path
) -> None:
    body = (
        b"<GetRolePolicyResponse><GetRolePolicyResult><RoleName>x</RoleName><PolicyName>read-assets</PolicyName>"
        b"</GetRolePolicyResult></GetRolePolicyResponse>"
    )
    client = reader.aws.client("iam")
    client.meta.events.register_first(
        "before-parse.iam.GetRolePolicy", lambda response_dict, **_: response_dict.update(body=body)
    )
    plan = create_role(spec, account)
    outcomes = run(apply(plan, reader, writable=False, directory=directory, writer=writer(reader)))
    assert [each.status for each in outcomes].count(CallStatus.DONE) == len(plan.calls)
    assert outcomes[-1].status is CallStatus.UNVERIFIED
    [put] = [each for each in plan.calls if each.operation == "PutRolePolicy"]
    assert look(put, reader).state is State.UNKNOWN


def test_a_write_call_that_something_else_answered_is_looked_for(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path
) -> None:
    bodies = iter([b"<!DOCTYPE html><html><body>Log in to the network</body></html>"])

    def once(response_dict: dict[str, Any], **_: Any) -> None:
        response_dict["body"] = next(bodies, response_dict["body"])

    reader.aws.client("iam").meta.events.register_first("before-parse.iam.CreateRole", once)
    plan = create_role(spec, account)
    failed = run(apply(plan, reader, writable=False, directory=directory))[-1]
    assert failed.status is CallStatus.FAILED and failed.failure is not None and failed.failure.unknown
    assert "did not come from AWS, or was cut off (a web page)" in failed.sentence
    [record] = unfinished(account.id, "demo", directory)
    second = writer(reader)
    assert run(resume(record.path, reader, writable=False, writer=second))[-1].status is CallStatus.VERIFIED
    assert "create_role" not in second.client.made


@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call, before the journal"])
@pytest.mark.parametrize("at", range(CALLS))
def test_cut_off_at_any_point_it_is_resumed_to_the_same_end(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path, at: int, after: bool
) -> None:
    plan = create_role(spec, account)
    first = writer(reader, at, after)
    with pytest.raises(Killed):
        run(apply(plan, reader, writable=False, directory=directory, writer=first))
    [record] = unfinished(account.id, "demo", directory)
    assert record.states[at].progress is CallProgress.STARTED
    second = writer(reader)
    outcomes = run(resume(record.path, reader, writable=False, writer=second))
    assert outcomes[-1].status is CallStatus.VERIFIED
    # Nothing twice, nothing left out.
    assert len(first.client.made) + len(second.client.made) == CALLS
    attached = ["attach_role_policy"] * 2
    profile = ["create_instance_profile", "add_role_to_instance_profile"]
    assert [*first.client.made, *second.client.made] == ["create_role", "put_role_policy", *attached, *profile]
    assert read_journal(record.path).end is End.APPLIED
    assert unfinished(account.id, "demo", directory) == ()
    assert state_of(reader, spec.name)[0] == "/app/"
    # What was done before the interruption is ours: rolling back takes it all away.
    run(roll_back(record.path, reader, writable=False, writer=writer(reader)))
    assert state_of(reader, spec.name) == (None, None)


@pytest.mark.parametrize("after", [False, True], ids=["before the call", "after the call, before the journal"])
@pytest.mark.parametrize("at", range(CALLS))
def test_cut_off_at_any_point_it_is_rolled_back_to_nothing(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path, at: int, after: bool
) -> None:
    with pytest.raises(Killed):
        plan = create_role(spec, account)
        run(apply(plan, reader, writable=False, directory=directory, writer=writer(reader, at, after)))
    [record] = journals(directory)
    outcomes = run(roll_back(record.path, reader, writable=False, writer=writer(reader)))
    assert all(each.status is not CallStatus.FAILED for each in outcomes)
    assert state_of(reader, spec.name) == (None, None)
    assert read_journal(record.path).end is End.ROLLED_BACK


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(5))
def test_a_deletion_cut_off_is_resumed_or_taken_back(
    reader: AwsReader, account: Account, directory: Path, at: int, after: bool
) -> None:
    name = "web-frontend-ec2"
    before = state_of(reader, name)
    role = reader.role(name).value
    assert role is not None
    plan = delete_role(role, account)
    assert len(plan.calls) == 5
    assert plan.type_name == name
    first = writer(reader, at, after)
    with pytest.raises(Killed):
        run(apply(plan, reader, writable=False, directory=directory, writer=first))
    [record] = journals(directory)
    if at % 2:
        run(roll_back(record.path, reader, writable=False, writer=writer(reader)))
        assert state_of(reader, name) == before
        return
    second = writer(reader)
    run(resume(record.path, reader, writable=False, writer=second))
    assert len(first.client.made) + len(second.client.made) == 5
    assert state_of(reader, name) == (None, None)
    # Even a finished deletion can be taken back, from what was kept.
    run(roll_back(record.path, reader, writable=False, writer=writer(reader)))
    assert state_of(reader, name) == before


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [0, 2, CALLS - 1])
def test_rolling_back_cut_off_is_rolled_back_again(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path, at: int, after: bool
) -> None:
    run(apply(create_role(spec, account), reader, writable=False, directory=directory))
    [record] = journals(directory)
    with pytest.raises(Killed):
        run(roll_back(record.path, reader, writable=False, writer=writer(reader, at, after)))
    assert unfinished(account.id, "demo", directory)[0].rolling_back
    run(roll_back(record.path, reader, writable=False, writer=writer(reader)))
    assert state_of(reader, spec.name) == (None, None)
    assert read_journal(record.path).end is End.ROLLED_BACK


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [0, 2, CALLS - 1])
def test_rolling_back_cut_off_can_be_gone_forward_from(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path, at: int, after: bool
) -> None:
    run(apply(create_role(spec, account), reader, writable=False, directory=directory))
    [record] = journals(directory)
    whole = state_of(reader, spec.name)
    with pytest.raises(Killed):
        run(roll_back(record.path, reader, writable=False, writer=writer(reader, at, after)))
    outcomes = run(resume(record.path, reader, writable=False, writer=writer(reader)))
    assert outcomes[-1].status is CallStatus.VERIFIED
    assert state_of(reader, spec.name) == whole
    run(roll_back(record.path, reader, writable=False, writer=writer(reader)))
    assert state_of(reader, spec.name) == (None, None)


VERSION = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}'


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", range(3))
def test_a_sixth_version_takes_the_place_of_the_oldest(
    reader: AwsReader, account: Account, directory: Path, at: int, after: bool
) -> None:
    before = reader.managed_policy(VERSIONED).value
    assert before is not None
    plan = new_version(before, VERSION, account)
    assert [call.operation for call in plan.calls] == [
        "DeletePolicyVersion",
        "CreatePolicyVersion",
        "SetDefaultPolicyVersion",
    ]
    assert plan.calls[0].parameters["VersionId"] == "v1"  # v4 is the default
    with pytest.raises(Killed):
        run(apply(plan, reader, writable=False, directory=directory, writer=writer(reader, at, after)))
    [record] = journals(directory)
    run(resume(record.path, reader, writable=False, writer=writer(reader)))
    made = reader.managed_policy(VERSIONED).value
    assert made is not None
    assert [each.id for each in made.versions] == ["v6", "v5", "v4", "v3", "v2"]
    assert made.default_version_id == "v6"
    run(roll_back(record.path, reader, writable=False, writer=writer(reader)))
    back = reader.managed_policy(VERSIONED).value
    assert back is not None
    assert back.default_version_id == "v4"
    assert {each.document.text for each in back.versions} == {each.document.text for each in before.versions}


def test_what_was_there_before_is_left_by_rolling_back(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path
) -> None:
    plan = create_role(spec, account)
    iam = reader.aws.session.client("iam")
    iam.create_instance_profile(InstanceProfileName=spec.name, Path="/app/")
    outcomes = run(apply(plan, reader, writable=False, directory=directory))
    assert CallStatus.ALREADY in {each.status for each in outcomes}
    [record] = journals(directory)
    run(roll_back(record.path, reader, writable=False))
    assert reader.role(spec.name).absent
    profile = reader.instance_profile(spec.name).value
    assert profile is not None
    assert profile.roles == ()


@pytest.mark.parametrize(
    ("wanted", "since", "goes"),
    [
        ({"new": "ours"}, {"new": "theirs"}, False),
        ({"new": "ours", "two": "ours"}, {"two": "theirs"}, False),
        ({"old": "ours"}, {"old": "theirs"}, False),
        ({}, {"old": "theirs"}, False),
        ({}, {"old": "was"}, True),
        ({"new": "ours"}, {"other": "theirs"}, True),
        ({"new": "ours"}, {}, True),
        ({"old": "ours"}, {}, True),
        ({"new": "ours", "two": "ours"}, {"two": None}, True),
    ],
)
def test_rolling_back_tags_loses_no_value_that_somebody_else_wrote_since(
    reader: AwsReader,
    account: Account,
    directory: Path,
    wanted: dict[str, str],
    since: dict[str, str | None],
    goes: bool,
) -> None:
    iam, name = reader.aws.session.client("iam"), "orders-api-lambda"
    iam.tag_role(RoleName=name, Tags=[{"Key": "old", "Value": "was"}])
    role = reader.role(name).value
    assert role is not None
    kept = {key: value for key, value in (role.tags or {}).items() if key != "old"}
    tags = {**(role.tags or {}), **wanted} if wanted else kept
    run(apply(edit_role(role, account, tags=tags), reader, writable=False, directory=directory))
    for key, value in since.items():
        if value is None:
            iam.untag_role(RoleName=name, TagKeys=[key])
        else:
            iam.tag_role(RoleName=name, Tags=[{"Key": key, "Value": value}])
    [record] = journals(directory)
    outcomes = run(roll_back(record.path, reader, writable=False))
    now = reader.role(name).value
    assert now is not None and now.tags is not None
    assert (outcomes[-1].status is not CallStatus.FAILED) is goes
    assert {key: now.tags.get(key) for key in since} == since
    assert not goes or not {"new", "two"}.intersection(now.tags)


def test_somebody_elses_role_of_the_same_name_is_never_taken_for_ours(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path
) -> None:
    plan = create_role(spec, account)
    with pytest.raises(Killed):
        run(apply(plan, reader, writable=False, directory=directory, writer=writer(reader, 0, False)))
    other = replace(spec, description="somebody else's", instance_profile=None)
    run(apply(create_role(other, account), reader, writable=False, directory=directory / "other"))
    [record] = journals(directory)
    [*_, last] = run(resume(record.path, reader, writable=False, writer=writer(reader)))
    assert last.status is CallStatus.FAILED
    assert "description" in last.sentence
    run(roll_back(record.path, reader, writable=False, writer=writer(reader)))
    assert reader.role(spec.name).found


def test_a_plan_that_is_left_is_not_offered_again(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path
) -> None:
    with pytest.raises(Killed):
        run(apply(create_role(spec, account), reader, writable=False, directory=directory, writer=writer(reader, 2)))
    [record] = unfinished(account.id, "demo", directory)
    assert record.sentence == "stopped after 2 of 6 calls"
    leave(record.path)
    assert unfinished(account.id, "demo", directory) == ()


def test_an_account_that_is_not_the_demo_is_changed_only_when_asked(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path
) -> None:
    from iam.sources.aws.reader import AwsReader as Reader

    aws = Reader(reader.aws.session)  # the same connection, seen as AWS's own
    plan = create_role(spec, account)
    with pytest.raises(NotWritable, match="--write"):
        apply(plan, aws, writable=False, directory=directory)
    assert not directory.exists()
    run(apply(plan, aws, writable=True, directory=directory))
    assert reader.role(spec.name).found


def test_a_plan_for_another_account_is_not_carried_out(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path
) -> None:
    plan = replace(create_role(spec, account), account_id="444455556666")
    with pytest.raises(NotWritable, match="444455556666"):
        apply(plan, reader, writable=False, directory=directory)


def test_every_call_of_a_plan_can_be_looked_for(
    reader: AwsReader, account: Account, spec: RoleSpec, directory: Path
) -> None:
    def states(plan: Plan) -> set[State]:
        return {look(call, reader).state for call in plan.calls}

    plan = create_role(spec, account)
    assert states(plan) == {State.NOT_DONE}
    run(apply(plan, reader, writable=False, directory=directory))
    assert states(plan) == {State.DONE}
    undoing = {look(call.undo, reader).state for call in plan.calls if call.undo}
    assert undoing == {State.NOT_DONE}


def test_a_document_saved_in_another_spelling_is_the_same() -> None:
    from iam.changes.compare import same_document

    one = Document('{"Statement": {"Effect": "Allow", "Action": "S3:GetObject", "Resource": ["b", "a"]}}')
    other = Document('{"Statement": [{"Resource": ["a","b"], "Action": ["s3:getobject"], "Effect": "Allow"}]}')
    assert same_document(one, other)
    assert not same_document(one, Document('{"Statement": {"Effect": "Deny", "Action": "s3:GetObject"}}'))


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov", "aws-iso-b", "aws-eusc"])
def test_an_account_s_number_is_its_root_in_every_partition(partition: str) -> None:
    from iam.changes.compare import same_document

    def trusting(*principals: str) -> Document:
        return policy({"Effect": "Allow", "Principal": {"AWS": list(principals)}, "Action": "sts:AssumeRole"})

    root = f"arn:{partition}:iam::444455556666:root"
    assert same_document(trusting("444455556666", "999999999999"), trusting("999999999999", root))
    assert not same_document(trusting("444455556666"), trusting(f"arn:{partition}:iam::444455556666:role/root"))
    assert not same_document(trusting("444455556666"), trusting(root.replace("4444", "5555")))
