"""What runs with a role, read live: each kind from answers of botocore's shapes, some from moto, and what is cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws

from iam.facts.workloads import KINDS, WORKLOAD_KINDS, WorkloadKind
from iam.sources.aws import workloads
from iam.sources.aws.reader import AwsReader
from tests.iam.sources.conftest import core_session

ACCOUNT = "123456789012"
ROLE, BY_PROFILE = (f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("runs", "by-profile"))


def put(item: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Set what a place names; a list gets one item."""
    part, _, rest = path.partition(".")
    name, many = part.removesuffix("[]"), part.endswith("[]")
    before = item.get(name, [{}] if many else {})
    filled = put(before[0] if many else before, rest, value) if rest else value
    item[name] = [filled] if many else filled
    return item


def item_of(kind: WorkloadKind, number: int) -> Any:
    """An item of one call, with everything that the table asks of it."""
    given = [value for call in kind.calls for value in call.given.values() if isinstance(value, str)]
    plain = [*given, *(re.findall(r"\{(\d[^}]*)\}", kind.arn) or [kind.arn])]
    values: dict[str, Any] = {place: "s-0123456789abcdef01" for place in plain if place[0].isdigit()}
    for place, _, wanted in (each.partition("=") for each in kind.traits.values()):
        if not any(place in role for role in kind.roles):
            values[place] = wanted or True
    values |= dict.fromkeys(kind.profiles, "profile") | dict.fromkeys(
        [each for role in kind.roles for each in role.split("|")], ROLE
    )
    item: dict[str, Any] = {}
    for place, value in values.items():
        at, _, path = place.partition(".")
        if int(at) == number and not path:
            return value
        if int(at) == number:
            put(item, path, value)
    return item


def answer_of(kind: WorkloadKind, operation: str) -> dict[str, Any]:
    if operation == "ListInstanceProfiles":
        return PROFILES
    number = next(at for at, call in enumerate(kind.calls) if call.operation == operation)
    path, item = kind.calls[number].items, item_of(kind, number)
    if path == "@":
        return dict(item)
    name = re.split(r"[.\[]", path)[0]
    if "?ResourceType" in path:
        return {name: [{**item, "ResourceType": "ManagedInstance"}, {**item, "ResourceType": "EC2Instance"}]}
    return {name: [item] if path.endswith("[]") else item}


PROFILES = {
    "IsTruncated": False,
    "InstanceProfiles": [{"InstanceProfileName": "profile", "Roles": [{"Arn": BY_PROFILE}]}],
}


@pytest.fixture
def session() -> boto3.Session:
    """Without moto: every answer is given here, as botocore parses it."""
    return boto3.Session(
        "AKIAEXAMPLEEXAMPLE00", "not-a-secret", region_name="eu-west-1", botocore_session=core_session()
    )


def answering(session: boto3.Session, answers: Any) -> AwsReader:
    def respond(model: Any, params: Any, **_: Any) -> Any:
        fixed = {"GetCallerIdentity": {"Arn": f"arn:aws:iam::{ACCOUNT}:root", "Account": ACCOUNT}}
        found = fixed.get(model.name) or answers(model.name, params)
        return SimpleNamespace(status_code=200), {**found, "ResponseMetadata": {"HTTPStatusCode": 200}}

    session.events.register("before-call", respond)
    return AwsReader(session)


@pytest.mark.parametrize("kind", WORKLOAD_KINDS, ids=lambda kind: kind.id)
def test_every_kind_is_read_from_its_shapes(session: boto3.Session, kind: WorkloadKind) -> None:
    reading = answering(session, lambda name, _: answer_of(kind, name)).workloads(kind.id)
    assert not reading.why and not reading.note
    (found,) = reading.value or ()
    assert found.arn and "{" not in found.arn and found.region == "eu-west-1"
    assert found.roles == (*([ROLE] if kind.roles else []), *([BY_PROFILE] if kind.profiles else []))
    assert found.traits == tuple(kind.traits)


def test_a_list_that_is_too_long_is_cut_and_says_so(session: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workloads, "CALLS_AT_MOST", 2)
    kind = KINDS["step-functions-state-machine"]

    def answers(name: str, params: Any) -> dict[str, Any]:
        if name == "ListStateMachines":
            return {"stateMachines": [{"stateMachineArn": f"x{number}"} for number in range(5)]}
        whole: dict[str, Any] = item_of(kind, 1)
        return {**whole, "stateMachineArn": str(params["body"])}

    reading = answering(session, answers).workloads(kind.id)
    assert len(reading.value or ()) == 2 and "Only 2 calls" in reading.note


def test_each_cluster_is_read_to_the_end_before_the_next(
    session: boto3.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workloads, "CALLS_AT_MOST", 7)
    kind = KINDS["ecs-task"]
    asked: list[str] = []

    def answers(name: str, params: Any) -> dict[str, Any]:
        asked.append(name)
        if name == "ListClusters":
            return {"clusterArns": [f"cluster{number}" for number in range(60)]}
        if name == "DescribeTasks":
            task = item_of(kind, 2)
            return {"tasks": [{**task, "taskArn": f"{len(asked)}-{number}"} for number in range(3)]}
        return answer_of(kind, name)

    reading = answering(session, answers).workloads(kind.id)
    # Two calls for each cluster, and one for the definition that all of the tasks have.
    assert (
        asked
        == ["ListClusters", "ListTasks", "DescribeTasks", "DescribeTaskDefinition"]
        + [
            "ListTasks",
            "DescribeTasks",
        ]
        * 2
    )
    assert len(reading.value or ()) == 9 and "Only 7 calls" in reading.note
    assert all(one.roles == (ROLE,) for one in reading.value or ())


