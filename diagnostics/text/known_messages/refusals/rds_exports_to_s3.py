"""Messages of Amazon RDS about exports of snapshots to S3."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, assumed_by, row
from diagnostics.who import Who
from iam.claims import Ground

_EXPORTS = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-export-snapshot.Troubleshooting.html"

_OF_EXPORT = UsualCause(
    "The role of the export task must trust export.rds.amazonaws.com (not rds.amazonaws.com), and needs s3:PutObject*, "
    "s3:GetObject*, s3:ListBucket, s3:DeleteObject* and s3:GetBucketLocation on the bucket and its objects.",
    "aws rds describe-export-tasks --query 'ExportTasks[].[ExportTaskIdentifier,IamRoleArn,S3Bucket,KmsKeyId]'",
    needs=("s3:PutObject", "s3:GetObject", "s3:ListBucket", "s3:DeleteObject", "s3:GetBucketLocation"),
)

EXPORT_TASKS: tuple[ServiceSentence, ...] = (
    # Amazon RDS API Reference, "StartExportTask": the actions of the role.
    row(
        "can't assume the iam role",
        r"RDS Export can't write the export task metadata because it can't assume the IAM role",
        "the role of the export task",
        "RDS cannot assume the role of the export task",
        "RDS cannot assume the role of the export task. The permissions of whoever starts the export are not the "
        "cause.",
        _OF_EXPORT,
        page=_EXPORTS,
        asks=assumed_by("export.rds.amazonaws.com"),
    ),
    row(
        ("failed to write the export task metadata", "iamrolemissingpermissions"),
        r"RDS Export failed to write the export task metadata|\bIamRoleMissingPermissions(?:Fault)?\b"
        r"|IAM role requires additional permissions to export to an Amazon S3 bucket",
        "the role of the export task",
        "the export task's role is not allowed to write to the bucket, or to use its key",
        "The role of the export task is not allowed to write to the bucket, or to use the KMS key.",
        _OF_EXPORT,
        UsualCause(
            "The KMS key of the export must allow the role to perform kms:Encrypt, kms:Decrypt, "
            "kms:GenerateDataKey*, kms:CreateGrant and kms:DescribeKey, or leave the decision to IAM "
            "policies.",
            None,
            Who.RESOURCE_OWNER,
            needs=("kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant", "kms:DescribeKey"),
        ),
        page=_EXPORTS,
        asks=assumed_by("export.rds.amazonaws.com"),
    ),
    row(
        ("kms key check failed", "s3 credential check failed"),
        r"KMS key check failed\. Check the credentials|S3 credential check failed\. Check the permissions",
        "the role of the export task",
        "the check of the export task's key or bucket failed",
        "The export task failed its check: its role is not allowed to use the KMS key, or the bucket.",
        _OF_EXPORT,
        UsualCause(
            "The key is disabled, or its policy does not let both the role and the caller who starts the export "
            "use the key.",
            "aws kms describe-key --key-id KEY",
            Who.RESOURCE_OWNER,
        ),
        page=_EXPORTS,
    ),
)

_RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide"

EXPORT_ROLE_TRUST: tuple[ServiceSentence, ...] = (
    row(
        "export.rds.amazonaws.com isn't allowed to assume",
        r"principal export\.rds\.amazonaws\.com isn['’]t allowed to assume the IAM role (?P<principal>arn:\S+)",
        "the export task's service",
        "the export role does not trust export.rds.amazonaws.com, or does not exist",
        "The role of the export task must trust export.rds.amazonaws.com (not rds.amazonaws.com): correct its trust "
        "policy, or its ARN if there is no such role.",
        UsualCause(
            "Read the role's trust policy; the ARN needs the role's path. Then the role needs s3:PutObject*, "
            "s3:GetObject*, s3:DeleteObject*, s3:ListBucket and s3:GetBucketLocation on the bucket.",
            None,
            Who.RESOURCE_OWNER,
            needs=("s3:PutObject", "s3:GetObject", "s3:DeleteObject", "s3:ListBucket", "s3:GetBucketLocation"),
        ),
        page=f"{_RDS}/USER_ExportSnapshot.Setup.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
)
