"""Roles that a rule of the review finds, by name ``bad…``, and roles that only look like it, ``good…``; ways to
administrator, and what only looks like one."""

from __future__ import annotations

from typing import Any

from tests.support.accounts.questions import (
    ID,
    allow,
    attached,
    bounded,
    deny,
    document,
    managed,
    role,
    scps,
    trust,
    user,
)
from tests.support.accounts.reviewing import snapshot

VENDOR = "777766665555"
GITHUB = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::{ID}:oidc-provider/{GITHUB}"
CLUSTER = "oidc.eks.us-east-1.amazonaws.com/id/ABC"
SAML = f"arn:aws:iam::{ID}:saml-provider/Idp"
USED = {"RoleLastUsed": {"LastUsedDate": "2026-10-30T00:00:00+00:00"}}


def trusting(name: str, principal: Any, condition: Any = None, action: Any = "sts:AssumeRole", **more: Any) -> Any:
    given = {"Condition": condition} if condition else {}
    return role(name, AssumeRolePolicyDocument=trust(principal, action, **given), **more)


def github(name: str, condition: dict[str, Any]) -> Any:
    return trusting(name, {"Federated": PROVIDER}, condition, "sts:AssumeRoleWithWebIdentity")


def subjects(*values: str, aud: bool = True) -> dict[str, Any]:
    audience = {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}} if aud else {}
    return {**audience, "StringLike": {f"{GITHUB}:sub": list(values)}}


def everyone(name: str, condition: Any = None) -> Any:
    return trusting(name, {"AWS": "*"}, condition)


def vendor(name: str, condition: Any = None, principal: str = f"arn:aws:iam::{VENDOR}:root") -> Any:
    return trusting(name, {"AWS": principal}, condition)


def service(name: str, principal: str, condition: Any = None) -> Any:
    return trusting(name, {"Service": principal}, condition)


def older(name: str, used: str | None, created: str = "2020-01-01T00:00:00+00:00") -> Any:
    last = {"RoleLastUsed": {"LastUsedDate": used} if used else {}}
    return role(name, CreateDate=created, **last)


