"""Sentences that other programs say too are a service's only with its code or its name."""

from __future__ import annotations

import pytest

from diagnostics.text.read.service_sentences import sentence_in


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("InvalidS3ConfigurationException: Could not write to bucket: mail", "Amazon SES"),
        ("creating SES receipt rule store: Could not write to bucket: mail", "Amazon SES"),
        ("Could not publish to SNS topic: arn:aws:sns:us-east-1:444455556666:mail\nresource aws_ses_receipt_rule\n"
         "SES rule", "Amazon SES"),
        ('"DBInstanceStatus": "inaccessible-encryption-credentials"', "KMS key"),
        ("the cluster is in the inaccessible-encryption-credentials-recoverable state", "KMS key"),
        ("MemoryDB has not been granted WRITE permissions on the S3 Bucket.", "MemoryDB"),
    ],
)  # fmt: skip
def test_a_service_is_named_with_its_code_or_name(text: str, refused: str) -> None:
    found = sentence_in(text)
    assert found is not None
    assert refused in found.row.refused


@pytest.mark.parametrize(
    "text",
    [
        "backup.sh: Could not write to bucket: nightly (disk full)",
        "worker: Could not invoke Lambda function resize: timeout",
        'STATES = ["available", "creating", "failed", "inaccessible-encryption-credentials"]',
        "Invalid IAM Instance Profile name",
        "the reviewer has not been granted READ permissions in GitHub",
    ],
)
def test_the_same_words_of_others_are_not_read(text: str) -> None:
    assert sentence_in(text) is None
