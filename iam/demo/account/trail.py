"""What CloudTrail remembers: the events that a diagnosis looks for, newest first."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from iam.demo.account.facts import (
    ACCOUNT,
    COGNITO_POOL,
    EKS,
    GITHUB,
    SHARED_TOOLS,
    VENDOR,
    ago,
    allow,
    document,
    policy_arn,
    role_arn,
)

_TERRAFORM = "APN/1.0 HashiCorp/1.0 Terraform/1.13.4 (+https://www.terraform.io) terraform-provider-aws/6.20.0"
_CLI = "aws-cli/2.31.4 md/prompt#off"
_CONSOLE = "signin.amazonaws.com"


@dataclass(frozen=True, slots=True)
class SeedEvent:
    """One event. ``resources`` are names as LookupEvents indexes them; ``read_only`` is CloudTrail's own field."""

    name: str
    time: datetime
    identity: dict[str, Any]
    parameters: dict[str, Any]
    resources: tuple[tuple[str, str], ...] = ()
    source: str = "iam.amazonaws.com"
    user_agent: str = _CLI
    error_code: str | None = None
    error_message: str | None = None
    region: str = "us-east-1"
    read_only: bool = False
    response: dict[str, Any] | None = field(default=None)

    @property
    def id(self) -> str:
        """The same in every run: derived from what happened."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.name} {self.time.isoformat()} {self.resources}"))

    @property
    def username(self) -> str:
        identity = self.identity
        return str(identity.get("userName") or identity.get("arn", "").rsplit("/", 1)[-1] or identity.get("invokedBy"))

    def detail(self) -> str:
        """CloudTrail's record, as JSON text."""
        record: dict[str, Any] = {
            "eventVersion": "1.11",
            "userIdentity": self.identity,
            "eventTime": self.time.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "eventSource": self.source,
            "eventName": self.name,
            "awsRegion": self.region,
            "sourceIPAddress": self.identity.get("invokedBy", "203.0.113.24"),
            "userAgent": self.user_agent,
        }
        if self.error_code:
            record |= {"errorCode": self.error_code, "errorMessage": self.error_message}
        record |= {
            "requestParameters": self.parameters,
            "responseElements": self.response,
            "eventID": self.id,
            "readOnly": self.read_only,
            "eventType": "AwsApiCall",
            "managementEvent": True,
            "recipientAccountId": ACCOUNT,
            "eventCategory": "Management",
        }
        return json.dumps(record)


def _user(name: str) -> dict[str, Any]:
    return {
        "type": "IAMUser",
        "principalId": f"AIDAHARBOR{name.upper():0<11}",
        "arn": f"arn:aws:iam::{ACCOUNT}:user/{name}",
        "accountId": ACCOUNT,
        "userName": name,
    }


def _session(role: str, session: str, account: str = ACCOUNT) -> dict[str, Any]:
    return {
        "type": "AssumedRole",
        "principalId": f"AROAHARBOR{abs(hash_of(role)):011d}:{session}",
        "arn": f"arn:aws:sts::{account}:assumed-role/{role}/{session}",
        "accountId": account,
    }


def hash_of(text: str) -> int:
    """A number for a name, the same in every run (Python's own hash is not)."""
    return uuid.uuid5(uuid.NAMESPACE_DNS, text).int % 10**11


def _service(name: str) -> dict[str, Any]:
    return {"type": "AWSService", "invokedBy": name}


def _web_identity(provider: str, audience: str, subject: str) -> dict[str, Any]:
    return {
        "type": "WebIdentityUser",
        "principalId": f"{provider}:{audience}:{subject}",
        "userName": subject,
        "identityProvider": provider,
    }


def _role(name: str, path: str = "") -> tuple[tuple[str, str], ...]:
    return (("AWS::IAM::Role", name), ("AWS::IAM::Role", role_arn(path + name)))


_BROKER_POLICY = json.dumps(
    document(
        allow(
            ("lambda:GetFunction", "lambda:GetFunctionConfiguration", "lambda:InvokeFunction", "lambda:ListFunctions"),
            "*",
            sid="KestrelMayTest",
        ),
        allow(("logs:FilterLogEvents", "logs:GetLogEvents", "logs:Describe*"), "*", sid="KestrelMayReadLogs"),
    )
)
_NO_WEB_IDENTITY = "Not authorized to perform sts:AssumeRoleWithWebIdentity"

