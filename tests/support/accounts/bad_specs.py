"""A hundred bad or unwise specs: what is wrong with each, and the key of the spec that has to be named for it.

``{account}`` and ``{partition}`` stand for those of the account, so that one table serves each partition.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

ACCOUNT = "111122223333"
GITHUB = "token.actions.githubusercontent.com"
_BUCKET = [{"recipe": "read-bucket", "bucket": "harbor-assets"}]
_WRITES = [{"recipe": "write-bucket", "bucket": "harbor-assets"}]


@dataclass(frozen=True, slots=True)
class BadSpec:
    """``key`` is the field of the spec that is to be named."""

    what: str
    key: str
    fields: dict[str, Any]

    def text(self, partition: str) -> str:
        written = json.dumps({"name": "new-role", "trust": {"service": "lambda"}, "permissions": _BUCKET} | self.fields)
        return written.replace("{account}", ACCOUNT).replace("{partition}", partition)


def small_account(partition: str) -> dict[str, Any]:
    """A snapshot of an account that has what the specs name: roles, a boundary, a policy, profiles and providers."""
    iam = f"arn:{partition}:iam::{ACCOUNT}"
    trust = _trust({"Service": "ec2.amazonaws.com"})
    everything = [{"PolicyName": "all", "PolicyDocument": _policy(_allow("*", "*"))}]

    def role(path: str, name: str, inline: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        return {
            "RoleName": name,
            "Arn": f"{iam}:role{path}{name}",
            "Path": path,
            "AssumeRolePolicyDocument": trust,
            "RolePolicyList": inline or [],
            "AttachedManagedPolicies": [],
            "Tags": [],
        }

    def managed(name: str, *statements: dict[str, Any]) -> dict[str, Any]:
        version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": _policy(*statements)}
        arn = f"{iam}:policy/{name}"
        return {"PolicyName": name, "Arn": arn, "Path": "/", "DefaultVersionId": "v1", "PolicyVersionList": [version]}

    profile = f"{iam}:instance-profile/report-worker-profile"
    return {
        "UserDetailList": [],
        "GroupDetailList": [],
        "RoleDetailList": [
            role("/app/", "web-frontend-ec2"),
            role("/app/", "orders-api-lambda"),
            role("/app/", "report-worker-ec2"),
            role("/", "ReportExporter"),
            role("/human/", "break-glass-admin", everything),
        ],
        "Policies": [
            managed("DeveloperBoundary", _allow(["s3:*", "dynamodb:*"], "*")),
            managed("app-assets-read", _allow("s3:GetObject", f"arn:{partition}:s3:::harbor-assets/*")),
        ],
        "Rolescope": {
            "Version": 1,
            "Account": {"Id": ACCOUNT, "CapturedAt": "2026-11-24T12:00:00+00:00"},
            "InstanceProfiles": [
                {
                    "InstanceProfileName": "report-worker-profile",
                    "Arn": profile,
                    "Path": "/",
                    "Roles": ["report-worker-ec2"],
                }
            ],
            "OpenIDConnectProviders": [
                {"Arn": f"{iam}:oidc-provider/{GITHUB}", "Url": GITHUB, "ClientIDList": ["sts.amazonaws.com"]}
            ],
            "SAMLProviders": [{"Arn": f"{iam}:saml-provider/HarborIdP", "ValidUntil": "2030-01-01T00:00:00+00:00"}],
            "AccountSummary": {"Roles": 5, "RolesQuota": 1000},
        },
    }


def _policy(*statements: dict[str, Any], version: str = "2012-10-17") -> dict[str, Any]:
    return {"Version": version, "Statement": list(statements)}


def _allow(action: Any, resource: Any, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def _trust(principal: Any, action: Any = "sts:AssumeRole", **more: Any) -> dict[str, Any]:
    return _policy({"Effect": "Allow", "Principal": principal, "Action": action, **more})


def _github(**more: Any) -> dict[str, Any]:
    return {"github": {"organization": "acme", "repository": "shop", "branch": "main", **more}}


def _web(issuer: str, **conditions: Any) -> dict[str, Any]:
    provider = issuer if issuer.startswith(("cognito", "accounts")) else f"{_IAM}:oidc-provider/{issuer}"
    return _trust({"Federated": provider}, "sts:AssumeRoleWithWebIdentity", Condition=conditions)


_IAM = "arn:{partition}:iam::{account}"
_SUB, _AUD = f"{GITHUB}:sub", f"{GITHUB}:aud"
_ROLE = _IAM + ":role/app/web-frontend-ec2"
_S3 = "arn:{partition}:s3:::harbor-assets"
_LAMBDA = {"Service": "lambda.amazonaws.com"}


def bad_specs() -> Iterator[BadSpec]:
    yield from _names()
    yield from _trusts()
    yield from _trust_documents()
    yield from _permissions()
    yield from _policies()


def _names() -> Iterator[BadSpec]:
    for what, key, value in (
        ("no name", "name", ""),
        ("a space in the name", "name", "a b"),
        ("65 characters", "name", "x" * 65),
        ("a name that IAM keeps for services", "name", "AWSServiceRoleForShop"),
        ("taken in another case", "name", "REPORTEXPORTER"),
        ("a letter beyond ASCII", "name", "rôle"),
        ("a path without slashes", "path", "app"),
        ("the path of service-linked roles", "path", "/aws-service-role/shop/"),
        ("the path of Identity Center", "path", "/aws-reserved/sso.amazonaws.com/"),
        ("a space in the path", "path", "/a b/"),
        ("an emoji", "description", "built with \U0001f600"),
        ("a long description", "description", "x" * 1001),
        ("AWS's own tag", "tags", {"aws:team": "x"}),
        ("one tag in two cases", "tags", {"Team": "a", "team": "b"}),
        ("51 tags", "tags", {f"k{number}": "v" for number in range(51)}),
        ("a long tag", "tags", {"k": "v" * 257}),
        ("a tag that is a number", "tags", {"k": 1}),
        ("a short session", "max_session_seconds", 60),
        ("a long session", "max_session_seconds", 50000),
        ("a session in words", "max_session_seconds", "1h"),
        ("a boundary that is missing", "boundary", "NoSuchBoundary"),
        ("a boundary that is no policy", "boundary", "arn:{partition}:s3:::harbor-assets"),
        ("a boundary for service-linked roles", "boundary", "aws:aws-service-role/AWSBatchServiceRolePolicy"),
        ("a profile of another role", "instance_profile", "report-worker-profile"),
        ("a profile's name with a space", "instance_profile", "a b"),
        ("a profile for a role that EC2 cannot take", "instance_profile", True),
        ("a profile that is a number", "instance_profile", 7),
        ("an unknown key", "permisions", []),
    ):
        yield BadSpec(what, key, {key: value})
    yield BadSpec(
        "an EC2 role without a profile", "instance_profile", {"trust": {"service": "ec2"}, "instance_profile": False}
    )
    yield BadSpec(
        "12 hours for a role that only roles assume",
        "max_session_seconds",
        {"trust": _trust({"AWS": _ROLE}), "max_session_seconds": 43200},
    )
    yield BadSpec(
        "a boundary that leaves nothing",
        "boundary",
        {"permissions": [{"recipe": "read-stream", "stream": "clicks"}], "boundary": "DeveloperBoundary"},
    )


def _trusts() -> Iterator[BadSpec]:
    for what, trust in (
        ("a mistyped service", {"service": "lamda"}),
        ("a service cut off", {"service": "lamb"}),
        ("digits", {"service": "12345"}),
        ("another domain", {"service": "lambda.amazon.com"}),
        ("a service that takes no roles", {"service": "s3api"}),
        ("a recipe that is missing", {"recipe": "gihub", "organization": "acme"}),
        (
            "one schedule in the place of its group",
            {"service": "scheduler", "source_arn": "arn:{partition}:scheduler:us-east-1:{account}:schedule/default/x"},
        ),
        ("a source of another service", {"service": "states", "source_arn": "arn:{partition}:s3:::harbor-assets"}),
        (
            "a source in another account",
            {"service": "states", "source_arn": "arn:{partition}:states:us-east-1:999988887777:stateMachine:x"},
        ),
        ("a source that is everything", {"service": "states", "source_arn": "arn:{partition}:states:*:*:*"}),
        ("a service for every account", {"service": "states", "guard": False}),
        ("eleven digits", {"account": "44445555666"}),
        ("another account without an external ID", {"account": "999988887777"}),
        ("a short external ID", {"account": "999988887777", "external_id": "x"}),
        ("a principal that is missing", {"account": "{account}", "principals": _IAM + ":role/nobody"}),
        ("a principal with a wildcard", {"account": "{account}", "principals": _IAM + ":role/*"}),
        ("an organization for everybody", {"github": {"organization": "*", "repository": "shop"}}),
        ("GitHub's name form, after its last day", _github(form="name")),
        ("the ID form without IDs", _github(form="id")),
        ("every repository of an organization", {"github": {"organization": "acme"}}),
        (
            "every branch, tag and pull request",
            {
                "github": {
                    "organization": "acme",
                    "repository": "shop",
                    "form": "both",
                    "organization_id": "1",
                    "repository_id": "2",
                }
            },
        ),
        ("a provider that is missing", {"gitlab": {"group": "acme", "project": "shop", "branch": "main"}}),
        ("Terraform without its provider", {"terraform": {"organization": "acme"}}),
        ("any subject", {"oidc": {"provider": GITHUB, "audience": "sts.amazonaws.com", "subject": "*"}}),
        (
            "an audience that the provider does not take",
            {"oidc": {"provider": GITHUB, "audience": "mine", "subject": "repo:acme@1/shop@2:ref:refs/heads/main"}},
        ),
        ("a SAML provider that is missing", {"saml": {"provider": "Nobody"}}),
        (
            "a SAML attribute without a value",
            {"saml": {"provider": "HarborIdP", "access": "programmatic", "attribute": "SAML:sub"}},
        ),
        ("a pool that is none", {"cognito": {"pool": "mine"}}),
        ("a list", ["lambda"]),
    ):
        yield BadSpec(what, "trust", {"trust": trust})
    for what, trust in (
        (
            "guests who write",
            {"cognito": {"pool": "us-east-1:11111111-2222-3333-4444-555555555555", "sign_in": "unauthenticated"}},
        ),
        ("every Google account, and it writes", {"google": {"client_id": "123.apps.googleusercontent.com"}}),
        (
            "pull requests that write",
            _github(form="both", organization_id="1", repository_id="2", branch="", pull_request=True),
        ),
    ):
        yield BadSpec(what, "trust", {"trust": trust, "permissions": _WRITES})


def _trust_documents() -> Iterator[BadSpec]:
    never = {"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}
    for what, trust in (
        ("no JSON", "{"),
        ("no statement", _policy()),
        ("a resource", _trust(_LAMBDA, Resource="*")),
        ("everybody", _trust("*")),
        ("everybody as AWS", _trust({"AWS": "*"})),
        ("everybody but one", _policy({"Effect": "Allow", "NotPrincipal": _LAMBDA, "Action": "sts:AssumeRole"})),
        ("only a Deny", _policy({"Effect": "Deny", "Principal": _LAMBDA, "Action": "sts:AssumeRole"})),
        (
            "a Deny for everybody besides",
            _policy(
                {"Effect": "Allow", "Principal": _LAMBDA, "Action": "sts:AssumeRole"},
                {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"},
            ),
        ),
        ("another action", _trust(_LAMBDA, "s3:GetObject")),
        ("a provider with AssumeRole", _trust({"Federated": f"{_IAM}:oidc-provider/{GITHUB}"})),
        ("an account with a web identity's action", _trust({"AWS": _IAM + ":root"}, "sts:AssumeRoleWithWebIdentity")),
        ("a principal that was deleted", _trust({"AWS": "AROAEXAMPLEDELETEDROLE"})),
        ("another partition's account", _trust({"AWS": "arn:aws-iso:iam::{account}:root"})),
        ("a mistyped service", _trust({"Service": "lamda.amazonaws.com"})),
        ("a date that is past", _trust(_LAMBDA, Condition=never)),
        ("MFA for a service", _trust(_LAMBDA, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})),
        ("an external ID for a service", _trust(_LAMBDA, Condition={"StringEquals": {"sts:ExternalId": "abc"}})),
        ("MFA for a role", _trust({"AWS": _ROLE}, Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}})),
        (
            "two values of one key at once",
            _trust(
                {"AWS": _IAM + ":root"},
                Condition={
                    "StringEquals": {"aws:PrincipalTag/team": "a"},
                    "StringLike": {"aws:PrincipalTag/team": "b*"},
                },
            ),
        ),
        ("an operator that there is not", _trust(_LAMBDA, Condition={"StringIs": {"aws:SourceAccount": "{account}"}})),
        ("a pod without its tags", _trust({"Service": "pods.eks.amazonaws.com"})),
        ("Roles Anywhere without its actions", _trust({"Service": "rolesanywhere.amazonaws.com"})),
        (
            "a schedule as source",
            _trust(
                {"Service": "scheduler.amazonaws.com"},
                Condition={
                    "ArnLike": {"aws:SourceArn": "arn:{partition}:scheduler:us-east-1:{account}:schedule/prod/*"},
                    "StringEquals": {"aws:SourceAccount": "{account}"},
                },
            ),
        ),
        (
            "a source account elsewhere",
            _trust(
                {"Service": "states.amazonaws.com"}, Condition={"StringEquals": {"aws:SourceAccount": "999988887777"}}
            ),
        ),
        ("GitHub without a subject", _web(GITHUB, StringEquals={_AUD: "sts.amazonaws.com"})),
        (
            "GitHub's subject in pieces",
            _web(GITHUB, StringEquals={_AUD: "sts.amazonaws.com"}, StringLike={_SUB: "repo:*/shop:*"}),
        ),
        ("GitHub without an audience", _web(GITHUB, StringEquals={_SUB: "repo:acme@1/shop@2:ref:refs/heads/main"})),
        (
            "GitHub's wildcard without a Like",
            _web(GITHUB, StringEquals={_AUD: "sts.amazonaws.com", _SUB: "repo:acme@1/*"}),
        ),
        (
            "Cognito without a pool",
            _web(
                "cognito-identity.amazonaws.com",
                **{"ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": "authenticated"}},
            ),
        ),
        (
            "a long policy",
            _policy(
                *(
                    {"Sid": f"S{n}", "Effect": "Allow", "Principal": _LAMBDA, "Action": "sts:AssumeRole"}
                    for n in range(40)
                )
            ),
        ),
    ):
        yield BadSpec(f"trust document: {what}", "trust", {"trust": trust})


def _permissions() -> Iterator[BadSpec]:
    for what, chosen in (
        ("a recipe that is missing", {"recipe": "read-buckt", "bucket": "b"}),
        ("no bucket", {"recipe": "read-bucket"}),
        ("an unknown answer", {"recipe": "read-bucket", "bukket": "harbor-assets"}),
        *(
            (f"the bucket {name}", {"recipe": "read-bucket", "bucket": name})
            for name in (
                "*",
                "My_Bucket",
                "ab",
                "192.168.1.1",
                "xn--shop",
                "-shop",
                "a..b",
                "x" * 64,
                "shop-s3alias",
                "Shop",
            )
        ),
        ("another partition's bucket", {"recipe": "read-bucket", "bucket": "arn:aws-iso:s3:::shop"}),
        ("a bucket as a table", {"recipe": "read-table", "table": "arn:{partition}:s3:::shop"}),
        ("every table by its ARN", {"recipe": "write-table", "table": "arn:{partition}:dynamodb:*:*:table/*"}),
        ("a table's name that cannot be", {"recipe": "read-table", "table": "a b"}),
        (
            "every secret",
            {"recipe": "read-secret", "secret": "arn:{partition}:secretsmanager:us-east-1:{account}:secret:*"},
        ),
        ("every queue", {"recipe": "send-queue", "queue": "arn:{partition}:sqs:*:{account}:*"}),
        (
            "a topic's kind as a queue",
            {"recipe": "consume-queue", "queue": "arn:{partition}:sns:us-east-1:{account}:t"},
        ),
        (
            "another kind of resource",
            {"recipe": "read-table", "table": "arn:{partition}:dynamodb:us-east-1:{account}:stream/x"},
        ),
        ("a key by its alias", {"recipe": "read-bucket", "bucket": "harbor-assets", "key": "alias/shop"}),
        (
            "every key",
            {"recipe": "read-bucket", "bucket": "harbor-assets", "key": "arn:{partition}:kms:*:{account}:key/*"},
        ),
        ("every role to pass", {"recipe": "pass-role", "role": "role/*", "service": "lambda"}),
        ("every role of a wildcard", {"recipe": "pass-role", "role": _IAM + ":role/*", "service": "lambda"}),
        (
            "roles of any account",
            {"recipe": "pass-role", "role": "arn:{partition}:iam::*:role/app/*", "service": "lambda"},
        ),
        ("a role that is missing, to pass", {"recipe": "pass-role", "role": "nobody", "service": "lambda"}),
        (
            "a service that there is not, to pass to",
            {"recipe": "pass-role", "role": "app/orders-api-lambda", "service": "lamda"},
        ),
        ("every role to assume", {"recipe": "assume-role", "role": _IAM + ":role/*"}),
        ("a role that is missing, to assume", {"recipe": "assume-role", "role": "nobody"}),
        (
            "every function",
            {"recipe": "invoke-function", "function": "arn:{partition}:lambda:us-east-1:{account}:function:*"},
        ),
        ("every namespace", {"recipe": "put-metrics", "namespace": "*"}),
        ("every parameter", {"recipe": "read-parameter", "parameter": "/*"}),
        ("every image", {"recipe": "pull-image", "repository": "arn:{partition}:ecr:us-east-1:{account}:repository/*"}),
    ):
        yield BadSpec(what, "permissions", {"permissions": [chosen]})
    yield BadSpec("permissions in words", "permissions", {"permissions": "read"})
    yield BadSpec("no permissions at all", "permissions", {"permissions": []})


def _policies() -> Iterator[BadSpec]:
    for what, document in (
        ("a mistyped action", _policy(_allow("s3:GetObjectt", _S3 + "/*"))),
        ("everything", _policy(_allow("*", "*"))),
        ("a whole service", _policy(_allow("iam:*", "*"))),
        ("all but a service", _policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})),
        ("all but a resource", _policy({"Effect": "Allow", "Action": "s3:GetObject", "NotResource": _S3 + "/*"})),
        ("no ARN", _policy(_allow("s3:GetObject", "harbor-assets"))),
        ("a principal", _policy(_allow("s3:GetObject", _S3 + "/*", Principal="*"))),
        ("a bucket where objects are meant", _policy(_allow("s3:GetObject", _S3))),
        ("only a Deny", _policy({"Effect": "Deny", "Action": "s3:*", "Resource": "*"})),
        (
            "a Deny of all that is allowed",
            _policy(_allow("s3:GetObject", _S3 + "/*"), {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}),
        ),
        (
            "a condition that cannot hold",
            _policy(
                _allow(
                    "s3:GetObject", _S3 + "/*", Condition={"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}
                )
            ),
        ),
        (
            "a key that there is not",
            _policy(_allow("s3:GetObject", _S3 + "/*", Condition={"StringEquals": {"aws:SorceIp": "x"}})),
        ),
        ("any role to pass", _policy(_allow("iam:PassRole", "*"))),
        ("any role to assume", _policy(_allow("sts:AssumeRole", "*"))),
        ("every object of every bucket", _policy(_allow("s3:PutObject", "arn:{partition}:s3:::*"))),
        ("every table, by its ARN", _policy(_allow("dynamodb:PutItem", "arn:{partition}:dynamodb:*:*:table/*"))),
        ("its own policies", _policy(_allow(["iam:PutRolePolicy"], _IAM + ":role/new-role"))),
        ("another partition", _policy(_allow("s3:GetObject", "arn:aws-iso:s3:::harbor-assets/*"))),
        ("no version", {"Statement": [_allow("s3:GetObject", _S3 + "/${aws:PrincipalTag/team}/*")]}),
        ("nothing", _policy()),
        ("too much", _policy(_allow([f"s3:GetObject{n:04}" for n in range(900)], "*"))),
    ):
        yield BadSpec(f"inline: {what}", "inline", {"permissions": [], "inline": {"own": document}})
    for what, attached in (
        ("missing", ["NoSuchPolicy"]),
        ("at another path", ["aws:AWSLambdaBasicExecutionRole"]),
        ("for service-linked roles", ["aws:aws-service-role/AWSBatchServiceRolePolicy"]),
        ("administrator", ["aws:AdministratorAccess"]),
        ("nearly an administrator", ["aws:PowerUserAccess"]),
        ("everything of S3", ["aws:AmazonS3FullAccess"]),
        ("21 of them", [f"p{number}" for number in range(21)]),
        ("another partition", ["arn:aws-iso:iam::aws:policy/ReadOnlyAccess"]),
        ("no ARN", ["arn:x"]),
    ):
        yield BadSpec(f"attached: {what}", "attach", {"permissions": [], "attach": attached})
    good = _policy(_allow("s3:GetObject", _S3 + "/*"))
    for what, made in (
        ("taken", [{"name": "app-assets-read", "document": good}]),
        ("without a document", [{"name": "p"}]),
        ("twice", [{"name": "p", "document": good}, {"name": "P", "document": good}]),
        ("too large", [{"name": "p", "document": _policy(_allow([f"s3:GetObject{n:04}" for n in range(600)], "*"))}]),
        ("at a bad path", [{"name": "p", "document": good, "path": "x"}]),
        ("everything", [{"name": "p", "document": _policy(_allow("*", "*"))}]),
    ):
        yield BadSpec(f"policies: {what}", "policies", {"permissions": [], "policies": made})
