"""Messages of Amazon Redshift about COPY, UNLOAD and audit logs."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who

AUDIT_LOGS: tuple[ServiceSentence, ...] = (
    row(
        "insufficients3bucketpolicyfault",
        r"\bInsufficientS3BucketPolicyFault\b",
        "Amazon Redshift, which writes the audit logs",
        "the bucket does not let Redshift write its logs",
        "The bucket's policy does not let Redshift write the cluster's audit logs.",
        UsualCause(
            "The bucket's policy must allow redshift.amazonaws.com to perform s3:GetBucketAcl on the bucket "
            "and s3:PutObject on "
            "its objects.",
            "aws s3api get-bucket-policy --bucket BUCKET",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/redshift/latest/APIReference/API_EnableLogging.html",
    ),
)

COPY_AND_UNLOAD: tuple[ServiceSentence, ...] = (
    row(
        "s3serviceexception",
        r"S3ServiceException:\s*Access\s*Denied(?:,\s*Status\s*403|(?=[\s\S]{0,2000}\b(?:redshift|UNLOAD|COPY)\b))"
        r"|\b(?:redshift|UNLOAD|COPY)\b[\s\S]{0,2000}S3ServiceException:\s*Access\s*Denied",
        "the role of the COPY or UNLOAD command",
        "the role of the COPY or UNLOAD command is not allowed to use the bucket",
        "The role that the COPY or UNLOAD command names is not allowed to read or write the bucket; the permissions of "
        "the database user and of the person at the client are not the cause.",
        UsualCause(
            "Two policies must allow the access: those of {role} (s3:GetObject and s3:ListBucket, for UNLOAD "
            "s3:PutObject, and the KMS key), and the bucket's policy in account {other}, with {role} as "
            "principal. Objects that a third account wrote must belong to the bucket's owner (Object Ownership "
            "BucketOwnerEnforced).",
            None,
            Who.RESOURCE_OWNER,
            shown_by=r"\A(?=[\s\S]*?(?:IAM_ROLE\s+'|aws_iam_role=)(?P<role>arn:[\w-]+:iam::(?P<own>\d{12}):role/"
            r"[\w+=,.@/-]*\w))(?=[\s\S]*?\bbucket\b[^\n]{0,60}?\b"
            r"(?:belongs to|is (?:owned by|in|of)|lives in|owner)\b[^\d\n]{0,30}"
            r"(?!(?P=own))(?P<other>\d{12})\b)",
            decides="The bucket belongs to account {other}, and the command's role to {own}: in addition to "
            "the role's own policies, the bucket's policy in {other} must allow {role}.",
        ),
        UsualCause(
            "The role in the command (IAM_ROLE) lacks s3:GetObject and s3:ListBucket (for UNLOAD, "
            "s3:PutObject) or permission to use the bucket's KMS key, or the bucket policy denies the role "
            "access.",
            "aws redshift describe-clusters --query 'Clusters[].[ClusterIdentifier,IamRoles]'",
        ),
        page="https://docs.aws.amazon.com/redshift/latest/dg/s3serviceexception-error.html",
        cause="unreadable",
    ),
)
