"""Roles that templates and Terraform plans declare, beside the same roles of the demo account."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iam.account import Account
from iam.changes.export.cloudformation import template_text
from iam.changes.plan import Plan, PlanError
from iam.creation.adoption import adopted
from iam.creation.declared.read import declared
from iam.creation.declared.rewrite import rewritten
from iam.creation.recipes.recipe import AccountFacts
from iam.creation.reconcile import reconcile
from iam.creation.spec_file import SpecError, fields_of, spec_of
from iam.sources.snapshot.reader import open_snapshot
from tests.support.accounts.bad_specs import small_account

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader

ROLES = ("orders-api-lambda", "web-frontend-ec2", "ci-pipeline-builder", "orders-ecs-task", "vendor-cost-auditor")


@pytest.fixture(scope="module")
def account(demo_reader: AwsReader) -> Account:
    return [*demo_reader.accounts()][-1]


def plans(text: str, account: Account, reader: AwsReader) -> list[Plan]:
    found = []
    for value in declared(text, account, "us-east-1")["roles"]:
        role = reader.role(value["name"]).value
        assert role is not None
        spec = spec_of(value, AccountFacts.of(account))
        found.append(reconcile(spec, fields_of(value), role, account, reader))
    return found


def operations(found: list[Plan]) -> list[list[str]]:
    return [[call.operation for call in plan.calls] for plan in found]


@pytest.mark.parametrize("name", ROLES)
def test_what_was_exported_has_not_drifted(demo_reader: AwsReader, account: Account, name: str) -> None:
    role = demo_reader.role(name).value
    assert role is not None
    found = plans(adopted(role, account, "cloudformation"), account, demo_reader)
    assert operations(found) == [[]]


def template(role: dict[str, Any], **others: Any) -> str:
    resources = {"App": {"Type": "AWS::IAM::Role", "Properties": role}, **others}
    return json.dumps({"Parameters": {"Env": {"Type": "String", "Default": "lambda"}}, "Resources": resources})


TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": {"Fn::Sub": "${Env}.amazonaws.com"}}, "Action": "sts:AssumeRole"}
    ],
}
READ = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}


def test_drift_of_a_template_is_the_plan_that_closes_it(demo_reader: AwsReader, account: Account) -> None:
    policy = {"PolicyName": "more", "PolicyDocument": READ, "Roles": [{"Ref": "App"}]}
    text = template(
        {"RoleName": "orders-api-lambda", "AssumeRolePolicyDocument": TRUST, "MaxSessionDuration": 7200},
        More={"Type": "AWS::IAM::Policy", "Properties": policy},
    )
    (found,) = operations(plans(text, account, demo_reader))
    assert {"PutRolePolicy", "UpdateRole"} <= set(found)
    # Nothing is said of permissions: they stay.
    (found,) = operations(
        plans(template({"RoleName": "orders-api-lambda", "AssumeRolePolicyDocument": TRUST}), account, demo_reader)
    )
    assert found == []


YAML = """
Resources:
  App:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Join ['-', [orders, api, lambda]]
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
        - Effect: Allow
          Principal: {Service: !Sub "lambda.${AWS::URLSuffix}"}
          Action: sts:AssumeRole
      ManagedPolicyArns:
      - !Sub arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess
      - !Ref Own
  Own:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      ManagedPolicyName: own
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: !Sub "${App.Arn}"}]
"""


@pytest.mark.parametrize("partition", ["aws", "aws-cn"])
def test_functions_are_worked_out(partition: str, tmp_path: Path) -> None:
    path = tmp_path / "account.json"
    path.write_text(json.dumps(small_account(partition)))
    account = open_snapshot(path).account
    (role,) = declared(YAML, account, "us-east-1")["roles"]
    suffix = ".cn" if partition == "aws-cn" else ""
    assert role["name"] == "orders-api-lambda"
    assert role["trust"]["Statement"][0]["Principal"] == {"Service": f"lambda.amazonaws.com{suffix}"}
    assert role["trust"]["Version"] == "2012-10-17"
    assert role["attach"] == [f"arn:{partition}:iam::aws:policy/ReadOnlyAccess"]
    arn = f"arn:{partition}:iam::{account.id}:role/orders-api-lambda"
    assert role["policies"][0]["document"]["Statement"][0]["Resource"] == arn


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ({"AssumeRolePolicyDocument": TRUST}, "generates the names"),
        ({"RoleName": {"Ref": "Other"}, "AssumeRolePolicyDocument": TRUST}, "App.RoleName depends on Other"),
        ({"RoleName": {"Fn::ImportValue": "x"}}, "App.RoleName depends on Fn::ImportValue"),
        ({"RoleName": "x", "PermissionsBoundary": {"Fn::GetAtt": ["Other", "Arn"]}}, "depends on Other.Arn"),
    ],
)
def test_what_only_a_deployment_tells_is_said(account: Account, role: dict[str, Any], said: str) -> None:
    with pytest.raises(SpecError, match=said):
        declared(template(role), account, "us-east-1")


def terraform(*resources: tuple[str, dict[str, Any]], references: dict[str, dict[str, list[str]]] | None = None) -> str:
    listed = [
        {"address": address, "mode": "managed", "type": address.split(".")[-2], "values": values}
        for address, values in resources
    ]
    configured = [
        {"address": address, "expressions": {key: {"references": names} for key, names in each.items()}}
        for address, each in (references or {}).items()
    ]
    plan: dict[str, Any] = {"format_version": "1.2", "terraform_version": "1.9.0"}
    plan["planned_values"] = {"root_module": {"resources": listed}}
    return json.dumps({**plan, "configuration": {"root_module": {"resources": configured}}})


def test_drift_of_a_terraform_plan(demo_reader: AwsReader, account: Account) -> None:
    held = demo_reader.role("orders-api-lambda").value
    assert held is not None and held.trust is not None
    unset = {"permissions_boundary": None, "inline_policy": [], "managed_policy_arns": [], "description": ""}
    role = {"name": held.name, "path": held.path, "assume_role_policy": held.trust.text, **unset}
    same = [
        (f"aws_iam_role_policy.p[{at}]", {"name": each.name, "role": held.name, "policy": each.document.text})
        for at, each in enumerate(held.inline or ())
    ]
    same += [
        (f"aws_iam_role_policy_attachment.a[{at}]", {"role": held.name, "policy_arn": each.arn})
        for at, each in enumerate(held.attached or ())
    ]
    assert operations(plans(terraform(("aws_iam_role.app", role), *same), account, demo_reader)) == [[]]
    # What is yet to be made is known by the references to it.
    own = ("aws_iam_policy.own", {"name": "own", "path": "/", "policy": json.dumps(READ), "description": None})
    attached = ("aws_iam_role_policy_attachment.own", {"role": held.name})
    named = {"aws_iam_role_policy_attachment.own": {"policy_arn": ["aws_iam_policy.own.arn", "aws_iam_policy.own"]}}
    more = terraform(("aws_iam_role.app", role), *same, own, attached, references=named)
    assert operations(plans(more, account, demo_reader)) == [["CreatePolicy", "AttachRolePolicy"]]


def test_a_terraform_file_without_a_role_or_with_an_unknown_one(account: Account) -> None:
    with pytest.raises(SpecError, match="has no aws_iam_role"):
        declared(terraform(), account, "us-east-1")
    with pytest.raises(SpecError, match=r"aws_iam_role\.app\.assume_role_policy is known only after apply"):
        declared(terraform(("aws_iam_role.app", {"name": "app"})), account, "us-east-1")


CHANGED: dict[str, Any] = {
    "AssumeRolePolicyDocument": {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"}],
    },
    "MaxSessionDuration": 7200,
    "Description": "other words",
    "PermissionsBoundary": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:policy/DeveloperBoundary"},
    "Tags": [{"Key": "x", "Value": "y"}],
    "Policies": [{"PolicyName": "other", "PolicyDocument": READ}],
    "ManagedPolicyArns": [{"Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess"}],
}


def _again(text: str, account: Account, reader: AwsReader, name: str) -> str:
    role = reader.role(name).value
    assert role is not None
    (plan,) = plans(text, account, reader)
    assert plan.calls
    return rewritten(text, [(role, plan)], account, reader, "us-east-1")


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_a_template_made_like_the_account_has_no_drift(demo_reader: AwsReader, account: Account, form: str) -> None:
    text = template({"RoleName": "orders-api-lambda", **CHANGED})
    if form == "yaml":
        text = template_text(json.loads(text))
    new = _again(text, account, demo_reader, "orders-api-lambda")
    assert operations(plans(new, account, demo_reader)) == [[]]
    assert "Env" in new  # what stands beside the role stays
    assert new.lstrip().startswith("{") == (form == "json")


def test_a_spec_made_like_the_account_has_no_drift(demo_reader: AwsReader, account: Account) -> None:
    spec = {
        "name": "orders-api-lambda",
        "trust": {"service": "glue"},
        "permissions": [{"recipe": "read-bucket", "bucket": "harbor-assets"}],
        "MaxSessionDuration": 7200,
        "boundary": "DeveloperBoundary",
    }
    new = _again(json.dumps({"roles": [spec]}), account, demo_reader, "orders-api-lambda")
    (written,) = json.loads(new)["roles"]
    assert written["MaxSessionDuration"] == 3600
    assert "boundary" not in written
    assert "permissions" not in written
    assert operations(plans(new, account, demo_reader)) == [[]]


def test_what_a_file_cannot_say_is_said(demo_reader: AwsReader, account: Account) -> None:
    policy = {"PolicyName": "more", "PolicyDocument": READ, "Roles": [{"Ref": "App"}]}
    apart = template(
        {"RoleName": "orders-api-lambda", "AssumeRolePolicyDocument": TRUST},
        More={"Type": "AWS::IAM::Policy", "Properties": policy},
    )
    with pytest.raises(PlanError, match="More declares inline policies separately from App"):
        _again(apart, account, demo_reader, "orders-api-lambda")
    spec = {"name": "legacy-ftp-sync", "trust": {"service": "ec2"}}
    with pytest.raises(PlanError, match="The file declares something"):
        _again(json.dumps({"roles": [spec]}), account, demo_reader, "legacy-ftp-sync")
