"""The operation that an author names in prose is the refused one if the message names nothing."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial


@pytest.mark.parametrize(
    ("text", "operation", "action"),
    [
        ("Our lambda calls dynamodb BatchGetItem and gets AccessDenied.", "BatchGetItem", "dynamodb:BatchGetItem"),
        ("the app does a KMS GenerateDataKey call, result: AccessDenied", "GenerateDataKey", "kms:GenerateDataKey"),
        ("The worker's SQS ReceiveMessage call gives: AccessDenied", "ReceiveMessage", "sqs:ReceiveMessage"),
        ("The task copies with S3 CopyObject, and fails with\n\nAccessDenied", "CopyObject", "s3:PutObject"),
        ("calling PutEvents fails: AccessDeniedException", "PutEvents", None),  # two services have it
        # A permission, two operations, a name that is none.
        ("AccessDenied\nThe role has an S3 PutObject permission.", None, None),
        ("It calls SQS SendMessage and calls SQS ReceiveMessage: AccessDenied", None, None),
        ("It uses the CDK BucketDeployment: AccessDenied", None, None),
    ],
)
def test_an_operation_in_prose_is_the_refused_one(text: str, operation: str | None, action: str | None) -> None:
    (failure,) = read_text(text)
    assert isinstance(failure, Denial)
    assert (failure.operation, failure.action) == (operation, action)


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ("the statement was reduced, it had s3:GetObject* before", True),
        ("s3:PutObject* was narrowed to s3:PutObject last week", True),
        ("we tightened the policy, which had s3:GetObject* before", True),
        ("the policy has s3:GetObject* and s3:PutObject*", False),
        ("the bucket was moved", False),
    ],
)
def test_a_narrowed_wildcard_covered_the_tags_of_a_copy(change: str, lost: bool) -> None:
    text = f"An error occurred (AccessDenied) when calling the CopyObject operation: Access Denied\n{change}"
    said = " ".join(each.cause for each in collect_offline(read_text(text)[0]).first_look)
    assert ("the earlier wildcards covered these actions" in said) == lost
