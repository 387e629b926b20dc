"""Messages of S3 Replication about keys and its role: what the text decides."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
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


def summary(text: str) -> str:
    (failure, *_) = read_text(text)
    return collect_offline(failure).verdict.summary


REPLICATION_FAILED = (
    '"eventName": "Replication:OperationFailedReplication", "failureReason": "AssumeRoleNotPermitted"\n'
)


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        (f'{REPLICATION_FAILED}"Principal": {{"Service": ["batchoperations.s3.amazonaws.com"]}}', True),
        (
            f"{REPLICATION_FAILED}identifiers = ['batchoperations.s3.amazonaws.com']",
            True,
        ),
        (
            f'{REPLICATION_FAILED}"Principal": {{"Service": ["batchoperations.s3.amazonaws.com", "s3.amazonaws.com"]}}',
            False,
        ),
        (f'{REPLICATION_FAILED}"Service": "s3.amazonaws.com"\n"Service": "batchoperations.s3.amazonaws.com"', False),
        ('The Batch job\'s report: AssumeRoleNotPermitted\n"Service": "batchoperations.s3.amazonaws.com"', False),
    ],
)
def test_a_trust_policy_for_batch_jobs_alone_is_not_enough_for_live_replication(text: str, *, lacks: bool) -> None:
    assert summary(text).startswith("The trust policy in the text lets only batchoperations") is lacks
