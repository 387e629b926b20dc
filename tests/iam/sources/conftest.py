"""An account in plain moto, and faults put between it and boto3."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import botocore.loaders
import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from moto import mock_aws

ALLOW_ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
TRUST = (
    '{\n "Version": "2012-10-17",\n "Statement": [{"Effect": "Allow",\n  "Principal": {"Service": '
    '"lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]\n}'
)

_MODELS = botocore.loaders.create_loader()


def core_session() -> botocore.session.Session:
    """With the services' models read once for all tests: each takes a tenth of a second."""
    core = botocore.session.get_session()
    core.register_component("data_loader", _MODELS)
    _MODELS.search_paths[:] = dict.fromkeys(_MODELS.search_paths)  # boto3 adds its own folder for each session
    return core


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch, clients_made_sooner: None) -> Iterator[boto3.Session]:
    """A session on an empty moto account, with none of the machine's own AWS settings."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLEEXAMPLE00")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with mock_aws():
        yield boto3.Session(region_name="us-east-1", botocore_session=core_session())


@pytest.fixture
def seeded(session: boto3.Session) -> boto3.Session:
    """Two roles, a user in a group, a policy with two versions, a provider, an instance profile."""
    iam = session.client("iam")
    iam.create_account_alias(AccountAlias="harbor-test")
    policy = iam.create_policy(PolicyName="Assets", PolicyDocument=ALLOW_ALL)["Policy"]["Arn"]
    iam.create_policy_version(PolicyArn=policy, PolicyDocument=ALLOW_ALL.replace("s3:*", "s3:Get*"), SetAsDefault=True)
    iam.create_role(
        RoleName="orders-api",
        Path="/app/",
        AssumeRolePolicyDocument=TRUST,
        Description="Orders [red]not markup[/]",
        MaxSessionDuration=7200,
        PermissionsBoundary=policy,
        Tags=[{"Key": "team", "Value": "ferry"}],
    )
    iam.put_role_policy(RoleName="orders-api", PolicyName="table", PolicyDocument=ALLOW_ALL)
    iam.attach_role_policy(RoleName="orders-api", PolicyArn=policy)
    iam.create_role(RoleName="Other", AssumeRolePolicyDocument=TRUST)
    iam.create_instance_profile(InstanceProfileName="orders-api")
    iam.add_role_to_instance_profile(InstanceProfileName="orders-api", RoleName="orders-api")
    iam.create_user(UserName="ben")
    iam.create_group(GroupName="Operators")
    iam.put_group_policy(GroupName="Operators", PolicyName="ops", PolicyDocument=ALLOW_ALL)
    iam.add_user_to_group(UserName="ben", GroupName="Operators")
    iam.create_open_id_connect_provider(
        Url="https://token.actions.githubusercontent.com", ClientIDList=["sts.amazonaws.com"], ThumbprintList=[]
    )
    return session


class _Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self._content

    def read(self, *_: Any) -> bytes:
        return self._content


def answer(url: str, status: int, body: bytes) -> AWSResponse:
    return AWSResponse(url, status, {}, _Body(body))


def error_body(service: str, code: str, message: str) -> bytes:
    """An error in the service's own protocol."""
    if service in ("iam", "sts"):
        return (
            "<ErrorResponse><Error><Type>Sender</Type>"
            f"<Code>{code}</Code><Message>{message}</Message></Error><RequestId>req-1</RequestId></ErrorResponse>"
        ).encode()
    if service == "s3":
        return f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode()
    if service == "ec2":
        return (
            f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors></Response>"
        ).encode()
    return json.dumps({"__type": code, "message": message}).encode()


Fail = Callable[..., None]


@pytest.fixture
def fail(session: boto3.Session, monkeypatch: pytest.MonkeyPatch) -> Fail:
    """``fail("iam", "ListRoles", "AccessDenied")`` has every such call refused; ``times`` only the first few, and
    ``after`` lets some through before. Retries do not wait."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)

    def add(
        service: str,
        operation: str,
        code: str,
        message: str = "User: arn:aws:iam::123456789012:user/carla is not authorized",
        *,
        times: int | None = None,
        after: int = 0,
        status: int = 403,
    ) -> None:
        seen = 0

        def refuse(request: Any, **_: Any) -> AWSResponse | None:
            nonlocal seen
            seen += 1
            if seen <= after or (times is not None and seen > after + times):
                return None
            return answer(request.url, status, error_body(service, code, message))

        session.events.register_first(f"before-send.{service}.{operation}", refuse)

    return add
