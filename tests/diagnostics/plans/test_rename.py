"""A role under another name: what it had, and all that names it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from diagnostics.plans.references import MOST_RESOURCES, references
from diagnostics.plans.rename import Rename
from diagnostics.plans.role_change import change_plan
from iam.account import AttachedPolicy
from iam.changes.plan import Call, Plan, PlanError
from iam.sources.aws.reader import AwsReader
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading
from tests.support.accounts.questions import (
    ID,
    allow,
    attached,
    bounded,
    deny,
    document,
    managed,
    opened,
    role,
    snapshot,
    trust,
    user,
)

OLD, NEW = f"arn:aws:iam::{ID}:role/app/old", f"arn:aws:iam::{ID}:role/app/new"


def rename(tmp_path: Path, content: dict[str, Any], name: str = "new") -> Plan:
    return change_plan(["old"], Rename(name), OpenedAccount(*opened(tmp_path, content)))


def old(*statements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return role("old", *statements, path="/app/", **more)


def said(call: Call) -> Any:
    return json.loads(call.text("PolicyDocument"))


def of(plan: Plan, operation: str, name: str) -> Any:
    (call,) = [each for each in plan.calls if each.operation == operation and name in each.parameters.values()]
    return said(call)


def test_the_new_role_has_what_the_old_has(tmp_path: Path) -> None:
    tags = [{"Key": "team", "Value": "us"}, {"Key": "aws:cloudformation:stack-name", "Value": "s"}]
    content = snapshot(
        [old(allow("s3:GetObject"), Tags=tags, **attached("reads"), **bounded("wide"))],
        [],
        [managed("reads", allow("s3:Get*")), managed("wide", allow("*"))],
    )
    plan = rename(tmp_path, content)
    create, inline, attach = plan.calls
    assert create.parameters["Path"] == "/app/" and create.parameters["Tags"] == {"team": "us"}
    assert create.parameters["PermissionsBoundary"].endswith(":policy/wide")
    assert inline.parameters["RoleName"] == attach.parameters["RoleName"] == "new"
    assert all(call.undo is not None for call in plan.calls) and not plan.destructive


def test_what_names_the_old_names_both(tmp_path: Path) -> None:
    patterns = [f"arn:aws:iam::{ID}:role/app/o*", f"arn:aws:iam::{ID}:role/app/*"]
    content = snapshot(
        [
            old(allow("sts:AssumeRole", OLD)),
            role("trusts", AssumeRolePolicyDocument=trust({"AWS": OLD})),
            role(
                "knows", AssumeRolePolicyDocument=trust({"AWS": ID}, Condition={"ArnEquals": {"aws:PrincipalArn": OLD}})
            ),
            role("passes", allow("iam:PassRole", [OLD, "arn:aws:iam::1:role/other"]), deny("iam:Delete*", patterns[0])),
            role("covers", allow("iam:PassRole", patterns[1])),
        ],
        [user("ben", allow("sts:AssumeRole", OLD))],
        [managed("deploy", allow("iam:PassRole", OLD))],
    )
    plan = rename(tmp_path, content)
    assert of(plan, "UpdateAssumeRolePolicy", "trusts")["Statement"][0]["Principal"] == {"AWS": [OLD, NEW]}
    knows = of(plan, "UpdateAssumeRolePolicy", "knows")["Statement"][0]
    assert knows["Condition"] == {"ArnEquals": {"aws:PrincipalArn": [OLD, NEW]}}
    passes = of(plan, "PutRolePolicy", "passes")["Statement"]
    assert [each["Resource"] for each in passes] == [[OLD, "arn:aws:iam::1:role/other", NEW], [patterns[0], NEW]]
    assert of(plan, "PutUserPolicy", "ben")["Statement"][0]["Resource"] == [OLD, NEW]
    (version,) = [said(each) for each in plan.calls if each.operation == "CreatePolicyVersion"]
    assert version["Statement"][0]["Resource"] == [OLD, NEW]
    # Its own statement on itself: the copy has both, and so has the old.
    assert [of(plan, "PutRolePolicy", name)["Statement"][0]["Resource"] for name in ("new", "old")] == [[OLD, NEW]] * 2
    assert not any("covers" in call.parameters.values() for call in plan.calls)
    assert plan.calls[0].operation == "CreateRole" and all(call.undo is not None for call in plan.calls)


def test_what_others_own_is_told(tmp_path: Path) -> None:
    bucket = "arn:aws:s3:::assets"
    its_id = "AROA" + "OLD".rjust(17, "0")
    content = snapshot([old(), role("by-id", AssumeRolePolicyDocument=trust({"AWS": its_id}))])
    ours = content["Rolescope"]
    ours["ResourcePolicies"] = {bucket: trust({"AWS": OLD}, "s3:*")}
    ours["Bindings"] = [{"Service": "lambda", "Name": "nightly", "Use": "execution role", "RoleArn": OLD}]
    guard = document(deny("iam:*", Condition={"ArnNotEquals": {"aws:PrincipalArn": OLD}}))
    levels = [{"Target": "r-1", "Policies": [{"Arn": "p-1", "Name": "guard", "Document": guard}]}]
    ours["Organization"] = {"Id": "o-1", "ServiceControlPolicies": levels, "ResourceControlPolicies": []}
    told = "\n".join(rename(tmp_path, content).warnings)
    assert f"resource policy of {bucket} names old (Principal): add {NEW} there" in told
    assert "organization's policy guard names old (Condition)" in told
    assert f"has the unique ID {its_id} of old" in told
    assert "nightly (execution role) runs as old until it gets the new role (aws lambda update-function-" in told


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("old", "already"),
        ("no good", "name"),
        ("x" * 65, "64"),
        ("other", "a role other"),
        ("OLD", "IAM ignores case"),
    ],
)
def test_a_name_that_cannot_be(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(PlanError, match=why):
        rename(tmp_path, snapshot([old(), role("other")]), name)


def test_what_could_not_be_read_is_said(tmp_path: Path) -> None:
    content = snapshot([old()])
    del content["UserDetailList"], content["Rolescope"]["Organization"]
    told = " ".join(rename(tmp_path, content).warnings)
    assert "Not all users of the account could be read" in told and "rganization" in told


def test_the_demo_is_renamed_and_back(demo_reader: AwsReader) -> None:
    *_, account = demo_reader.accounts()
    plan = change_plan(["web-frontend-ec2"], Rename("storefront-ec2"), OpenedAccount(account, demo_reader))
    assert [call.operation for call in plan.calls][-2:] == ["CreateInstanceProfile", "AddRoleToInstanceProfile"]
    assert any("i-0a1" in each and "replace-iam-instance-profile-association" in each for each in plan.warnings)


def test_what_may_name_it_and_was_not_read_is_said(tmp_path: Path) -> None:
    """Bare entities, lists that are not whole, and resources beyond those that are asked one by one."""
    named = [f"arn:aws:s3:::bucket-{number}" for number in range(MOST_RESOURCES + 4)]
    content = snapshot([old(allow("s3:ListBucket", named))], [user("ben")], [managed("reads", allow("s3:Get*"))])
    account, reader = opened(tmp_path, content)
    bare = replace(
        account,
        users=tuple(replace(each, inline=None) for each in account.users or ()),
        policies=tuple(replace(each, versions=()) for each in account.policies or ()),
        incomplete=frozenset({"roles", "groups"}),
    )
    role = replace(bare.roles[0], attached=(AttachedPolicy("reads", f"arn:aws:iam::{ID}:policy/reads"),))
    _, unread = references(role, NEW, OpenedAccount(bare, Denied(reader)))  # type: ignore[arg-type]
    said = " ".join(unread)
    for words in (
        "documents of 1 users",
        "documents of 1 customer policies",
        "Not all roles",
        "Not all groups",
        "4 more of the resources",
        "reads (so the resources that it names are unknown)",
    ):
        assert words in said, words


class Denied:
    """The policies of resources are not listed: they are asked for one by one."""

    def __init__(self, reader: AccountReader) -> None:
        self._reader = reader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def resource_policies(self) -> Reading[Any]:
        return Reading("resources", why="no")

    def resource_policy(self, arn: str) -> Reading[Any]:
        return Reading("resource", note="none")
