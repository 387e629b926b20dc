"""Messages of canaries of CloudWatch Synthetics."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"
_WATCH = f"{_API}/AmazonCloudWatch/latest/monitoring"

CANARIES: tuple[ServiceSentence, ...] = (
    row(
        ("unable to fetch s3 bucket location", "unable to upload artifacts to s3"),
        r"Unable to fetch S3 bucket location: Access ?Denied"
        r"|Unable to upload artifacts to S3(?=[\s\S]{0,200}?(?:Access ?Denied|Forbidden|not authorized))",
        "the canary's role",
        "the canary's role is not allowed to write to the bucket of its artifacts",
        "The canary's role lacks s3:GetBucketLocation or s3:PutObject on the bucket of its artifacts, or "
        "s3:ListAllMyBuckets. The permissions of whoever made the canary do not matter.",
        UsualCause(
            "Allow the canary's role s3:GetBucketLocation on the bucket, s3:PutObject on its objects and "
            "s3:ListAllMyBuckets on * (visual monitoring: s3:GetObject, too).",
            "aws synthetics get-canary --name CANARY --query 'Canary.[ExecutionRoleArn,ArtifactS3Location]'",
            needs=("s3:GetBucketLocation", "s3:PutObject", "s3:ListAllMyBuckets"),
        ),
        UsualCause(
            "With a customer managed KMS key the role needs kms:GenerateDataKey and kms:Decrypt on it. The "
            "bucket's policy may require a kind of encryption that the canary does not use."
        ),
        page=f"{_WATCH}/CloudWatch_Synthetics_Canaries_Troubleshoot.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)
