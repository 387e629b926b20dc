"""Messages of Amazon Personalize about its data in S3."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who

PERSONALIZE: tuple[ServiceSentence, ...] = (
    row(
        "insufficient privileges for accessing data in s3",
        r"Insufficient privileges for accessing data in S3",
        "Amazon Personalize, or its role",
        "Personalize is not allowed to read the data",
        "Amazon Personalize is not allowed to read the data in S3: the bucket's policy, or the role of the job, does "
        "not allow it.",
        UsualCause(
            "The bucket needs a policy that lets personalize.amazonaws.com read it.",
            None,
            Who.RESOURCE_OWNER,
            shown_by=r"\bNoSuchBucketPolicy\b",
            decides="The bucket has no policy, as the text shows, and Amazon Personalize needs a bucket policy "
            "that lets personalize.amazonaws.com perform s3:GetObject on the objects and s3:ListBucket "
            "on the bucket. The role needs its own Allow, too.",
        ),
        UsualCause(
            "The bucket's policy must allow personalize.amazonaws.com to perform s3:GetObject and s3:ListBucket, and "
            "the job's role needs the same permissions. With a KMS key, both also need kms:Decrypt.",
            "aws s3api get-bucket-policy --bucket BUCKET",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/personalize/latest/dg/granting-personalize-s3-access.html",
    ),
)
