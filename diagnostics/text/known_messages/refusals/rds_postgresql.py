"""Messages of RDS and Aurora PostgreSQL about S3."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, assumed_by, row
from diagnostics.who import Who

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
