"""Instance profiles given to instances of a plain moto, applied and taken back, in each partition."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from diagnostics.plans.changes import AttachToInstance
from diagnostics.plans.role_change import change_plan
from iam.changes.apply import CallStatus, Writer
from iam.changes.journal import read_journal
from iam.changes.plan import NothingToDo, Plan, PlanError, plan_from_value, plan_to_value
from iam.changes.undo_plan import undo_plan
from iam.sources.aws.reader import AwsReader
from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts.documents import trust
from tests.support.gate.let_through import apply, roll_back


@pytest.fixture(params=["us-east-1", "cn-north-1"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsReader]:
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
    with mock_aws():
        session = boto3.Session("AKIAEXAMPLE", "secret", region_name=request.param)
        iam = session.client("iam")
        for name, service in (("first", "ec2"), ("second", "ec2"), ("other", "lambda")):
            iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(f"{service}.amazonaws.com").text)
        yield AwsReader(session, kind="aws")


def instance(reader: AwsReader) -> str:
    answer = reader.aws.client("ec2").run_instances(ImageId="ami-12c6146b", MinCount=1, MaxCount=1)
    return str(answer["Instances"][0]["InstanceId"])


def associations(reader: AwsReader) -> list[str]:
    listed = reader.aws.client("ec2").describe_iam_instance_profile_associations()["IamInstanceProfileAssociations"]
    return [each["IamInstanceProfile"]["Arn"].rpartition("/")[2] for each in listed]


def planned(reader: AwsReader, role: str, id: str) -> Plan:
    account = list(reader.accounts())[-1]
    plan = change_plan([role], AttachToInstance(id), OpenedAccount(account, reader))
    assert plan_from_value(plan_to_value(plan)).calls == plan.calls
    return plan


def made(plan: Plan, reader: AwsReader, directory: Path) -> Path:
    writer = Writer(reader.aws.client("iam"), lambda _: None, regional=reader.aws.client)
    *_, last = apply(plan, reader, writable=True, directory=directory, writer=writer)
    assert last.status is CallStatus.VERIFIED, last.sentence
    return directory / f"{plan.id}.jsonl"


def test_given_replaced_and_taken_back(reader: AwsReader, tmp_path: Path) -> None:
    id = instance(reader)
    first = planned(reader, "first", id)
    assert first.type_name is None
    begun = made(first, reader, tmp_path)
    assert associations(reader) == ["first"]
    with pytest.raises(NothingToDo):
        planned(reader, "first", id)
    second = planned(reader, "second", id)
    assert second.type_name == id
    assert "may no longer do what first may" in second.sentence
    path = made(second, reader, tmp_path)
    assert associations(reader) == ["second"]
    # Taken back as a plan of its own, and that one taken back too: each association has an ID of its own.
    undone = made(undo_plan(read_journal(path)), reader, tmp_path)
    assert associations(reader) == ["first"]
    made(undo_plan(read_journal(undone)), reader, tmp_path)
    assert associations(reader) == ["second"]
    writer = Writer(reader.aws.client("iam"), lambda _: None, regional=reader.aws.client)
    for journal in (undone, path, begun):
        outcomes: list[Any] = list(roll_back(journal, reader, writable=True, writer=writer, overwrite=True))
        assert outcomes
    assert not reader.aws.client("iam").list_instance_profiles()["InstanceProfiles"]


def test_what_cannot_be(reader: AwsReader) -> None:
    id = instance(reader)
    with pytest.raises(PlanError, match="does not allow EC2"):
        planned(reader, "other", id)
    with pytest.raises(PlanError, match="There is no instance i-1 "):
        planned(reader, "first", "i-1")
    with pytest.raises(PlanError, match="is not an instance of account"):
        planned(reader, "first", "arn:aws:s3:::bucket")
