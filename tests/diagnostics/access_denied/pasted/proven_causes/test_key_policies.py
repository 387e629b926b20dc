"""A key policy that names the role of another account must allow it every action that its call needs."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnose import collect_offline, read_text

FIREHOSE = (
    '{"errorCode":"S3.KMS.AccessDenied","message":"Access was denied. Ensure that the provided IAM role has the '
    'permission to call KMS"}\nThe role has kms:Decrypt and kms:GenerateDataKey on that key.\n'
)
QUEUE = (
    "An error occurred (KMS.AccessDeniedException) when calling the SendMessage operation: User: arn:aws:sts::"
    "111122223333:assumed-role/sender/a is not allowed to use the KMS key, KMS access denied\n"
)


def key_policy(role: str, *actions: str) -> str:
    statements = [
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}, "Action": "kms:*", "Resource": "*"},
        {"Effect": "Allow", "Principal": {"AWS": role}, "Action": list(actions), "Resource": "*"},
    ]
    return "key policy:\n" + json.dumps({"Version": "2012-10-17", "Statement": statements})


OTHER = "arn:aws:iam::111122223333:role/sender"


@pytest.mark.parametrize(
    "text",
    [
        FIREHOSE + key_policy(OTHER, "kms:Decrypt"),
        FIREHOSE + key_policy("arn:aws:iam::111122223333:root", "kms:Decrypt", "kms:DescribeKey"),
    ],
)
def test_the_missing_action_is_named(text: str) -> None:
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert "the key policy allows arn:aws:iam::111122223333:" in summary
    assert "but not kms:GenerateDataKey" in summary


@pytest.mark.parametrize(
    "text",
    [
        FIREHOSE + key_policy(OTHER, "kms:Decrypt", "kms:GenerateDataKey*"),
        FIREHOSE + key_policy("arn:aws:iam::444455556666:role/sender", "kms:Decrypt"),
        QUEUE.replace("111122223333", "777788889999") + key_policy(OTHER, "kms:Decrypt"),
    ],
)
def test_an_action_that_is_there_or_not_needed_is_not(text: str) -> None:
    assert "the key policy allows" not in collect_offline(read_text(text)[0]).verdict.summary
