"""Messages of CloudWatch Logs about KMS keys, subscription filters and exports."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    LISTS_FUNCTIONS,
    OwnRequest,
    ServiceSentence,
    UsualCause,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

# CloudWatch Logs User Guide, "Subscription filters with AWS Lambda": its copy of 2023 has logs.REGION.amazonaws.com and
# an ARN that ends in a colon
# (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html).
_THE_GROUP = "arn:{partition}:logs:{region}:{account}:log-group:{group}:"

LOG_GROUP_KEYS_AND_FILTERS: tuple[ServiceSentence, ...] = (
    # Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS Key Management Service".
    row(
        "kms key does not exist or is not allowed to be used with",
        r"KMS key does not exist or is not allowed to be used with \S* ?['\"]?"
        r"(?P<group>arn:[\w-]+:logs:(?P<region>[\w-]+):[^\s:]*:log-group:[^\s'\",;)]+)",
        "CloudWatch Logs",
        "the KMS key does not let CloudWatch Logs use it",
        "The KMS key's policy does not let CloudWatch Logs use the key for this log group: add a statement for "
        "logs.{region}.amazonaws.com to the key policy. The caller's own policies are not the cause.",
        UsualCause(
            'Add to the key policy a statement for Principal {"Service": "logs.{region}.amazonaws.com"} '
            'with kms:Encrypt*, kms:Decrypt*, kms:ReEncrypt*, kms:GenerateDataKey* and kms:Describe* on "*". '
            "Preferably add a condition that kms:EncryptionContext:aws:logs:arn is {group}. The default key "
            "policy has no such statement.",
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "The key is in a Region other than {region}, is disabled or pending deletion, or is not symmetric. "
            "Or the key was created a moment ago: try again.",
            None,
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
        actions=("kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"),
        asks=(
            OwnRequest(
                "logs.{region}.amazonaws.com",
                "kms:GenerateDataKey",
                keys=(("kms:EncryptionContext:aws:logs:arn", "{group}"),),
            ),
        ),
    ),
    row(
        "kms key does not exist or is not allowed to be used with",
        r"KMS key does not exist or is not allowed to be used with (?:the )?log\W{0,2}group",
        "CloudWatch Logs",
        "the KMS key does not let CloudWatch Logs use it",
        "The KMS key's policy most likely does not let CloudWatch Logs use the key for this log group: add a "
        "statement for logs.REGION.amazonaws.com to the key policy. The caller's own policies are not the cause.",
        UsualCause(
            'Add to the key policy a statement for Principal {"Service": "logs.REGION.amazonaws.com"} with '
            'kms:Encrypt*, kms:Decrypt*, kms:ReEncrypt*, kms:GenerateDataKey* and kms:Describe* on "*". '
            "Preferably add a condition that kms:EncryptionContext:aws:logs:arn is the log group's ARN. The "
            "default key policy, also for keys that the CDK creates, has no such statement (in the CDK, call "
            "key.grantEncryptDecrypt with a ServicePrincipal).",
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "The key is in a different Region from the log group, is disabled or pending deletion, or is not "
            "symmetric. Or the key was created a moment ago: try again.",
            None,
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
        actions=("kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"),
    ),
    row(
        "could not deliver test message to specified",
        r"Could not deliver test message to specified (?P<kind>Firehose|Kinesis|destination)",
        "the role that CloudWatch Logs delivers with",
        "CloudWatch Logs could not deliver with the role",
        "CloudWatch Logs could not deliver a test message to the {kind} target: its role cannot be assumed, lacks the "
        "action, or the stream is not active yet.",
        # Kinesis Data Streams Developer Guide, "Permissions to use user-generated KMS keys"
        # (https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html).
        UsualCause(
            "Allow the role to perform kms:GenerateDataKey on {key}, and check that the key policy lets the "
            "role's account use the key. Check the role's trust policy, too: it must name logs.amazonaws.com.",
            None,
            shown_by=r"\A(?![\s\S]*kms:(?:GenerateDataKey|\*))(?=[\s\S]*kinesis:(?:Put|\*))"
            r"[\s\S]*?\b(?:KMS|KeyId)\b\W[^\n]{0,40}?(?P<key>arn:[\w-]+:kms:[\w-]+:\d{12}:key/[\w-]+)",
            decides=(
                "The stream is encrypted with the KMS key {key}, and the policy in the text allows the role no "
                "kms:GenerateDataKey: allow this action on that key."
            ),
        ),
        UsualCause(
            "The role of the subscription filter must trust logs.amazonaws.com (older roles: "
            "logs.REGION.amazonaws.com) and allow firehose:PutRecord or kinesis:PutRecord on the stream. "
            "Whoever creates the filter needs iam:PassRole on the role.",
            None,
        ),
        UsualCause(
            "The role or the stream was created a moment ago: wait until the stream is ACTIVE and try again.",
            None,
            Who.CALLER,
        ),
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html",
    ),
)

LOG_FUNCTIONS: tuple[ServiceSentence, ...] = (
    row(
        "given cloudwatch logs permission to execute your function",
        r"Make sure you have given CloudWatch Logs permission to execute your function",
        "CloudWatch Logs, which invokes the function",
        "CloudWatch Logs is not allowed to invoke the function",
        "The function's resource-based policy does not let CloudWatch Logs invoke it.",
        UsualCause(
            "The function's policy lacks a statement for logs.amazonaws.com with lambda:InvokeFunction and "
            "this log group (with :*) as aws:SourceArn, or the statement is added only after the subscription "
            "filter.",
            LISTS_FUNCTIONS,
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html",
        actions=("lambda:InvokeFunction",),
        asks=(
            OwnRequest(
                "logs.amazonaws.com",
                "lambda:InvokeFunction",
                keys=(("aws:SourceArn", f"{_THE_GROUP}*"), ("aws:SourceArn", _THE_GROUP)),
                also=("logs.{region}.amazonaws.com",),
            ),
        ),
    ),
)

_API = "https://docs.aws.amazon.com"

LOG_EXPORTS: tuple[ServiceSentence, ...] = (
    row(
        "call on the given bucket failed",
        r"\b(?P<call>GetBucketAcl|PutObject) call on the given bucket failed",
        "CloudWatch Logs, by the bucket",
        "the bucket does not let CloudWatch Logs make {call}",
        "The bucket's policy does not let CloudWatch Logs make {call}, which an export task needs. The caller's own "
        "policies are not the cause.",
        UsualCause(
            "Allow logs.REGION.amazonaws.com in the bucket's policy: s3:GetBucketAcl on the bucket, and s3:PutObject "
            "on its objects with s3:x-amz-acl = bucket-owner-full-control. The bucket must be in the log group's "
            "Region. If these statements already exist, compare their Region, account and conditions.",
            "aws s3api get-bucket-policy --bucket BUCKET",
            Who.RESOURCE_OWNER,
        ),
        page=f"{_API}/AmazonCloudWatch/latest/logs/S3ExportTasks.html",
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
)
