"""Messages of Amazon Data Firehose."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    OwnRequest,
    ServiceSentence,
    UsualCause,
    lacking,
    no_permission,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"
_FIREHOSE = f"{_API}/firehose/latest/dev/monitoring-with-cloudwatch-logs.html"
_STREAM = "aws firehose describe-delivery-stream --delivery-stream-name STREAM"

FIREHOSE_ROLES_AND_KEYS: tuple[ServiceSentence, ...] = (
    row(
        "firehose to assume the role",
        r"trust policy for the provided IAM role allows (?:Kinesis )?(?:Data )?Firehose to assume the role",
        "the stream's delivery role",
        "Firehose could not assume its role, or the role is not allowed to write to the bucket",
        "AWS refused the role of the Firehose stream, not the caller: the role's trust policy, its own policies or "
        "the bucket's policy refuses it.",
        # Amazon Data Firehose Developer Guide, "Controlling access", Apache Iceberg Tables
        # (https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-iceberg).
        UsualCause("Allow the stream's role glue:GetTable, glue:GetDatabase and glue:UpdateTable on the catalog, the "
                   "database and the table, and with Lake Formation also its own grants (and "
                   "lakeformation:GetDataAccess). Its trust policy must name firehose.amazonaws.com.",
                   "aws firehose describe-delivery-stream --delivery-stream-name STREAM",
                   shown_by=r"access policy allows access to the AWS Glue service|Iceberg\.GlueAccessDenied",
                   decides=(
                       "Glue refused the role of the Firehose stream: allow that role glue:GetTable, glue:GetDatabase "
                       "and glue:UpdateTable on the catalog, the database and the table."
                   )),
        UsualCause("Write {account} in place of {other} in the trust policy's condition on sts:ExternalId.",
                   shown_by=r"\A(?=[\s\S]*?:firehose:[\w-]+:(?P<account>\d{12}):deliverystream/)"
                            r"(?=[\s\S]*?sts:ExternalId\W{1,6}(?P<other>\d{12}))"
                            r"(?![\s\S]*?sts:ExternalId[^\]}]*?(?P=account))",
                   decides="The trust policy in the text wants sts:ExternalId {other}, but Firehose most likely sends "
                   "the number of the stream's account, {account}: write that number."),
        UsualCause("The trust policy of the stream's role must let firehose.amazonaws.com perform sts:AssumeRole. The "
                   "role's policies must allow s3:PutObject, s3:GetBucketLocation, s3:ListBucket, "
                   "s3:ListBucketMultipartUploads and s3:AbortMultipartUpload on the bucket and its objects.",
                   needs=("s3:PutObject", "s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads",
                          "s3:AbortMultipartUpload")),
        UsualCause("The bucket is encrypted with a KMS key that the role is not allowed to use (kms:GenerateDataKey, "
                   "kms:Decrypt), or the bucket's policy denies the role."),
        page="https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html",
        # As the trust policy there asks for it, the external ID is the account's number.
        asks=(OwnRequest("firehose.amazonaws.com", "sts:AssumeRole", keys=(("sts:ExternalId", "{account}"),)),),
    ),
    # Firehose API Reference, "StartDeliveryStreamEncryption": the call creates the grant on the key.
    row(
        "grant for the cmk to this delivery stream",
        r"The grant for the CMK to this delivery stream might have been revoked",
        "the stream",
        "the stream's grant on its KMS key is missing, or the caller is not allowed to use the key",
        "Firehose cannot use the KMS key of the stream's own encryption: the stream's grant on it is missing, or the "
        "caller is not allowed to use the key.",
        UsualCause("The policy in the text has actions on the key without kms:CreateGrant, which whoever turns on the "
                   "stream's encryption needs: if this is the policy of that role or user, add kms:CreateGrant on the "
                   "key, then turn the encryption on again. An Allow for a service in the key policy does not cover a "
                   "role.",
                   shown_by=r"Action[\"']?\s*[:=]\s*\[(?=[^\]]*kms:(?:Decrypt|Encrypt|GenerateDataKey))"
                   r"(?![^\]]*kms:(?:CreateGrant|\*))[^\]]*\]", needs_evidence=True),
        UsualCause("Create the grant again: turn on the stream's encryption with the key (aws firehose "
                   "start-delivery-stream-encryption). The caller of that command needs kms:CreateGrant on the key, "
                   "and a session that is at most 6 hours old. The key must be enabled.",
                   "aws kms describe-key --key-id KEY", Who.RESOURCE_OWNER),
        UsualCause("The message also names the caller: see in CloudTrail which identity KMS refused and for which "
                   "action, and allow that identity the action in its policies and in the key policy."),
        page="https://docs.aws.amazon.com/firehose/latest/APIReference/API_StartDeliveryStreamEncryption.html",
    ),
    lacking(
        "calling glue",
        r"Access was denied when calling Glue",
        "the delivery stream's role",
        ("glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"),
        UsualCause("The role in the settings of the data format conversion lacks the actions on the catalog, the "
                   "database and the table.", "aws firehose list-delivery-streams"),
        UsualCause("Lake Formation protects the database or table: grant the role DESCRIBE and SELECT in Lake "
                   "Formation, in addition to its IAM "
                   "permissions.", "aws lakeformation list-permissions", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html",
        on="on Glue's catalog, database and table",
    ),
    lacking(
        "used to encrypt/decrypt the kinesis stream",
        r"does not have access to the KMS Key used to encrypt/decrypt the Kinesis Stream",
        "the delivery stream's role",
        ("kms:Decrypt",),
        UsualCause("The source stream is encrypted: allow the delivery stream's role to perform kms:Decrypt on that "
                   "key, in the role's policies and in the key's.", "aws firehose list-delivery-streams"),
        page="https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html",
        on="on the source stream's key",
    ),
    lacking(
        ("s3.kms.accessdenied", "iam role has the permission to call kms"),
        r"\bS3\.KMS\.AccessDenied(?:Exception)?\b|Ensure that the provided IAM role has the permission to call KMS",
        "the role of the Firehose stream",
        ("kms:GenerateDataKey", "kms:Decrypt"),
        UsualCause("The policies of the stream's role, or the policy of the key, lack one of the two actions: both "
                   "must allow the role if the key is in another account.",
                   "aws firehose describe-delivery-stream --delivery-stream-name STREAM"),
        page="https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html",
        on="on the KMS key of the destination",
    ),
)  # fmt: skip

FIREHOSE_FUNCTIONS: tuple[ServiceSentence, ...] = (
    row(
        ("access policy allows access to the lambda function", "lambda.invokeaccessdenied"),
        r"access policy allows access to the Lambda function|\bLambda\.InvokeAccessDenied\b",
        "the stream's delivery role",
        "Firehose's role is not allowed to invoke the function",
        "The delivery role of the Firehose stream is not allowed to invoke the function that transforms its records: "
        "change that role, not the function's execution role.",
        UsualCause("Allow the delivery role to perform lambda:InvokeFunction and lambda:GetFunctionConfiguration on "
                   "the function's ARN with its version (function:NAME:$LATEST, or function:NAME:*). A function of "
                   "another account must allow the role in its own policy, too.",
                   "aws firehose describe-delivery-stream --delivery-stream-name STREAM"),
        page="https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html",
        actions=("lambda:InvokeFunction",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip

FIREHOSE_DESTINATIONS: tuple[ServiceSentence, ...] = (
    row(
        ("lambda.assumeroleaccessdenied", "redshift.accessdenied"),
        r"\b(?:Lambda\.AssumeRoleAccessDenied|Redshift\.AccessDenied)\b",
        "Firehose",
        "Firehose cannot assume the stream's role",
        "Firehose cannot assume the role of the stream: its trust policy must let firehose.amazonaws.com perform "
        "sts:AssumeRole.",
        UsualCause("If the trust policy has conditions, sts:ExternalId must be the account's number, and aws:SourceArn "
                   "the stream's ARN. The producer's permissions are not the cause.", _STREAM, Who.RESOURCE_OWNER),
        page=_FIREHOSE,
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
    row(
        "redshift.s3bucketaccessdenied",
        r"\bRedshift\.S3BucketAccessDenied\b",
        "the delivery role, which Redshift's COPY uses",
        "the COPY of the stream cannot read the bucket",
        "The COPY command of the stream cannot read the intermediate bucket: allow the stream's role to perform "
        "s3:GetObject and s3:ListBucket on the bucket, and to use its KMS key.",
        UsualCause("COPY reads with the role in the stream's S3 settings. The bucket's policy must not deny access to "
                   "this role.",
                   _STREAM),
        page=_FIREHOSE,
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    no_permission(
        ("redshift.authenticationfailed", "redshift.insufficientprivilege"),
        r"\bRedshift\.(?:AuthenticationFailed|InsufficientPrivilege)\b",
        "Redshift refuses the stream's database user: its password is wrong, or it lacks INSERT on the table. No IAM "
        "permission is missing.",
        "For AuthenticationFailed, correct the user name and password in the stream (aws firehose update-destination). "
        "For InsufficientPrivilege, run GRANT INSERT ON TABLE … for the user.",
        _FIREHOSE,
    ),
    no_permission(
        ("splunk.invalidtoken", "splunk.disabledtoken", "splunk.invalidindex"),
        r"\bSplunk\.(?:InvalidToken|DisabledToken|InvalidIndex)\b",
        "Splunk refuses the stream's HEC token: it is wrong, disabled, or for another index. No permission in AWS is "
        "missing.",
        "Compare the token with Splunk's HTTP Event Collector and update the stream (or its secret in Secrets "
        "Manager). In Splunk, enable the token and indexer acknowledgement.",
        _FIREHOSE,
    ),
)  # fmt: skip

FIREHOSE_ENCRYPTION: tuple[ServiceSentence, ...] = (
    row(
        "invalidkmsresource",
        r"\bInvalidKMSResourceException\b(?![\s\S]{0,300}?grant for the CMK)",
        "Firehose, or the caller of the encryption",
        "Firehose cannot use the stream's KMS key",
        "Firehose cannot use the KMS key of the stream's own encryption: the caller lacks kms:CreateGrant on the key, "
        "or the key is disabled, missing or of the wrong kind.",
        UsualCause("Turn on the stream's encryption again as a caller with kms:CreateGrant on the key. The key policy "
                   "must allow kms:CreateGrant to that caller, too. If records are refused, check the key's state and "
                   "its grants.",
                   "aws kms describe-key --key-id KEY"),
        page=f"{_API}/firehose/latest/APIReference/API_StartDeliveryStreamEncryption.html",
    ),
)  # fmt: skip
