"""Texts and policies that name API operations as if they were actions: nothing that IAM does not have is added."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Confidence, Diagnosis
from diagnostics.fix import FixKind
from iam.policy.document import Document
from iam.policy.lint.finding import PolicyKind
from iam.policy.lint.run import lint
from iam.questions.who_can import QuestionError, _check
from iam.service_reference import action
from tests.support.accounts import alder
from tests.support.accounts.alder import ID, allow, arn, document, role_arn, session, trust
from tests.support.denials.invented import denied, diagnosis_of, no, read

BUCKET = "arn:aws:s3:::alder-scratch"
FUNCTION = arn("lambda", "function:render")


def _diagnosis(path: Path, asked: str, resource: str, *statements: dict[str, Any]) -> Diagnosis:
    content = alder.snapshot()
    content["RoleDetailList"].append(
        {
            "RoleName": "scratch",
            "RoleId": "AROASCRATCH000000001",
            "Arn": role_arn("scratch"),
            "Path": "/",
            "CreateDate": "2026-01-01T00:00:00+00:00",
            "AssumeRolePolicyDocument": trust({"Service": "lambda.amazonaws.com"}),
            "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": document(*statements)}] if statements else [],
            "AttachedManagedPolicies": [],
            "InstanceProfileList": [],
            "Tags": [],
        }
    )
    text = denied(session("scratch"), asked, resource, no("identity-based policy", asked))
    return diagnosis_of(text, read(path / "alder.json", content))


def _actions(found: Diagnosis) -> set[str]:
    """Every action that a statement of a fix names."""
    shown = [fix.change.shown for fix in found.fixes if fix.kind is FixKind.POLICY_STATEMENT]
    statements = [one for each in shown for one in each.get("Statement", [each])]
    named = [one["Action"] for one in statements if "Action" in one]
    return {each for one in named for each in ([one] if isinstance(one, str) else one)}


@pytest.mark.parametrize(
    ("asked", "resource", "behind"),
    [
        ("s3:HeadBucket", BUCKET, "s3:ListBucket"),
        ("s3:ListObjectsV2", BUCKET, "s3:ListBucket"),
        ("s3:HeadObject", f"{BUCKET}/a", "s3:GetObject"),
        ("lambda:Invoke", FUNCTION, "lambda:InvokeFunction"),
        ("sqs:SendMessageBatch", alder.QUEUE, "sqs:SendMessage"),
        ("bedrock:Converse", "arn:aws:bedrock:eu-central-1::foundation-model/m", "bedrock:InvokeModel"),
    ],
)
def test_the_action_behind_the_operation_is_added(tmp_path: Path, asked: str, resource: str, behind: str) -> None:
    found = _diagnosis(tmp_path, asked, resource)
    assert _actions(found) == {behind}
    assert behind in found.verdict.summary
    assert all(action(name) is not None for name in _actions(found))


@pytest.mark.parametrize("asked", ["dynamodb:TransactWriteItems", "dynamodb:ExecuteStatement", "s3:GetObjectHistory"])
def test_no_statement_is_offered_where_the_action_is_not_known(tmp_path: Path, asked: str) -> None:
    resource = BUCKET if asked.startswith("s3") else alder.TABLE
    found = _diagnosis(tmp_path, asked, resource)
    assert not _actions(found)
    assert asked in found.fixes[0].title and found.fixes[0].verified is None


def test_a_statement_that_names_the_operation_is_the_cause(tmp_path: Path) -> None:
    found = _diagnosis(
        tmp_path,
        "s3:ListBucket",
        BUCKET,
        allow("sqs:SendMessage"),
        allow(["s3:HeadBucket", "s3:GetObject"], BUCKET, "Look"),
    )
    assert "s3:HeadBucket is an API operation, not an IAM action" in found.verdict.summary
    first = found.fixes[0]
    assert first.title.startswith("Write s3:ListBucket for s3:HeadBucket in statement Look") and first.verified
    assert _actions(found) == {"s3:ListBucket", "s3:GetObject"}


def test_lint_and_who_can_name_the_action_behind() -> None:
    findings = lint(Document.from_value(document(allow("dynamodb:TransactWriteItems"))), PolicyKind.IDENTITY)
    assert any("dynamodb:PutItem" in one.message for one in findings if one.code == "INVALID_ACTION")
    with pytest.raises(QuestionError, match="ask for s3:ListBucket"):
        list(_check("s3:HeadBucket"))
    assert not list(_check("s3:ListBucket")) and ID


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            "ec2:CreateRole",
            "AWS's list of actions has no ec2:CreateRole: a statement that names it may have no effect. IAM's action "
            "of that name is iam:CreateRole.",
        ),
        ("s3:GetObjectHistory", "AWS's list of actions has no s3:GetObjectHistory"),
        ("s3:GetObject", ""),
        ("s3:HeadBucket", ""),  # an API operation: its action is evaluated
        ("nosuch:Thing", ""),  # a service that AWS does not list here
    ],
)
@pytest.mark.parametrize("kind", ["identity-based policy", "permissions boundary"])
def test_an_action_that_aws_does_not_list_is_said_to_be_that(asked: str, kind: str, said: str, tmp_path: Path) -> None:
    text = denied(session("scratch"), asked, "*", no(kind, asked))
    for found in (
        collect_offline(read_text(text)[0]),
        diagnosis_of(text, read(tmp_path / "alder.json", alder.snapshot())),
    ):
        assert ("AWS's list of actions" in found.verdict.summary) is bool(said), found.verdict
        assert said in found.verdict.summary
        assert not said or found.verdict.confidence is not Confidence.CERTAIN
