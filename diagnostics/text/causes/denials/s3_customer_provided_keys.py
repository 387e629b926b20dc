"""Uploads with a customer-provided key (SSE-C), which a bucket may block."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains, reading
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who

# The header, options of the AWS CLI (--sse-c) and SDKs, and settings of Velero, Hadoop, rclone and Loki.
_SENT = (
    r"\bx-amz-server-side-encryption-customer-\w+|(?<![\w-])--sse-c\b|\bSSECustomer\w+|\bsse[-_]customer[-_]\w+"
    r"|\bcustomerKeyEncryption\w+|\bserver-side-encryption-algorithm\W{1,4}SSE-C\b|\bSSE-?C\b|\bsse_c\b"
    r"|\bcustomer[- ]provided (?:encryption )?keys?\b"
)
_WRITES = ("s3:putobject", "s3:replicateobject", "s3:*", "")
_NOT_USED = r"\b(?:no|not|never)\b[^.\n]{0,20}(?:\bSSE-?C\b|\bcustomer[- ]provided)"


def blocked(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if an upload with a customer-provided key is refused without a reason.

    Amazon S3 User Guide, "Blocking or unblocking SSE-C for a general purpose bucket": since April 2026, SSE-C is
    disabled for new buckets, and for existing ones of accounts without such objects; an upload with it is refused with
    AccessDenied
    (https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html).
    """
    denial = signs.denial
    if denial.stated_reason or denial.principal or signs.action not in _WRITES or signs.says(_NOT_USED):
        return
    if not (said := signs.quote(_SENT)) or not (signs.service == "s3" or signs.says(r"\bS3\b")):
        return
    yield FirstLook(
        "Most likely the bucket blocks customer-provided keys (SSE-C), as S3 does since April 2026 for new buckets and "
        "for accounts without such objects: then a plain upload works, and no permission is missing. Look at "
        "BlockedEncryptionTypes (aws s3api get-bucket-encryption). Use SSE-S3 or SSE-KMS, or let the bucket accept "
        "SSE-C (put-bucket-encryption with BlockedEncryptionTypes NONE).",
        contains(said),
        reading("s3api", "get-bucket-encryption", ("bucket", _bucket(signs))),
        Who.RESOURCE_OWNER,
    )


def _bucket(signs: Signs) -> str | None:
    """Return the name of the refused bucket, if the resource names one."""
    return signs.target.resource.partition("/")[0] if signs.target is not None else None
