"""Who gains and loses what by a change, in every partition: trust, boundary, attachments; nothing is claimed of what is
not known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from diagnostics.plans.changes import Attach, Change, Detach, EditPolicy, EditTrust, PutInline, SetBoundary
from diagnostics.plans.role_change import change_plan
from iam.changes.plan import Plan
from iam.policy.document import Document
from iam.sources.reader.opened import OpenedAccount
from iam.sources.snapshot.reader import open_snapshot

ACCOUNT = "111122223333"


def statements(*listed: dict[str, Any]) -> Document:
    return Document(json.dumps({"Version": "2012-10-17", "Statement": listed}))


def lets(principal: Any, action: str = "sts:AssumeRole", effect: str = "Allow", **condition: Any) -> dict[str, Any]:
    more = {"Condition": condition} if condition else {}
    return {"Effect": effect, "Principal": principal, "Action": action, **more}


def allows(action: Any, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


LAMBDA = lets({"Service": "lambda.amazonaws.com"})


@pytest.fixture(params=["aws", "aws-cn", "aws-us-gov"])
def partition(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def opened(tmp_path: Path, partition: str) -> OpenedAccount:
    """``target`` is trusted to Lambda and has ``own`` attached, which ``reader`` has too; ``deployer`` may assume any
    role that lets it, ``idle`` none."""
    iam = f"arn:{partition}:iam::{ACCOUNT}"

    def role(name: str, *inline: Document, attached: tuple[str, ...] = ()) -> dict[str, Any]:
        return {
            "RoleName": name,
            "Arn": f"{iam}:role/{name}",
            "Path": "/",
            "CreateDate": "2020-01-01T00:00:00Z",
            "AssumeRolePolicyDocument": json.loads(statements(LAMBDA).text),
            "RolePolicyList": [{"PolicyName": "x", "PolicyDocument": json.loads(each.text)} for each in inline],
            "AttachedManagedPolicies": [{"PolicyName": each, "PolicyArn": f"{iam}:policy/{each}"} for each in attached],
            "Tags": [],
            "RoleLastUsed": {},
            "InstanceProfileList": [],
        }

    def policy(name: str, *listed: dict[str, Any], count: int = 0) -> dict[str, Any]:
        version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": json.loads(statements(*listed).text)}
        return {
            "PolicyName": name,
            "Arn": f"{iam}:policy/{name}",
            "Path": "/",
            "DefaultVersionId": "v1",
            "AttachmentCount": count,
            "PermissionsBoundaryUsageCount": 0,
            "IsAttachable": True,
            "PolicyVersionList": [version],
        }

    roles = ("target", "reader", "deployer", "idle")
    value = {
        "UserDetailList": [],
        "GroupDetailList": [],
        "RoleDetailList": [
            role("target", attached=("own",)),
            role("reader", attached=("own",)),
            role("deployer", statements(allows("sts:AssumeRole"))),
            role("idle"),
        ],
        "Policies": [
            policy("own", allows(["s3:GetObject", "s3:PutObject"], f"arn:{partition}:s3:::b/*"), count=2),
            policy("other", allows("sqs:SendMessage", f"arn:{partition}:sqs:*:{ACCOUNT}:q")),
            policy("limit", allows("s3:GetObject")),
        ],
        "Rolescope": {
            "Version": 1,
            "Account": {"Id": ACCOUNT, "CapturedAt": "2026-11-02T12:00:00Z"},
            "Roles": {name: {"MaxSessionDuration": 3600} for name in roles},
            "InstanceProfiles": [],
            "Instances": [],
            "OpenIDConnectProviders": [],
            "SAMLProviders": [],
            "StackResources": [],
        },
    }
    path = tmp_path / "account.json"
    path.write_text(json.dumps(value))
    reader = open_snapshot(path)
    *_, account = reader.accounts()
    assert account.partition == partition
    return OpenedAccount(account, reader)


def planned(opened: OpenedAccount, change: Change) -> Plan:
    return change_plan(["target"], change, opened)


def said(plan: Plan) -> str:
    return " ".join(each for each in plan.effects.said if not each.startswith("Not counted: "))


TRUSTS: list[tuple[list[dict[str, Any]], str]] = [
    ([LAMBDA, lets({"AWS": "999988887777"})], "Account 999988887777 can now assume target."),
    (
        [LAMBDA, lets({"AWS": "999988887777"}, StringEquals={"sts:ExternalId": "x"})],
        "Account 999988887777 can now assume target if sts:ExternalId is x.",
    ),
    ([lets({"Service": "glue.amazonaws.com"})], "lambda.amazonaws.com can no longer assume target."),
    ([LAMBDA, lets({"AWS": ACCOUNT})], "deployer can now assume target."),
    ([LAMBDA, lets({"AWS": "arn:PARTITION:iam::111122223333:role/idle"})], "idle can now assume target."),
    ([LAMBDA, lets("*")], "Any other account"),
    ([LAMBDA, lets({"Service": "lambda.amazonaws.com"}, "sts:TagSession")], "can now pass session tags to target."),
    ([{**LAMBDA, "Sid": "Other"}], "Who can assume target: the same principals as before."),
]


@pytest.mark.parametrize(("listed", "words"), TRUSTS, ids=range(len(TRUSTS)))
def test_who_may_assume_it_now(opened: OpenedAccount, partition: str, listed: list[dict[str, Any]], words: str) -> None:
    document = Document(statements(*listed).text.replace("PARTITION", partition))
    plan = planned(opened, EditTrust(document))
    assert words in said(plan)
    loses = "no longer" in words
    assert bool(plan.effects.lost) == loses


def test_what_policies_give_and_take(opened: OpenedAccount, partition: str) -> None:
    own, other, limit = (f"arn:{partition}:iam::{ACCOUNT}:policy/{name}" for name in ("own", "other", "limit"))
    assert "target gains sqs:SendMessage on " in said(planned(opened, Attach(other)))
    detach = planned(opened, Detach(own))
    assert f"target loses s3:GetObject and s3:PutObject on arn:{partition}:s3:::b/*" in said(detach)
    assert {action for each in detach.effects.lost for action in each.actions} == {"s3:GetObject", "s3:PutObject"}
    assert "target loses s3:PutObject on " in said(planned(opened, SetBoundary(limit)))


def test_a_policy_s_new_version_is_for_all_that_carry_it(opened: OpenedAccount, partition: str) -> None:
    own = f"arn:{partition}:iam::{ACCOUNT}:policy/own"
    less = statements(allows("s3:GetObject", f"arn:{partition}:s3:::b/*"))
    plan = planned(opened, EditPolicy(own, less))
    assert "target and reader lose s3:PutObject on " in said(plan)
    assert plan.in_use[0] == "It is attached to target and reader."
    assert plan.type_name == "own"


@pytest.mark.parametrize("partition", ["aws"], indirect=True)
def test_an_action_that_nobody_knows_here_is_not_counted(opened: OpenedAccount) -> None:
    plan = planned(opened, PutInline("new", statements(allows("newservice:DoIt"))))
    assert "newservice:DoIt belongs to a service that is unknown: what it allows is not counted." in plan.effects.said
    assert not plan.effects.complete
    assert not any("nothing" in each for each in plan.effects.said)
    assert plan.type_name is None


@pytest.mark.parametrize("partition", ["aws"], indirect=True)
def test_a_misspelled_action_of_a_known_service_is_said_to_be_no_action(opened: OpenedAccount) -> None:
    plan = planned(opened, PutInline("new", statements(allows("dynamodb:PutItm"))))
    assert "dynamodb:PutItm is not a known action of its service: what it allows is not counted." in plan.effects.said
