"""Messages of RDS about S3 from PostgreSQL, Oracle and SQL Server, and about directories and grants."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    ServiceSentence,
    UsualCause,
    assumed_by,
    no_permission,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_NO_ROLE = UsualCause(
    "Associate a role with the database (aws rds add-role-to-db-instance, for Aurora add-role-to-db-cluster): with "
    "--feature-name s3Import for imports, s3Export for exports. The role must trust rds.amazonaws.com.",
    None,
    Who.RESOURCE_OWNER,
    shown_by=r"AssociatedRoles\W{1,6}\[\s*\]",
    decides="The text shows that the database has no role at all, but it needs its own role to use S3.",
)

POSTGRESQL_S3: tuple[ServiceSentence, ...] = (
    # Amazon RDS User Guide, "Exporting data from an RDS for PostgreSQL DB instance to Amazon S3".
    row(
        ("query_export_to_s3", "could not upload to amazon s3"),
        r"HTTP 403\. Permission denied[\s\S]{0,400}?(?P<call>query_export_to_s3)"
        r"|aws_s3\.(?P<asked_call>query_export_to_s3)[\s\S]{0,400}?HTTP 403\. Permission denied"
        r"|could not upload to Amazon S3[\s\S]{0,200}?Access ?Denied",
        "the role of the database",
        "the database's role is not allowed to use the bucket",
        "The role that is attached to the database is not allowed to use the bucket: change that role, not the "
        "caller's policies or the database's grants.",
        UsualCause(
            "Associate a role with the database: aws rds add-role-to-db-instance (for Aurora "
            "add-role-to-db-cluster) with --feature-name s3Export. The role must trust rds.amazonaws.com and "
            "be allowed s3:PutObject and s3:AbortMultipartUpload on the bucket's objects, and the use of the "
            "bucket's KMS key. A role for {feature} is not used for exports.",
            None,
            Who.RESOURCE_OWNER,
            shown_by=r"AssociatedRoles(?![\s\S]*s3Export)[\s\S]{0,400}?\bFeatureName\W{1,6}(?P<feature>\w+)",
            decides="The text shows a role for {feature} only. An export to S3 uses the database's role with "
            "the feature s3Export. Neither the database's grants nor the permissions of whoever runs the query "
            "are the cause.",
        ),
        _NO_ROLE,
        UsualCause(
            "The database's role with the feature s3Export needs s3:PutObject and s3:AbortMultipartUpload on "
            "the objects, and with a KMS key kms:GenerateDataKey and kms:Decrypt. A role for s3Import is not "
            "used for exports.",
            "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,AssociatedRoles]'",
            needs=("s3:PutObject", "s3:AbortMultipartUpload"),
        ),
        page="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/postgresql-s3-export.html",
        asks=assumed_by("rds.amazonaws.com"),
    ),
    row(
        "table_import_from_s3",
        r"HTTP 403\. Permission denied[\s\S]{0,400}?(?P<call>table_import_from_s3)"
        r"|aws_s3\.(?P<asked_call>table_import_from_s3)[\s\S]{0,400}?HTTP 403\. Permission denied",
        "the role of the database",
        "the database's role is not allowed to use the bucket",
        "The role that is attached to the database is not allowed to use the bucket: change that role, not the "
        "caller's policies or the database's grants.",
        _NO_ROLE,
        UsualCause(
            "The database's role with the feature s3Import needs s3:GetObject on the objects and s3:ListBucket "
            "on the bucket, and with a KMS key kms:Decrypt.",
            "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,AssociatedRoles]'",
            needs=("s3:GetObject", "s3:ListBucket"),
        ),
        page="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PostgreSQL.S3Import.html",
    ),
)

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

ORACLE_DIRECTORY_AND_GRANTS: tuple[ServiceSentence, ...] = (
    row(
        "add the s3_integration role",
        r"doesn['’]t have credentials to access the specified Amazon S3 bucket",
        "the DB instance",
        "the instance has no role for S3_INTEGRATION",
        "The Oracle DB instance has no role for S3: associate one with the feature S3_INTEGRATION. The database user "
        "needs no further permission.",
        UsualCause(
            "aws rds add-role-to-db-instance --feature-name S3_INTEGRATION --role-arn ROLE. The role must trust "
            "rds.amazonaws.com; the instance also needs the option S3_INTEGRATION.",
            "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,AssociatedRoles]'",
            Who.RESOURCE_OWNER,
        ),
        page=f"{_RDS}/oracle-s3-integration.preparing.html",
    ),
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
    no_permission(
        "exceeded its grant limit",
        r"encryption key has exceeded its grant limit",
        "The KMS key has reached its quota of grants: retire grants that nobody uses, or encrypt with another key. No "
        "permission is missing.",
        "List the grants (aws kms list-grants --key-id KEY) and retire or revoke those of clusters and volumes that no "
        "longer exist; the quota is “Grants per KMS key” in Service Quotas.",
        "https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html",
    ),
    row(
        "invalids3bucketfault",
        r"\bInvalidS3BucketFault\b",
        "the ingestion role",
        "RDS cannot read the bucket with the ingestion role, or the bucket's name is wrong",
        "RDS cannot use the bucket: the bucket's name is wrong, or the ingestion role (S3IngestionRoleArn) is not "
        "allowed to read the bucket. The caller's own S3 permissions do not matter.",
        UsualCause(
            "Check whether the bucket exists in the Region of the database. Then the role must trust "
            "rds.amazonaws.com, and needs s3:ListBucket and s3:GetBucketLocation on the bucket, s3:GetObject on "
            "its objects, and kms:Decrypt on their key.",
            "aws s3api get-bucket-location --bucket BUCKET",
            needs=("s3:ListBucket", "s3:GetBucketLocation", "s3:GetObject"),
        ),
        page="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterFromS3.html",
    ),
)
