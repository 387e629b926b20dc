"""Messages of Amazon ElastiCache about exports of snapshots."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, lacking, row
from diagnostics.who import Who

ELASTICACHE_EXPORTS: tuple[ServiceSentence, ...] = (
    lacking(
        "unable to validate the authenticated user has access",
        r"ElastiCache was unable to validate the authenticated user has access on the S3 bucket",
        "the caller of the export",
        ("s3:GetBucketAcl", "s3:ListAllMyBuckets", "s3:PutObject"),
        UsualCause(
            "Allow the caller the S3 actions that the page lists on the bucket (s3:GetBucketAcl, "
            "s3:GetBucketLocation, s3:ListBucket, s3:ListAllMyBuckets, s3:PutObject, s3:GetObject): ElastiCache "
            "checks them before it exports. The bucket must be in the snapshot's Region."
        ),
        page="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-exporting.html",
        on="on the export's bucket",
    ),
)

CACHE_SNAPSHOTS: tuple[ServiceSentence, ...] = (
    row(
        "has not been granted",
        r"(?P<service>ElastiCache|MemoryDB) has not been granted (?P<what>READ|WRITE|READ_ACP) permissions",
        "{service}, which exports the snapshot",
        "{service} has no {what} permission on the bucket",
        "The bucket does not let {service} export the snapshot: {what} permission is missing on the bucket.",
        UsualCause(
            "In its policy or ACL, the bucket must grant READ, WRITE and READ_ACP to the account that the "
            "service uses in this Region, as the page says. The bucket must be in the Region of the snapshot.",
            "aws s3api get-bucket-acl --bucket BUCKET",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-exporting.html",
    ),
)
