"""Sentences of any service in a common form are read, and those of other programs and of IAM itself are not."""

from __future__ import annotations

import pytest

from diagnostics.text.read.sentences.general import GENERAL
from diagnostics.text.read.service_sentences import sentence_in


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("The S3 bucket policy does not allow Amazon SES to write to bucket in", "does not let Amazon SES write"),
        ("AWS Glue does not have permission to access the secret pg", "AWS Glue itself lacks the permission"),
        ("Error: Kinesis Data Firehose doesn't have access to the KMS key k", "Kinesis Data Firehose itself"),
        ("Check that the bucket exists and you have access", "the bucket does not exist where the call looked"),
        ("Ensure the KMS key exists and the role has kms:Decrypt permissions", "the KMS key does not exist"),
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