EVENTS: tuple[SeedEvent, ...] = (
    SeedEvent(
        "PutRolePolicy",
        ago(seconds=20),
        _session("saml-admin", "org-admin"),
        {"roleName": "orders-ecs-task", "policyName": "orders-events"},
        _role("orders-ecs-task", "app/"),
        user_agent=_TERRAFORM,
    ),
    SeedEvent(
        "DeleteRole",
        ago(minutes=6),
        _session("saml-admin", "org-admin"),
        {"roleName": "legacy-ftp-sync"},
        _role("legacy-ftp-sync", "legacy/"),
        error_code="DeleteConflictException",
        error_message="Cannot delete entity, must detach all policies first.",
    ),
    SeedEvent(
        "AssumeRole",
        ago(minutes=31),
        _user("ben"),
        {"roleArn": role_arn("human/break-glass-admin"), "roleSessionName": "ben"},
        _role("break-glass-admin", "human/"),
        source="sts.amazonaws.com",
        error_code="AccessDenied",
        error_message=f"User: arn:aws:iam::{ACCOUNT}:user/ben is not authorized to perform: sts:AssumeRole on "
        f"resource: {role_arn('human/break-glass-admin')}",
        read_only=True,
    ),
    SeedEvent(
        "CreateFunction20150331",
        ago(minutes=44),
        _session("ci-pipeline-builder", "AWSCodeBuild-4d1f"),
        {
            "functionName": "invoice-render",
            "runtime": "python3.13",
            "role": role_arn("app/invoice-render-lambda"),
            "handler": "app.handler",
        },
        (*_role("invoice-render-lambda", "app/"), ("AWS::Lambda::Function", "invoice-render")),
        source="lambda.amazonaws.com",
        user_agent=_TERRAFORM,
        error_code="InvalidParameterValueException",
        error_message="The role defined for the function cannot be assumed by Lambda.",
    ),
    SeedEvent(
        "AssumeRole",
        ago(hours=1, minutes=10),
        {
            "type": "AWSAccount",
            "principalId": f"AROAVENDORCOLLECTOR01:{'s1'}",
            "accountId": VENDOR,
            "arn": f"arn:aws:sts::{VENDOR}:assumed-role/collector/s1",
        },
        {"roleArn": role_arn("vendor/vendor-cost-auditor"), "roleSessionName": "s1", "durationSeconds": 3600},
        _role("vendor-cost-auditor", "vendor/"),
        source="sts.amazonaws.com",
        error_code="AccessDenied",
        error_message=f"User: arn:aws:sts::{VENDOR}:assumed-role/collector/s1 is not authorized to perform: "
        f"sts:AssumeRole on resource: {role_arn('vendor/vendor-cost-auditor')}",
        read_only=True,
    ),
    SeedEvent(
        "AssumeRole",
        ago(hours=1, minutes=50),
        {
            "type": "AWSAccount",
            "principalId": "AROASHAREDTOOLSBROKER:kestrel",
            "accountId": SHARED_TOOLS,
            "arn": f"arn:aws:sts::{SHARED_TOOLS}:assumed-role/broker/kestrel",
        },
        {
            "roleArn": role_arn("human/contractor-scoped"),
            "roleSessionName": "kestrel",
            "policy": _BROKER_POLICY,
            "durationSeconds": 3600,
        },
        _role("contractor-scoped", "human/"),
        source="sts.amazonaws.com",
        read_only=True,
        response={
            "assumedRoleUser": {
                "assumedRoleId": "AROAHARBORCONTRACTOR1:kestrel",
                "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/contractor-scoped/kestrel",
            },
            "packedPolicySize": 21,
        },
    ),
    SeedEvent(
        "AssumeRoleWithWebIdentity",
        ago(hours=2),
        _web_identity(
            f"arn:aws:iam::{ACCOUNT}:oidc-provider/{EKS}",
            "sts.amazonaws.com",
            "system:serviceaccount:inventory-v2:inventory-api",
        ),
        {"roleArn": role_arn("app/inventory-irsa"), "roleSessionName": "botocore-session-1763622000"},
        _role("inventory-irsa", "app/"),
        source="sts.amazonaws.com",
        user_agent="Boto3/1.44.8",
        error_code="AccessDenied",
        error_message=_NO_WEB_IDENTITY,
        read_only=True,
    ),
    SeedEvent(
        "AssumeRoleWithWebIdentity",
        ago(hours=3),
        _web_identity(
            f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}",
            "sts.amazonaws.com",
            "repo:harbor-demo@5550101/storefront@90210077:ref:refs/heads/main",
        ),
        {"roleArn": role_arn("ci/gha-deploy-storefront"), "roleSessionName": "GitHubActions", "durationSeconds": 3600},
        _role("gha-deploy-storefront", "ci/"),
        source="sts.amazonaws.com",
        user_agent="configure-aws-credentials-for-github-actions",
        error_code="AccessDenied",
        error_message=_NO_WEB_IDENTITY,
        read_only=True,
    ),
    SeedEvent(
        "AssumeRoleWithWebIdentity",
        ago(hours=4),
        _web_identity("cognito-identity.amazonaws.com", COGNITO_POOL, "us-east-1:guest-2b7a6e5d"),
        {"roleArn": role_arn("app/cognito-mobile-auth"), "roleSessionName": "CognitoIdentityCredentials"},
        _role("cognito-mobile-auth", "app/"),
        source="sts.amazonaws.com",
        user_agent="aws-sdk-js/3.930.0 ua/2.1 os/iOS",
        error_code="AccessDenied",
        error_message=_NO_WEB_IDENTITY,
        read_only=True,
    ),
    SeedEvent(
        "AssumeRoleWithSAML",
        ago(hours=5),
        {
            "type": "SAMLUser",
            "principalId": "harbor-idp:erin@harbor.example",
            "userName": "erin@harbor.example",
            "identityProvider": "https://idp.harbor.example/saml",
        },
        {
            "sAMLAssertionID": "_7b0d7f0e93d14c29b7f05a7f2c0b6d55",
            "roleArn": role_arn("human/saml-admin"),
            "principalArn": f"arn:aws:iam::{ACCOUNT}:saml-provider/HarborIdP",
            "audience": "https://eu-west-1.signin.aws.amazon.com/saml",
        },
        _role("saml-admin", "human/"),
        source="sts.amazonaws.com",
        user_agent=_CONSOLE,
        error_code="AccessDenied",
        error_message="Not authorized to perform sts:AssumeRoleWithSAML",
        region="eu-west-1",
        read_only=True,
    ),
    SeedEvent(
        "CreatePolicyVersion",
        ago(days=2),
        _session("saml-admin", "org-admin"),
        {"policyArn": policy_arn("app-assets-read"), "setAsDefault": False},
        (("AWS::IAM::Policy", policy_arn("app-assets-read")),),
    ),
    SeedEvent(
        "CreateRole",
        ago(days=3),
        _user("ben"),
        {"roleName": "search-podid", "path": "/app/"},
        _role("search-podid", "app/"),
        user_agent=_TERRAFORM,
    ),
    SeedEvent(
        "SetDefaultPolicyVersion",
        ago(days=6),
        _session("saml-admin", "org-admin"),
        {"policyArn": policy_arn("app-assets-read"), "versionId": "v4"},
        (("AWS::IAM::Policy", policy_arn("app-assets-read")),),
    ),
    SeedEvent(
        "CreatePolicyVersion",
        ago(days=6, minutes=4),
        _session("saml-admin", "org-admin"),
        {"policyArn": policy_arn("app-assets-read"), "setAsDefault": False},
        (("AWS::IAM::Policy", policy_arn("app-assets-read")),),
    ),
    SeedEvent(
        "CreateRole",
        ago(days=8),
        _session("saml-admin", "org-admin"),
        {"roleName": "scheduler-invoke-orders", "path": "/service-role/"},
        _role("scheduler-invoke-orders", "service-role/"),
        user_agent=_TERRAFORM,
    ),
    SeedEvent(
        "CreateRole",
        ago(days=12),
        _session("ci-pipeline-builder", "AWSCodeBuild-11aa"),
        {"roleName": "invoice-render-lambda", "path": "/app/"},
        _role("invoice-render-lambda", "app/"),
        user_agent=_TERRAFORM,
    ),
    # Until here the deployment worked; then the repository was transferred, and its tokens changed their subject.
    SeedEvent(
        "AssumeRoleWithWebIdentity",
        ago(days=19, hours=2),
        _web_identity(
            f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}",
            "sts.amazonaws.com",
            "repo:harbor-demo/storefront:ref:refs/heads/main",
        ),
        {"roleArn": role_arn("ci/gha-deploy-storefront"), "roleSessionName": "GitHubActions", "durationSeconds": 3600},
        _role("gha-deploy-storefront", "ci/"),
        source="sts.amazonaws.com",
        user_agent="configure-aws-credentials-for-github-actions",
        read_only=True,
    ),
    SeedEvent(
        "AcquireRole",
        ago(days=25),
        {**_user("alice"), "invokedBy": "lambda.amazonaws.com"},
        {
            "roleName": "lambda-basic-from-template",
            "templateArn": "arn:aws:iam::aws:role-template/lambda/AWSLambdaBasicExecution",
        },
        _role("lambda-basic-from-template", "service-role/"),
        user_agent="lambda.amazonaws.com",
    ),
    SeedEvent(
        "CreateUser",
        ago(days=89, hours=23),
        _session("saml-admin", "org-admin"),
        {"userName": "dora", "tags": [{"key": "department", "value": "hr"}]},
        (("AWS::IAM::User", "dora"),),
    ),
)
