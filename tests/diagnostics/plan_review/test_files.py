"""Files that are damaged or odd: a sentence, never a traceback, and nothing unknown counts as none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from diagnostics.plan_review.files.read import is_plan_file, read_planned
from diagnostics.plan_review.planned import PlanFileError
from diagnostics.plan_review.review import PlanReview, review_plan
from tests.support.accounts.questions import ID, allow, opened, role, scps, snapshot

ROLE = {"address": "aws_iam_role.x", "type": "aws_iam_role"}
DAMAGED = {"actions": ["create"], "after": {"name": "x"}, "after_unknown": True}
ADDED = {"ResourceType": "AWS::IAM::Role", "Action": "Add", "LogicalResourceId": "R"}


def reviewed(tmp_path: Path, file: Any) -> PlanReview:
    path = tmp_path / "file.json"
    path.write_text(file if isinstance(file, str) else json.dumps(file), encoding="utf-8")
    account, reader = opened(tmp_path, snapshot([], organization={**scps([allow("*")]), "ResourceControlPolicies": []}))
    return review_plan(read_planned(path, account, None), account, reader)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("", "neither JSON"),
        ("PK\x03\x04", "terraform show -json PLAN"),
        ("[1]", "is not a Terraform plan"),
        ({"Resources": []}, "is not a Terraform plan"),
        ({"Version": "2012-10-17", "Statement": []}, "is not a Terraform plan"),
        ({"format_version": "1.2", "resource_changes": [{**ROLE, "change": DAMAGED}]}, "damaged"),
        ({"format_version": "1.2", "resource_changes": [1]}, "damaged"),
        ({"steps": [1]}, "damaged"),
        ({"ChangeSetName": "a", "Changes": [{"ResourceChange": ADDED}]}, "--include-property-values"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path: Path, file: Any, said: str) -> None:
    with pytest.raises(PlanFileError) as error:
        reviewed(tmp_path, file)
    assert said in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ('{"Version": "2012-10-17", "Statement": []}', False),
        ("not json", False),
        ('{"format_version": "1.2", "resource_changes": []}', True),
        ("Resources:\n  A: {Type: AWS::S3::Bucket}\n", True),
    ],
)
def test_a_policy_is_none_of_the_files(text: str, is_one: bool) -> None:
    assert is_plan_file(text) is is_one


TRUST = {"Version": "2012-10-17", "Statement": []}


@pytest.mark.parametrize(
    "given",
    [
        {"ManagedPolicyArns": {"Ref": "Arns"}},
        {"ManagedPolicyArns": [{"Ref": "Arn"}]},
        {"ManagedPolicyArns": [{"Fn::ImportValue": "other"}]},
        {"Policies": {"Fn::If": ["Maybe", [], []]}},
        {"Policies": [{"Fn::If": ["Maybe", {"PolicyName": "p", "PolicyDocument": TRUST}, {"Ref": "AWS::NoValue"}]}]},
        {"Policies": [{"PolicyName": "p", "PolicyDocument": {"Ref": "Document"}}]},
        {"PermissionsBoundary": {"Ref": "Boundary"}},
    ],
)
def test_what_is_unknown_of_a_role_is_unread_and_not_none(tmp_path: Path, given: dict[str, Any]) -> None:
    properties = {"RoleName": "app-worker", "AssumeRolePolicyDocument": TRUST, **given}
    review = reviewed(tmp_path, {"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": properties}}})
    (found,) = review.difference.access.found
    assert found.arn == f"arn:aws:iam::{ID}:role/app-worker" and found.trouble


def test_a_known_choice_is_made(tmp_path: Path) -> None:
    policy = role("x", allow("sqs:ListQueues"))["RolePolicyList"][0]
    chosen = {"Fn::If": ["Aws", policy, {"Ref": "AWS::NoValue"}]}
    none = {"Fn::If": ["Aws", {"Ref": "AWS::NoValue"}, {"Ref": "Unknown"}]}
    properties = {"RoleName": "app-worker", "AssumeRolePolicyDocument": TRUST, "Policies": [chosen, none]}
    stack = {
        "Conditions": {"Aws": {"Fn::Equals": [{"Ref": "AWS::Partition"}, "aws"]}},
        "Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": properties}},
    }
    (found,) = reviewed(tmp_path, stack).difference.access.found
    assert not found.trouble and [each.names() for each in found.change.newly_allowed] == [("sqs:ListQueues",)]


@pytest.mark.parametrize(
    ("after", "unknown", "open"),
    [
        ({"inline_policy": [{"name": "p"}]}, {"inline_policy": [{"policy": True}]}, True),
        ({}, {"inline_policy": True}, True),
        ({}, {"managed_policy_arns": True}, True),
        ({"managed_policy_arns": [None]}, {"managed_policy_arns": [True]}, True),
        ({"inline_policy": []}, {"inline_policy": [{}], "tags_all": {}, "arn": True}, False),
    ],
)
def test_unknown_parts_of_a_role_in_a_plan_are_unread(tmp_path: Path, after: Any, unknown: Any, open: bool) -> None:
    given = {"name": "app-worker", "assume_role_policy": json.dumps(TRUST), **after}
    change = {"actions": ["create"], "before": None, "after": given, "after_unknown": unknown}
    review = reviewed(tmp_path, {"format_version": "1.2", "resource_changes": [{**ROLE, "change": change}]})
    assert [bool(each.trouble) for each in review.difference.access.found] == [True] * open
    assert any("known only after" in note for note in review.notes) is open


def test_an_attachment_of_an_unknown_policy_is_unread(tmp_path: Path) -> None:
    created = {"actions": ["create"], "before": None}
    trust = {"name": "app-worker", "assume_role_policy": json.dumps(TRUST)}
    attachment = {"address": "aws_iam_role_policy_attachment.a", "type": "aws_iam_role_policy_attachment"}
    plan = {
        "format_version": "1.2",
        "resource_changes": [
            {**ROLE, "change": {**created, "after": trust, "after_unknown": {"arn": True}}},
            {
                **attachment,
                "change": {**created, "after": {"role": "app-worker"}, "after_unknown": {"policy_arn": True}},
            },
        ],
    }
    (found,) = reviewed(tmp_path, plan).difference.access.found
    assert found.trouble
