"""Sentences about what a service writes or invokes for somebody: logs, trails, and functions that it calls."""

from __future__ import annotations

from diagnostics.text.read.service_messages.service_sentence import (
    LISTS_FUNCTIONS,
    OwnRequest,
    ServiceSentence,
    UsualCause,
    assumed_by,
    lacking,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground
from iam.facts.elb_accounts import ELB_ACCOUNTS
from iam.facts.elb_accounts import OUTPOSTS as ELB_OUTPOSTS
from iam.facts.elb_accounts import SERVICE as ELB_SERVICE

_OWNED = ("s3:x-amz-acl", "bucket-owner-full-control")
"""The condition key and value that every log delivery to a bucket sends, so that the bucket's owner has the objects."""
_OWNER = ("aws:SourceAccount", "{account}")
"""The condition key with the account for which a service acts. Only services that document this key send it."""
_THE_TRAIL = "arn:{partition}:cloudtrail:{region}:{account}:trail/{trail}"
# AWS CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail" and "Configure AWS KMS key policies for
# CloudTrail"
# (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html).
_ORGANIZATIONS_TRAIL = (
    r"\A(?=[\s\S]*(?:--is-organization-trail|\bIsOrganizationTrail\W{1,4}true|\bis_organization_trail\s*=\s*true))"
    r"(?=[\s\S]*AWSLogs/)(?![\s\S]*AWSLogs/(?:o-|\*|\$))"
)
"""A command or template for an organization's trail, and a bucket policy without the organization's path.

AWS CloudTrail User Guide, "Creating a trail for an organization with the AWS CLI"
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-create-and-update-an-organizational-trail-by-using-the-aws-cli.html).
"""
_TRAIL = (("aws:SourceArn", _THE_TRAIL), _OWNER)
# AWS Config Developer Guide, "Permissions for the Amazon S3 bucket": aws:SourceArn is always of this form
# (https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html).
_CONFIG = (("aws:SourceArn", "arn:{partition}:config:{region}:{account}:*"), _OWNER)
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
_AN_API = "arn:{partition}:execute-api:{region}:{account}:{api}/"
# API Gateway Developer Guide, "Amazon API Gateway ARN reference", execute-api, and "Troubleshooting issues with HTTP
# API Lambda integrations", which has $default as stage and as route
# (https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html,
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html).
_OF_AN_API = (
    ("aws:SourceArn", _AN_API + "{stage}/{method}/{path}"),
    ("aws:SourceArn", _AN_API + "{any_stage}/$default"),
    ("aws:SourceArn", _AN_API + "$default/{any_method}/{route}"),
    ("aws:SourceArn", _AN_API + "authorizers/{authorizer}"),
)
# CloudWatch Logs User Guide, "Subscription filters with AWS Lambda": its copy of 2023 has logs.REGION.amazonaws.com and
# an ARN that ends in a colon
# (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html).
_THE_GROUP = "arn:{partition}:logs:{region}:{account}:log-group:{group}:"


