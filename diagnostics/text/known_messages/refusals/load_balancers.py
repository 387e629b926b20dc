"""Messages of Elastic Load Balancing about the bucket of its logs."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import OwnRequest, ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.facts.elb_accounts import ELB_ACCOUNTS
from iam.facts.elb_accounts import OUTPOSTS as ELB_OUTPOSTS
from iam.facts.elb_accounts import SERVICE as ELB_SERVICE

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

LOAD_BALANCER_LOGS: tuple[ServiceSentence, ...] = (
    row(
        "access denied for bucket",
        r"loadbalancer/net/[\s\S]{0,600}?Access Denied for bucket: (?P<bucket>[a-z0-9][\w.-]{2,62}?)\.? Please check S3"
        r"\s*bucket permission",
        "the delivery of the load balancer's logs",
        "the bucket does not accept the logs of a Network Load Balancer",
        "The logs could not be delivered to the bucket: the bucket's policy, encryption or Region is the cause, not "
        "the permissions of whoever turned the logs on.",
        UsualCause(
            "The bucket's policy must let delivery.logs.amazonaws.com perform s3:GetBucketAcl on the bucket and "
            "s3:PutObject on BUCKET/PREFIX/AWSLogs/ACCOUNT/*. This service writes the logs of a Network Load "
            "Balancer; the statement for an Application Load Balancer does not help.",
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "The bucket is in a different Region from the load balancer, or is encrypted with a KMS key that "
            "does not let delivery.logs.amazonaws.com perform kms:Encrypt, kms:Decrypt, kms:ReEncrypt*, "
            "kms:GenerateDataKey* and kms:DescribeKey.",
            None,
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/elasticloadbalancing/latest/network/enable-access-logs.html",
        asks=_DELIVERED,
    ),
    row(
        "access denied for bucket",
        r"Access Denied for bucket: (?P<bucket>[a-z0-9][\w.-]{2,62}?)\.? Please check S3\s*bucket permission",
        "Elastic Load Balancing, which writes the logs",
        "the bucket does not accept the logs of Elastic Load Balancing",
        "Elastic Load Balancing could not write to the bucket: the bucket's policy, encryption or Region is the cause, "
        "not the permissions of whoever turned the logs on.",
        UsualCause(
            "The bucket's policy must let logdelivery.elasticloadbalancing.amazonaws.com perform s3:PutObject "
            "on BUCKET/PREFIX/AWSLogs/ACCOUNT/*, with exactly the prefix of the load balancer. A policy for the "
            "Region's ELB account still works. On Outposts the service is logdelivery.elb.amazonaws.com. For a Network "
            "Load Balancer it is delivery.logs.amazonaws.com, which also needs "
            "s3:GetBucketAcl.",
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "The bucket is encrypted with a KMS key (an Application Load Balancer supports only SSE-S3), or is "
            "in a different Region from the load balancer.",
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "Change the bucket's default encryption to SSE-S3 (AES256; in CDK BucketEncryption.S3_MANAGED). No "
            "policy of the bucket or of its KMS key makes SSE-KMS work for these logs.",
            None,
            Who.RESOURCE_OWNER,
            shown_by=r"(?:BucketEncryption\.KMS\b|(?:sse_?algorithm|SSE)[\"']?\s*[:=]\s*[\"']?aws:kms|\bSSE-KMS\b"
            r"|\bencrypt\w*\b[^\n]{0,40}\baws:kms\b"
            r"|\bKMSMasterKeyID[\"']?\s*[:=])(?![\s\S]*(?:\bNLB\b|network ?load ?balancer))",
            decides="The bucket is encrypted with a KMS key, but an Application Load Balancer writes logs only "
            "to buckets with SSE-S3: change the bucket's default encryption.",
        ),
        page="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html",
        asks=(
            OwnRequest(
                ELB_SERVICE,
                "s3:PutObject",
                "arn:{partition}:s3:::{bucket}/{object}",
                others=(*ELB_ACCOUNTS.values(), ELB_OUTPOSTS, "delivery.logs.amazonaws.com"),
            ),
        ),
    ),
)
