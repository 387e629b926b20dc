"""Messages of Amazon EBS."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, no_permission, row
from diagnostics.who import Who

_EBS = "https://docs.aws.amazon.com/ebs/latest/userguide"

EBS_SNAPSHOTS: tuple[ServiceSentence, ...] = (
    no_permission(
        "block public access is enabled",
        r"Modify(?:Snapshot|Image)Attribute[\s\S]{0,2000}?Block Public Access is enabled"
        r"|Block Public Access is enabled for EBS",
        "The account's setting “block public access” prevents public sharing in this Region. No permission of the "
        "caller is missing.",
        "Share with specific account IDs instead of with everybody. Only if public sharing is intended, turn the "
        "setting off in this Region (aws ec2 disable-snapshot-block-public-access, for images "
        "disable-image-block-public-access).",
        f"{_EBS}/block-public-access-snapshots.html",
    ),
    row(
        "dependency_access_denied",
        r"\bDEPENDENCY_ACCESS_DENIED\b",
        "the caller",
        "a service that the EBS direct API uses refused, most likely KMS",
        "A service that the EBS direct API uses refused the caller. Most likely this is KMS, which refused the key "
        "that encrypts the snapshot.",
        UsualCause("Allow the caller kms:Decrypt on the snapshot's key to read blocks; to write blocks, also "
                   "kms:GenerateDataKey, kms:GenerateDataKeyWithoutPlaintext, kms:ReEncrypt*, kms:CreateGrant and "
                   "kms:DescribeKey. The key policy of another account's key must allow the caller, too.",
                   "aws ec2 describe-snapshots --query 'Snapshots[].[SnapshotId,KmsKeyId]' --owner-ids self"),
        page=f"{_EBS}/ebsapi-permissions.html",
    ),
)  # fmt: skip

EBS_KEYS: tuple[ServiceSentence, ...] = (
    row(
        "given key id is not accessible",
        r"Given key ID is not accessible",
        "the caller",
        "the caller is not allowed to use the KMS key of the volume, snapshot or image",
        "The caller is not allowed to use a KMS key: the source's key, or the key of the new volume, snapshot or image "
        "(by default the account's EBS key in that Region).",
        UsualCause("Allow the caller to perform kms:DescribeKey, kms:CreateGrant, kms:Decrypt, kms:ReEncrypt* and "
                   "kms:GenerateDataKeyWithoutPlaintext on both keys; the key policy of another account's key must "
                   "allow the caller, too.",
                   "aws ec2 get-ebs-default-kms-key-id"),
        UsualCause("The source is encrypted with another account's AWS managed key (aws/ebs): nobody else can use it. "
                   "The owner must copy the source with a customer managed key and share the "
                   "copy.", None, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html",
        actions=("kms:DescribeKey", "kms:CreateGrant", "kms:Decrypt"),
    ),
)  # fmt: skip
