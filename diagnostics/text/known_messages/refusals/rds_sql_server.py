"""Messages of RDS for SQL Server about backups and directories."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide"
_NATIVE = f"{_RDS}/SQLServer.Procedural.Importing.Native.Troubleshooting.html"
_NATIVE_TASK = r"(?:rds_task_status|rds_backup_database|rds_restore_database|SQLSERVER_BACKUP_RESTORE)"
_FORBIDDEN = r"(?:Access Denied|Error Code Forbidden)"

SQL_SERVER_BACKUPS: tuple[ServiceSentence, ...] = (
    row(
        "backup/restore option is not enabled yet",
        r"Database backup/restore option is not enabled yet",
        "the DB instance",
        "the instance lacks the option SQLSERVER_BACKUP_RESTORE",
        "The DB instance lacks the option SQLSERVER_BACKUP_RESTORE, or the option is still being applied: add it to "
        "the option group, with a role for S3.",
        UsualCause(
            "Add SQLSERVER_BACKUP_RESTORE with IAM_ROLE_ARN to the instance's option group (aws rds "
            "add-option-to-option-group --apply-immediately). The role must trust rds.amazonaws.com, and be "
            "allowed to read and write the bucket.",
            "aws rds describe-option-groups",
            Who.RESOURCE_OWNER,
        ),
        page=_NATIVE,
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        ("rds_task_status", "rds_backup_database", "rds_restore_database", "sqlserver_backup_restore"),
        rf"{_NATIVE_TASK}[\s\S]{{0,4000}}?{_FORBIDDEN}|{_FORBIDDEN}[\s\S]{{0,4000}}?{_NATIVE_TASK}",
        "the role of the option SQLSERVER_BACKUP_RESTORE",
        "S3 refuses the role of native backup and restore",
        "S3 refuses the role of the option SQLSERVER_BACKUP_RESTORE, or the S3 ARN names the wrong bucket or file. "
        "The SQL login is not the cause.",
        UsualCause(
            "Compare the ARN in the call first: arn:aws:s3:::BUCKET/FILE, in the Region of the DB instance. "
            "Then the role (IAM_ROLE_ARN of the option) needs s3:ListBucket and s3:GetBucketLocation on the "
            "bucket, and s3:GetObject, s3:GetObjectAttributes, s3:PutObject, s3:ListMultipartUploadParts and "
            "s3:AbortMultipartUpload on its objects, with a KMS key also kms:DescribeKey, kms:GenerateDataKey, "
            "kms:Encrypt and kms:Decrypt.",
            "aws rds describe-option-groups --query 'OptionGroupsList[].Options[]'",
            needs=("s3:ListBucket", "s3:GetBucketLocation"),
        ),
        page=_NATIVE,
    ),
)

SQL_SERVER_DIRECTORY: tuple[ServiceSentence, ...] = (
    row(
        "iam role provided is not valid",
        r"IAM role provided is not valid\. Check that the role exists and has the correct policies",
        "RDS",
        "the role for the directory is missing or incomplete",
        "RDS does not accept the role for the domain: it must exist, trust directoryservice.rds.amazonaws.com and "
        "rds.amazonaws.com, and have AmazonRDSDirectoryServiceAccess.",
        UsualCause(
            "Compare the role's name (--domain-iam-role-name takes the name, not the ARN), its trust policy "
            "and its managed policy.",
            "aws iam get-role --role-name ROLE",
            Who.RESOURCE_OWNER,
        ),
        page=f"{_RDS}/USER_SQLServerWinAuth.html",
    ),
)
