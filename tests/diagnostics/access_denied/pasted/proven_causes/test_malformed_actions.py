"""A word whose separator is not a colon is no action, and allows nothing."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

DENIED = (
    "User: arn:aws:sts::188118811881:assumed-role/reader/x is not authorized to perform: {action} on resource: {on} "
    "because no identity-based policy allows the {action} action\n"
)
QUEUE = "arn:aws:sqs:eu-west-1:188118811881:jobs"
RECEIVES = DENIED.format(action="sqs:ReceiveMessage", on=QUEUE)


@pytest.mark.parametrize(
    ("policy", "written", "meant"),
    [
        (
            f'{{"Effect":"Allow","Action":["sqs: ReceiveMessage"],"Resource":"{QUEUE}"}}',
            "sqs: ReceiveMessage",
            "sqs:Re",
        ),
        (f'{{"Effect":"Allow","Action":"sqs=Receive*","Resource":"{QUEUE}"}}', "sqs=Receive*", "sqs:Receive*"),
        (
            f"Statement:\n  - Effect: Allow\n    Action:\n      - sqs.ReceiveMessage\n    Resource: {QUEUE}\n",
            "sqs.ReceiveMessage",
            "sqs:ReceiveMessage",
        ),
    ],
)
def test_a_word_with_another_separator_is_named(policy: str, written: str, meant: str) -> None:
    summary = diagnosed(f"{RECEIVES}{policy}").verdict.summary
    assert f"“{written}” is no action" in summary
    assert f"Write {meant}" in summary


def test_the_actions_of_a_services_own_request_are_corrected() -> None:
    text = (
        "An error occurred (InsufficientEncryptionPolicyException) when calling the CreateTrail operation: "
        "Insufficient permissions to access S3 bucket trail-x or KMS key arn:aws:kms:eu-west-1:188118811881:key/5f1c7c"
        '30-8f5e-4b52-a5ab-31d1a9a3b0e2.\n{"Statement": [{"Sid": "Root", "Effect": "Allow", "Principal": {"AWS": '
        '"arn:aws:iam::188118811881:root"}, "Action": "kms:*", "Resource": "*"}, {"Sid": "Trail", "Effect": "Allow", '
        '"Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": "kms;GenerateDataKey*", "Resource": "*"}]}'
    )
    answer = diagnosed(text)
    assert "“kms;GenerateDataKey*” is no action" in answer.verdict.summary
    assert "Allow kms:DescribeKey, too" in str(answer.fixes[0].change)


@pytest.mark.parametrize(
    "policy",
    [
        f'{{"Effect":"Allow","Action":["s3=GetObject","sqs:DeleteMessage"],"Resource":"{QUEUE}"}}',
        f'{{"Effect":"Allow","Action":["sqs.ReceiveMessage","sqs:ReceiveMessage"],"Resource":"{QUEUE}x"}}',
        f'{{"Effect":"Allow","Action":["sqs.Deliver"],"Resource":"{QUEUE}"}}',
        f'{{"Effect":"Deny","Action":["sqs=ReceiveMessage"],"Resource":"{QUEUE}"}}',
    ],
)
def test_another_word_is_not_the_cause(policy: str) -> None:
    assert "no action, so" not in diagnosed(f"{RECEIVES}{policy}").verdict.summary
