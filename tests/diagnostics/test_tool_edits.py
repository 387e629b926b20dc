"""The edit in the tool that declares a role: known by tags and names, first in every form of a fix, in its language."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from diagnostics.fix import Calls, Fix, InlinePlace, Note, PolicyChange, TrustChange, iam_call
from diagnostics.fix_report import fix_json, tool_edit_lines
from diagnostics.tool_edits import declaring_tool, edit_of_calls, with_tool_edit
from diagnostics.tools import Tool
from diagnostics.who import Who
from iam.account import Account, Role
from iam.policy.document import Document
from iam.policy.request import Holder, HolderKind
from tests.support.accounts.documents import trust

ARN = "arn:aws:iam::111122223333:role/app"
STATEMENT = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
TOOLS = [tool for tool in Tool if tool.form]


def _role(tags: dict[str, str] | None = None, name: str = "app", path: str = "/") -> Role:
    arn = f"arn:aws:iam::111122223333:role{path}{name}"
    return Role(name=name, arn=arn, path=path, trust=trust("lambda.amazonaws.com"), tags=tags or {})


def _account(role: Role) -> Account:
    return Account("111122223333", "snapshot", datetime(2026, 11, 29, tzinfo=UTC), roles=(role,))


def _statement_fix() -> Fix:
    place = InlinePlace(Holder(HolderKind.ROLE, "app", ARN), "read", True)
    return Fix("Add", Who.YOU, PolicyChange(place, STATEMENT, None, Document(json.dumps({"Statement": [STATEMENT]}))))


@pytest.mark.parametrize(
    ("tags", "name", "tool"),
    [
        ({"managed-by": "terraform"}, "app", Tool.TERRAFORM),
        ({"ManagedBy": "Pulumi"}, "app", Tool.PULUMI),
        ({"provisioner": "ansible"}, "app", Tool.ANSIBLE),
        ({"crossplane-kind": "role.iam.aws.upbound.io"}, "app", Tool.CROSSPLANE),
        ({"services.k8s.aws/controller-version": "iam-1.3"}, "app", Tool.ACK),
        ({"alpha.eksctl.io/cluster-name": "shop"}, "app", Tool.EKSCTL),
        ({}, "shop-AppRole-1ABCDEFGHIJK2", Tool.CLOUDFORMATION),
        ({}, "eksctl-shop-addon-iamserviceaccount-web", Tool.EKSCTL),
        ({"team": "terraform fans"}, "app", None),
        ({"owner": "shop"}, "app", None),
    ],
)
def test_the_tool_that_declares_a_role(tags: dict[str, str], name: str, tool: Tool | None) -> None:
    found = declaring_tool(_role(tags, name))
    assert (found[0] if found else None) is tool


def test_a_fix_of_a_declared_role_shows_the_edit_first_and_the_change_second() -> None:
    fix = with_tool_edit(_statement_fix(), _account(_role({"managed-by": "terraform"})))
    assert fix.in_tool is not None and fix.in_tool.tool == "Terraform"
    lines = tool_edit_lines(fix)
    assert lines[0] == (
        "First in Terraform (tag managed-by = terraform), which would undo the change: aws_iam_role of app"
    )
    assert lines[-1] == "Then here, if it is urgent:"
    assert fix_json(fix)["in_tool"]["tool"] == "Terraform"


@pytest.mark.parametrize("role", [_role(), _role({"managed-by": "terraform"}, path="/aws-service-role/x/")])
def test_a_role_that_no_tool_declares_has_no_edit(role: Role) -> None:
    fix = with_tool_edit(_statement_fix(), _account(role))
    assert fix.in_tool is None and tool_edit_lines(fix) == () and fix_json(fix)["in_tool"] is None


def test_each_form_of_a_fix_has_its_own_edit() -> None:
    wider = changed_statement(_statement_fix(), "s3:Get*")
    fix = with_tool_edit(changed_forms(_statement_fix(), wider), _account(_role({"managed-by": "terraform"})))
    assert [("s3:Get*" in (form.in_tool.text if form.in_tool else "")) for form in fix.forms] == [True]


def changed_statement(fix: Fix, action: str) -> Fix:
    assert isinstance(fix.change, PolicyChange)
    shown = {**STATEMENT, "Action": action}
    return Fix(fix.title, fix.who, PolicyChange(fix.change.place, shown, None, fix.change.after), scope=action)


def changed_forms(fix: Fix, *forms: Fix) -> Fix:
    return Fix(fix.title, fix.who, fix.change, forms=forms)


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.form)
def test_every_tool_says_each_change_of_a_role(tool: Tool) -> None:
    calls = (
        iam_call("UpdateAssumeRolePolicy", RoleName="app", PolicyDocument=trust("ec2.amazonaws.com").text),
        iam_call(
            "PutRolePolicy", RoleName="app", PolicyName="read", PolicyDocument=json.dumps({"Statement": [STATEMENT]})
        ),
        iam_call("AttachRolePolicy", RoleName="app", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess"),
        iam_call(
            "PutRolePermissionsBoundary", RoleName="app", PermissionsBoundary="arn:aws:iam::111122223333:policy/b"
        ),
        iam_call("UpdateRole", RoleName="app", MaxSessionDuration=7200),
        iam_call("TagRole", RoleName="app", Tags=[{"Key": "team", "Value": "shop"}]),
        iam_call("DetachRolePolicy", RoleName="app", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"),
    )
    for call in calls:
        edit = edit_of_calls(tool, "because", "app", [call])
        assert edit is not None and edit.text.strip(), call.operation
        for part in ("s3:GetObject", "ReadOnlyAccess", "AdministratorAccess", "7200"):
            if part in json.dumps(dict(call.parameters)) and tool is not Tool.EKSCTL:
                assert part in edit.text, (call.operation, edit.text)


@pytest.mark.parametrize("tool", [Tool.CLOUDFORMATION, Tool.SERVERLESS, Tool.ANSIBLE, Tool.CROSSPLANE, Tool.ACK])
def test_edits_in_yaml_can_be_read_back(tool: Tool) -> None:
    change = TrustChange(ARN, trust("lambda.amazonaws.com"), trust("ec2.amazonaws.com"))
    tags = {Tool.CLOUDFORMATION: "cloudformation", Tool.SERVERLESS: "serverless", Tool.ANSIBLE: "ansible"}
    tags |= {Tool.CROSSPLANE: "crossplane", Tool.ACK: "ack-controller"}
    fix = with_tool_edit(Fix("Trust", Who.YOU, change), _account(_role({"managed-by": tags[tool]})))
    assert fix.in_tool is not None and fix.in_tool.tool == tool.value
    assert "ec2.amazonaws.com" in json.dumps(yaml.safe_load(fix.in_tool.text))


def test_a_note_and_calls_that_no_tool_declares_have_no_edit() -> None:
    account = _account(_role({"managed-by": "terraform"}))
    assert with_tool_edit(Fix("Ask", Who.YOU, Note(ARN, "ask")), account).in_tool is None
    key = Calls(ARN, (iam_call("DeleteAccessKey", UserName="u", AccessKeyId="AKIAEXAMPLE"),))
    assert with_tool_edit(Fix("Delete", Who.YOU, key), account).in_tool is None


def test_a_value_is_never_markup_or_code_of_its_own() -> None:
    hostile: Any = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": 'arn:aws:s3:::b/"]}${x}\n---'}
    change = PolicyChange(InlinePlace(Holder(HolderKind.ROLE, "app", ARN), "read", True), hostile)
    for tool in ("terraform", "cloudformation", "ansible"):
        fix = with_tool_edit(Fix("Add", Who.YOU, change), _account(_role({"managed-by": tool})))
        assert fix.in_tool is not None
        if tool == "cloudformation":
            (policy,) = yaml.safe_load(fix.in_tool.text)["Policies"]
            assert policy["PolicyDocument"]["Statement"] == [hostile]
