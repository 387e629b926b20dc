"""Causes for S3 objects that are not replicated.

Amazon S3 User Guide, "Setting up permissions for live replication", "Replicating encrypted objects" and
"Troubleshooting replication"
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html,
https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-troubleshoot.html).
"""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.causes.build_causes import contains, quoted
from diagnostics.who import Who

REPLICATION = (
    r"OperationFailedReplication|x-amz-replication-status\W{1,4}FAILED|ReplicationStatus\W{1,6}FAILED"
    r"|ReplicationStatus\b[^\n]*\n(?:[^\n]*\n){0,4}?\W{0,12}FAILED\b|\breplicat\w+[^\n]{0,60}\bFAILED\b"
)
_OF_DATABASES = r"\breptask\b|\breplicationtask\b|\b(?:AWS )?DMS\b|\breplication (?:task|instance|slot)\b"
"""Words of AWS DMS and of databases, whose replication has nothing to do with the replication of buckets."""
AGAIN = "Objects that failed are not replicated by themselves afterwards: use S3 Batch Replication for them."


def replication(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the permission that a replication role often lacks. Without a policy in the text, none is certain."""
    if failure.trouble is not Trouble.UNRECOGNIZED or not (said := quoted(failure.text, REPLICATION)):
        return
    if quoted(failure.text, _OF_DATABASES):
        return
    encrypts = quoted(failure.text, r"kms:Encrypt\b")
    if encrypts and not quoted(failure.text, r"kms:GenerateDataKey|kms:\*|\bSSE-KMS\b|(?<!arn:)\baws:kms\b"):
        yield FirstLook(
            "Add kms:GenerateDataKey on the destination's KMS key to the replication role: source objects without KMS "
            "encryption need it, and the policy in the text has only kms:Encrypt on that key. If the key belongs to "
            "another account, its key policy must allow the role both actions.",
            contains(said, encrypts),
            None,
            Who.ACCOUNT_ADMIN,
        )
    else:
        yield FirstLook(
            "Often the replication role lacks a permission. On the source: s3:GetObjectVersionForReplication, "
            "s3:GetObjectVersionAcl and s3:GetObjectVersionTagging, and kms:Decrypt on its key. On the destination: "
            "s3:ReplicateObject, s3:ReplicateDelete and s3:ReplicateTags, and kms:Encrypt and kms:GenerateDataKey on "
            f"its key. {AGAIN}",
            contains(said),
            None,
            Who.ACCOUNT_ADMIN,
        )
    yield FirstLook(
        "If the destination belongs to another account, its bucket policy must allow the role to perform "
        "s3:ReplicateObject and s3:ReplicateDelete (and s3:ObjectOwnerOverrideToBucketOwner to change the owner).",
        contains(said),
        None,
        Who.RESOURCE_OWNER,
    )
