"""Words of AWS's that are newer than this program are never taken for one that it knows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from iam.sources.authorization_json import read_authorization
from iam.sources.aws.reader import AwsReader
from iam.sources.json_values import UnknownWord
from iam.sources.reader.reading import Reading

ACCOUNT = "123456789012"
WHEN = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(("status", "active"), [("Active", True), ("Inactive", False), ("Expired", False)])
def test_a_key_is_active_or_not(session: boto3.Session, status: str, active: bool) -> None:
    reader = AwsReader(session)
    entry = {"UserName": "ben", "AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "Status": status, "CreateDate": WHEN}
    with Stubber(reader.aws.client("iam")) as stub:
        stub.add_response("list_access_keys", {"AccessKeyMetadata": [entry], "IsTruncated": False})
        (key,) = reader.access_keys("ben").value or ()
    assert key.active is active


def test_a_key_of_which_the_status_is_unknown(session: boto3.Session) -> None:
    reader = AwsReader(session)
    entry = {"UserName": "ben", "AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "Status": "Dormant", "CreateDate": WHEN}
    with Stubber(reader.aws.client("iam")) as stub:
        stub.add_response("list_access_keys", {"AccessKeyMetadata": [entry], "IsTruncated": False})
        reading = reader.access_keys("ben")
    assert reading.unreadable and "Dormant is unknown to this version" in reading.why


@pytest.mark.parametrize("effect", ["IMPLICIT_DENY", "EXPLICIT_DENY", "MAYBE"])
def test_a_check_of_a_kind_that_is_unknown_and_refuses(effect: str) -> None:
    with pytest.raises(UnknownWord):
        read_authorization("id", _record(effect), lambda uri: Reading("", note="none"))


@pytest.mark.parametrize("effect", ["ALLOW", "NO_IMPACT"])
def test_a_check_of_a_kind_that_is_unknown_and_lets_it_pass(effect: str) -> None:
    record = read_authorization("id", _record(effect), lambda uri: Reading("", note="none"))
    assert [str(check.layer) for check in record.evaluations[0].checks or ()] == ["identity"]


def _record(effect: str) -> dict[str, Any]:
    checks = [{"checkType": kind, "evaluatedEffect": "NO_IMPACT"} for kind in ("PRINCIPAL", "WEATHER")]
    checks[1]["evaluatedEffect"] = effect
    evaluation = {"action": "s3:GetObject", "resource": "*", "evaluatedEffect": "IMPLICIT_DENY", "checks": checks}
    return {"requestContext": {}, "evaluations": [evaluation]}


@pytest.mark.parametrize(
    ("state", "there"),
    [
        ("associating", True),
        ("associated", True),
        ("disassociating", False),
        ("disassociated", False),
        ("elsewhere", True),
    ],
)
def test_an_instance_has_its_profile_until_it_is_taken_off(session: boto3.Session, state: str, there: bool) -> None:
    """And the page that is empty is not the end of the list."""
    reader = AwsReader(session)
    arn = f"arn:aws:iam::{ACCOUNT}:instance-profile/web"
    entry = {"AssociationId": "a-1", "InstanceId": "i-1", "IamInstanceProfile": {"Arn": arn}, "State": state}
    with Stubber(reader.aws.client("ec2")) as stub:
        operation = "describe_iam_instance_profile_associations"
        stub.add_response(operation, {"IamInstanceProfileAssociations": [], "NextToken": "more"})
        stub.add_response(operation, {"IamInstanceProfileAssociations": [entry]})
        if not there:
            stub.add_response("describe_instances", {"Reservations": []})
        found = reader.instance_association(f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/i-1").value
    assert found is not None and found.profile_arn == (arn if there else None)


def test_the_newest_task_definitions_are_looked_at_and_that_there_are_more_is_said(session: boto3.Session) -> None:
    reader = AwsReader(session)
    family = f"arn:aws:ecs:us-east-1:{ACCOUNT}:task-definition"
    role = f"arn:aws:iam::{ACCOUNT}:role/worker"
    arns = [f"{family}/web:{number}" for number in range(130, 0, -1)] + [f"{family}/api:7"]
    for service, operation, answer in (
        ("iam", "list_instance_profiles", {"InstanceProfiles": [], "IsTruncated": False}),
        ("lambda", "list_functions", {"Functions": []}),
        ("eks", "list_clusters", {"clusters": []}),
    ):
        _stubbed(reader, service).add_response(operation, answer)
    ecs = _stubbed(reader, "ecs")
    ecs.add_response("list_task_definitions", {"taskDefinitionArns": arns})
    for number in range(100):
        definition = {"family": "x", "revision": number, "taskRoleArn": role}
        ecs.add_response("describe_task_definition", {"taskDefinition": definition})
    asked: list[str] = []
    reader.aws.client("ecs").meta.events.register(
        "before-parameter-build.ecs.DescribeTaskDefinition", lambda params, **_: asked.append(params["taskDefinition"])
    )
    reading = reader.all_bindings()
    assert len(reading.value or ()) == 100 and "Only 100 of ECS's task definitions in us-east-1" in reading.note
    assert {f"{family}/web:130", f"{family}/api:7"} <= set(asked[:2])


def _stubbed(reader: AwsReader, service: str) -> Stubber:
    stub = Stubber(reader.aws.client(service))
    stub.activate()
    return stub
