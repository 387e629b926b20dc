"""Messages of S3 Batch Operations."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, assumed_by, row
from diagnostics.who import Who

_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide"
# Amazon S3 API Reference, "JobManifestLocation", ObjectArn
# (https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_JobManifestLocation.html).
_MANIFEST = (
    r"\A(?=[\s\S]*?\bObjectArn\W{1,5}arn:[\w-]+:s3:::(?P<bucket>[a-z0-9][a-z0-9.-]+)/)(?=[\s\S]*?\"s3:GetObject)"
    r"(?![\s\S]*?\"Resource\"[^\]}]{0,600}?:s3:::(?:(?P=bucket)[/*\"]|\*))(?![\s\S]*?\"Resource\"\s*:\s*\[?\s*\"\*)"
)

BATCH_OPERATIONS: tuple[ServiceSentence, ...] = (
    row(
        ("reading the manifest is forbidden", "reading the manifest caused an error"),
        r"Reading the manifest (?:is forbidden|caused an error:\s*(?:Access\s*Denied|Forbidden))",
        "the role of the S3 Batch Operations job",
        "the job's role is not allowed to read the manifest",
        "The role of the S3 Batch Operations job is not allowed to read the manifest, so no object was processed.",
        UsualCause(
            "Allow the job's role s3:GetObject and s3:GetObjectVersion on the objects of {bucket}, or correct "
            "the manifest's location.",
            None,
            shown_by=_MANIFEST,
            decides="The policy in the text does not name {bucket}, the bucket of the manifest: allow the job's "
            "role s3:GetObject and s3:GetObjectVersion there.",
        ),
        UsualCause(
            "The job's role must trust batchoperations.s3.amazonaws.com, and needs s3:GetObject and "
            "s3:GetObjectVersion on the manifest, and kms:Decrypt if a KMS key encrypts it. The bucket's policy "
            "must not deny the role.",
            "aws s3control describe-job --account-id ACCOUNT --job-id JOB",
        ),
        page="https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-iam-role-policies.html",
        asks=assumed_by("batchoperations.s3.amazonaws.com"),
        actions=("s3:GetObject",),
    ),
)

BATCH_REPORTS: tuple[ServiceSentence, ...] = (
    row(
        "job report could not be written to your report bucket",
        r"job report could not be written to your report bucket",
        "the S3 Batch Operations job",
        "the job's report could not be written",
        "S3 Batch Operations could not write its report: the report bucket has a default retention (Object Lock), "
        "which is not supported, or the job's role lacks s3:PutObject there.",
        UsualCause("If the report bucket has a default retention, choose a different bucket for the report. The job "
                   "itself may have processed all objects.", "aws s3api get-object-lock-configuration --bucket BUCKET",
                   Who.RESOURCE_OWNER),
        UsualCause("Otherwise allow the job's role to perform s3:PutObject on the report bucket; the bucket's own "
                   "policy must not deny it.", None, Who.ACCOUNT_ADMIN),
        page=f"{_S3}/troubleshooting-batch-operations.html",
    ),
)  # fmt: skip
