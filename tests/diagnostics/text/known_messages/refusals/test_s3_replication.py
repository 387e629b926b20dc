"""Messages of S3 Replication about keys: what the text decides."""

from __future__ import annotations

import pytest

from diagnostics.text.read.messages.service_sentences import sentence_in

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
