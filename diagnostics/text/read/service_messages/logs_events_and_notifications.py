"""Sentences about what a service writes, sends or invokes for somebody: logs, events and messages."""

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

# Amazon EventBridge User Guide, "Amazon Data Firehose stream target" and "EventBridge Pipes batching and
# concurrency": a
# batch is sent with the target's batch API; "Using resource-based policies for Amazon EventBridge".
_TARGETS = (
    ("firehose", "firehose:PutRecord and firehose:PutRecordBatch (which sends a batch)", False),
    ("kinesis", "kinesis:PutRecord and kinesis:PutRecords (which sends a batch)", False),
    ("states", "states:StartExecution (states:StartSyncExecution, where the call waits for the result)", False),
    ("events", "events:PutEvents", False),
    ("sqs", "sqs:SendMessage", True),
    ("sns", "sns:Publish", True),
    ("lambda", "lambda:InvokeFunction", True),
)
"""A target's service, the actions that it needs, and whether its own policy can allow a rule."""
_INVOKED = (
    r"(?:not (?:allowed|permitted|authori[sz]ed)|lack of permissions?|no permissions?) to invoke (?:the )?"
    r"(?:cross account )?(?:target\b(?![^\n]{0,40}RULE_ARN)[^\n]{0,40}?)?"
)
# EventBridge User Guide, "Using resource-based policies for Amazon EventBridge"
# (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html).
_IN_ITS_POLICY = (
    " A rule uses the target's own policy instead: let that policy allow events.amazonaws.com the actions. A target in "
    "another account needs both the role and the policy."
)


def _of_target(service: str, actions: str, own: bool) -> UsualCause:
    makers, rule = ("pipe or schedule", _IN_ITS_POLICY) if own else ("pipe, schedule or rule", "")
    return UsualCause(
        f"Allow the role of the {makers} to perform {actions} on the target.{rule} Whoever created it needs no such "
        "permission.",
        shown_by=_INVOKED.replace(" ", r"\s+") + rf"arn:[\w-]+:{service}:",
        decides=f"The role or service that invokes {{arn}} is not allowed to: it needs {actions}.",
    )


# EventBridge Pipes API Reference, "PipeTargetStateMachineParameters"
# (https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_PipeTargetStateMachineParameters.html).
_OF_A_PIPE = UsualCause(
    "Allow the pipe's role to perform states:StartSyncExecution on the state machine: the invocation type "
    "REQUEST_RESPONSE, which is the default, waits for the result. states:StartExecution is enough only for "
    "FIRE_AND_FORGET. The state machine's own role is not the cause.",
    shown_by=r"\A(?![\s\S]*FIRE_AND_FORGET)(?=[\s\S]*(?:\bpipes?\b|:pipes:))[\s\S]*?"
    + _INVOKED.replace(" ", r"\s+")
    + r"arn:[\w-]+:states:",
    decides="The pipe's role is not allowed to start the state machine {arn} and wait for it: it needs "
    "states:StartSyncExecution.",
)


