"""What is pasted around a denial is its request: a command's options, a workflow's inputs. The rest is unknown."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from diagnostics.access_denied.request.command import command_keys, command_resource, left_out_keys, workflow_keys
from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Confidence, Diagnosis
from iam.claims import Source
from tests.support.accounts import alder
from tests.support.denials.invented import denied, diagnosis_of, no, read

RUN = "ec2:RunInstances"
SPECIFICATION = "ResourceType=instance,Tags=[{Key=CostCenter,Value=4711},{Key=team,Value=web}]"
GITHUB = "token.actions.githubusercontent.com"


@pytest.mark.parametrize(
    ("command", "action", "keys"),
    [
        (
            "aws ec2 run-instances --instance-type t3.micro --region eu-west-1 --image-id ami-1",
            RUN,
            {
                "ec2:InstanceType": ["t3.micro"],
                "ec2:ImageID": ["ami-1"],
                "ec2:Region": ["eu-west-1"],
                "aws:RequestedRegion": ["eu-west-1"],
            },
        ),
        (
            f"aws --profile dev ec2 run-instances \\\n  --tag-specifications '{SPECIFICATION}' \\\n  --count 1",
            RUN,
            {
                "aws:RequestTag/CostCenter": ["4711"],
                "aws:RequestTag/team": ["web"],
                "aws:TagKeys": ["CostCenter", "team"],
            },
        ),
        (
            """aws iam create-role --role-name x --tags '[{"Key": "team", "Value": "web"}]' """
            "--permissions-boundary arn:b",
            "iam:CreateRole",
            {"aws:RequestTag/team": ["web"], "aws:TagKeys": ["team"], "iam:PermissionsBoundary": ["arn:b"]},
        ),
        (
            "aws ec2 create-tags --resources i-0aa --tags Key=team,Value=web Key=env,Value=prod",
            "ec2:CreateTags",
            {"aws:RequestTag/team": ["web"], "aws:RequestTag/env": ["prod"], "aws:TagKeys": ["team", "env"]},
        ),
        (
            "aws lambda create-function --tags team=web,env=prod",
            "lambda:CreateFunction",
            {"aws:RequestTag/team": ["web"], "aws:RequestTag/env": ["prod"], "aws:TagKeys": ["team", "env"]},
        ),
        (
            "aws sts assume-role --role-arn r --external-id=ext-7 --source-identity erin --role-session-name s1",
            "sts:AssumeRole",
            {"sts:ExternalId": ["ext-7"], "sts:SourceIdentity": ["erin"], "sts:RoleSessionName": ["s1"]},
        ),
        (
            "aws kms decrypt --ciphertext-blob fileb://x --encryption-context stage=prod",
            "kms:Decrypt",
            {"kms:EncryptionContext:stage": ["prod"], "kms:EncryptionContextKeys": ["stage"]},
        ),
        (
            "aws s3 cp a s3://b/c --sse aws:kms --acl public-read",
            "s3:PutObject",
            {"s3:x-amz-server-side-encryption": ["aws:kms"], "s3:x-amz-acl": ["public-read"]},
        ),
        ("aws s3api put-object --bucket b --acl private", "s3:PutObject", {"s3:x-amz-acl": ["private"]}),
        # An option is the key of its parameter's name, where the action has that key.
        (
            "aws secretsmanager get-secret-value --secret-id s --version-stage previous",
            "secretsmanager:GetSecretValue",
            {"secretsmanager:VersionStage": ["previous"]},
        ),
        (
            "aws codebuild import-source-credentials --token hunter2 --server-type GitHub",
            "codebuild:ImportSourceCredentials",
            {"codebuild:serverType": ["GitHub"]},
        ),
        (
            "aws s3api copy-object --bucket b --key k --if-none-match e",
            "s3:PutObject",
            {"s3:if-none-match": ["e"]},
        ),
        (
            "aws rds create-db-instance --db-instance-class db.t3.micro",
            "rds:CreateDBInstance",
            {"rds:DatabaseClass": ["db.t3.micro"]},
        ),
        (
            "aws ecs run-task --cluster arn:aws:ecs:us-east-1:1:cluster/c",
            "ecs:RunTask",
            {"ecs:cluster": ["arn:aws:ecs:us-east-1:1:cluster/c"]},
        ),
        ("aws ecs run-task --cluster blue", "ecs:RunTask", {}),  # a name, where the key holds an ARN
        # Another operation's options are not this request's; a variable or a placeholder is no value.
        ("aws ec2 stop-instances --instance-type t3.micro", RUN, {}),
        ("aws ec2 run-instances --instance-type $TYPE --region <region>", RUN, {}),
        ("aws iam list-roles --region eu-west-1", RUN, {}),
        ("aws ce get-cost-forecast --region eu-west-1 --metric UNBLENDED_COST", "ce:GetCostForecast", {}),
        ("aws organizations list-accounts --region eu-west-3", "organizations:ListAccounts", {}),
        (
            "aws kms list-keys --region eu-west-3",
            "kms:ListKeys",
            {"aws:RequestedRegion": ["eu-west-3"]},
        ),
        # Two commands that differ leave the value unknown.
        ("aws ec2 run-instances --instance-type a1\naws ec2 run-instances --instance-type b2", RUN, {}),
        ("no command here", RUN, {}),
        ("aws ec2 run-instances --tag-specifications 'unclosed", RUN, {}),
    ],
)
def test_options_are_condition_keys(command: str, action: str, keys: dict[str, list[str]]) -> None:
    found = command_keys(f"$ {command}\nAn error occurred", action)
    assert {key: had.as_json["value"] for key, had in found.items()} == keys
    assert {had.source for had in found.values()} <= {Source.COMMAND}
    assert all(had.read_from for had in found.values())


def test_a_workflows_inputs_are_the_calls() -> None:
    text = "uses: aws-actions/configure-aws-credentials@v4\nwith:\n  audience: sts.acme.dev\n  aws-region: eu-west-1\n"
    found = workflow_keys(text, "sts:AssumeRoleWithWebIdentity")
    assert {key: (had.words, had.source) for key, had in found.items()} == {
        f"{GITHUB}:aud": ("sts.acme.dev", Source.TEMPLATE),
        "aws:RequestedRegion": ("eu-west-1", Source.TEMPLATE),
    }
    assert workflow_keys(text, "s3:GetObject") == {}


# Absent from the text is not absent from the request.

Ask = Callable[..., Diagnosis]
INSTANCE = alder.arn("ec2", "instance/*")
NO_TAG = alder.deny("ec2:RunInstances", "*", "TagsNeeded", Null={"aws:RequestTag/CostCenter": "true"})
NO_TYPE = alder.deny("ec2:RunInstances", "*", "SmallOnly", StringNotEquals={"ec2:InstanceType": "t3.micro"})
ALLOW_ALL = alder.allow("*")


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    def ask(before: str, *denies: dict[str, Any], stated: bool = True, **more: Any) -> Diagnosis:
        content = alder.snapshot()
        inline = {"all": alder.document(ALLOW_ALL)}
        content["RoleDetailList"].append(alder.role("runner", alder.service("codebuild"), inline=inline))
        organization = content["Rolescope"]["Organization"]
        for level in organization["ServiceControlPolicies"]:
            level["Policies"] = level["Policies"][:1]
        organization["ServiceControlPolicies"][-1]["Policies"].append(
            {"Arn": "arn:aws:organizations::1:policy/o/p-guard", "Name": "guard", "Document": alder.document(*denies)}
        )
        reason = "with an explicit deny in a service control policy" if stated else ""
        text = f"{before}\n{denied(alder.session('runner'), RUN, INSTANCE, reason)}"
        return diagnosis_of(text, read(tmp_path / "account.json", content), **more)

    return ask


@pytest.mark.parametrize("stated", [True, False])
def test_a_tag_that_the_command_sends_is_in_the_request(ask: Ask, stated: bool) -> None:
    command = f"$ aws ec2 run-instances --instance-type m5.large --tag-specifications '{SPECIFICATION}'"
    found = ask(command, NO_TAG, NO_TYPE, stated=stated)
    assert found.verdict.cause == "scp.explicit-deny"
    assert "SmallOnly" in found.verdict.summary and "TagsNeeded" not in found.verdict.summary
    assert "has no aws:RequestTag" not in json.dumps([step.summary for step in found.steps])
    assert (found.request["ec2:InstanceType"].words, found.request["ec2:InstanceType"].source) == (
        "m5.large",
        Source.COMMAND,
    )


@pytest.mark.parametrize("stated", [True, False])
def test_of_two_denies_that_may_match_both_are_named(ask: Ask, stated: bool) -> None:
    found = ask("", NO_TAG, NO_TYPE, stated=stated)
    assert found.verdict.confidence is not Confidence.CERTAIN
    assert "TagsNeeded" in found.verdict.summary and "SmallOnly" in found.verdict.summary
    assert {question.key for question in found.verdict.questions} >= {"aws:RequestTag/CostCenter", "ec2:InstanceType"}
    assert "the request has no aws:RequestTag" not in found.verdict.summary
    assert not any(fix.verified for fix in found.fixes)


def test_the_only_deny_that_may_match_is_the_one_that_aws_names(ask: Ask) -> None:
    found = ask("", NO_TAG)
    assert found.verdict.confidence is Confidence.CERTAIN
    assert "the request has no aws:RequestTag" not in found.verdict.summary


@pytest.mark.parametrize("stated", [True, False])
def test_a_key_that_the_operator_gives_settles_it(ask: Ask, stated: bool) -> None:
    told = {"aws__RequestTag_slash_CostCenter": "4711", "ec2__InstanceType": "m5.large"}
    found = ask("", NO_TAG, NO_TYPE, stated=stated, **told)
    assert "SmallOnly" in found.verdict.summary and "TagsNeeded" not in found.verdict.summary
    assert not found.verdict.questions


BARE = "An error occurred (AccessDenied) when calling the {} operation: Access Denied"


@pytest.mark.parametrize(
    ("command", "operation", "action", "resource"),
    [
        ("aws s3 cp s3://b/a/k.txt .", "GetObject", "s3:GetObject", "b/a/k.txt"),
        ("aws s3 cp ./k.txt s3://b/a/k.txt --quiet", "PutObject", "s3:PutObject", "b/a/k.txt"),
        ("aws s3 mv s3://b/k s3://c/k", "PutObject", "s3:PutObject", "c/k"),
        ("aws s3 rm s3://b/k", "DeleteObject", "s3:DeleteObject", "b/k"),
        ("aws s3 ls s3://b/a/", "ListObjectsV2", "s3:ListBucket", "b"),
        ("aws s3 ls s3://b", "ListObjectsV2", "s3:ListBucket", "b"),
        ("aws s3api get-object --bucket b --key a/k.txt out", "GetObject", "s3:GetObject", "b/a/k.txt"),
        ("aws s3api head-object --bucket b --key k", "HeadObject", "s3:GetObject", "b/k"),
        ("aws s3api get-bucket-policy --bucket b", "GetBucketPolicy", "s3:GetBucketPolicy", "b"),
        # Many objects, a variable, another command, two commands that differ, an access point.
        ("aws s3 cp s3://b/a . --recursive", "GetObject", "s3:GetObject", None),
        ("aws s3 cp k.txt s3://b/a/", "PutObject", "s3:PutObject", None),
        ("aws s3 cp s3://$BUCKET/k .", "GetObject", "s3:GetObject", None),
        ("aws s3api put-object --bucket b --key k", "GetObject", "s3:GetObject", None),
        ("aws s3 cp s3://b/k .\naws s3 cp s3://b/l .", "GetObject", "s3:GetObject", None),
        (
            "aws s3api get-object --bucket arn:aws:s3:eu-west-1:1:accesspoint/p --key k o",
            "GetObject",
            "s3:GetObject",
            None,
        ),
        ("aws dynamodb get-item --table-name t", "GetItem", "dynamodb:GetItem", None),
    ],
)
def test_a_bare_text_of_s3_takes_bucket_and_key_from_its_command(
    command: str, operation: str, action: str, resource: str | None
) -> None:
    found = command_resource(f"$ {command}\n{BARE.format(operation)}", action, operation, "aws")
    assert (found.words if found else None) == (resource and f"arn:aws:s3:::{resource}")
    assert found is None or found.source is Source.COMMAND


def test_the_object_of_the_command_is_diagnosed(tmp_path: Path) -> None:
    content = alder.snapshot()
    text = f"$ aws s3 cp s3://{alder.RECORDS}/private/a.pdf .\n{BARE.format('GetObject')}"
    found = diagnosis_of(text, read(tmp_path / "alder.json", content), role="auditor")
    asked = found.request["resource"]
    assert (asked.words, asked.source) == (f"arn:aws:s3:::{alder.RECORDS}/private/a.pdf", Source.COMMAND)
    assert found.verdict.cause == "identity.no-action"


BOUNDARY, ENCRYPTION = "iam:PermissionsBoundary", "s3:x-amz-server-side-encryption"


@pytest.mark.parametrize(
    ("command", "action", "absent"),
    [
        ("aws iam create-role --role-name a --assume-role-policy-document file://t.json", "iam:CreateRole", {BOUNDARY}),
        ("aws iam create-role --role-name a --permissions-boundary arn:aws:iam::1:policy/b", "iam:CreateRole", set()),
        # There the key is the boundary that the role has.
        ("aws iam attach-role-policy --role-name a --policy-arn b", "iam:AttachRolePolicy", set()),
        ("aws s3 cp a.csv s3://b/a.csv", "s3:PutObject", {ENCRYPTION, f"{ENCRYPTION}-aws-kms-key-id", "s3:x-amz-acl"}),
        ("aws s3 cp a.csv s3://b/a.csv --sse aws:kms --acl private", "s3:PutObject", {f"{ENCRYPTION}-aws-kms-key-id"}),
        (
            "aws sts assume-role --role-arn r --role-session-name s --external-id e",
            "sts:AssumeRole",
            {"sts:SourceIdentity"},
        ),
        # Options that are not shown, another operation, no command.
        ("aws iam create-role --cli-input-json file://role.json", "iam:CreateRole", set()),
        ("aws iam create-role --role-name a ...", "iam:CreateRole", set()),
        ("aws iam create-role --role-name a $EXTRA_ARGS", "iam:CreateRole", set()),
        ("aws iam get-role --role-name a", "iam:CreateRole", set()),
        ("aws s3 ls s3://b", "s3:PutObject", set()),
        ("CreateRole failed", "iam:CreateRole", set()),
        (
            "aws iam create-role --role-name a\naws iam create-role --role-name b --permissions-boundary c",
            "iam:CreateRole",
            set(),
        ),
    ],
)
def test_what_the_whole_command_leaves_out_is_not_in_the_request(command: str, action: str, absent: set[str]) -> None:
    found = left_out_keys(f"$ {command}\nAn error occurred", action)
    assert {key for key in found if not key.startswith("aws:")} == absent
    assert all(had.source is Source.COMMAND and had.as_json["value"] == [] for had in found.values())


def test_a_tag_that_the_command_does_not_send_is_not_in_the_request() -> None:
    text = '$ aws ec2 run-instances --image-id ami-1\n{"StringEquals": {"aws:RequestTag/team": "a"}}'
    assert set(left_out_keys(text, RUN)) == {"aws:TagKeys", "aws:RequestTag/team"}
    sends = text.replace("ami-1", f"ami-1 --tag-specifications '{SPECIFICATION}'")
    assert not left_out_keys(sends, RUN)


def test_the_boundary_that_the_command_lacks_is_the_cause() -> None:
    statement = {
        "Effect": "Allow",
        "Action": "iam:CreateRole",
        "Resource": "*",
        "Condition": {"StringEquals": {BOUNDARY: "arn:aws:iam::549207713386:policy/b"}},
    }
    who, role = "arn:aws:sts::549207713386:assumed-role/dev/mo", "arn:aws:iam::549207713386:role/app"
    refused = denied(who, "iam:CreateRole", role, no("identity-based policy", "iam:CreateRole"))
    command = "$ aws iam create-role --role-name app --assume-role-policy-document file://t.json"
    text = f"{command}\n{refused}\npolicy: {json.dumps(statement)}"
    found = collect_offline(read_text(text)[0])
    assert found.verdict.cause == "identity.condition-unmet"
    assert "the request does not have it" in found.verdict.summary


@pytest.mark.parametrize("other", ["secretsmanager list-secrets", "secretsmanager describe-secret --secret-id a"])
def test_the_region_of_another_command_is_not_that_of_the_call(other: str) -> None:
    asked = "secretsmanager:GetSecretValue"
    assert "aws:RequestedRegion" not in command_keys(
        f"AWS_REGION=eu-central-1\n$ aws {other} --region eu-west-1", asked
    )
    own = f"$ aws {other} --region eu-west-1\n$ aws secretsmanager get-secret-value --secret-id a --region eu-central-1"
    assert command_keys(own, asked)["aws:RequestedRegion"].words == "eu-central-1"
