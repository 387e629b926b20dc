"""Causes if S3 names neither the operation nor the key: older libraries, Hadoop's S3A."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import WHO_AM_I, contains, reading
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.causes.denials.s3_block_public_access import public_acl
from diagnostics.who import Who


def unnamed(signs: Signs) -> Iterator[FirstLook]:
    """Yield causes for a mere "Access Denied" of S3: older libraries add neither the operation nor the key."""
    said = signs.quote(r"Service: (?:Amazon )?S3\b|AmazonS3Exception|services/s3\.js|client-s3\b|Aws::S3|s3a?://")
    if signs.denial.action or signs.denial.operation or not said:
        return
    yield from public_acl(signs)
    if head := signs.quote(r"getObjectMetadata|doesObjectExist|head_?object|object head|getFileStatus"):
        yield FirstLook(
            "The object may not exist: without s3:ListBucket on the bucket, S3 answers 403 instead of 404. Check the "
            "key first.",
            contains(head),
            None,
            Who.RESOURCE_OWNER,
        )


def status_of_a_path(signs: Signs) -> Iterator[FirstLook]:
    """Yield what Hadoop's S3A needs, if S3 refuses it the headers of a path.

    Apache Hadoop, "Working with IAM Assumed Roles", S3 permissions
    (https://hadoop.apache.org/docs/stable/hadoop-aws/tools/hadoop-aws/assumed_roles.html).
    """
    said = signs.quote(r"\bgetFileStatus on\b") if signs.denial.operation == "HeadObject" else ""
    if not said or signs.denial.principal or signs.denial.stated_reason:
        return
    yield FirstLook(
        "Check whether the identity that S3A uses has both s3:ListBucket on the bucket (its ARN without /*) and "
        "s3:GetObject on the objects. S3A asks for the headers of each path, also of a folder, which has no object. "
        "Without s3:ListBucket, S3 then answers 403 instead of 404.",
        contains(said),
        reading("s3api", "get-bucket-policy", ("bucket", signs.bucket or "BUCKET"), query="Policy"),
        Who.ACCOUNT_ADMIN,
    )
    yield FirstLook(
        "Or S3A does not use the intended identity: fs.s3a.aws.credentials.provider decides, and keys in the "
        "configuration or the environment come before an instance's role. This check shows the role only where no "
        "keys are set.",
        contains(said),
        WHO_AM_I,
        Who.CALLER,
    )
