"""A snapshot of a big account from a seed.

``python -m tests.support.accounts.scale N FILE`` writes FILE and FILE.key.json.

The mix follows the demo account's scale set: Lambda, ECS pairs, EKS, EC2, CI, people, other accounts, service-owned
roles; 1.1 inline and 2.3 attached policies and 3 tags a role, 12 % not used for long, 2 % with ``*``. Forty faults are
planted, and the key file says which role has which, so that filters and reviews can be scored and not only timed.
"""

from __future__ import annotations

import json
import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ACCOUNT = "111122223333"
NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
_TEAMS = ("ferry", "orders", "billing", "search", "fleet", "data", "web", "media", "risk", "tools")
_ENVIRONMENTS = ("prod", "stage", "dev")
_THINGS = ("api", "worker", "export", "import", "sync", "render", "index", "notify", "report", "cleanup", "gateway")
_GITHUB = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
_EKS = f"arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/SCALE0123456789"
_SAML = f"arn:aws:iam::{ACCOUNT}:saml-provider/HarborIdP"
_AWS_MANAGED = (
    "service-role/AWSLambdaBasicExecutionRole",
    "service-role/AmazonECSTaskExecutionRolePolicy",
    "AmazonSSMManagedInstanceCore",
    "CloudWatchAgentServerPolicy",
    "AmazonS3ReadOnlyAccess",
    "ReadOnlyAccess",
)
_MIX = (
    ("lambda", 38),
    ("ecs", 17),
    ("eks", 15),
    ("ec2", 8),
    ("ci", 7),
    ("human", 5),
    ("external", 4),
    ("service", 6),
)
# How many of each fault are planted.
FAULTS = {
    "wrong-service": 4,
    "missing-provider": 4,
    "orphan-principal": 4,
    "public-trust": 3,
    "external-without-id": 5,
    "wide-subject": 5,
    "passrole-anything": 5,
    "escalation": 5,
    "stale-admin": 5,
}