DELIVERIES: tuple[ServiceSentence, ...] = (
    row(
        ("waflogdestinationpermissionissue", "deliver logs to the configured destination"),
        r"WAFLogDestinationPermissionIssue(?:Exception)?|Unable to deliver logs to the configured destination",
        "the delivery of AWS WAF's logs",
        "the log destination does not allow the delivery",
        "The log destination does not let delivery.logs.amazonaws.com write the web ACL's logs, or whoever turns these "
        "logs on is not allowed to change the destination's policy.",
        UsualCause("For a log group, the resource policy of CloudWatch Logs must let delivery.logs.amazonaws.com "
            "perform logs:CreateLogStream and logs:PutLogEvents on it. AWS WAF adds that statement automatically until "
            "the policies are full (10 per Region, 5,120 characters each): then create your own policy for this log "
            "group.",
                   "aws logs describe-resource-policies", Who.RESOURCE_OWNER),
        UsualCause("For a bucket, its policy must let delivery.logs.amazonaws.com perform s3:PutObject on "
            "AWSLogs/ACCOUNT/* and s3:GetBucketAcl. The destination's name must begin with aws-waf-logs-.", None,
                   Who.RESOURCE_OWNER),
        UsualCause("The caller lacks logs:CreateLogDelivery, logs:PutResourcePolicy, logs:DescribeResourcePolicies or "
                   "logs:DescribeLogGroups, with which AWS WAF sets that policy.",
                   needs=("logs:CreateLogDelivery", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies",
                          "logs:DescribeLogGroups")),
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html",
    ),
    row(
        "logs role arn must be set in account settings",
        r"CloudWatch Logs role ARN must be set in account settings",
        "API Gateway, which writes the logs",
        "API Gateway has no CloudWatch Logs role in this Region",
        "API Gateway's account settings name no CloudWatch Logs role in this Region, but a stage with logging needs "
        "one. The permissions of whoever deploys are not the cause.",
        UsualCause("Create a role that trusts apigateway.amazonaws.com, attach "
                   "AmazonAPIGatewayPushToCloudWatchLogs, and set its ARN once per Region: AWS::ApiGateway::Account, "
                   "aws apigateway update-account, or cloudWatchRole: true in the CDK.",
                   "aws apigateway get-account"),
        UsualCause("The same stack creates the setting only after the stage: make the stage depend on the "
                   "setting.", None,
                   Who.CALLER),
        page="https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
    ),
    row(
        "access the log destination",
        r"state machine IAM Role is not authorized to access the Log Destination",
        "the state machine's role",
        "the state machine's role is not allowed to deliver logs",
        "The state machine's role, or the resource policy of CloudWatch Logs, does not let Step Functions deliver its "
        "logs.",
        UsualCause("The state machine's role needs logs:CreateLogDelivery, logs:GetLogDelivery, "
                   "logs:UpdateLogDelivery, logs:DeleteLogDelivery, logs:ListLogDeliveries, logs:PutResourcePolicy, "
                   "logs:DescribeResourcePolicies and logs:DescribeLogGroups on Resource \"*\".",
                   "aws stepfunctions list-state-machines"),
        UsualCause("CloudWatch Logs' resource policies are full (10 per Region, 5,120 characters each): name the "
                   "log group /aws/vendedlogs/states/…, or remove old policies.",
                   "aws logs describe-resource-policies"),
        page="https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html",
        actions=("logs:CreateLogDelivery", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies",
                 "logs:DescribeLogGroups"),
    ),
    lacking(
        ("create managed-rule", "create managed rule"),
        r"not authorized to create managed[- ]rules?",
        "the state machine's role",
        ("events:PutRule", "events:PutTargets", "events:DescribeRule"),
        UsualCause("Step Functions waits for a job, a task or a nested run (.sync) by means of an EventBridge rule: "
                   "the state machine's role needs events:PutRule, events:PutTargets and events:DescribeRule on it.",
                   "aws events list-rules --name-prefix StepFunctions --query 'Rules[].Name'"),
        page="https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html",
        on="on the rule that Step Functions manages",
    ),
    # Amazon CloudWatch Logs User Guide, "Encrypt log data in CloudWatch Logs using AWS Key Management Service".
    row(
        "kms key does not exist or is not allowed to be used with",
        r"KMS key does not exist or is not allowed to be used with \S* ?['\"]?"
        r"(?P<group>arn:[\w-]+:logs:(?P<region>[\w-]+):[^\s:]*:log-group:[^\s'\",;)]+)",
        "CloudWatch Logs",
        "the KMS key does not let CloudWatch Logs use it",
        "The KMS key's policy does not let CloudWatch Logs use the key for this log group: add a statement for "
        "logs.{region}.amazonaws.com to the key policy. The caller's own policies are not the cause.",
        UsualCause('Add to the key policy a statement for Principal {"Service": "logs.{region}.amazonaws.com"} '
                   'with kms:Encrypt*, kms:Decrypt*, kms:ReEncrypt*, kms:GenerateDataKey* and kms:Describe* on "*". '
                   "Preferably add a condition that kms:EncryptionContext:aws:logs:arn is {group}. The default key "
                   "policy has no such statement.",
                   None, Who.RESOURCE_OWNER),
        UsualCause("The key is in a Region other than {region}, is disabled or pending deletion, or is not symmetric. "
                   "Or the key was created a moment ago: try again.", None, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
        actions=("kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"),
        asks=(OwnRequest("logs.{region}.amazonaws.com", "kms:GenerateDataKey",
                         keys=(("kms:EncryptionContext:aws:logs:arn", "{group}"),)),),
    ),
    row(
        "kms key does not exist or is not allowed to be used with",
        r"KMS key does not exist or is not allowed to be used with (?:the )?log\W{0,2}group",
        "CloudWatch Logs",
        "the KMS key does not let CloudWatch Logs use it",
        "The KMS key's policy most likely does not let CloudWatch Logs use the key for this log group: add a "
        "statement for logs.REGION.amazonaws.com to the key policy. The caller's own policies are not the cause.",
        UsualCause('Add to the key policy a statement for Principal {"Service": "logs.REGION.amazonaws.com"} with '
                   'kms:Encrypt*, kms:Decrypt*, kms:ReEncrypt*, kms:GenerateDataKey* and kms:Describe* on "*". '
                   "Preferably add a condition that kms:EncryptionContext:aws:logs:arn is the log group's ARN. The "
                   "default key policy, also for keys that the CDK creates, has no such statement (in the CDK, call "
                   "key.grantEncryptDecrypt with a ServicePrincipal).", None, Who.RESOURCE_OWNER),
        UsualCause("The key is in a different Region from the log group, is disabled or pending deletion, or is not "
                   "symmetric. Or the key was created a moment ago: try again.", None, Who.RESOURCE_OWNER),
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
        UsualCause("Allow the role to perform kms:GenerateDataKey on {key}, and check that the key policy lets the "
                   "role's account use the key. Check the role's trust policy, too: it must name logs.amazonaws.com.",
                   None,
                   shown_by=r"\A(?![\s\S]*kms:(?:GenerateDataKey|\*))(?=[\s\S]*kinesis:(?:Put|\*))"
                   r"[\s\S]*?\b(?:KMS|KeyId)\b\W[^\n]{0,40}?(?P<key>arn:[\w-]+:kms:[\w-]+:\d{12}:key/[\w-]+)",
                   decides=(
                       "The stream is encrypted with the KMS key {key}, and the policy in the text allows the role no "
                       "kms:GenerateDataKey: allow this action on that key."
                   )),
        UsualCause("The role of the subscription filter must trust logs.amazonaws.com (older roles: "
                   "logs.REGION.amazonaws.com) and allow firehose:PutRecord or kinesis:PutRecord on the stream. "
                   "Whoever creates the filter needs iam:PassRole on the role.", None),
        UsualCause("The role or the stream was created a moment ago: wait until the stream is ACTIVE and try "
                   "again.", None,
                   Who.CALLER),
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html",
    ),
    # AWS CloudTrail User Guide, "Role policy document for CloudTrail to use CloudWatch Logs for monitoring".
    row(
        "invalidcloudwatchlogsloggrouparn",
        r"InvalidCloudWatchLogsLogGroupArnException\)?[^\n]{0,120}?: Access denied\. Verify in IAM that the role has "
        r"adequate permissions",
        "CloudTrail's role for CloudWatch Logs",
        "the trail's role cannot write to the log group",
        "CloudTrail cannot write to the log group with the trail's role: the role needs logs:CreateLogStream and "
        "logs:PutLogEvents on the group's streams, and must trust cloudtrail.amazonaws.com.",
        UsualCause("The role's policy must name the log group's streams: …:log-group:NAME:log-stream:*, or "
                   "…:log-group:NAME:*. The ARN of the group alone does not cover them.",
                   "aws cloudtrail describe-trails --query 'trailList[].[Name,CloudWatchLogsRoleArn]'"),
        page="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"
        "cloudtrail-required-policy-for-cloudwatch-logs.html",
        actions=("logs:CreateLogStream", "logs:PutLogEvents"),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "access denied for bucket",
        r"loadbalancer/net/[\s\S]{0,600}?Access Denied for bucket: (?P<bucket>[a-z0-9][\w.-]{2,62}?)\.? Please check S3"
        r"\s*bucket permission",
        "the delivery of the load balancer's logs",
        "the bucket does not accept the logs of a Network Load Balancer",
        "The logs could not be delivered to the bucket: the bucket's policy, encryption or Region is the cause, not "
        "the permissions of whoever turned the logs on.",
        UsualCause("The bucket's policy must let delivery.logs.amazonaws.com perform s3:GetBucketAcl on the bucket and "
                   "s3:PutObject on BUCKET/PREFIX/AWSLogs/ACCOUNT/*. This service writes the logs of a Network Load "
                   "Balancer; the statement for an Application Load Balancer does not help.", None, Who.RESOURCE_OWNER),
        UsualCause("The bucket is in a different Region from the load balancer, or is encrypted with a KMS key that "
                   "does not let delivery.logs.amazonaws.com perform kms:Encrypt, kms:Decrypt, kms:ReEncrypt*, "
                   "kms:GenerateDataKey* and kms:DescribeKey.", None, Who.RESOURCE_OWNER),
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
        UsualCause("The bucket's policy must let logdelivery.elasticloadbalancing.amazonaws.com perform s3:PutObject "
            "on BUCKET/PREFIX/AWSLogs/ACCOUNT/*, with exactly the prefix of the load balancer. A policy for the "
            "Region's ELB account still works. On Outposts the service is logdelivery.elb.amazonaws.com. For a Network "
            "Load Balancer it is delivery.logs.amazonaws.com, which also needs "
            "s3:GetBucketAcl.", None, Who.RESOURCE_OWNER),
        UsualCause("The bucket is encrypted with a KMS key (an Application Load Balancer supports only SSE-S3), or is "
                   "in a different Region from the load balancer.", None, Who.RESOURCE_OWNER),
        UsualCause("Change the bucket's default encryption to SSE-S3 (AES256; in CDK BucketEncryption.S3_MANAGED). No "
                   "policy of the bucket or of its KMS key makes SSE-KMS work for these logs.", None,
                   Who.RESOURCE_OWNER,
                   shown_by=r"(?:BucketEncryption\.KMS\b|(?:sse_?algorithm|SSE)[\"']?\s*[:=]\s*[\"']?aws:kms|\bSSE-KMS\b"
                   r"|\bencrypt\w*\b[^\n]{0,40}\baws:kms\b"
                   r"|\bKMSMasterKeyID[\"']?\s*[:=])(?![\s\S]*(?:\bNLB\b|network ?load ?balancer))",
                   decides="The bucket is encrypted with a KMS key, but an Application Load Balancer writes logs only "
                   "to buckets with SSE-S3: change the bucket's default encryption."),
        page="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html",
        asks=(OwnRequest(ELB_SERVICE, "s3:PutObject", "arn:{partition}:s3:::{bucket}/{object}",
                         others=(*ELB_ACCOUNTS.values(), ELB_OUTPOSTS, "delivery.logs.amazonaws.com")),),
    ),
    row(
        "logdestination permission",
        r"Access Denied for LogDestination: (?P<destination>\S+?)\.? Please check LogDestination permission",
        "the delivery of the logs",
        "the log destination does not allow the delivery",
        "The destination's own policy does not let delivery.logs.amazonaws.com write, or whoever creates the flow log "
        "is not allowed to change that policy.",
        UsualCause("The bucket's policy must let delivery.logs.amazonaws.com perform s3:GetBucketAcl on the bucket and "
            "s3:PutObject on PREFIX/AWSLogs/ACCOUNT/*. With Hive-compatible prefixes, the path is "
            "AWSLogs/aws-account-id=ACCOUNT/*.", None, Who.RESOURCE_OWNER),
        # CloudWatch Logs User Guide, "Amazon S3 bucket server-side encryption"
        # (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html).
        UsualCause("If the bucket is encrypted with a KMS key, the key policy must let delivery.logs.amazonaws.com "
            "perform kms:Encrypt, kms:Decrypt, kms:ReEncrypt*, kms:GenerateDataKey* and kms:DescribeKey.", None,
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html",
        asks=_DELIVERED,
    ),
    # AWS CloudTrail User Guide, "Required KMS key policy elements for event data stores": no aws:SourceArn, no
    # aws:SourceAccount.
    row(
        "insufficientencryptionpolicy",
        r"EventDataStore\b[^\n]{0,300}?InsufficientEncryptionPolicy(?:Exception)?"
        r"|InsufficientEncryptionPolicy(?:Exception)?(?=[^\n]{0,300}?EventDataStore\b)",
        "CloudTrail, which encrypts the event data store",
        "the event data store's KMS key does not let CloudTrail use it",
        "The KMS key of the event data store does not let CloudTrail use it, or the caller is not allowed to use the "
        "key.",
        UsualCause("The key policy must let cloudtrail.amazonaws.com perform kms:GenerateDataKey and kms:Decrypt, "
                   "without aws:SourceArn or aws:SourceAccount: keys of event data stores do not support these "
                   "conditions.",
                   None, Who.RESOURCE_OWNER),
        UsualCause("Whoever creates the event data store needs kms:Decrypt and kms:GenerateDataKey on the key, too.",
                   needs=("kms:Decrypt", "kms:GenerateDataKey")),
        page="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
        asks=tuple(OwnRequest("cloudtrail.amazonaws.com", each) for each in ("kms:GenerateDataKey", "kms:Decrypt")),
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        ("insufficientencryptionpolicy", "insufficient permissions to access s3 bucket"),
        r"InsufficientEncryptionPolicy(?:Exception)?|Insufficient permissions to access S3 bucket \S+ or KMS key",
        "CloudTrail, which writes the trail",
        "the trail's KMS key or bucket does not let CloudTrail write",
        "The trail's KMS key or bucket does not let CloudTrail write. The policies of whoever creates the trail are "
        "not the cause.",
        # The Region: "Encrypting CloudTrail log files with AWS KMS keys (SSE-KMS)"
        # (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html).
        UsualCause("The key policy must let cloudtrail.amazonaws.com perform kms:GenerateDataKey* and kms:DescribeKey "
                   "(and kms:Decrypt, if the bucket has an S3 Bucket Key), with the trail's ARN as aws:SourceArn. The "
                   "key must be in the bucket's Region.",
                   None, Who.RESOURCE_OWNER),
        UsualCause("The bucket's policy must let cloudtrail.amazonaws.com perform s3:GetBucketAcl on the bucket and "
                   "s3:PutObject on PREFIX/AWSLogs/ACCOUNT/*.", None, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html",
        asks=(OwnRequest("cloudtrail.amazonaws.com", "kms:GenerateDataKey",
                         keys=(*_TRAIL, ("kms:EncryptionContext:aws:cloudtrail:arn", _THE_TRAIL))),
              OwnRequest("cloudtrail.amazonaws.com", "kms:DescribeKey", keys=_TRAIL)),
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        ("insufficients3bucketpolicy", "incorrect s3 bucket policy"),
        r"(?:InsufficientS3BucketPolicy(?!Fault)(?:Exception)?|Incorrect S3 bucket policy is detected)"
        r"(?:[^\n]{0,160}?for bucket:? (?P<bucket>[a-z0-9][\w.-]{2,62}))?",
        "CloudTrail, which writes the trail",
        "the bucket's policy does not let CloudTrail write",
        "The bucket's policy does not let CloudTrail write this trail.",
        UsualCause("Add a second s3:PutObject for cloudtrail.amazonaws.com on PREFIX/AWSLogs/ORGANIZATION-ID/* of the "
                   "bucket, with the same conditions. Keep the statement for the management account's own path.", None,
                   Who.RESOURCE_OWNER, shown_by=_ORGANIZATIONS_TRAIL,
                   decides="The trail is for an organization, and the bucket's policy in the text has no "
                   "AWSLogs/ORGANIZATION-ID/* path: add it for s3:PutObject."),
        UsualCause("The bucket's policy must let cloudtrail.amazonaws.com perform s3:GetBucketAcl on the bucket and "
                   "s3:PutObject on PREFIX/AWSLogs/ACCOUNT/*, and its aws:SourceArn must name this trail (an "
                   "organization's trail also needs the organization's path).", "aws cloudtrail describe-trails",
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
        asks=(OwnRequest("cloudtrail.amazonaws.com", "s3:GetBucketAcl", "arn:{partition}:s3:::{bucket}", _TRAIL),
              OwnRequest("cloudtrail.amazonaws.com", "s3:PutObject", "arn:{partition}:s3:::{bucket}/{object}",
                         (*_TRAIL, _OWNED))),
    ),
    row(
        "insufficient delivery policy to s3 bucket",
        r"Insufficient delivery policy to s3 bucket: (?P<bucket>[a-z0-9][\w.-]{2,62})",
        "AWS Config, which delivers to the bucket",
        "the bucket's policy does not let AWS Config deliver",
        "The bucket's policy does not let AWS Config deliver to it, or the recorder's role is not allowed to "
            "write there.",
        UsualCause("The bucket's policy must let config.amazonaws.com perform s3:GetBucketAcl on the bucket and "
                   "s3:PutObject on PREFIX/AWSLogs/ACCOUNT/Config/*, if the recorder uses the service-linked role or "
                   "the bucket is another account's.",
                   "aws configservice describe-delivery-channels", Who.RESOURCE_OWNER),
        UsualCause("With another role AWS Config delivers as that role: allow the role s3:PutObject (and "
                   "s3:PutObjectAcl on another account's bucket) on PREFIX/AWSLogs/ACCOUNT/Config/*.",
                   "aws configservice describe-configuration-recorders"),
        page="https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html",
        asks=(OwnRequest("config.amazonaws.com", "s3:GetBucketAcl", "arn:{partition}:s3:::{bucket}", _CONFIG,
                         others=(":role/",)),
              OwnRequest("config.amazonaws.com", "s3:PutObject", "arn:{partition}:s3:::{bucket}/{object}",
                         (*_CONFIG, _OWNED), others=(":role/",))),
    ),
    row(
        "role arn does not have required permissions",
        r"The role ARN does not have required permissions(?: set| configured)?",
        "API Gateway's CloudWatch role",
        "API Gateway's CloudWatch role is incomplete",
        "The CloudWatch role in API Gateway's account settings does not trust apigateway.amazonaws.com, or lacks "
        "AmazonAPIGatewayPushToCloudWatchLogs.",
        UsualCause("The role trusts another service, lacks AmazonAPIGatewayPushToCloudWatchLogs, or was created a "
                   "moment ago.", "aws apigateway get-account", Who.ACCOUNT_ADMIN),
        page="https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
        asks=assumed_by("apigateway.amazonaws.com"),
    ),
    row(
        "invalid permissions on lambda function",
        r"Invalid permissions on Lambda function",
        "API Gateway, which invokes the function",
        "API Gateway is not allowed to invoke the function",
        "API Gateway is not allowed to invoke the function. Without credentials in the integration, the function's "
        "own policy must allow this method and path; with credentials, the role or caller in them needs permission.",
        UsualCause("If the integration has no credentials: the function's policy lacks a statement for "
                   "apigateway.amazonaws.com with lambda:InvokeFunction, or its aws:SourceArn names another API, "
                   "stage, method or path, or another version or alias of the function.", LISTS_FUNCTIONS,
                   Who.RESOURCE_OWNER),
        UsualCause("If the integration sets credentials, API Gateway invokes the function with the role in them or, "
                   "for arn:aws:iam::*:user/*, as the caller. Allow that role or caller lambda:InvokeFunction on the "
                   "function.",
                   shown_by=r"\b(?:polic\w+|permission)\b[^.;\n]{0,40}\b(?:allows?|has|lets?|contains?)\b[^.;\n]{0,30}"
                   r"\bapigateway\b"),
        page="https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html",
        actions=("lambda:InvokeFunction",),
        asks=(OwnRequest("apigateway.amazonaws.com", "lambda:InvokeFunction", "{invocation}", _OF_AN_API),),
    ),
    row(
        "given cloudwatch logs permission to execute your function",
        r"Make sure you have given CloudWatch Logs permission to execute your function",
        "CloudWatch Logs, which invokes the function",
        "CloudWatch Logs is not allowed to invoke the function",
        "The function's resource-based policy does not let CloudWatch Logs invoke it.",
        UsualCause("The function's policy lacks a statement for logs.amazonaws.com with lambda:InvokeFunction and "
                   "this log group (with :*) as aws:SourceArn, or the statement is added only after the subscription "
                   "filter.",
                   LISTS_FUNCTIONS, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html",
        actions=("lambda:InvokeFunction",),
        asks=(OwnRequest("logs.amazonaws.com", "lambda:InvokeFunction",
                         keys=(("aws:SourceArn", f"{_THE_GROUP}*"), ("aws:SourceArn", _THE_GROUP)),
                         also=("logs.{region}.amazonaws.com",)),),
    ),
    row(
        "cannot invoke the specified lambda function",
        r"Secrets Manager cannot invoke the specified Lambda function",
        "Secrets Manager, which invokes the rotation function",
        "Secrets Manager is not allowed to invoke the rotation function",
        "The rotation function's resource-based policy does not let Secrets Manager invoke it.",
        UsualCause("The function's policy lacks a statement for secretsmanager.amazonaws.com with "
                   "lambda:InvokeFunction, or its aws:SourceArn or aws:SourceAccount names another secret or account.",
                   "aws lambda get-policy --function-name FUNCTION --query Policy --output text", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets-cli.html",
        actions=("lambda:InvokeFunction",),
        asks=(OwnRequest("secretsmanager.amazonaws.com", "lambda:InvokeFunction", keys=(_OWNER,)),),
    ),
    row(
        "does not have permission to publish with sns",
        r"Role does not have (?:a )?permission to publish with SNS",
        "the user pool's SMS role",
        "the user pool's SMS role is incomplete",
        "The role with which the user pool sends SMS lacks sns:Publish, or does not trust cognito-idp.amazonaws.com "
        "with the external ID that the pool sends.",
        UsualCause("The SMS role needs sns:Publish on \"*\", and a trust policy for cognito-idp.amazonaws.com with the "
                   "pool's external ID.", "aws cognito-idp list-user-pools --max-results 60"),
        page="https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-sms-settings.html",
        asks=assumed_by("cognito-idp.amazonaws.com"),
    ),
    # CloudWatch Logs User Guide, "Logs sent to CloudWatch Logs": the log group's resource policy.
    row(
        "access denied for this delivery destination",
        r"Access Denied for this Delivery Destination",
        "the log delivery service, at the destination",
        "the destination does not accept the delivery",
        "CreateDelivery found that the destination does not accept the logs: the destination's own policy must allow "
        "the log delivery service. Allowing the caller more logs: actions is not enough.",
        UsualCause("For a log group, add a resource policy (aws logs put-resource-policy) that allows "
                   "delivery.logs.amazonaws.com to perform logs:CreateLogStream and logs:PutLogEvents on the log group "
                   "and its streams, with aws:SourceAccount and aws:SourceArn. A name below /aws/vendedlogs/ alone "
                   "gives no permission.",
                   "aws logs describe-resource-policies", Who.RESOURCE_OWNER),
        UsualCause("CloudWatch Logs adds the policy automatically if the caller is allowed to perform "
                   "logs:PutResourcePolicy, logs:DescribeResourcePolicies and logs:DescribeLogGroups. A bucket needs "
                   "its own bucket policy, and another account's destination a delivery destination policy."),
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-CloudWatchLogs.html",
        actions=(),
    ),
)  # fmt: skip
