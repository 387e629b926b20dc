"""Messages about VPC flow logs."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, assumed_by, row
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"
_GRANTED = (
    r"\A(?=[\s\S]*\"Effect\"\s*:\s*\"Allow\"[\s\S]{0,200}?delivery\.logs\.amazonaws\.com)"
    r"(?=[\s\S]*\bs3:PutObject\b)(?=[\s\S]*\bs3:GetBucketAcl\b)"
)
"""Signs that a bucket policy in the text lets the delivery of logs write."""

FLOW_LOG_DESTINATIONS: tuple[ServiceSentence, ...] = (
    row(
        "is undeliverable",
        r"LogDestination:? (?P<bucket>\S+) is undeliverable",
        "the delivery of the flow log",
        "the bucket's default encryption names its KMS key by ID",
        "The default encryption of the bucket {bucket} names its KMS key by ID: set the key's ARN there, then create "
        "the flow log again.",
        UsualCause(
            "In the bucket's default encryption (SSE-KMS) replace the key's ID with its ARN. The key policy "
            "must also let delivery.logs.amazonaws.com use the key.",
            "aws s3api get-bucket-encryption --bucket {bucket}",
            Who.RESOURCE_OWNER,
        ),
        page=f"{_API}/vpc/latest/userguide/flow-logs-troubleshooting.html",
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
)

FLOW_LOGS: tuple[ServiceSentence, ...] = (
    row(
        "iam role for your flow log",
        r"IAM role for your flow log does not have sufficient permissions",
        "the role of the flow log",
        "the flow log's role is not allowed to write to the log group",
        "The role of the flow log is not allowed to write to the log group, or does not trust the flow logs service.",
        UsualCause(
            "The role must trust vpc-flow-logs.amazonaws.com, and needs logs:CreateLogGroup, "
            "logs:CreateLogStream, logs:PutLogEvents, logs:DescribeLogGroups and logs:DescribeLogStreams.",
            "aws ec2 describe-flow-logs --query 'FlowLogs[].[FlowLogId,DeliverLogsPermissionArn]'",
            needs=(
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:PutLogEvents",
                "logs:DescribeLogGroups",
                "logs:DescribeLogStreams",
            ),
        ),
        page="https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html",
        asks=assumed_by("vpc-flow-logs.amazonaws.com"),
    ),
    row(
        "access error",
        # Amazon EC2 API Reference, "FlowLog", deliverLogsErrorMessage
        # (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_FlowLog.html).
        r"DeliverLogsErrorMessage\W{1,8}Access error|\bflow logs?\b[^\n]{0,80}\bAccess error\b",
        "the role of the flow log",
        "the flow log is not allowed to write to its destination",
        "The flow log is not allowed to write to its destination. For a log group, its role lacks permissions or does "
        "not trust the flow logs service. For a bucket, the bucket's or its KMS key's policy does not allow it.",
        UsualCause(
            "The role must trust vpc-flow-logs.amazonaws.com, and needs logs:CreateLogGroup, "
            "logs:CreateLogStream, logs:PutLogEvents, logs:DescribeLogGroups and logs:DescribeLogStreams.",
            "aws ec2 describe-flow-logs --query 'FlowLogs[].[FlowLogId,DeliverLogsPermissionArn]'",
            needs=(
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:PutLogEvents",
                "logs:DescribeLogGroups",
                "logs:DescribeLogStreams",
            ),
        ),
        # Amazon VPC User Guide, "Publish flow logs to Amazon S3"
        # (https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html).
        # Amazon S3 User Guide, "Controlling ownership of objects and disabling ACLs"
        # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html).
        UsualCause(
            "If the delivery works without the condition on s3:x-amz-acl, limit the statement by "
            "aws:SourceAccount and aws:SourceArn instead. Otherwise compare its Resource with the path "
            "(AWSLogs/ACCOUNT/*), and look for a Deny.",
            None,
            Who.RESOURCE_OWNER,
            shown_by=_GRANTED + r"(?=[\s\S]*\bs3:x-amz-acl\b)"
            r"(?=[\s\S]*(?:BucketOwnerEnforced|\bACLs? (?:are |is )?(?:disabled|off)))",
            decides="The bucket policy in the text allows both actions, but the write only with s3:x-amz-acl, "
            "and the bucket's ACLs are disabled: most likely the delivery sends no such header. Take the "
            "condition out.",
        ),
        UsualCause(
            "Compare the statements' conditions (s3:x-amz-acl, aws:SourceAccount, aws:SourceArn) with the flow "
            "log's account and ARN, their Resource with the path (AWSLogs/ACCOUNT/*), and look for a Deny. A "
            "customer managed key of the bucket must also allow delivery.logs.amazonaws.com.",
            None,
            Who.RESOURCE_OWNER,
            shown_by=_GRANTED,
            decides="The bucket policy in the text already lets delivery.logs.amazonaws.com perform both "
            "actions: most likely a condition, the Resource or a Deny excludes this flow log.",
        ),
        UsualCause(
            "For a bucket, its policy must let delivery.logs.amazonaws.com perform s3:PutObject on "
            "AWSLogs/ACCOUNT/* and s3:GetBucketAcl. If a customer managed key encrypts the bucket, its key "
            "policy must let the same service perform kms:GenerateDataKey*. This delivery uses no role.",
            None,
            Who.RESOURCE_OWNER,
            shown_by=r"\bLogDestinationType\W{1,8}s3\b|\b[Dd]estinations?\W{1,8}(?:arn:[\w-]+:)?s3\b"
            r"|\bbucket\b(?![\s\S]*\blog group\b)",
            decides="The flow log is not allowed to write to its bucket. The bucket policy does not let "
            "delivery.logs.amazonaws.com write to it, or the key policy of the bucket's KMS key does "
            "not let delivery.logs.amazonaws.com use the key.",
        ),
        page="https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html",
        asks=assumed_by("vpc-flow-logs.amazonaws.com"),
    ),
)
