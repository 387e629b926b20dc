"""Messages of Snowflake about the role of its storage integration."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import OwnRequest, ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

SNOWFLAKE: tuple[ServiceSentence, ...] = (
    row(
        "error assuming aws_role",
        r"Error assuming AWS_ROLE(?!:\s*User:)",
        "Snowflake, by the role's trust policy",
        "the role of the integration does not let Snowflake assume it",
        "The integration's role does not let Snowflake assume it: its trust policy must name the IAM user and the "
        "external ID that DESC INTEGRATION shows. Permissions on S3 are checked only after this.",
        UsualCause(
            "Compare DESC INTEGRATION with the role's trust policy: STORAGE_AWS_IAM_USER_ARN is the Principal, "
            "STORAGE_AWS_EXTERNAL_ID the value of sts:ExternalId, and STORAGE_AWS_ROLE_ARN the role itself. An "
            "integration that is created again (CREATE OR REPLACE) gets another external ID.",
            "aws iam get-role --role-name ROLE --query Role.AssumeRolePolicyDocument",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.snowflake.com/en/user-guide/data-load-s3-config-storage-integration",
        actions=("sts:AssumeRole",),
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
        asks=(OwnRequest("{integration_user}", "sts:AssumeRole"),),
    ),
    row(
        ("failure using stage area", "failed to access remote file"),
        r"Failure using stage area\. Cause: \[(?:Access Denied|Forbidden)"
        r"|Failed to access remote file: access denied\. Please check your credentials",
        "the identity of Snowflake's stage",
        "S3 refused the role of the stage's storage integration, or the keys of the stage",
        "S3 refused the identity of the stage: the role of its storage integration (or its keys) lacks an S3 action, "
        "or "
        "its policy does not cover this path. Snowflake could assume the role, so its trust policy is not the cause.",
        UsualCause(
            "The policy in the text limits s3:prefix or a folder: compare it with the path of the stage. Listing needs "
            "s3:ListBucket for that prefix, reading needs s3:GetObject and s3:GetObjectVersion on BUCKET/PREFIX/*.",
            who=Who.ACCOUNT_ADMIN,
            shown_by=r"\bs3:prefix\b",
            needs_evidence=True,
        ),
        UsualCause(
            "Allow the role s3:ListBucket and s3:GetBucketLocation on the bucket, s3:GetObject and s3:GetObjectVersion "
            "on its objects (to unload also s3:PutObject and s3:DeleteObject), and kms:Decrypt (kms:GenerateDataKey) "
            "if "
            "a customer managed key encrypts them. DESC INTEGRATION and DESC STAGE show the role and the path.",
            "aws s3api get-bucket-policy --bucket BUCKET --query Policy",
        ),
        UsualCause(
            "Otherwise a Deny in the bucket's policy refuses the call, for example a Deny of all but certain networks "
            "or VPC endpoints. Snowflake calls from its own VPC.",
        ),
        page="https://docs.snowflake.com/en/user-guide/data-load-s3-config-storage-integration",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)
