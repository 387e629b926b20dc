"""Sentences of any service in a common form are read, and those of other programs and of IAM itself are not."""

from __future__ import annotations

import pytest

from diagnostics.text.read.messages.service_sentences import sentence_in
from diagnostics.text.read.service_messages.any_service import GENERAL


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        (
            "The bucket policy does not allow Amazon SES to write to it",
            "does not let Amazon SES do what it needs (“write",
        ),
        (
            "The S3 bucket policy prevents GuardDuty from exporting findings",
            "does not let GuardDuty do what it needs (“exporting findings”)",
        ),
        (
            "ConnectorException: Amazon AppFlow couldn't access S3 bucket flows. Please check bucket policy",
            "Amazon AppFlow itself could not use S3 bucket flows",
        ),
        (
            '{"statusReason":"AccessDenied: Amazon Personalize is unable to read bucket data. Check permissions."}',
            "Amazon Personalize itself could not use bucket data",
        ),
        ("AWS Glue does not have permission to access the secret pg", "AWS Glue itself lacks the permission"),
        ("Error: Kinesis Data Firehose doesn't have access to the KMS key k", "Kinesis Data Firehose itself"),
        (
            "Error: Check that the bucket exists and the role has access",
            "the bucket does not exist where the call looked",
        ),
        ("failed: Ensure the KMS key exists and the role has kms:Decrypt permissions", "the KMS key does not exist"),
    ],
)
def test_the_common_forms_are_read(text: str, summary: str) -> None:
    found = sentence_in(text)
    assert found is not None
    assert summary in found.row.summary


@pytest.mark.parametrize(
    "text",
    [
        "Make sure that the folder exists and that you have write permission on it: /var/lib/app",
        "please make sure you have the correct access rights and the repository exists.",
        "our Lambda could not read the queue fast enough, 504 errors",
        "Error: Glue cannot use the function udf_parse: syntax error at line 3",
        "our intern does not have permission to deploy",
        "CodeDeploy does not have permission to assume role arn:aws:iam::111122223333:role/x",
        "User: arn:aws:iam::111122223333:user/x is not authorized to perform: s3:GetObject. Check that the bucket "
        "exists and you have access.",
        "the password policy does not allow reuse of the last 5",
    ],
)
def test_and_others_are_not(text: str) -> None:
    found = sentence_in(text)
    assert found is None or found.row.page not in {row.page for row in GENERAL}
