"""Ways around a guardrail, each with what only looks like it. A row has an account's parts, and if it is a path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.accounts.questions import ID, allow, bounded, deny, managed, role, scps, trust, user
from tests.support.accounts.review_cases import BOSS, DOER, boss, group
from tests.support.accounts.reviewing import findings_in, names, snapshot
from tests.support.accounts.running import add_workloads

SAML = f"arn:aws:iam::{ID}:saml-provider/Idp"
ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
NO_ADMIN = deny(["iam:AttachRolePolicy", "iam:AttachUserPolicy"], Condition={"ArnEquals": {"iam:PolicyARN": ADMIN}})
TAG = {"StringEquals": {"aws:PrincipalTag/team": "ops"}}
NARROW = managed("narrow", allow(["iam:*PermissionsBoundary", "iam:CreatePolicyVersion", "s3:*"]))
LOOSE = [allow("*")]
PROVIDERS = {"SAMLProviders": [{"Arn": SAML, "ValidUntil": "2030-01-01T00:00:00+00:00"}]}


def saml(**condition: Any) -> dict[str, Any]:
    given = {"Condition": condition} if condition else {}
    return role(
        "boss",
        allow("*"),
        AssumeRolePolicyDocument=trust({"Federated": SAML}, "sts:AssumeRoleWithSAML", **given),
    )


LOCKED = [{"Key": "locked", "Value": "yes"}]


def locked_but(action: str) -> dict[str, Any]:
    """A Deny of all but an action, for those with the tag."""
    return {
        "Effect": "Deny",
        "NotAction": action,
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/locked": "yes"}},
    }


def doer(*statements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return role("doer", *statements, **more)


ATTACH = ["iam:AttachRolePolicy"]
Row = dict[str, Any]
ROWS: dict[str, tuple[bool, Row]] = {
    # Its own boundary.
    "a boundary put in its place": (
        True,
        {
            "roles": [doer(allow("*"), **bounded("put"))],
            "policies": [managed("put", allow("iam:PutRolePermissionsBoundary"))],
        },
    ),
    "a boundary put in its place, of one name alone": (
        False,
        {
            "roles": [doer(allow("*"), **bounded("put"))],
            "policies": [
                managed(
                    "put",
                    allow(
                        "iam:PutRolePermissionsBoundary",
                        Condition={"StringEquals": {"iam:PermissionsBoundary": f"arn:aws:iam::{ID}:policy/put"}},
                    ),
                )
            ],
        },
    ),
    "a new version of its boundary": (
        True,
        {"roles": [doer(allow("*"), **bounded("own"))], "policies": [managed("own", allow("iam:CreatePolicyVersion"))]},
    ),
    "a new version of another policy than its boundary": (
        False,
        {
            "roles": [doer(allow("*"), **bounded("own"))],
            "policies": [managed("own", allow("iam:CreatePolicyVersion", f"arn:aws:iam::{ID}:policy/team-*"))],
        },
    ),
    "a boundary taken off, then a policy written": (
        True,
        {
            "roles": [
                doer(allow(["iam:DeleteRolePermissionsBoundary", "iam:PutRolePolicy"], DOER), **bounded("narrow"))
            ],
            "policies": [NARROW],
        },
    ),
    "a boundary taken off, and nothing gained": (
        False,
        {
            "roles": [doer(allow(["iam:DeleteRolePermissionsBoundary", "s3:*"]), **bounded("narrow"))],
            "policies": [NARROW],
        },
    ),
    "a boundary that AWS manages has no new version": (
        False,
        {
            "roles": [
                doer(
                    allow("*"),
                    PermissionsBoundary={"PermissionsBoundaryArn": "arn:aws:iam::aws:policy/PowerUserAccess"},
                )
            ]
        },
    ),
    # Another policy than the one that is denied.
    "IAMFullAccess where only AdministratorAccess is denied": (True, {"roles": [doer(allow(ATTACH, DOER), NO_ADMIN)]}),
    "IAMFullAccess where an SCP denies AdministratorAccess": (
        True,
        {"roles": [doer(allow(ATTACH, DOER))], "scp": [NO_ADMIN]},
    ),
    "IAMFullAccess where writing oneself is denied": (
        False,
        {
            "roles": [doer(allow(ATTACH, DOER), NO_ADMIN)],
            "scp": [deny(["iam:Put*", "iam:Create*", "iam:Update*", "iam:PassRole", "iam:SetDefault*", "iam:Add*"])],
        },
    ),
    "only policies of the account": (
        False,
        {"roles": [doer(allow(ATTACH, DOER, Condition={"ArnLike": {"iam:PolicyARN": f"arn:aws:iam::{ID}:policy/*"}}))]},
    ),
    "a policy of the account that writes roles": (
        True,
        {
            "roles": [
                doer(allow(ATTACH, DOER, Condition={"ArnLike": {"iam:PolicyARN": f"arn:aws:iam::{ID}:policy/*"}}))
            ],
            "policies": [managed("deploy", allow("iam:PutRolePolicy"))],
        },
    ),
    # Groups.
    "a group with all of IAM": (
        True,
        {"users": [user("doer", allow("iam:AddUserToGroup"))], "groups": [group("iam", allow("iam:*"))]},
    ),
    "a group whose policy of AWS is not in the file": (
        True,
        {
            "users": [user("doer", allow("iam:AddUserToGroup"))],
            "groups": [
                {
                    **group("g", allow("s3:ListAllMyBuckets")),
                    "AttachedManagedPolicies": [{"PolicyName": "a", "PolicyArn": ADMIN}],
                }
            ],
        },
    ),
    "a group with all of IAM that denies writing": (
        False,
        {
            "users": [user("doer", allow("iam:AddUserToGroup"))],
            "groups": [
                group("iam", allow("iam:*"), deny(["iam:Put*", "iam:Attach*", "iam:Create*", "iam:Set*", "iam:Pass*"]))
            ],
        },
    ),
    "another group than the one with rights": (
        False,
        {
            "users": [user("doer", allow("iam:AddUserToGroup", f"arn:aws:iam::{ID}:group/devs"))],
            "groups": [group("iam", allow("iam:*")), group("devs", allow("s3:ListAllMyBuckets"))],
        },
    ),
    # Something new, of some names alone.
    "a new role under a path": (
        True,
        {"roles": [doer(allow(["iam:CreateRole", "iam:PutRolePolicy"], f"arn:aws:iam::{ID}:role/team/*"))]},
    ),
    "a new role under one path, written under another": (
        False,
        {
            "roles": [
                doer(
                    allow("iam:CreateRole", f"arn:aws:iam::{ID}:role/team/*"),
                    allow("iam:PutRolePolicy", f"arn:aws:iam::{ID}:role/other/*"),
                )
            ]
        },
    ),
    "a new user under a path, with a password": (
        True,
        {
            "roles": [
                doer(
                    allow(
                        ["iam:CreateUser", "iam:AttachUserPolicy", "iam:CreateLoginProfile"],
                        f"arn:aws:iam::{ID}:user/ci/*",
                    )
                )
            ]
        },
    ),
    "a new user without credentials": (
        False,
        {"roles": [doer(allow(["iam:CreateUser", "iam:AttachUserPolicy"], f"arn:aws:iam::{ID}:user/ci/*"))]},
    ),
    "a new role that only another account may assume": (
        True,
        {
            "roles": [doer(allow(["iam:CreateRole", "iam:PutRolePolicy"], f"arn:aws:iam::{ID}:role/new-*"))],
            "scp": [deny("sts:AssumeRole")],
        },
    ),
    # Tags.
    "a tag that the trust policy asks for": (
        True,
        {
            "roles": [
                doer(allow(["iam:TagRole", "sts:AssumeRole"])),
                boss({"AWS": f"arn:aws:iam::{ID}:root"}, Condition=TAG),
            ]
        },
    ),
    "a tag that it may not give": (
        False,
        {
            "roles": [
                doer(
                    allow("sts:AssumeRole"),
                    allow("iam:TagRole", Condition={"ForAllValues:StringEquals": {"aws:TagKeys": ["env"]}}),
                ),
                boss({"AWS": f"arn:aws:iam::{ID}:root"}, Condition=TAG),
            ]
        },
    ),
    "a tag of another role": (
        False,
        {
            "roles": [
                doer(allow("sts:AssumeRole"), allow("iam:TagRole", BOSS)),
                boss({"AWS": f"arn:aws:iam::{ID}:root"}, Condition=TAG),
            ]
        },
    ),
    "a tag with which it is denied, and which it takes away": (
        True,
        {"users": [user("doer", allow("*"), locked_but("iam:UntagUser"), Tags=LOCKED)]},
    ),
    "a tag with which it is denied, also to take it away": (
        False,
        {"users": [user("doer", allow("*"), locked_but("iam:TagUser"), Tags=LOCKED)]},
    ),
    "a tag with which a trust policy lets nobody in, and which it takes away": (
        True,
        {
            "roles": [
                doer(allow(["iam:UntagRole", "sts:AssumeRole"]), Tags=LOCKED),
                boss({"AWS": f"arn:aws:iam::{ID}:root"}, Condition={"Null": {"aws:PrincipalTag/locked": "true"}}),
            ]
        },
    ),
    "a tag with another value than a trust policy asks for, if there is one": (
        True,
        {
            "roles": [
                doer(allow(["iam:UntagRole", "sts:AssumeRole"]), Tags=LOCKED),
                boss(
                    {"AWS": f"arn:aws:iam::{ID}:root"},
                    Condition={"StringEqualsIfExists": {"aws:PrincipalTag/locked": "no"}},
                ),
            ]
        },
    ),
    "a tag with which a trust policy lets nobody in, of somebody else": (
        False,
        {
            "roles": [
                doer(allow("iam:UntagRole", f"arn:aws:iam::{ID}:role/other"), allow("sts:AssumeRole"), Tags=LOCKED),
                boss({"AWS": f"arn:aws:iam::{ID}:root"}, Condition={"Null": {"aws:PrincipalTag/locked": "true"}}),
            ]
        },
    ),
    "a tag that its own policy asks for": (
        True,
        {"users": [user("doer", allow("iam:TagUser"), allow("*", Condition=TAG))]},
    ),
    # Providers.
    "other metadata of a SAML provider": (True, {"roles": [doer(allow("iam:UpdateSAMLProvider", SAML)), saml()]}),
    "other metadata of a provider that the role does not trust": (
        False,
        {"roles": [doer(allow("iam:UpdateSAMLProvider", SAML.replace("Idp", "Other"))), saml()]},
    ),
    # A Region's own service principal.
    "a state machine of one Region": (
        True,
        {
            "roles": [
                doer(
                    allow("iam:PassRole", Condition={"StringEquals": {"iam:PassedToService": "states.amazonaws.com"}}),
                    allow(["states:CreateStateMachine", "states:StartExecution"]),
                ),
                boss({"Service": "states.eu-west-1.amazonaws.com"}),
            ]
        },
    ),
    "a state machine, of which no Region's principal is trusted": (
        False,
        {
            "roles": [
                doer(allow(["iam:PassRole", "states:CreateStateMachine", "states:StartExecution"])),
                boss({"Service": "logs.eu-west-1.amazonaws.com"}),
            ]
        },
    ),
    # All required resources.
    "a command on instances alone": (
        False,
        {
            "roles": [
                doer(allow("ssm:SendCommand", "arn:aws:ec2:*:*:instance/*")),
                boss({"Service": "ec2.amazonaws.com"}),
            ]
        },
    ),
    "a command on instances by a document": (
        True,
        {
            "roles": [
                doer(
                    allow(
                        "ssm:SendCommand", ["arn:aws:ec2:*:*:instance/*", "arn:aws:ssm:*::document/AWS-RunShellScript"]
                    )
                ),
                boss({"Service": "ec2.amazonaws.com"}),
            ]
        },
    ),
    "a command by a document that only patches": (
        False,
        {
            "roles": [
                doer(
                    allow(
                        "ssm:SendCommand",
                        ["arn:aws:ec2:*:*:instance/*", "arn:aws:ssm:*::document/AWS-RunPatchBaseline"],
                    )
                ),
                boss({"Service": "ec2.amazonaws.com"}),
            ]
        },
    ),
    # A condition that can never be true again.
    "a date that is over, of a user": (
        False,
        {
            "users": [
                user(
                    "doer",
                    allow(
                        "iam:PutUserPolicy", Condition={"DateLessThan": {"aws:TokenIssueTime": "2020-01-01T00:00:00Z"}}
                    ),
                )
            ]
        },
    ),
    "a user whose access keys have no date": (
        True,
        {"users": [user("doer", allow("iam:PutUserPolicy", Condition={"Null": {"aws:TokenIssueTime": "true"}}))]},
    ),
    "a user with credentials that it makes now": (
        True,
        {
            "users": [
                user(
                    "doer",
                    allow(
                        "iam:PutUserPolicy",
                        Condition={"DateGreaterThan": {"aws:TokenIssueTime": "2020-01-01T00:00:00Z"}},
                    ),
                )
            ]
        },
    ),
    "a date that is over": (
        False,
        {
            "roles": [
                doer(
                    allow(
                        "iam:PutRolePolicy", Condition={"DateLessThan": {"aws:TokenIssueTime": "2020-01-01T00:00:00Z"}}
                    )
                )
            ]
        },
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_way_around(tmp_path: Path, name: str) -> None:
    is_path, row = ROWS[name]
    content = snapshot(
        row.get("roles", []),
        row.get("users"),
        row.get("policies"),
        organization={**scps([allow("*"), *row.get("scp", [])]), "ResourceControlPolicies": []},
        GroupDetailList=row.get("groups", []),
    )
    content["Rolescope"] |= {
        **PROVIDERS,
        "Bindings": [{"Service": "ec2", "Name": "i-0aa11", "Use": "instance profile", "RoleArn": BOSS}],
    }
    add_workloads(content)
    found = findings_in(tmp_path, content, "escalation.path")
    assert ("doer" in names(found)) is is_path, [one.summary for one in found]