def statement(effect: str, actions: list[str], resources: list[str], **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Action": actions, "Resource": resources, **more}


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trust(principal: Any, action: Any = "sts:AssumeRole", condition: dict[str, Any] | None = None) -> dict[str, Any]:
    one: dict[str, Any] = {"Effect": "Allow", "Principal": principal, "Action": action}
    return document({**one, **({"Condition": condition} if condition else {})})


def _github(subject: str) -> dict[str, Any]:
    return trust(
        {"Federated": _GITHUB},
        "sts:AssumeRoleWithWebIdentity",
        {
            "StringEquals": {"token.actions.githubusercontent.com:aud": "sts.amazonaws.com"},
            "StringLike": {"token.actions.githubusercontent.com:sub": subject},
        },
    )


def _trust_of(kind: str, name: str, rng: random.Random) -> dict[str, Any]:
    team = name.split("-")[0]
    if kind == "lambda":
        return trust({"Service": "lambda.amazonaws.com"})
    if kind == "ecs":
        return trust({"Service": "ecs-tasks.amazonaws.com"}, condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}})
    if kind == "eks":
        if rng.random() < 0.4:
            return trust({"Service": "pods.eks.amazonaws.com"}, ["sts:AssumeRole", "sts:TagSession"])
        issuer = _EKS.partition("oidc-provider/")[2]
        return trust(
            {"Federated": _EKS},
            "sts:AssumeRoleWithWebIdentity",
            {
                "StringEquals": {
                    f"{issuer}:aud": "sts.amazonaws.com",
                    f"{issuer}:sub": f"system:serviceaccount:{team}:{name}",
                }
            },
        )
    if kind == "ec2":
        return trust({"Service": "ec2.amazonaws.com"})
    if kind == "ci":
        return _github(f"repo:harbor-demo/{team}:ref:refs/heads/main")
    if kind == "human":
        if rng.random() < 0.5:
            return trust(
                {"Federated": _SAML},
                "sts:AssumeRoleWithSAML",
                {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
            )
        return trust(
            {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}
        )
    if kind == "external":
        return trust(
            {"AWS": "arn:aws:iam::999988887777:root"}, condition={"StringEquals": {"sts:ExternalId": f"hl-{name}"}}
        )
    return trust({"Service": "autoscaling.amazonaws.com"})


def _permissions(kind: str, name: str, rng: random.Random) -> dict[str, Any]:
    team = name.split("-")[0]
    choices = [
        statement(
            "Allow",
            ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
            [
                f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/{team}",
                f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/{team}/index/*",
            ],
            Sid="Table",
        ),
        statement("Allow", ["s3:GetObject", "s3:PutObject"], [f"arn:aws:s3:::harbor-{team}-{name}/*"], Sid="Objects"),
        statement(
            "Allow",
            ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:SendMessage"],
            [f"arn:aws:sqs:us-east-1:{ACCOUNT}:{team}-{rng.randrange(20)}"],
            Sid="Queue",
        ),
        statement(
            "Allow",
            ["secretsmanager:GetSecretValue"],
            [f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:{team}/*"],
            Sid="Secrets",
        ),
        statement(
            "Allow",
            ["kms:Decrypt"],
            [f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{rng.randrange(1, 30):08d}-aaaa-4bbb-8ccc-000000000000"],
            Condition={"StringEquals": {"kms:ViaService": "s3.us-east-1.amazonaws.com"}},
        ),
        statement("Allow", ["cloudwatch:PutMetricData", "xray:PutTraceSegments"], ["*"], Sid="Telemetry"),
    ]
    return document(*rng.sample(choices, rng.randint(1, 3)))


class _Account:
    def __init__(self, count: int, seed: int) -> None:
        self.rng = random.Random(seed)
        self.count = count
        self.key: dict[str, list[str]] = {}
        self.names: set[str] = set()
        self.customer = [f"{team}-{kind}" for team in _TEAMS for kind in ("read", "write", "deploy", "guard")]
        self.attachments: dict[str, int] = {}

    def name(self, kind: str) -> str:
        base = f"{self.rng.choice(_TEAMS)}-{self.rng.choice(_ENVIRONMENTS)}-{self.rng.choice(_THINGS)}-{kind}"
        name, number = base, 1
        while name.lower() in self.names:
            number += 1
            name = f"{base}-{number}"
        self.names.add(name.lower())
        return name

    def mark(self, name: str, fault: str) -> None:
        self.key.setdefault(name, []).append(fault)

    def arn_of(self, policy: str) -> str:
        return (
            f"arn:aws:iam::aws:policy/{policy}" if policy in _AWS_MANAGED else f"arn:aws:iam::{ACCOUNT}:policy/{policy}"
        )

    def role(self, index: int, kind: str) -> dict[str, Any]:
        rng = self.rng
        name, path = self.name(kind), f"/{kind}/"
        if kind == "service":
            name, path = (
                (f"AWSServiceRoleForScale{index}", "/aws-service-role/autoscaling.amazonaws.com/")
                if rng.random() < 0.5
                else (f"AWSReservedSSO_Scale_{index:016x}", "/aws-reserved/sso.amazonaws.com/")
            )
        stale = rng.random() < 0.12
        used = NOW - timedelta(days=rng.uniform(120, 390) if stale else rng.expovariate(1 / 5))
        inline = [
            {"PolicyName": f"{name}-{number}"[:128], "PolicyDocument": _permissions(kind, name, rng)}
            for number in range(rng.choice((0, 1, 1, 1, 1, 1, 1, 2, 2, 2)))
        ]
        attached = rng.sample((*_AWS_MANAGED, *self.customer), rng.choice((1, 2, 2, 2, 3, 3, 3)))
        if kind != "service" and rng.random() < 0.02:
            inline.append({"PolicyName": "everything", "PolicyDocument": document(statement("Allow", ["*"], ["*"]))})
            self.mark(name, "admin-star")
        for policy in attached:
            self.attachments[policy] = self.attachments.get(policy, 0) + 1
        role: dict[str, Any] = {
            "Path": path,
            "RoleName": name,
            "RoleId": f"AROA{index:017d}",
            "Arn": f"arn:aws:iam::{ACCOUNT}:role{path}{name}",
            "CreateDate": (NOW - timedelta(days=rng.uniform(400, 2500))).isoformat(),
            "AssumeRolePolicyDocument": _trust_of(kind, name, rng),
            "InstanceProfileList": [{"InstanceProfileName": name}] if kind == "ec2" else [],
            "RolePolicyList": inline,
            "AttachedManagedPolicies": [
                {"PolicyName": policy.rpartition("/")[2], "PolicyArn": self.arn_of(policy)} for policy in attached
            ],
            "Tags": [
                {"Key": "team", "Value": name.split("-")[0]},
                {"Key": "env", "Value": rng.choice(_ENVIRONMENTS)},
                {"Key": "cost-center", "Value": str(rng.randrange(1000, 1100))},
            ],
            "RoleLastUsed": {"LastUsedDate": used.isoformat(), "Region": rng.choice(("us-east-1", "eu-west-1"))},
        }
        if rng.random() < 0.1:
            role["PermissionsBoundary"] = {
                "PermissionsBoundaryType": "Policy",
                "PermissionsBoundaryArn": f"arn:aws:iam::{ACCOUNT}:policy/ScaleBoundary",
            }
        return role

    def plant(self, roles: list[dict[str, Any]]) -> None:
        """Give each fault to roles of its own, so that the key says exactly one thing about them."""
        free = [role for role in roles if role["RoleName"] not in self.key and "/aws-" not in role["Path"]]
        self.rng.shuffle(free)
        for fault, number in FAULTS.items():
            for _ in range(min(number, len(free))):
                role = free.pop()
                self.mark(role["RoleName"], fault)
                self.spoil(role, fault)

    def spoil(self, role: dict[str, Any], fault: str) -> None:
        extra: dict[str, Any] | None = None
        if fault == "wrong-service":
            role["AssumeRolePolicyDocument"] = trust({"Service": "ecs.amazonaws.com"})
        elif fault == "missing-provider":
            gone = f"arn:aws:iam::{ACCOUNT}:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/GONE"
            role["AssumeRolePolicyDocument"] = trust({"Federated": gone}, "sts:AssumeRoleWithWebIdentity")
        elif fault == "orphan-principal":
            role["AssumeRolePolicyDocument"] = trust({"AWS": "AROAGONE0000000000001"})
        elif fault == "public-trust":
            role["AssumeRolePolicyDocument"] = trust({"AWS": "*"})
        elif fault == "external-without-id":
            role["AssumeRolePolicyDocument"] = trust({"AWS": "arn:aws:iam::888877776666:root"})
        elif fault == "wide-subject":
            role["AssumeRolePolicyDocument"] = _github("repo:harbor-demo/*")
        elif fault == "passrole-anything":
            extra = statement("Allow", ["iam:PassRole", "lambda:CreateFunction"], ["*"])
        elif fault == "escalation":
            extra = statement("Allow", ["iam:PutRolePolicy", "iam:AttachRolePolicy"], ["*"])
        elif fault == "stale-admin":
            role["RoleLastUsed"] = {}
            extra = statement("Allow", ["*"], ["*"])
        if extra is not None:
            role["RolePolicyList"] = [{"PolicyName": "planted", "PolicyDocument": document(extra)}]

    def policies(self) -> list[dict[str, Any]]:
        found = []
        for index, name in enumerate((*self.customer, "ScaleBoundary", *_AWS_MANAGED)):
            team = name.split("-")[0]
            body = document(
                statement("Allow", ["logs:CreateLogStream", "logs:PutLogEvents"], ["*"]),
                statement("Allow", [f"s3:{'Get' if index % 2 else 'Put'}Object"], [f"arn:aws:s3:::harbor-{team}/*"]),
            )
            if name == "ScaleBoundary":
                body = document(statement("Allow", ["s3:*", "dynamodb:*", "sqs:*", "logs:*", "lambda:*"], ["*"]))
            found.append(
                {
                    "PolicyName": name.rpartition("/")[2],
                    "PolicyId": f"ANPA{index:017d}",
                    "Arn": self.arn_of(name),
                    "Path": "/" if "/" not in name else f"/{name.rpartition('/')[0]}/",
                    "DefaultVersionId": "v1",
                    "AttachmentCount": self.attachments.get(name, 0),
                    "IsAttachable": True,
                    "CreateDate": "2022-03-01T00:00:00+00:00",
                    "UpdateDate": "2024-03-01T00:00:00+00:00",
                    "PolicyVersionList": [
                        {
                            "VersionId": "v1",
                            "IsDefaultVersion": True,
                            "CreateDate": "2022-03-01T00:00:00+00:00",
                            "Document": body,
                        }
                    ],
                }
            )
        return found


def make(count: int, seed: int = 7) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """The snapshot's JSON and the key: role name → the faults that were planted in it."""
    account = _Account(count, seed)
    kinds = account.rng.choices([kind for kind, _ in _MIX], [weight for _, weight in _MIX], k=count)
    roles = [account.role(index, kind) for index, kind in enumerate(kinds)]
    account.plant(roles)
    people = [f"person-{index:03d}" for index in range(20)]
    snapshot = {
        "UserDetailList": [
            {
                "Path": "/",
                "UserName": name,
                "UserId": f"AIDA{index:017d}",
                "Arn": f"arn:aws:iam::{ACCOUNT}:user/{name}",
                "CreateDate": "2023-01-01T00:00:00+00:00",
                "GroupList": ["People"],
                "AttachedManagedPolicies": [],
                "Tags": [],
            }
            for index, name in enumerate(people)
        ],
        "GroupDetailList": [
            {
                "Path": "/",
                "GroupName": "People",
                "GroupId": "AGPA00000000000000001",
                "Arn": f"arn:aws:iam::{ACCOUNT}:group/People",
                "CreateDate": "2023-01-01T00:00:00+00:00",
                "GroupPolicyList": [
                    {
                        "PolicyName": "assume",
                        "PolicyDocument": document(
                            statement("Allow", ["sts:AssumeRole"], [f"arn:aws:iam::{ACCOUNT}:role/human/*"])
                        ),
                    }
                ],
                "AttachedManagedPolicies": [],
            }
        ],
        "RoleDetailList": roles,
        "Policies": account.policies(),
        "Rolescope": {
            "Version": 1,
            "Account": {
                "Id": ACCOUNT,
                "Alias": "harbor-scale",
                "CapturedAt": NOW.isoformat(),
                "Caller": f"arn:aws:iam::{ACCOUNT}:user/person-000",
            },
            "Roles": {
                role["RoleName"]: {"Description": f"Made for scale, {role['Path']}", "MaxSessionDuration": 3600}
                for role in roles
            },
            "Organization": None,
            "InstanceProfiles": [
                {
                    "InstanceProfileName": role["RoleName"],
                    "Arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/{role['RoleName']}",
                    "Path": "/",
                    "Roles": [role["RoleName"]],
                }
                for role in roles
                if role["InstanceProfileList"]
            ],
            "OpenIDConnectProviders": [
                {"Arn": arn, "Url": arn.partition("oidc-provider/")[2], "ClientIDList": ["sts.amazonaws.com"]}
                for arn in (_GITHUB, _EKS)
            ],
            "SAMLProviders": [{"Arn": _SAML, "ValidUntil": "2030-01-01T00:00:00+00:00"}],
            "AccountSummary": {"Roles": len(roles), "RolesQuota": 10000},
        },
    }
    return snapshot, account.key


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or not arguments[0].isdigit():
        print("usage: python -m tests.support.accounts.scale N FILE", file=sys.stderr)
        return 2
    snapshot, key = make(int(arguments[0]))
    target = Path(arguments[1])
    target.write_text(json.dumps(snapshot, indent=2), encoding="utf-8")
    Path(f"{target}.key.json").write_text(json.dumps(key, indent=2), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
