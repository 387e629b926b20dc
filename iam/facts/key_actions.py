"""Operations on encrypted resources that need several actions on the KMS key, each with its documentation page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_DOCS = "https://docs.aws.amazon.com"


@dataclass(frozen=True, slots=True)
class KeyActions:
    """The actions on a KMS key that the caller of an operation needs. ``thing`` is the encrypted resource, in words."""

    thing: str
    actions: tuple[str, ...]
    page: str


_QUEUE = KeyActions(
    "queue",
    ("kms:GenerateDataKey", "kms:Decrypt"),
    f"{_DOCS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
)
_TOPIC = KeyActions("topic", ("kms:GenerateDataKey", "kms:Decrypt"), f"{_DOCS}/sns/latest/dg/sns-key-management.html")
_PARTS = KeyActions(
    "multipart upload",
    ("kms:GenerateDataKey", "kms:Decrypt"),
    f"{_DOCS}/AmazonS3/latest/userguide/mpuoverview.html",
)
_SECRET = KeyActions(
    "secret",
    ("kms:GenerateDataKey", "kms:Decrypt"),
    f"{_DOCS}/secretsmanager/latest/userguide/security-encryption.html",
)
_VOLUME = KeyActions(
    "volume",
    ("kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncrypt*"),
    f"{_DOCS}/ebs/latest/userguide/ebs-encryption-requirements.html",
)
KEY_ACTIONS: Mapping[str, KeyActions] = {
    "SendMessage": _QUEUE,
    "SendMessageBatch": _QUEUE,
    "Publish": _TOPIC,
    "PublishBatch": _TOPIC,
    "CreateMultipartUpload": _PARTS,
    "UploadPart": _PARTS,
    "UploadPartCopy": _PARTS,
    "CreateSecret": _SECRET,
    "PutSecretValue": _SECRET,
    "UpdateSecret": _SECRET,
    "CreateVolume": _VOLUME,
    "RunInstances": _VOLUME,
}
"""The actions needed on the KMS key, by operation, if the resource is encrypted with a customer managed key."""
