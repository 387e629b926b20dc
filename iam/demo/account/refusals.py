"""What CloudTrail remembers of requests that were refused lately: management events only, as in CloudTrail itself.

The refusals of roles that somebody could not assume stand with the other events of those roles in `trail`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from iam.demo.account.facts import ACCOUNT, SHARED_TOOLS, ago, arn, role_arn
from iam.demo.account.trail import SeedEvent, hash_of
from iam.demo.aws.encoded import authorization_detail, encode

_BOTO = "Boto3/1.44.8 md/Botocore#1.44.8 ua/2.1 os/linux#6.12 lang/python#3.13.5"
_CLI = "aws-cli/2.31.4 md/prompt#off"


def _session(role: str, path: str, session: str, *, mfa: bool = False) -> dict[str, Any]:
    unique = f"AROAHARBOR{hash_of(role):011d}"
    return {
        "type": "AssumedRole",
        "principalId": f"{unique}:{session}",
        "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}",
        "accountId": ACCOUNT,
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": unique,
                "arn": role_arn(path + role),
                "accountId": ACCOUNT,
                "userName": role,
            },
            "attributes": {"mfaAuthenticated": str(mfa).lower()},
        },
    }


def _sentence(who: dict[str, Any], action: str, resource: str, reason: str = "") -> str:
    return f"User: {who['arn']} is not authorized to perform: {action} on resource: {resource} {reason}".rstrip()


def _none(kind: str, action: str) -> str:
    return f"because no {kind} allows the {action} action"


def _refused(
    name: str,
    when: datetime,
    who: dict[str, Any],
    parameters: dict[str, Any],
    service: str,
    message: str,
    *,
    code: str = "AccessDenied",
    resources: tuple[tuple[str, str], ...] = (),
    read_only: bool = False,
    user_agent: str = _CLI,
) -> SeedEvent:
    return SeedEvent(
        name,
        when,
        who,
        parameters,
        resources,
        source=f"{service}.amazonaws.com",
        user_agent=user_agent,
        error_code=code,
        error_message=message,
        read_only=read_only,
    )


_EC2 = "You are not authorized to perform this operation."
_CI = _session("ci-pipeline-builder", "ci/", "AWSCodeBuild-4d1f")
_EXECUTION = _session("orders-ecs-execution", "app/", "8f3c2d5e0a9b4c7d8e1f2a3b4c5d6e7f")
_PROJECT = _session("project-developer", "human/", "alice")
_RELEASE = _session("release-manager", "human/", "ben", mfa=True)
_REPORTS = _session("kms-reports-reader", "app/", "reports")
_CONTRACTOR = _session("contractor-scoped", "human/", "kestrel")
_WEB = _session("web-frontend-ec2", "app/", "i-0a1")
_COLLECTOR = {
    "type": "AWSAccount",
    "principalId": "AROASHAREDCOLLECTOR01:agent-1",
    "arn": f"arn:aws:sts::{SHARED_TOOLS}:assumed-role/collector/agent-1",
    "accountId": SHARED_TOOLS,
}
_DORA = {
    "type": "IAMUser",
    "principalId": "AIDAHARBORDORA0000000",
    "arn": f"arn:aws:iam::{ACCOUNT}:user/dora",
    "accountId": ACCOUNT,
    "userName": "dora",
}
_INSTANCE = arn("ec2", "instance/i-0f1e2d3c4b5a69788")
_SECRET = arn("secretsmanager", "secret:orders/db-Ab12Cd")
_ENCODED = encode(
    authorization_detail(
        principal_id=str(_WEB["principalId"]),
        principal_arn=str(_WEB["arn"]),
        action="ec2:StopInstances",
        resource=_INSTANCE,
        explicit_deny=False,
        context={"aws:RequestedRegion": ("us-east-1",), "ec2:InstanceType": ("t3.small",)},
    )
)


def _pulls(*minutes: float) -> tuple[SeedEvent, ...]:
    """The task that cannot start: its agent tries again and again."""
    return tuple(
        _refused(
            "GetSecretValue",
            ago(minutes=each),
            _EXECUTION,
            {"secretId": _SECRET},
            "secretsmanager",
            _sentence(
                _EXECUTION,
                "secretsmanager:GetSecretValue",
                _SECRET,
                _none("identity-based policy", "secretsmanager:GetSecretValue"),
            ),
            code="AccessDeniedException",
            read_only=True,
            user_agent=_BOTO,
        )
        for each in minutes
    )


REFUSALS: tuple[SeedEvent, ...] = (
    *_pulls(12, 17, 22, 27),
    _refused(
        "Decrypt",
        ago(minutes=38),
        _REPORTS,
        {"encryptionAlgorithm": "SYMMETRIC_DEFAULT", "keyId": arn("kms", "key/K1")},
        "kms",
        _sentence(_REPORTS, "kms:Decrypt", arn("kms", "key/K1"), _none("resource-based policy", "kms:Decrypt")),
        read_only=True,
        user_agent=_BOTO,
    ),
    _refused(
        "CreateRole",
        ago(minutes=52),
        _CI,
        {"roleName": "new", "path": "/ci/", "assumeRolePolicyDocument": "{}"},
        "iam",
        _sentence(_CI, "iam:CreateRole", role_arn("ci/new"), _none("permissions boundary", "iam:CreateRole")),
    ),
    _refused(
        "StartInstances",
        ago(hours=1, minutes=20),
        _PROJECT,
        {"instancesSet": {"items": [{"instanceId": "i-0f1e2d3c4b5a69788"}]}},
        "ec2",
        f"{_EC2} "
        + _sentence(_PROJECT, "ec2:StartInstances", _INSTANCE, _none("identity-based policy", "ec2:StartInstances")),
        code="Client.UnauthorizedOperation",
    ),
    _refused(
        "RegisterTaskDefinition",
        ago(hours=1, minutes=44),
        _RELEASE,
        {"family": "orders", "taskRoleArn": role_arn("app/orders-ecs-task")},
        "ecs",
        _sentence(
            _RELEASE, "iam:PassRole", role_arn("app/orders-ecs-task"), _none("identity-based policy", "iam:PassRole")
        ),
        code="ClientException",
    ),
    _refused(
        "UpdateFunctionCode20150331v2",
        ago(hours=1, minutes=48),
        _CONTRACTOR,
        {"functionName": "orders-api", "publish": False, "dryRun": False},
        "lambda",
        _sentence(
            _CONTRACTOR,
            "lambda:UpdateFunctionCode",
            arn("lambda", "function:orders-api"),
            _none("session policy", "lambda:UpdateFunctionCode"),
        ),
        code="AccessDeniedException",
    ),
    _refused(
        "StopInstances",
        ago(hours=6),
        _WEB,
        {"instancesSet": {"items": [{"instanceId": "i-0f1e2d3c4b5a69788"}]}, "force": False},
        "ec2",
        f"{_EC2} Encoded authorization failure message: {_ENCODED}",
        code="Client.UnauthorizedOperation",
        user_agent=_BOTO,
    ),
    _refused(
        "AssumeRole",
        ago(hours=7),
        _COLLECTOR,
        {"roleArn": role_arn("app/metrics-collector"), "roleSessionName": "agent-1"},
        "sts",
        _sentence(_COLLECTOR, "sts:AssumeRole", role_arn("app/metrics-collector")),
        resources=(
            ("AWS::IAM::Role", "metrics-collector"),
            ("AWS::IAM::Role", role_arn("app/metrics-collector")),
        ),
        read_only=True,
        user_agent=_BOTO,
    ),
    _refused(
        "AssumeRole",
        ago(hours=8),
        _DORA,
        {"roleArn": role_arn("human/project-developer"), "roleSessionName": "dora"},
        "sts",
        _sentence(
            _DORA,
            "sts:AssumeRole",
            role_arn("human/project-developer"),
            _none("identity-based policy", "sts:AssumeRole"),
        ),
        resources=(
            ("AWS::IAM::Role", "project-developer"),
            ("AWS::IAM::Role", role_arn("human/project-developer")),
        ),
        read_only=True,
    ),
)