TABLE = f"arn:aws:dynamodb:us-east-1:{ID}:table/orders"
ROLES: dict[str, list[Any]] = {
    "trust.public": [
        everyone("bad-bare"),
        trusting("bad-star", "*"),
        everyone("bad-tag", {"StringEquals": {"aws:PrincipalTag/team": "us"}}),
        everyone("bad-mfa", {"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        everyone("bad-if-exists", {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}}),
        everyone("bad-named-anywhere", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/deploy"}}),
        everyone("bad-named-like", {"StringLike": {"aws:PrincipalArn": "*:role/deploy"}}),
        everyone("bad-letter", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/team/a?c"}}),
        everyone("bad-all-others", {"StringNotEquals": {"aws:PrincipalAccount": ID}}),
        everyone("bad-numbers", {"StringLike": {"aws:PrincipalAccount": "4444*"}}),
        everyone("bad-but-some", {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ops-*"}}),
        everyone("good-no-such-role", {"StringLike": {"aws:PrincipalArn": "*:role/"}}),
        everyone("good-own-in-words", {"StringLike": {"aws:PrincipalArn": f"*:{ID}:role/deploy"}}),
        everyone("good-organization", {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
        everyone("good-external-id", {"StringEquals": {"sts:ExternalId": "secret-of-ours"}}),
        everyone("good-network", {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
        everyone("good-account", {"StringEquals": {"aws:PrincipalAccount": ID}}),
        everyone("good-arn", {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ID}:role/*"}}),
        trusting("good-one", {"AWS": f"arn:aws:iam::{ID}:root"}),
    ],
    "trust.external-without-id": [
        vendor("bad-root"),
        vendor("bad-number", principal=VENDOR),
        vendor("bad-role", principal=f"arn:aws:iam::{VENDOR}:role/collector"),
        vendor("bad-mfa", {"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        everyone("bad-by-condition", {"StringEquals": {"aws:PrincipalAccount": VENDOR}}),
        everyone("bad-by-arn", {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{VENDOR}:role/*"}}),
        everyone(
            "good-condition-and-id",
            {"StringEquals": {"aws:PrincipalAccount": VENDOR, "sts:ExternalId": "a-1"}},
        ),
        vendor("good-id", {"StringEquals": {"sts:ExternalId": "a-1"}}),
        vendor("good-organization", {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}),
        vendor("good-listed", principal="arn:aws:iam::555566667777:root"),
        trusting("good-own", {"AWS": f"arn:aws:iam::{ID}:root"}),
    ],
    "trust.wide-subject": [
        github("bad-any", {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}}),
        github("bad-owners", subjects("repo:*:ref:refs/heads/main")),
        github("bad-owner-start", subjects("repo:harbor-*/shop:*")),
        github("bad-repositories", subjects("repo:harbor/*")),
        github("bad-second", subjects("repo:harbor/shop:*", "repo:harbor/shop-*:ref:refs/heads/main")),
        github("good-one", subjects("repo:harbor/shop:*")),
        github("good-ids", subjects("repo:harbor@1/shop@2:ref:refs/heads/main")),
        github(
            "good-other-claim",
            {**subjects("repo:*"), "StringEquals": {f"{GITHUB}:repository": "harbor/shop"}},
        ),
        trusting(
            "bad-namespaces",
            {"Federated": f"arn:aws:iam::{ID}:oidc-provider/{CLUSTER}"},
            {"StringLike": {f"{CLUSTER}:sub": "system:serviceaccount:*:api"}},
            "sts:AssumeRoleWithWebIdentity",
        ),
        trusting(
            "good-service-account",
            {"Federated": f"arn:aws:iam::{ID}:oidc-provider/{CLUSTER}"},
            {"StringEquals": {f"{CLUSTER}:sub": "system:serviceaccount:shop:api"}},
            "sts:AssumeRoleWithWebIdentity",
        ),
    ],
    "trust.missing-audience": [
        github("bad-github", subjects("repo:harbor/shop:*", aud=False)),
        trusting("bad-saml", {"Federated": SAML}, None, "sts:AssumeRoleWithSAML"),
        trusting(
            "bad-cognito",
            {"Federated": "cognito-identity.amazonaws.com"},
            {"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}},
            "sts:AssumeRoleWithWebIdentity",
        ),
        github("good-github", subjects("repo:harbor/shop:*")),
        trusting(
            "good-saml",
            {"Federated": SAML},
            {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
            "sts:AssumeRoleWithSAML",
        ),
    ],
    "trust.source-mismatch": [
        service(
            "bad-schedules",
            "scheduler.amazonaws.com",
            {"ArnLike": {"aws:SourceArn": f"arn:aws:scheduler:*:{ID}:schedule/*"}},
        ),
        service(
            "good-schedules",
            "scheduler.amazonaws.com",
            {"ArnLike": {"aws:SourceArn": f"arn:aws:scheduler:*:{ID}:schedule-group/*"}},
        ),
    ],
    "trust.confused-deputy": [
        service("bad-tasks", "ecs-tasks.amazonaws.com"),
        service(
            "bad-any-schedule",
            "scheduler.amazonaws.com",
            {"ArnLike": {"aws:SourceArn": "arn:aws:scheduler:*:*:schedule-group/*"}},
        ),
        service(
            "good-any-schedule-of-ours",
            "scheduler.amazonaws.com",
            {
                "ArnLike": {"aws:SourceArn": "arn:aws:scheduler:*:*:schedule-group/*"},
                "StringEquals": {"aws:SourceAccount": ID},
            },
        ),
        service("good-account", "ecs-tasks.amazonaws.com", {"StringEquals": {"aws:SourceAccount": ID}}),
        service(
            "good-source",
            "states.amazonaws.com",
            {"ArnLike": {"aws:SourceArn": f"arn:aws:states:*:{ID}:stateMachine:*"}},
        ),
        service("good-organization", "codebuild.amazonaws.com", {"StringEquals": {"aws:SourceOrgID": "o-1"}}),
        service("good-tells-nothing", "ec2.amazonaws.com"),
    ],
    "trust.service-contract": [
        service("bad-flow-logs", "vpc-flow-logs.amazonaws.com", {"StringEquals": {"aws:SourceAccount": ID}}),
        service("bad-edge", "edgelambda.amazonaws.com"),
        service("bad-metric-streams", "streams.metrics.cloudwatch.amazonaws.com"),
        service("good-tasks", "ecs-tasks.amazonaws.com", {"StringEquals": {"aws:SourceAccount": ID}}),
        service("good-function", "lambda.amazonaws.com"),
        service("good-unknown", "no-such.amazonaws.com"),
    ],
    "trust.orphan-principal": [
        trusting("bad-id", {"AWS": "AROAEXAMPLEDELETED000"}),
        trusting("bad-arn", {"AWS": f"arn:aws:iam::{ID}:role/no-more"}),
        trusting("good-there", {"AWS": f"arn:aws:iam::{ID}:role/good-there"}),
        trusting("good-elsewhere", {"AWS": f"arn:aws:iam::{VENDOR}:role/no-more"}),
    ],
    "trust.provider-missing": [
        trusting("bad", {"Federated": f"arn:aws:iam::{ID}:saml-provider/Gone"}, None, "sts:AssumeRoleWithSAML"),
        trusting("good", {"Federated": SAML}, None, "sts:AssumeRoleWithSAML"),
    ],
    "permissions.admin": [
        role("bad-star", allow("*")),
        role("bad-attached", **attached("admin")),
        role("bad-but-one", allow("*"), deny("organizations:LeaveOrganization")),
        role("bad-wide-boundary", allow("*"), **bounded("admin")),
        role("good-bounded", allow("*"), **bounded("s3-only")),
        role("good-denied", allow("*"), deny("iam:*")),
        role("good-power", {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
        role("good-one-resource", allow("*", TABLE)),
        role("good-no-such-value", allow("*", Condition={"StringEquals": {"aws:PrincipalAccount": VENDOR}})),
    ],
    "permissions.wildcard-action": [
        role("bad-service", allow("s3:*", "arn:aws:s3:::one/*")),
        role("bad-star", allow("*", TABLE)),
        role("bad-bounded-wide", allow("*"), **bounded("s3-only")),
        role("good-part", allow("s3:Get*", "arn:aws:s3:::one/*")),
        role("good-bounded", allow("s3:*"), **bounded("reads")),
        role("good-denied", allow("kms:*"), deny("kms:*")),
        role("good-condition", allow("s3:*", Condition={"StringEquals": {"aws:PrincipalAccount": VENDOR}})),
    ],
    "permissions.wildcard-resource": [
        role("bad-write", allow("dynamodb:PutItem")),
        role("bad-read", allow("s3:GetObject")),
        role("bad-name-space", allow("s3:GetObject", "arn:aws:s3:::*")),
        role("good-named", allow("dynamodb:PutItem", TABLE)),
        role("good-needs-none", allow(["cloudwatch:GetMetricData", "cloudwatch:ListMetrics"])),
        role("good-identities", allow(["iam:GetRole", "iam:ListRolePolicies"])),
        role("bad-data-needs-none", allow("es:ESHttpGet")),
        role("good-knows-none", allow(["ec2:DescribeInstances", "s3:ListAllMyBuckets"])),
        role("good-most-know-none", allow(["ec2:Describe*", "tag:Get*"])),
        role("good-bounded", allow("dynamodb:PutItem"), **bounded("reads")),
        role("good-tagged", allow("ec2:StopInstances", Condition={"StringEquals": {"aws:ResourceTag/team": "us"}})),
        role("good-denied", allow("dynamodb:PutItem"), deny("dynamodb:*")),
    ],
    "permissions.not-action": [
        role("bad", {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}),
        role("good-bounded", {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, **bounded("reads")),
        role("good-deny", {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}, allow("iam:GetRole")),
    ],
    "permissions.not-resource": [
        role("bad", {"Effect": "Allow", "Action": "s3:PutObject", "NotResource": "arn:aws:s3:::a/*"}),
        role(
            "good-denied",
            {"Effect": "Allow", "Action": "s3:PutObject", "NotResource": "arn:aws:s3:::a/*"},
            {"Effect": "Deny", "Action": "s3:PutObject", "NotResource": "arn:aws:s3:::b/*"},
        ),
    ],
    "permissions.passrole-any": [
        role("bad-any", allow("iam:PassRole")),
        role("bad-roles", allow("iam:PassRole", f"arn:aws:iam::{ID}:role/*")),
        role("bad-iam", allow("iam:*")),
        role("bad-service", allow("iam:PassRole", f"arn:aws:iam::{ID}:role/app/*")),
        role(
            "bad-any-role",
            allow("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}),
        ),
        role(
            "good-both",
            allow(
                "iam:PassRole",
                f"arn:aws:iam::{ID}:role/app/*",
                Condition={"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}},
            ),
        ),
        role("good-one", allow("iam:PassRole", f"arn:aws:iam::{ID}:role/good-one")),
        role("good-denied", allow("iam:PassRole"), deny("iam:PassRole")),
        role("good-objects", allow(["iam:PassRole", "s3:GetObject"], "arn:aws:s3:::bucket/*")),
        role("good-incomplete", allow(["iam:PassRole", "s3:GetObject"], "arn:aws:s3")),
    ],
    "use.never": [
        older("bad", None),
        older("good-young", None, created="2026-10-20T00:00:00+00:00"),
        older("good-used", "2026-10-30T00:00:00+00:00"),
        older("good-stale", "2026-01-30T00:00:00+00:00"),
    ],
    "use.stale": [
        older("bad", "2026-06-01T00:00:00+00:00"),
        older("good", "2026-09-30T00:00:00+00:00"),
        older("good-never", None),
    ],
    "use.break-glass": [
        older("bad-break-glass", "2026-09-30T00:00:00+00:00"),
        older("good-break-glass", "2026-06-01T00:00:00+00:00"),
    ],
    "session.long": [
        vendor("bad", {"StringEquals": {"sts:ExternalId": "a"}}),
        role("good"),
    ],
    "tags.owner-missing": [
        *(role(f"good-{number}", Tags=[{"Key": "Team", "Value": "us"}]) for number in range(9)),
        role("bad", Tags=[{"Key": "env", "Value": "prod"}]),
    ],
    "naming.outside": [*(role(f"good-{number}-api") for number in range(9)), role("BadName")],
    "boundary.missing": [*(role(f"good-{number}", **bounded("reads")) for number in range(9)), role("bad")],
    "forecast.github-subject": [
        github("bad", subjects("repo:harbor/shop:ref:refs/heads/main")),
        github("bad-repositories", subjects("repo:harbor/*")),
        github("good-ids", subjects("repo:harbor@1/shop@2:ref:refs/heads/main")),
        github(
            "good-both", subjects("repo:harbor/shop:ref:refs/heads/main", "repo:harbor@1/shop@2:ref:refs/heads/main")
        ),
    ],
    "forecast.provider-expires": [
        trusting("bad", {"Federated": SAML}, None, "sts:AssumeRoleWithSAML"),
        trusting("good", {"Federated": PROVIDER}, None, "sts:AssumeRoleWithWebIdentity"),
    ],
}
ROLES["session.long"][0]["MaxSessionDuration"] = 43200
POLICIES = [
    managed("admin", allow("*")),
    managed("s3-only", allow("s3:*")),
    managed("reads", allow(["s3:GetObject", "s3:ListBucket"])),
]
PROVIDERS = {
    "OpenIDConnectProviders": [{"Arn": PROVIDER, "Url": GITHUB}],
    "SAMLProviders": [{"Arn": SAML, "ValidUntil": "2026-11-15T00:00:00+00:00"}],
    "AccountSummary": {"Roles": 950, "RolesQuota": 1000},
}


def guardrails(*levels: list[Any]) -> dict[str, Any]:
    """SCPs, and no RCPs."""
    return {**scps(*levels), "ResourceControlPolicies": []}


def account(roles: list[Any], users: list[Any] | None = None, **more: Any) -> dict[str, Any]:
    content = snapshot(roles, users, POLICIES, organization=guardrails([allow("*")]))
    content["Rolescope"] |= {**PROVIDERS, "Roles": {"bad": {"MaxSessionDuration": 43200}}, **more}
    return content


DOER = f"arn:aws:iam::{ID}:role/doer"
BOSS = f"arn:aws:iam::{ID}:role/boss"
BEN = f"arn:aws:iam::{ID}:user/ben"


def boss(principal: Any, **more: Any) -> dict[str, Any]:
    return role("boss", allow("*"), AssumeRolePolicyDocument=trust(principal, **more))


def group(name: str, *statements: dict[str, Any]) -> dict[str, Any]:
    return {
        "GroupName": name,
        "Path": "/",
        "Arn": f"arn:aws:iam::{ID}:group/{name}",
        "GroupId": f"AGPA{name.upper():0>17.17}",
        "GroupPolicyList": [{"PolicyName": "own", "PolicyDocument": document(*statements)}],
        "AttachedManagedPolicies": [],
    }


def only(service: str, *actions: str) -> tuple[Any, Any]:
    passing = allow("iam:PassRole", BOSS, Condition={"StringEquals": {"iam:PassedToService": service}})
    return passing, allow(list(actions))


WAYS: dict[str, tuple[list[Any], list[Any]]] = {
    "iam-005": ([role("doer", allow("iam:PutRolePolicy", DOER))], []),
    "iam-009": ([role("doer", allow("iam:AttachRolePolicy", DOER))], []),
    "iam-001": ([role("doer", allow("iam:CreatePolicyVersion"), **attached("tools"))], []),
    "iam-007": ([], [user("doer", allow("iam:PutUserPolicy"))]),
    "iam-008": ([], [user("doer", allow("iam:AttachUserPolicy"))]),
    "iam-011": ([], [user("doer", allow("iam:PutGroupPolicy"), GroupList=["devs"])]),
    "iam-010": ([], [user("doer", allow("iam:AttachGroupPolicy"), GroupList=["devs"])]),
    "iam-013": ([], [user("doer", allow("iam:AddUserToGroup"))]),
    "iam-002": ([role("doer", allow("iam:CreateAccessKey"))], [user("ben", allow("*"))]),
    "iam-004": ([role("doer", allow("iam:CreateLoginProfile"))], [user("ben", allow("*"))]),
    "iam-006": ([role("doer", allow("iam:UpdateLoginProfile"))], [user("ben", allow("*"))]),
    "iam-012": ([role("doer", allow("iam:UpdateAssumeRolePolicy", BOSS)), boss({"Service": "ec2.amazonaws.com"})], []),
    "sts-001": ([role("doer", allow("sts:AssumeRole", BOSS)), boss({"AWS": ID})], []),
    "iam-017": (
        [
            role("doer", allow(["iam:PutRolePolicy", "sts:AssumeRole"], f"{BOSS}-*")),
            role("boss-aide", AssumeRolePolicyDocument=trust({"AWS": ID})),
        ],
        [],
    ),
    "iam-021": (
        [role("doer", allow(["iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"], f"{BOSS}-*")), role("boss-aide")],
        [],
    ),
    "iam-018": ([role("doer", allow(["iam:PutUserPolicy", "iam:CreateAccessKey"], BEN))], [user("ben")]),
    "lambda-001": (
        [
            role("doer", *only("lambda.amazonaws.com", "lambda:CreateFunction", "lambda:InvokeFunction")),
            boss({"Service": "lambda.amazonaws.com"}),
        ],
        [],
    ),
    "glue-003": (
        [
            role("doer", *only("glue.amazonaws.com", "glue:CreateJob", "glue:StartJobRun")),
            boss({"Service": "glue.amazonaws.com"}),
        ],
        [],
    ),
    "cloudformation-001": (
        [
            role("doer", *only("cloudformation.amazonaws.com", "cloudformation:CreateStack")),
            boss({"Service": "cloudformation.amazonaws.com"}),
        ],
        [],
    ),
    "ecs-004": (
        [
            role("doer", *only("ecs-tasks.amazonaws.com", "ecs:RegisterTaskDefinition", "ecs:RunTask")),
            boss({"Service": "ecs-tasks.amazonaws.com"}),
        ],
        [],
    ),
}
ESCALATION_POLICIES = [managed("tools", allow("s3:ListAllMyBuckets"))]
ESCALATION_GROUPS = [group("devs", allow("s3:ListAllMyBuckets")), group("admins", allow("*"))]


DECOYS: dict[str, tuple[list[Any], list[Any]]] = {
    "its boundary keeps everything out": ([role("doer", allow("iam:PutRolePolicy"), **bounded("no-iam"))], []),
    "its boundary allows the write and nothing else": (
        [role("doer", allow("iam:PutRolePolicy", DOER), **bounded("writes"))],
        [],
    ),
    "a deny of its own": ([role("doer", allow("iam:*"), deny("iam:*"))], []),
    "only on others that it does not get at": ([role("doer", allow("iam:PutRolePolicy", BOSS)), role("boss")], []),
    "only policies that nobody minds": (
        [
            role(
                "doer",
                allow(
                    "iam:AttachRolePolicy",
                    DOER,
                    Condition={"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess"}},
                ),
            )
        ],
        [],
    ),
    "only roles with a boundary": (
        [
            role(
                "doer",
                allow(
                    ["iam:CreateRole", "iam:PutRolePolicy"],
                    Condition={"StringEquals": {"iam:PermissionsBoundary": f"arn:aws:iam::{ID}:policy/no-iam"}},
                ),
            )
        ],
        [],
    ),
    "a service that the role does not trust": (
        [
            role("doer", *only("lambda.amazonaws.com", "lambda:CreateFunction", "lambda:InvokeFunction")),
            boss({"Service": "ec2.amazonaws.com"}),
        ],
        [],
    ),
    "passed to another service": (
        [
            role("doer", *only("ec2.amazonaws.com", "lambda:CreateFunction", "lambda:InvokeFunction")),
            boss({"Service": "lambda.amazonaws.com"}),
        ],
        [],
    ),
    "half a way": (
        [
            role("doer", *only("lambda.amazonaws.com", "lambda:CreateFunction")),
            boss({"Service": "lambda.amazonaws.com"}),
        ],
        [],
    ),
    "a trust policy that does not let it in": (
        [role("doer", allow("sts:AssumeRole", BOSS)), boss({"AWS": f"arn:aws:iam::{ID}:role/other"}), role("other")],
        [],
    ),
    "a trust policy alone": ([role("doer"), boss({"AWS": ID})], []),
    "a policy that is only somebody's boundary": (
        [role("doer", allow("iam:CreatePolicyVersion", f"arn:aws:iam::{ID}:policy/tools"))],
        [],
    ),
    "a tag that the role has not": (
        [role("doer", allow("iam:PutRolePolicy", Condition={"StringEquals": {"iam:ResourceTag/open": "yes"}}))],
        [],
    ),
}
ESCALATION_BOUNDARIES = [
    managed("no-iam", allow(["s3:*", "ec2:*"])),
    managed("writes", allow("iam:PutRolePolicy", f"arn:aws:iam::{ID}:role/*doer")),
]
