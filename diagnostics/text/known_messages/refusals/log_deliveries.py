"""Messages about logs that a service delivers, and about their destinations."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import OwnRequest, ServiceSentence, UsualCause, row
from diagnostics.who import Who

_OWNED = ("s3:x-amz-acl", "bucket-owner-full-control")
"""The condition key and value that every log delivery to a bucket sends, so that the bucket's owner has the objects."""
_OWNER = ("aws:SourceAccount", "{account}")
"""The condition key with the account for which a service acts. Only services that document this key send it."""
# Amazon VPC User Guide: "the source ARN is the wildcard (*) ARN of the logs service"
# (https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html).
_DELIVERY = (("aws:SourceArn", "arn:{partition}:logs:{region}:{account}:*"), _OWNER)
_DELIVERED = (
    OwnRequest("delivery.logs.amazonaws.com", "s3:GetBucketAcl", "arn:{partition}:s3:::{bucket}", _DELIVERY),
    OwnRequest(
        "delivery.logs.amazonaws.com", "s3:PutObject", "arn:{partition}:s3:::{bucket}/{object}", (*_DELIVERY, _OWNED)
    ),
)
"""The requests of the log delivery (CloudWatch Logs User Guide, "Logs sent to Amazon S3":
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html)."""

DELIVERED_LOGS: tuple[ServiceSentence, ...] = (
    row(
        "logdestination permission",
        r"Access Denied for LogDestination: (?P<destination>\S+?)\.? Please check LogDestination permission",
        "the delivery of the logs",
        "the log destination does not allow the delivery",
        "The destination's own policy does not let delivery.logs.amazonaws.com write, or whoever creates the flow log "
        "is not allowed to change that policy.",
        UsualCause(
            "The bucket's policy must let delivery.logs.amazonaws.com perform s3:GetBucketAcl on the bucket and "
            "s3:PutObject on PREFIX/AWSLogs/ACCOUNT/*. With Hive-compatible prefixes, the path is "
            "AWSLogs/aws-account-id=ACCOUNT/*.",
            None,
            Who.RESOURCE_OWNER,
        ),
        # CloudWatch Logs User Guide, "Amazon S3 bucket server-side encryption"
        # (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html).
        UsualCause(
            "If the bucket is encrypted with a KMS key, the key policy must let delivery.logs.amazonaws.com "
            "perform kms:Encrypt, kms:Decrypt, kms:ReEncrypt*, kms:GenerateDataKey* and kms:DescribeKey.",
            None,
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html",
        asks=_DELIVERED,
    ),
)

DELIVERY_DESTINATIONS: tuple[ServiceSentence, ...] = (
    # CloudWatch Logs User Guide, "Logs sent to CloudWatch Logs": the log group's resource policy.
    row(
        "access denied for this delivery destination",
        r"Access Denied for this Delivery Destination",
        "the log delivery service, at the destination",
        "the destination does not accept the delivery",
        "CreateDelivery found that the destination does not accept the logs: the destination's own policy must allow "
        "the log delivery service. Allowing the caller more logs: actions is not enough.",
        UsualCause(
            "For a log group, add a resource policy (aws logs put-resource-policy) that allows "
            "delivery.logs.amazonaws.com to perform logs:CreateLogStream and logs:PutLogEvents on the log group "
            "and its streams, with aws:SourceAccount and aws:SourceArn. A name below /aws/vendedlogs/ alone "
            "gives no permission.",
            "aws logs describe-resource-policies",
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "CloudWatch Logs adds the policy automatically if the caller is allowed to perform "
            "logs:PutResourcePolicy, logs:DescribeResourcePolicies and logs:DescribeLogGroups. A bucket needs "
            "its own bucket policy, and another account's destination a delivery destination policy."
        ),
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-CloudWatchLogs.html",
        actions=(),
    ),
)
