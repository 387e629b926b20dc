"""Objects that S3 does not replicate, beside the replication role's policy."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

HERE = "arn:aws:kms:ap-south-1:444455556666:key/11112222-3333-4444-5555-666677778888"
THERE = "arn:aws:kms:ap-southeast-2:444455556666:key/99992222-3333-4444-5555-666677778888"
COPIES = "s3:ReplicateObject, s3:ReplicateTags on arn:aws:s3:::scans-copy/*"


def policy(*statements: str) -> str:
    return "replication role's policy:\n" + "\n".join(statements)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"ReplicationStatus: FAILED (SSE-KMS objects only)\nReplicaKmsKeyID={THERE}\n"
            + policy(COPIES, f"kms:Decrypt, kms:Encrypt on {HERE}"),
            f"does not allow kms:Encrypt on the replica's key ({THERE})",
        ),
        (
            f'x-amz-replication-status: FAILED\n"ReplicaKmsKeyID": "{THERE}"\n' + policy(COPIES),
            "it has no KMS action",
        ),
        (
            f'--query \'[ReplicationStatus,SSEKMSKeyId]\'\n[\n  "FAILED",\n  "{HERE}"\n]\n'
            + policy(COPIES, f"kms:Encrypt on {THERE}"),
            f"does not allow kms:Decrypt on the source's key ({HERE})",
        ),
    ],
)
def test_the_action_on_a_key_that_the_policy_lacks_is_named(text: str, said: str) -> None:
    answer = collect_offline(read_text(text)[0])
    assert said in answer.verdict.summary
    assert "S3 Batch Replication" in answer.verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        f"ReplicationStatus: FAILED\nReplicaKmsKeyID={THERE}\n" + policy(COPIES, "kms:Decrypt, kms:Encrypt on *"),
        f"ReplicationStatus: FAILED\nReplicaKmsKeyID={THERE}\nbucket policy is empty",
    ],
)
def test_a_policy_with_the_action_or_none_at_all_is_not_said_to_lack_it(text: str) -> None:
    assert "does not allow kms:" not in collect_offline(read_text(text)[0]).verdict.summary
