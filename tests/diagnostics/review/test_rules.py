"""Each rule with roles that are found by it, and with roles that look alike and are none of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diagnostics.review.limits import Limits
from tests.support.question_accounts import (
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
from tests.support.reviewing import findings_in, names, snapshot

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
    "trust.confused-deputy": [
        service("bad-tasks", "ecs-tasks.amazonaws.com"),
        service(
            "bad-schedules",
            "scheduler.amazonaws.com",
            {"ArnLike": {"aws:SourceArn": f"arn:aws:scheduler:*:{ID}:schedule/*"}},
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
        role("good-knows-none", allow(["ec2:DescribeInstances", "s3:ListAllMyBuckets"])),
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


@pytest.mark.parametrize("rule", ROLES)
def test_a_rule_finds_what_is_bad_and_nothing_that_looks_like_it(tmp_path: Path, rule: str) -> None:
    limits = Limits(own_accounts=("555566667777",), habit_least=10)
    found = findings_in(tmp_path, account(ROLES[rule]), rule, limits=limits)
    wanted = {each["RoleName"] for each in ROLES[rule] if each["RoleName"].lower().startswith("bad")}
    assert {one.rule for one in found} == {rule}
    assert names(found) == wanted
    for one in found:
        assert one.summary.endswith(".") and one.evidence and one.references and one.fixes
        assert one.certain or rule == "trust.external-without-id", one.hangs_on


def test_every_rule_has_its_roles_here() -> None:
    from diagnostics.review.rules.table import RULES

    elsewhere = {
        *("keys.old", "provider.expiring", "policy.unattached", "policy.versions-full", "forecast.quota"),
        *("use.unused-service", "escalation.path"),
    }
    assert set(RULES) - elsewhere == set(ROLES)


def test_what_an_scp_forbids_is_no_finding(tmp_path: Path) -> None:
    content = account([role("wide", allow("*")), role("passing", allow("iam:PassRole"))])
    content["Rolescope"]["Organization"] = guardrails([allow("*"), deny(["iam:*", "s3:*"])])
    found = findings_in(tmp_path, content, "permissions")
    assert {(one.rule, name) for one in found for name in names([one])} == {("permissions.wildcard-action", "wide")}


def test_without_the_organizations_policies_a_finding_hangs_on_them(tmp_path: Path) -> None:
    content = account([role("wide", allow("*"))])
    del content["Rolescope"]["Organization"]
    (found,) = findings_in(tmp_path, content, "permissions.admin")
    assert found.hangs_on == ("service control policies (not read)",)


def test_an_external_account_of_an_organization_may_be_ours(tmp_path: Path) -> None:
    (found,) = findings_in(tmp_path, account([vendor("one")]), "trust.external-without-id")
    assert found.hangs_on == (f"whether account {VENDOR} is yours",)


def test_account_rules(tmp_path: Path) -> None:
    keys = {
        "AccessKeys": [
            {"UserName": "ben", "AccessKeyId": "AKIAOLD", "Status": "Active", "CreateDate": "2025-01-01T00:00:00+00:00"}
        ]
    }
    content = account([role("one", **attached("admin"))], [user("ben"), user("ann")], **keys)
    five = [{"VersionId": f"v{n}", "IsDefaultVersion": n == 5, "Document": document(allow("*"))} for n in range(1, 6)]
    content["Policies"][0] |= {"PolicyVersionList": five, "DefaultVersionId": "v5"}
    found = {(one.rule, name) for one in findings_in(tmp_path, content) for name in names([one])}
    assert ("keys.old", "ben") in found and ("keys.old", "ann") not in found
    assert ("provider.expiring", "Idp") in found
    assert ("policy.versions-full", "admin") in found
    assert {name for rule, name in found if rule == "policy.unattached"} == {"s3-only", "reads"}
    assert any(rule == "forecast.quota" for rule, _ in found)


def test_unused_services_of_what_was_last_accessed(tmp_path: Path) -> None:
    roles = [
        role(name, allow(["s3:GetObject", "sqs:SendMessage"]), CreateDate="2020-01-01T00:00:00+00:00")
        for name in ("bad", "good")
    ]
    recent, long_ago = "2026-10-30T00:00:00+00:00", "2026-01-01T00:00:00+00:00"

    def used(s3: str, sqs: str) -> list[dict[str, str]]:
        return [
            {"ServiceNamespace": "s3", "LastAuthenticated": s3},
            {"ServiceNamespace": "sqs", "LastAuthenticated": sqs},
        ]

    accessed = {roles[0]["Arn"]: used(recent, long_ago), roles[1]["Arn"]: used(recent, recent)}
    found = findings_in(tmp_path, account(roles, LastAccessed=accessed), "use.unused-service")
    assert names(found) == {"bad"} and "sqs" in found[0].summary
