"""Paths to administrator: each published way, and the same where a layer is in the way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diagnostics.review.finding import Finding, Severity
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

ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
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


def account(
    roles: list[Any], users: list[Any] | None = None, policies: list[Any] | None = None, scp: Any = (), **more: Any
) -> dict[str, Any]:
    organization = {**scps([allow("*"), *scp]), "ResourceControlPolicies": []}
    return snapshot(roles, users, policies, organization=organization, **more)


def paths(tmp_path: Path, content: dict[str, Any]) -> dict[str, Finding]:
    return {next(iter(names([one]))): one for one in findings_in(tmp_path, content, "escalation.path")}


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
TOOLS = [managed("tools", allow("s3:ListAllMyBuckets"))]
GROUPS = [group("devs", allow("s3:ListAllMyBuckets")), group("admins", allow("*"))]


@pytest.mark.parametrize("way", WAYS)
def test_a_published_way_is_found(tmp_path: Path, way: str) -> None:
    roles, users = WAYS[way]
    found = paths(tmp_path, account(roles, users, TOOLS, GroupDetailList=GROUPS))["doer"]
    assert f"pathfinding:{way}" in found.references
    assert found.certain and found.path[0].evidence and found.fixes[0].verified is not False
    assert found.severity is (Severity.MEDIUM if way == "sts-001" else Severity.CRITICAL)


@pytest.mark.parametrize("way", WAYS)
def test_an_scp_in_the_way_ends_it(tmp_path: Path, way: str) -> None:
    roles, users = WAYS[way]
    (first, *_) = {
        "iam-013": ["iam:AddUserToGroup"],
        "sts-001": ["sts:AssumeRole"],
    }.get(way, ["iam:*"])
    scp = [deny(first)]
    assert "doer" not in paths(tmp_path, account(roles, users, TOOLS, scp=scp, GroupDetailList=GROUPS))


DECOYS: dict[str, tuple[list[Any], list[Any]]] = {
    "its boundary keeps everything out": ([role("doer", allow("iam:PutRolePolicy"), **bounded("no-iam"))], []),
    "its boundary allows the write and nothing else": (
        [role("doer", allow("iam:PutRolePolicy"), **bounded("writes"))],
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
        [role("doer", allow("sts:AssumeRole")), boss({"AWS": f"arn:aws:iam::{ID}:role/other"}), role("other")],
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
LIMITS = [managed("no-iam", allow(["s3:*", "ec2:*"])), managed("writes", allow("iam:PutRolePolicy"))]


@pytest.mark.parametrize("decoy", DECOYS)
def test_what_only_looks_like_a_path_is_none(tmp_path: Path, decoy: str) -> None:
    roles, users = DECOYS[decoy]
    assert "doer" not in paths(tmp_path, account(roles, users, [*TOOLS, *LIMITS]))


def test_several_steps_and_the_shortest_path(tmp_path: Path) -> None:
    roles = [
        role("first", allow("sts:AssumeRole", DOER)),
        role("doer", allow("iam:CreateAccessKey", BEN), AssumeRolePolicyDocument=trust({"AWS": ID})),
        role("long", allow("sts:AssumeRole", [f"arn:aws:iam::{ID}:role/first", DOER])),
        role("none", allow("s3:GetObject")),
    ]
    roles[0]["AssumeRolePolicyDocument"] = trust({"AWS": ID})
    found = paths(tmp_path, account(roles, [user("ben", allow("*"))]))
    assert {name: len(one.path) for name, one in found.items()} == {"doer": 1, "first": 2, "long": 2}
    assert [hop.actions for hop in found["long"].path] == [("sts:AssumeRole",), ("iam:CreateAccessKey",)]


def test_a_condition_is_what_it_hangs_on(tmp_path: Path) -> None:
    mfa = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
    found = paths(tmp_path, account([], [user("doer", allow("iam:PutUserPolicy", **mfa))]))
    assert found["doer"].hangs_on == ("aws:MultiFactorAuthPresent",)


def test_a_version_that_allows_everything(tmp_path: Path) -> None:
    tools = managed("tools", allow("s3:ListAllMyBuckets"))
    old = {"VersionId": "v0", "IsDefaultVersion": False, "Document": document(allow("*"))}
    tools["PolicyVersionList"].append(old)
    roles = [role("doer", allow("iam:SetDefaultPolicyVersion"), **attached("tools"))]
    assert "v0 of tools" in paths(tmp_path, account(roles, [], [tools]))["doer"].summary
    tools["PolicyVersionList"][1]["Document"] = document(allow("s3:GetObject"))
    assert paths(tmp_path, account(roles, [], [tools])) == {}


def test_a_boundary_that_can_be_taken_off(tmp_path: Path) -> None:
    loose = managed("loose", allow(["iam:DeleteRolePermissionsBoundary", "s3:*"]))
    roles = [role("doer", allow("*"), **bounded("loose"))]
    assert "boundary" in paths(tmp_path, account(roles, [], [loose]))["doer"].summary


def test_a_new_role_without_a_boundary(tmp_path: Path) -> None:
    roles = [role("doer", allow(["iam:CreateRole", "iam:AttachRolePolicy"]), **bounded("loose"))]
    loose = managed("loose", allow(["iam:CreateRole", "iam:AttachRolePolicy"]))
    assert "new role" in paths(tmp_path, account(roles, [], [loose]))["doer"].summary


def test_the_cut_takes_away_the_step_alone(tmp_path: Path) -> None:
    found = paths(tmp_path, account([role("doer", allow("iam:*"))]))["doer"]
    (fix,) = found.fixes
    assert fix.verified is True and fix.after is not None
    assert fix.after.value["Statement"][-1] == {
        "Sid": "NoEscalation",
        "Effect": "Deny",
        "Action": "iam:PutRolePolicy",
        "Resource": DOER,
    }
