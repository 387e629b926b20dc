"""The condition of the closest statement, which a statement for another action or resource keeps."""

from __future__ import annotations

import json

import pytest

from tests.support.denials.pasted import PASSED, allow, diagnosed, no_identity, passing_role, policy, to_service

ACCOUNT = "210987654321"


def test_two_faults_of_a_statement_are_both_said_and_fixed_at_once() -> None:
    answer = diagnosed(
        passing_role("CreateFunction", to_service("glue.amazonaws.com", f"arn:aws:iam::{ACCOUNT}:role/x/y-*"))
    )
    assert "role/x/y-*, not" in answer.verdict.summary
    assert "it is lambda.amazonaws.com" in answer.verdict.summary
    assert '"iam:PassedToService": "lambda.amazonaws.com"' in str(answer.fixes[0].change)
    assert PASSED in str(answer.fixes[0].change)


TABLE = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orders"


SSE = {"StringEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}}


TO_ECS = {"StringEquals": {"iam:PassedToService": "ecs.amazonaws.com"}}
TEAM = {"StringEquals": {"aws:PrincipalTag/team": "web"}}


KMS = f"arn:aws:kms:eu-west-1:{ACCOUNT}"


JOBS, MAILS = (f"arn:aws:sqs:eu-west-1:{ACCOUNT}:{name}" for name in ("jobs", "mails"))


@pytest.mark.parametrize(
    ("action", "on", "named", "condition", "kept"),
    [
        ("s3:PutObject", "arn:aws:s3:::feeds/new/a", "arn:aws:s3:::feeds/old/*", SSE, True),
        ("sqs:SendMessage", JOBS, MAILS, TEAM, True),
        ("iam:PassRole", PASSED, f"{PASSED[:-6]}web", TO_ECS, True),
        ("s3:ListBucket", "arn:aws:s3:::feeds", "arn:aws:s3:::feeds/*", SSE, False),
        ("sqs:SendMessage", JOBS, MAILS, None, False),
        ("kms:Decrypt", f"{KMS}:key/1", f"{KMS}:alias/a", TEAM, False),
    ],
)  # fmt: skip
def test_a_statement_for_another_resource_keeps_the_condition(
    action: str, on: str, named: str, condition: dict[str, object] | None, kept: bool
) -> None:
    statement = allow(action, named, **({"Condition": condition} if condition else {}))
    change = str(diagnosed(f"{no_identity(action, on)}\n{policy(statement)}").fixes[0].change)
    assert (f'"Condition": {json.dumps(condition)}' in change) is kept
    assert ("The new statement has the same condition as statement 1" in change) is kept
    assert ("write that service in iam:PassedToService" in change) is (action == "iam:PassRole")


def test_a_key_that_the_request_does_not_meet_is_no_condition_of_the_statement_to_add() -> None:
    answer = diagnosed(
        passing_role("CreateFunction", to_service("glue.amazonaws.com", f"arn:aws:iam::{ACCOUNT}:role/x/y"))
    )
    assert '"Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}' in str(
        answer.fixes[0].change
    )


TENANT = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["${aws:PrincipalTag/tenant}"]}}


SECURE = {"Bool": {"aws:SecureTransport": "true"}}


@pytest.mark.parametrize(
    ("action", "on", "named", "condition", "kept"),
    [
        ("dynamodb:BatchWriteItem", TABLE, "dynamodb:PutItem", TENANT, TENANT),
        ("sqs:SendMessage", JOBS, "sqs:GetQueueUrl", TEAM, TEAM),
        ("s3:GetObject", "arn:aws:s3:::feeds/a", "s3:PutObject", SECURE, SECURE),
        ("s3:GetObject", "arn:aws:s3:::feeds/a", "s3:PutObject", SSE, None),
        ("sqs:SendMessage", JOBS, "sqs:GetQueueUrl", {"StringEquals": {"aws:RequestTag/team": "web"}}, None),
    ],
)
def test_a_statement_for_another_action_keeps_what_its_requests_have(
    action: str, on: str, named: str, condition: dict[str, object], kept: dict[str, object] | None
) -> None:
    statement = allow(named, on if "s3" not in on else "arn:aws:s3:::feeds/*", Condition=condition)
    change = str(diagnosed(f"{no_identity(action, on)}\n{policy(statement)}").fixes[0].change)
    assert (f'"Condition": {json.dumps(kept)}' in change) is (kept is not None)
    assert ('"Condition"' in change) is (kept is not None)
