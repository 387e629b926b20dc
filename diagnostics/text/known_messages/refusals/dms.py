"""Messages of AWS Database Migration Service about its roles, keys and S3."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    OwnRequest,
    ServiceSentence,
    UsualCause,
    assumed_by,
    of_codes,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"

DMS_S3: tuple[ServiceSentence, ...] = (
    row(
        "failed to connect to s3 endpoint",
        r"Failed to connect to S3 endpoint(?=[\s\S]*(?:\bDMS\b|:dms:|Error Level|replication task))",
        "the role of the DMS endpoint",
        "the endpoint's own role is refused",
        "DMS could not use S3 with the role of its endpoint (ServiceAccessRoleArn): change that role, not the caller's "
        "policies.",
        UsualCause(
            "The endpoint's role must trust dms.amazonaws.com and be allowed s3:ListBucket on the bucket, and "
            "on its objects s3:PutObject, s3:PutObjectTagging and s3:DeleteObject (for a source endpoint, "
            "s3:GetObject instead).",
            "aws dms describe-endpoints --query 'Endpoints[].S3Settings.ServiceAccessRoleArn'",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Target.S3.html",
        asks=assumed_by("dms.amazonaws.com"),
    ),
)

DMS_ROLES: tuple[ServiceSentence, ...] = (
    row(
        "is not configured properly",
        r"IAM Role (?P<resource>arn:[\w-]+:iam::\d{12}:role/(?:\S+/)?dms-[\w+=,.@-]+) is not configured properly",
        "DMS's service role",
        "the role that DMS needs is missing or incomplete",
        "The role that DMS needs by this name is missing, does not trust dms.amazonaws.com, or lacks its policy.",
        # AWS DMS User Guide, "Using secrets to access AWS Database Migration Service endpoints"
        # (https://docs.aws.amazon.com/dms/latest/userguide/security_iam_secretsmanager.html).
        UsualCause(
            "The role with which an endpoint reads its secret trusts DMS's regional principal, "
            "dms.REGION.amazonaws.com, in place of dms.amazonaws.com. This role needs "
            "secretsmanager:GetSecretValue on the secret and kms:Decrypt on the secret's key.",
            None,
            Who.RESOURCE_OWNER,
            shown_by=r"(?i)\bSecretsManager(?:AccessRoleArn|SecretId)\b|\bregional service principal\b"
            r"|:role/(?:\S+/)?dms-[\w-]*secret",
            decides="The role reads the endpoint's secret, so its trust policy must name DMS's regional "
            "principal, dms.REGION.amazonaws.com: dms.amazonaws.com is not enough.",
        ),
        UsualCause(
            "Create the role with exactly this name, trust for dms.amazonaws.com and its managed policy "
            "(AmazonDMSVPCManagementRole for dms-vpc-role, AmazonDMSCloudWatchLogsRole for "
            "dms-cloudwatch-logs-role); then try again after a few seconds.",
            "aws iam list-roles --query \"Roles[?starts_with(RoleName,'dms-')].RoleName\"",
            shown_by=r"The role with name dms-[\w+=,.@-]+ cannot be found",
            decides="The role that DMS needs by this name does not exist in the account: create it with exactly "
            "this name, trust for dms.amazonaws.com and its managed policy.",
        ),
        UsualCause(
            "DMS looks only for a role with exactly this name, and not for one with a prefix or suffix, which the "
            "text shows. Create it, with trust for dms.amazonaws.com and its managed policy "
            "(AmazonDMSVPCManagementRole for dms-vpc-role, AmazonDMSCloudWatchLogsRole for "
            "dms-cloudwatch-logs-role); then try again after a few seconds. Leave the other role as it is.",
            "aws iam list-roles --query \"Roles[?contains(RoleName,'dms-')].RoleName\"",
            shown_by=r"(?s):role/(?P<fixed>dms-[\w-]+) is not configured properly"
            r"(?=.*(?<![\w+=,.@/-])(?:[\w+=,.@-]+[-_](?P=fixed)|(?P=fixed)[-_][\w-]+)(?![\w+=,.@-]))"
            r"(?!.*(?<![\w+=,.@-])(?P=fixed)(?![\w+=,.@-]))",
            decides="Create the role that DMS needs with exactly this name: DMS does not look at the role with the "
            "longer name in the text. The caller's permissions are not the cause.",
        ),
        UsualCause(
            "The role must have exactly this name, trust dms.amazonaws.com and have its managed policy "
            "(AmazonDMSVPCManagementRole for dms-vpc-role).",
            "aws iam list-roles --query \"Roles[?starts_with(RoleName,'dms-')].RoleName\"",
        ),
        UsualCause(
            "The role was created a moment ago, by the same stack or deployment. A new role can take a few "
            "seconds to become usable: make the DMS resource depend on the role's policy attachment, and try "
            "again.",
            None,
            Who.CALLER,
        ),
        page="https://docs.aws.amazon.com/dms/latest/userguide/security-iam.html",
        asks=(OwnRequest("dms.amazonaws.com", "sts:AssumeRole"),),
    ),
)

DMS_TARGETS: tuple[ServiceSentence, ...] = (
    row(
        ("failed to list bucket", "failed to connect to s3 target", "failed to connect to target s3"),
        r"[Ff]ailed to list bucket ['\"]?(?P<bucket>[a-z0-9][\w.-]{1,61}[a-z0-9])(?=[\s\S]{0,600}(?:TARGET_|1001730"
        r"|1020912))"
        r"|(?:TARGET_|1020912)[\s\S]{0,600}?[Ff]ailed to list bucket ['\"]?(?P<of>[a-z0-9][\w.-]{1,61}[a-z0-9])",
        "the role of the DMS endpoint (ServiceAccessRoleArn)",
        "DMS could not list the target bucket with the role of its endpoint",
        "DMS could not list the target bucket: the role of the S3 endpoint needs s3:ListBucket on the bucket itself "
        "(its "
        "ARN without /*), and the bucket must be in the replication instance's Region.",
        UsualCause(
            "Allow the role s3:ListBucket on arn:aws:s3:::BUCKET, and s3:PutObject, s3:DeleteObject and "
            "s3:PutObjectTagging on arn:aws:s3:::BUCKET/*; with a KMS key also kms:GenerateDataKey and "
            "kms:Decrypt. Its trust policy must let dms.amazonaws.com assume it.",
            "aws dms describe-endpoints --query 'Endpoints[].[EndpointIdentifier,S3Settings.ServiceAccessRoleArn]'",
        ),
        UsualCause(
            "If the role has this permission, check the network: a replication instance that cannot reach S3 "
            "(no S3 gateway endpoint in its route table, or an endpoint policy without the bucket) fails with "
            "the same message.",
            None,
        ),
        page="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Target.S3.html",
        actions=("s3:ListBucket",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
        asks=(OwnRequest("", "s3:ListBucket"),),
    ),
)

DMS_KEYS: tuple[ServiceSentence, ...] = (
    row(
        "kmsaccessdeniedfault",
        r"\bKMSAccessDeniedFault\b",
        "DMS or the caller",
        "the KMS key does not exist in this Region, or its policy does not allow its use",
        "The KMS key of the DMS resource does not exist in this Region, or its key policy does not let the caller and "
        "DMS use it.",
        # Amazon SNS Developer Guide, "Key management": event sources and encrypted topics
        # (https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html).
        UsualCause(
            "The policy of the topic's KMS key must allow dms.amazonaws.com to perform kms:GenerateDataKey* "
            "and kms:Decrypt, and the topic's own policy must allow this service sns:Publish.",
            None,
            Who.RESOURCE_OWNER,
            shown_by=r"SNS topic",
            decides="The KMS key of the SNS topic does not let DMS use it: its key policy must allow the "
            "principal dms.amazonaws.com, in the account that owns the key.",
        ),
        UsualCause(
            "Compare the key's ARN and Region, then allow the caller kms:DescribeKey, kms:CreateGrant, "
            "kms:Encrypt and kms:Decrypt on it. If the key is in another account, its key policy must also "
            "allow these actions.",
            "aws kms describe-key --key-id KEY",
            needs=("kms:DescribeKey", "kms:CreateGrant", "kms:Encrypt", "kms:Decrypt"),
        ),
        page="https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Security.html",
    ),
)

DMS_ENDPOINTS: tuple[ServiceSentence, ...] = (
    row(
        "unable to find secrets manager secret",
        r"Unable to find (?:AWS )?Secrets Manager secret",
        "the endpoint's secret access role",
        "DMS could not read the endpoint's secret",
        "DMS could not read the secret of the endpoint: its own role (SecretsManagerAccessRoleArn) is refused, or the "
        "replication instance cannot reach Secrets Manager.",
        UsualCause("The text shows a timeout: the replication instance cannot reach Secrets Manager.", None,
                   Who.RESOURCE_OWNER, shown_by=r"curlCode: (?:28|6|7)\b|Timeout was reached",
                   decides="The DMS replication instance cannot reach Secrets Manager (timeout): give it access "
                   "through a NAT gateway or an interface endpoint, and in the security groups. No permission is "
                   "missing."),
        UsualCause("The role must trust dms.REGION.amazonaws.com (with the Region), and needs "
                   "secretsmanager:GetSecretValue on the secret and kms:Decrypt on its key.",
                   "aws dms describe-endpoints --query 'Endpoints[].[EndpointIdentifier,EndpointArn]'",
                   needs=("secretsmanager:GetSecretValue", "kms:Decrypt")),
        page=f"{_API}/dms/latest/userguide/security_iam_secretsmanager.html",
    ),
    # AWS DMS User Guide, "Using Amazon S3 as a target": prerequisites, and encryption with KMS keys.
    row(
        ("failed to upload file", "s3 write/upload failed"),
        r"Failed to upload file '[^'\n]{1,300}' to bucket '(?P<bucket>[a-z0-9.-]+)' as '(?P<key>[^'\n]+)'",
        "the role of the S3 endpoint",
        "DMS could not write to the bucket",
        "DMS could not write {key} to {bucket}. It writes with the role of the target endpoint "
        "(ServiceAccessRoleArn): check that role, not the person who starts the task.",
        UsualCause("The endpoint encrypts with a KMS key (SSE_KMS): allow its role kms:Encrypt, kms:Decrypt, "
                   "kms:ReEncrypt*, kms:GenerateDataKey* and kms:DescribeKey on the key, in the role's policies and in "
                   "the key policy.",
                   "aws dms describe-endpoints --query 'Endpoints[].[EndpointIdentifier,S3Settings]'",
                   shown_by=r"\bSSE_KMS\b|ServerSideEncryptionKmsKeyId|serverSideEncryptionKmsKeyId",
                   needs_evidence=True),
        UsualCause("Allow the role s3:PutObject, s3:DeleteObject and s3:PutObjectTagging on arn:aws:s3:::{bucket}/*, "
                   "and s3:ListBucket on arn:aws:s3:::{bucket}; it must trust dms.amazonaws.com. A bucket of another "
                   "account must allow the role in its policy, and in a private subnet an S3 endpoint is needed.",
                   "aws dms describe-endpoints --query 'Endpoints[].[EndpointIdentifier,S3Settings]'",
                   needs=("s3:PutObject", "s3:DeleteObject", "s3:PutObjectTagging", "s3:ListBucket")),
        page=f"{_API}/dms/latest/userguide/CHAP_Target.S3.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip
DMS_S3_CODES: tuple[ServiceSentence, ...] = (
    of_codes(
        "S3AccessDeniedFault",
        "the role of the DMS endpoint",
        "DMS is not allowed to use the S3 object",
        "DMS is not allowed to use the S3 object with the role that it was given.",
        "The role must trust dms.amazonaws.com, and needs the S3 actions on the bucket and its objects, and the use of "
        "their KMS key.",
        f"{_API}/dms/latest/APIReference/API_CreateEndpoint.html",
    ),
)  # fmt: skip