def denied(call: str) -> ClientError:
    message = f"User: arn:aws:iam::{ACCOUNT}:user/a is not authorized to perform: {call}"
    return ClientError({"Error": {"Code": "AccessDeniedException", "Message": message}}, call.partition(":")[2])


def test_what_was_read_is_kept_beside_what_is_denied(session: boto3.Session) -> None:
    kind = KINDS["scheduler-schedule"]

    def answers(name: str, params: Any) -> dict[str, Any]:
        if name == "ListSchedules":
            return {"Schedules": [{"GroupName": "default", "Name": each} for each in ("a", "b")]}
        if params["url_path"].endswith("/b"):
            raise denied("scheduler:GetSchedule")
        return answer_of(kind, name)

    reading = answering(session, answers).workloads(kind.id)
    assert len(reading.value or ()) == 1 and "AWS denied scheduler:GetSchedule" in reading.note


@pytest.mark.parametrize(
    ("kind", "operation", "permission"),
    [
        ("emr-cluster", "ListClusters", "elasticmapreduce:ListClusters"),
        ("emr-cluster", "ListInstanceProfiles", "iam:ListInstanceProfiles"),
        ("step-functions-state-machine", "ListStateMachines", "states:ListStateMachines"),
        ("autoscaling-group", "DescribeLaunchTemplateVersions", "ec2:DescribeLaunchTemplateVersions"),
    ],
)
def test_the_permission_that_is_missing_is_named(
    session: boto3.Session, kind: str, operation: str, permission: str
) -> None:
    def answers(name: str, _: Any) -> dict[str, Any]:
        if name == operation:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": ""}}, operation)
        return answer_of(KINDS[kind], name)

    reading = answering(session, answers).workloads(kind)
    assert f"AWS denied {permission}" in reading.why + reading.note


def test_a_region_without_the_service_has_none(session: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    def answers(name: str, _: Any) -> dict[str, Any]:
        raise EndpointConnectionError(endpoint_url="https://apprunner.example")

    for listed, known in ((["us-east-1"], True), (["us-east-1", "eu-west-1"], False), ([], False)):
        monkeypatch.setattr(session, "get_available_regions", lambda *_, listed=listed, **__: listed)
        reading = answering(session, answers).workloads("apprunner-service")
        assert (reading.value == () and not reading.why) is known


@pytest.mark.parametrize(("code", "gone"), [("ResourceNotFoundException", True), ("AccessDeniedException", False)])
def test_what_was_deleted_meanwhile_is_left_out_and_what_is_denied_is_unread(
    session: boto3.Session, code: str, gone: bool
) -> None:
    kind = KINDS["scheduler-schedule"]

    def answers(name: str, params: Any) -> dict[str, Any]:
        if name == "GetSchedule":
            raise ClientError({"Error": {"Code": code, "Message": "no"}}, name)
        return answer_of(kind, name)

    reading = answering(session, answers).workloads(kind.id)
    assert (reading.value == ()) is gone and bool(reading.why) is not gone


def test_only_enabled_regions_are_read_and_the_others_are_named(session: boto3.Session) -> None:
    enabled = [{"RegionName": name} for name in ("eu-west-1", "us-east-1")]
    regions = answering(session, lambda name, _: {"Regions": enabled}).workload_regions().value
    assert regions is not None and (regions.read, regions.not_read) == (("eu-west-1",), ("us-east-1",))


@pytest.fixture
def moto() -> Iterator[AwsReader]:
    with mock_aws():
        yield AwsReader(boto3.Session("AKIAEXAMPLE", "secret", region_name="us-east-1"))


def test_what_moto_has_is_found(moto: AwsReader) -> None:
    def client(name: str) -> Any:
        return moto.aws.session.client(name)

    iam = client("iam")
    role = iam.create_role(RoleName="runs", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    iam.create_instance_profile(InstanceProfileName="machines")
    iam.add_role_to_instance_profile(InstanceProfileName="machines", RoleName="runs")
    machine = client("stepfunctions").create_state_machine(name="m", definition="{}", roleArn=role)["stateMachineArn"]
    client("scheduler").create_schedule(
        Name="s",
        ScheduleExpression="rate(1 day)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": machine, "RoleArn": role},
    )
    client("events").put_rule(Name="r", ScheduleExpression="rate(1 day)")
    client("events").put_targets(Rule="r", Targets=[{"Id": "1", "Arn": machine, "RoleArn": role}])
    client("codebuild").create_project(
        name="pr",
        source={"type": "S3", "location": "bucket/key"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={"type": "LINUX_CONTAINER", "image": "i", "computeType": "BUILD_GENERAL1_SMALL"},
        serviceRole=role,
    )
    client("sagemaker").create_notebook_instance(NotebookInstanceName="n", InstanceType="ml.t2.medium", RoleArn=role)
    client("ec2").create_launch_template(
        LaunchTemplateName="t", LaunchTemplateData={"IamInstanceProfile": {"Name": "machines"}}
    )
    kinds = (
        *("step-functions-state-machine", "scheduler-schedule", "eventbridge-rule", "codebuild-project"),
        *("sagemaker-notebook", "ec2-launch-template"),
    )
    for kind in kinds:
        reading = moto.workloads(kind)
        (found,) = [one for one in reading.value or () if one.roles]
        assert found.roles == (role,) and found.arn.startswith("arn:aws:") and not reading.note, kind
    assert "running" in (moto.workloads("sagemaker-notebook").value or ())[0].traits
