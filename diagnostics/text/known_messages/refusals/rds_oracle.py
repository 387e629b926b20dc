"""Messages of RDS for Oracle about S3."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who

_RDS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide"

ORACLE_S3: tuple[ServiceSentence, ...] = (
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
)
