"""The cause if an Athena federated query is refused its spill bucket."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who

_FEDERATED = r"\bfederated\b|\bconnectors?\b"
_SPILL = r"\bspill(?:s|ed)?\b[^\n.]{0,40}"


def spill(signs: Signs) -> Iterator[FirstLook]:
    """Yield what an Athena federated query needs on its two buckets, if S3 names neither the caller nor the action.

    Amazon Athena User Guide, "Allow access to Athena Federated Query: Example policies"
    (https://docs.aws.amazon.com/athena/latest/ug/federated-query-iam-access.html).
    """
    if signs.layer or signs.denial.principal or signs.denial.action or not signs.quote(r"\bAthena\b"):
        return
    if not (spilled := signs.quote(_SPILL)) or not signs.quote(_FEDERATED):
        return
    yield FirstLook(
        "A federated query writes to two buckets: the caller writes the results, and the connector writes to the spill "
        "bucket. Read actions alone are not enough. On each bucket, allow s3:PutObject, s3:ListMultipartUploadParts, "
        "s3:AbortMultipartUpload, s3:GetObject, s3:ListBucket and s3:GetBucketLocation. The message names neither the "
        "bucket nor the action; S3's data events in CloudTrail name both.",
        contains(spilled),
        None,
        Who.ACCOUNT_ADMIN,
    )
