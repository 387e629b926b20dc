"""Messages of S3's features: texts that only resemble them."""

from __future__ import annotations

import pytest

from diagnostics.text.read.messages.service_sentences import sentence_in


@pytest.mark.parametrize(
    "text",
    [
        "X-Amz-Expires must be a number",
        "the bucket has access points attached",
        "InvalidBucketAcl",
        '"failureReason": "SrcObjectNotEligible"',
        "ReplicateObject NotPermitted by the linter",
        "Job report was written to your report bucket",
        "You do not have READ permissions to the requested page",
        "aws s3control create-access-grants-location --location-scope s3://acme",
        "An error occurred (ValidationError) when calling the CreateAccessGrantsLocation operation: bad scope",
        "MFA authentication must be used for this site",
    ],
)
def test_what_only_resembles_a_message_is_not_read_as_one(text: str) -> None:
    assert sentence_in(text) is None


FAILED = '{{"failureReason": "{}"}} with SSE-KMS on both sides, the role has {}'


@pytest.mark.parametrize(
    ("code", "had", "said"),
    [
        ("DstPutObjectNotPermitted", "s3:ReplicateObject, kms:Decrypt", "but not kms:Encrypt"),
        ("SrcGetObjectNotPermitted", "s3:GetObjectVersionForReplication", "but not kms:Decrypt"),
        ("DstPutObjectNotPermitted", "s3:ReplicateObject, kms:Encrypt", "it needs s3:ReplicateObject"),
        ("DstPutObjectNotPermitted", "s3:ReplicateDelete", "it needs s3:ReplicateObject"),
    ],
)
def test_replication_of_encrypted_objects_needs_the_key(code: str, had: str, said: str) -> None:
    found = sentence_in(FAILED.format(code, had))
    assert found is not None
    assert said in found.row.summary