_OWNED = ("s3:x-amz-acl", "bucket-owner-full-control")
"""The condition key and value that every log delivery to a bucket sends, so that the bucket's owner has the objects."""
_OWNER = ("aws:SourceAccount", "{account}")
"""The condition key with the account for which a service acts. Only services that document this key send it."""
_THE_TRAIL = "arn:{partition}:cloudtrail:{region}:{account}:trail/{trail}"
# AWS CloudTrail User Guide, "Amazon S3 bucket policy for CloudTrail" and "Configure AWS KMS key policies for
# CloudTrail"
# (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html).
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
    # Amazon SNS Developer Guide, "Managing Amazon SNS encryption keys and costs": event sources and encrypted topics.
    row(
        ("authorization to access the sns topic encryption key", "service: awskms"),
        r"does not have authorization to access the SNS topic encryption key"
        # The history of an alarm: KMS refused the action that publishes.
        r"|Service: AWSKMS;[^)]{0,80}AccessDeniedException(?=[\s\S]{0,400}notificationResource\W{1,6}arn:[\w-]+:sns:)"
        r"|notificationResource\W{1,6}arn:[\w-]+:sns:[\s\S]{0,400}?Service: AWSKMS;[^)]{0,80}AccessDeniedException"
        # The console's history, in any language: the action's ARN before the error.
        r"|arn:[\w-]+:sns:[^\n]{0,160}\bnull \(Service: AWSKMS;[^)]{0,80}AccessDeniedException",
        "the service that publishes to the topic",
        "the topic's KMS key does not let the service use it",
        "CloudWatch Alarms is not allowed to use the encryption key of the topic: the key policy must allow "
        "cloudwatch.amazonaws.com. The permissions of whoever made the alarm are not the cause.",
        UsualCause("Add to the key policy a statement for Principal {\"Service\": \"cloudwatch.amazonaws.com\"} with "
                   "kms:GenerateDataKey* and kms:Decrypt on \"*\".", None, Who.RESOURCE_OWNER),
        UsualCause("If the key is the AWS managed one (alias/aws/sns), nobody can change its policy: choose a customer "
                   "managed key.", None, Who.RESOURCE_OWNER),
        UsualCause("The policy of alias/aws/sns cannot be changed, whatever IAM allows an administrator.", None,
                   Who.RESOURCE_OWNER, shown_by=r"(?<![\w/])(?:alias/)?aws/sns\b",
                   decides="The topic is encrypted with the AWS managed key alias/aws/sns, whose policy nobody can "
                   "change, so CloudWatch alarms cannot publish to it: choose a customer managed key whose policy "
                   "allows cloudwatch.amazonaws.com kms:GenerateDataKey* and kms:Decrypt."),
        page="https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
        actions=("kms:GenerateDataKey", "kms:Decrypt"),
        asks=tuple(OwnRequest("cloudwatch.amazonaws.com", action) for action in ("kms:GenerateDataKey", "kms:Decrypt")),
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    # Amazon SNS Developer Guide, "Configuring Amazon SNS encryption with encrypted Amazon SQS queue subscriptions".
    row(
        "kms.accessdeniedexception",
        r"KMS\.AccessDeniedException(?=[\s\S]{0,1500}\bproviderResponse\b)(?=[\s\S]{0,1500}\balias/aws/sqs\b)"
        r"|\bproviderResponse\b[\s\S]{0,1500}?KMS\.AccessDeniedException(?=[\s\S]{0,1500}\balias/aws/sqs\b)",
        "SNS, which delivers to the queue",
        "the queue's KMS key does not let SNS use it",
        "The queue is encrypted with the AWS managed key alias/aws/sqs, whose policy nobody can change, so SNS cannot "
        "use it. The queue's policy is not the cause.",
        UsualCause("Encrypt the queue with SSE-SQS, or with a customer managed key whose policy lets sns.amazonaws.com "
                   "perform kms:GenerateDataKey and kms:Decrypt.", None, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic-sqs-queue-subscriptions.html",
        actions=("kms:GenerateDataKey", "kms:Decrypt"),
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "kms.accessdeniedexception",
        r"KMS\.AccessDeniedException(?=[\s\S]{0,1500}\bproviderResponse\b)"
        r"|\bproviderResponse\b[\s\S]{0,1500}?KMS\.AccessDeniedException",
        "SNS, which delivers to the queue",
        "the queue's KMS key does not let SNS use it",
        "The queue's KMS key does not let SNS use it: KMS refused the delivery, not the queue's policy.",
        UsualCause("Add to the key policy a statement for Principal {\"Service\": \"sns.amazonaws.com\"} with "
                   "kms:GenerateDataKey and kms:Decrypt on \"*\", and the topic as aws:SourceArn. The queue's policy "
                   "must allow sqs:SendMessage as well.", None, Who.RESOURCE_OWNER),
        UsualCause("With the AWS managed key alias/aws/sqs this is not possible: use a customer managed key, or "
                   "SSE-SQS.", None, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic-sqs-queue-subscriptions.html",
        actions=("kms:GenerateDataKey", "kms:Decrypt"),
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "validate the following destination configurations",
        r"Unable to validate the following destination configurations",
        "Amazon S3, which delivers the event",
        "S3 is not allowed to deliver to the destination",
        "S3 is not allowed to deliver events: the destination's own policy must allow s3.amazonaws.com to deliver "
        "them. The policies of whoever configures the bucket are not the cause.",
        UsualCause("The destination's policy does not let s3.amazonaws.com perform sns:Publish, sqs:SendMessage or "
                   "lambda:InvokeFunction with this bucket as aws:SourceArn (and aws:SourceAccount), or the statement "
                   "is added only after the notification.", None, Who.RESOURCE_OWNER),
        UsualCause("Most likely the permission is added only after the notification: let the bucket notification "
                   "depend on it (depends_on = [aws_lambda_permission.…], in CloudFormation DependsOn), and compare "
                   "its source_arn with the bucket's ARN.", None, Who.CALLER, needs_evidence=True,
                   shown_by=r"\A(?![\s\S]*\b(?:depends_on|DependsOn)\b)[\s\S]*?(?:\"?aws_lambda_permission\b"
                   r"|\bAWS::Lambda::Permission\b|\baws_s(?:qs_queue|ns_topic)_policy\b)[\s\S]*?s3\.amazonaws\.com"),
        UsualCause("If the queue or topic is encrypted, the policy of its customer managed KMS key must let "
                   "s3.amazonaws.com perform kms:GenerateDataKey and kms:Decrypt; an AWS managed key cannot be used.",
                   None, Who.RESOURCE_OWNER),
        UsualCause("The destination does not exist, is in a different Region from the bucket, or is a FIFO queue or "
                   "topic.", None, Who.CALLER),
        UsualCause("Encrypt the queue or topic with a customer managed KMS key whose policy lets s3.amazonaws.com "
                   "perform kms:GenerateDataKey and kms:Decrypt, or use SSE-SQS for a queue. S3 cannot use the AWS "
                   "managed key, and nobody can change that key's policy.", None, Who.RESOURCE_OWNER,
                   shown_by=r"\balias/aws/(?:sqs|sns)\b",
                   decides="The destination is encrypted with an AWS managed key, which S3 cannot use: change its "
                   "encryption. The caller's policies are not the cause."),
        UsualCause("Add to the key's policy: Principal s3.amazonaws.com, Action kms:GenerateDataKey and kms:Decrypt, "
                   "with the bucket's account as aws:SourceAccount. Do not change the policy of the queue or "
                   "topic.", None,
                   Who.RESOURCE_OWNER,
                   shown_by=r"(?=[\s\S]*(?:sqs:SendMessage|sns:Publish)[\s\S]{0,200}s3\.amazonaws\.com"
                   r"|[\s\S]*s3\.amazonaws\.com[\s\S]{0,200}(?:sqs:SendMessage|sns:Publish))"
                   r"[\s\S]*Kms(?:Master)?KeyId[\"']?\s*[:=]?\s*[\"']?(?:arn:[\w-]+:kms:|[0-9a-f]{8}-)"
                   r"(?![\s\S]*kms:GenerateDataKey)",
                   decides="The policy in the text lets S3 send, but the destination is encrypted with a customer "
                   "managed KMS key: the key's policy must let s3.amazonaws.com use it."),
        page="https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html",
        asks=tuple(OwnRequest("s3.amazonaws.com", action, f"{{{action.partition(':')[0]}_destination}}",
                              keys=(("aws:SourceArn", "arn:{partition}:s3:::{bucket}"), _OWNER))
                   for action in ("lambda:InvokeFunction", "sns:Publish", "sqs:SendMessage")),
    ),
    row(
        "to invoke",
        rf"{_INVOKED}(?P<arn>arn:[\w-]+:(?:{'|'.join(each[0] for each in _TARGETS)}):[^\s\"',]*[\w*])",
        "what invokes the target",
        "the target cannot be invoked",
        "The role or service that invokes {arn} is not allowed to.",
        _OF_A_PIPE,
        *(_of_target(*each) for each in _TARGETS),
        page="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-custom-bus-target-firehose.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
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
                   "role's account use the key. Check its trust policy, too: it must name logs.amazonaws.com.", None,
                   shown_by=r"\A(?![\s\S]*kms:(?:GenerateDataKey|\*))(?=[\s\S]*kinesis:(?:Put|\*))"
                   r"[\s\S]*?\b(?:KMS|KeyId)\b\W[^\n]{0,40}?(?P<key>arn:[\w-]+:kms:[\w-]+:\d{12}:key/[\w-]+)",
                   decides="The stream is encrypted with the KMS key {key}, and the policy in the text allows the "
                   "role no kms:GenerateDataKey: allow it on that key."),
        UsualCause("The role of the subscription filter must trust logs.amazonaws.com (older roles: "
                   "logs.REGION.amazonaws.com) and allow firehose:PutRecord or kinesis:PutRecord on the stream. "
                   "Whoever creates the filter needs iam:PassRole on the role.", None),
        UsualCause("The role or the stream was created a moment ago: wait until the stream is ACTIVE and try "
                   "again.", None,
                   Who.CALLER),
        page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html",
    ),
    row(
        "no_permissions",
        r"ERROR_CODE\W{1,40}(?:\w+\W{1,12}){0,6}?NO_PERMISSIONS",
        "EventBridge, which calls the target",
        "EventBridge is not allowed to call the target",
        "EventBridge is not allowed to call the rule's target: the target's own policy, or the role of the target, "
        "does not allow the call.",
        # EventBridge User Guide, "Permissions for event buses"
        # (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html), and "Sending events to an
        # AWS service in another account" (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html).
        UsualCause("In account {account}, let the policy of {bus} allow the rule's account to perform "
                   "events:PutEvents. In the rule's account, the target's RoleArn must name a role that trusts "
                   "events.amazonaws.com and is allowed to perform events:PutEvents on that bus.",
                   "aws events list-rules", Who.RESOURCE_OWNER,
                   shown_by=r"TARGET_ARN\W{1,12}(?:\w{1,20}\W{1,8})?(?P<bus>arn:[\w-]+:events:[\w-]+:(?P<account>\d{12})"
                   r":event-bus/[\w./-]+)",
                   decides="EventBridge is not allowed to put events on {bus}: that bus's policy does not allow the "
                   "rule's account events:PutEvents, or the target's role does not allow it."),
        UsualCause("The policy of a function, topic or queue must allow events.amazonaws.com, with the rule as "
                   "aws:SourceArn. The policy for a log group must allow events.amazonaws.com and "
                   "delivery.logs.amazonaws.com to perform logs:CreateLogStream and logs:PutLogEvents. A target in "
                   "another account also needs an execution role (RoleArn) in the rule's "
                   "account.", "aws events list-rules", Who.RESOURCE_OWNER),
        # Amazon SQS Developer Guide, "Key management"
        # (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html).
        UsualCause("If the queue or topic is encrypted with a KMS key, it must be a customer managed key whose policy "
                   "lets events.amazonaws.com perform kms:GenerateDataKey and kms:Decrypt: the policy of an AWS "
                   "managed key cannot be changed.", None, Who.RESOURCE_OWNER),
        UsualCause("Other targets (Kinesis, Step Functions, ECS, another bus) are called with the target's RoleArn: "
                   "that role lacks the action, or does not trust events.amazonaws.com.", "aws events list-rules"),
        page="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html",
        asks=tuple(OwnRequest("events.amazonaws.com", action)
                   for action in ("lambda:InvokeFunction", "sns:Publish", "sqs:SendMessage", "logs:PutLogEvents")),
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
        UsualCause("With another role AWS Config delivers as that role: allow it s3:PutObject (and s3:PutObjectAcl on "
                   "another account's bucket) on PREFIX/AWSLogs/ACCOUNT/Config/*.",
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
        "API Gateway is not allowed to invoke the function. Without credentials in the integration, the function's own "
        "policy must allow this method and path; with credentials, that role or caller needs permission.",
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
    # Amazon SQS API Reference, "Common errors", and "SendMessage": the queue's URL.
    row(
        "queue does not exist or you do not have access to it",
        r"The specified queue does not exist or you do not have access to it",
        "the caller",
        "SQS has no such queue for this caller",
        "SQS has no queue at the URL of the call, or the caller has no access to it. Compare the account, the Region "
        "and the name in the URL with the queue's ARN first.",
        UsualCause("The URL is of another account or Region, or the name is misspelled: "
                   "https://sqs.REGION.amazonaws.com/ACCOUNT/NAME has the same values as "
                   "arn:aws:sqs:REGION:ACCOUNT:NAME.",
                   "aws sqs get-queue-url --queue-name NAME --queue-owner-aws-account-id ACCOUNT", Who.CALLER),
        UsualCause("The queue is another account's, and its policy does not allow the caller.", None,
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
        "sqs-queue-message-identifiers.html",
    ),
)  # fmt: skip
