"""Sentences of Amazon EventBridge and its Pipes, SNS and SQS, and of the notifications of S3."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import OwnRequest, ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"
_PIPES = f"{_DOCS}/eventbridge/latest/userguide/eb-pipes-permissions.html"
_PIPES_ROLE = "aws pipes describe-pipe --name PIPE --query '[RoleArn,Source,Target,SourceParameters]'"
_SOON = UsualCause(
    "The policy was attached after the call, or a moment before it: let the resource depend on the attachment (in "
    "Terraform: depends_on), and try again.",
    None,
    Who.CALLER,
)
# Amazon EventBridge User Guide, "EventBridge Pipes log schema reference": error.awsService is what the pipe called
# (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-logs-schema.html).
_REFUSED = r"\"(?:exceptionType|message)\"\s*:\s*\"[^\"]{0,200}(?:AccessDenied|Not allowed to invoke)"
_SERVICE = r"\"awsService\"\s*:\s*\"(?P<service{}>[a-z0-9-]{{2,40}})\""
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
_OWNER = ("aws:SourceAccount", "{account}")
"""The condition key with the account for which a service acts. Only services that document this key send it."""
_API = "https://docs.aws.amazon.com"
EVENTS: tuple[ServiceSentence, ...] = (
    row(
        "customer role does not have permissions to call",
        r"provided customer role does not have permissions to call (?P<operation>\w+) on "
        r"(?P<service>[A-Z][\w ]{1,30}\w)",
        "the execution role of the pipe",
        "the pipe's execution role lacks permissions",
        "The pipe's execution role is not allowed to call {operation} on {service}: change that role's policy, not the "
        "policies of whoever creates the pipe.",
        UsualCause(
            "Allow the call on the ARN of the pipe's source or target. For an SQS source the role needs "
            "sqs:ReceiveMessage, sqs:DeleteMessage and sqs:GetQueueAttributes; for an encrypted queue also "
            "kms:Decrypt on the queue's key.",
            _PIPES_ROLE,
        ),
        _SOON,
        page=_PIPES,
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "error occurred while sending message to",
        r"Error occurred while sending message to (?P<kind>SQS queue|SNS topic): "
        r"(?P<resource>arn:[\w-]+:s[qn]s:[\w:.-]*\w)",
        "the execution role of the pipe",
        "the pipe's execution role cannot write to the dead-letter {kind}",
        "The pipe cannot send to its dead-letter {kind} {resource}: most likely its execution role lacks that "
        "permission.",
        UsualCause(
            "Allow the pipe's role sqs:SendMessage on the queue (sns:Publish on a topic), and, if the key of the "
            "queue or topic is customer managed, kms:GenerateDataKey and kms:Decrypt. The source and the target are "
            "not the cause.",
            _PIPES_ROLE,
        ),
        UsualCause(
            "The queue's policy refuses the role, or the queue does not exist in this Region.", None, Who.RESOURCE_OWNER
        ),
        page=_PIPES,
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        ("pipes does not have", "pipe does not have", "pipes do not have"),
        r"Pipes? (?:does|do) not have (?:the )?(?:required|enough|sufficient) permissions?",
        "the pipe's execution role",
        "the pipe's execution role lacks permissions on the source",
        "The pipe's execution role lacks the actions that the message names; whoever made the pipe does not need them.",
        UsualCause(
            "Add these actions to the policy of the pipe's role, which trusts pipes.amazonaws.com. If a customer "
            "managed KMS key encrypts the source, the role needs kms:Decrypt, in the key policy too.",
            "aws pipes describe-pipe --name PIPE --query RoleArn",
        ),
        page=f"{_DOCS}/eventbridge/latest/userguide/eb-pipes-error-troubleshooting.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        '"awsservice"',
        rf"{_SERVICE.format('')}[^{{}}]{{0,400}}?{_REFUSED}|{_REFUSED}[^{{}}]{{0,400}}?{_SERVICE.format(2)}",
        "the execution role of the pipe",
        "the pipe's execution role is not allowed to call the service",
        "The pipe called {service}{service2} with its execution role, and was refused: the role's policy lacks the "
        "action, or names a different resource. Neither the source nor whoever created the pipe is the cause.",
        UsualCause(
            "Compare the role's policy with the target: for a log group it needs logs:CreateLogStream and "
            "logs:PutLogEvents on arn:aws:logs:REGION:ACCOUNT:log-group:NAME:*, with :* after the name.",
            "aws pipes describe-pipe --name PIPE --query '[RoleArn,Target]'",
            shown_by=r"\"awsService\"\s*:\s*\"logs\"",
            needs_evidence=True,
            needs=("logs:CreateLogStream", "logs:PutLogEvents"),
        ),
        UsualCause(
            "Compare the actions and the Resource of the role's policy with the target's ARN.",
            "aws pipes describe-pipe --name PIPE --query '[RoleArn,Target]'",
            shown_by=r"\"awsService\"\s*:\s*\"(?!logs\")",
            needs_evidence=True,
        ),
        page="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-permissions.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
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
        "no_permissions",
        r"ERROR_CODE\W{1,40}(?:\w+\W{1,12}){0,6}?NO_PERMISSIONS",
        "EventBridge, which calls the target",
        "EventBridge is not allowed to call the target",
        "EventBridge is not allowed to call the rule's target: the target's own policy, or the role of the target, "
        "does not allow the call.",
        # EventBridge User Guide, "Permissions for event buses"
        # (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html), and "Sending events to an
        # AWS service in another account" (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-cross-account.html).
        UsualCause(
            "Name {bus} in place of {other} in the policy of the target's role (RoleArn), or add {bus} to the policy.",
            "aws events list-rules",
            shown_by=r"TARGET_ARN\W{1,12}(?:\w{1,20}\W{1,8})?"
            r"(?P<bus>arn:[\w-]+:events:[\w-]+:\d{12}:event-bus/[\w./-]+)(?![\w./-])"
            r"(?=[\s\S]*?\"events:PutEvents\"\s*\]?\s*,\s*\"Resource\"\s*:\s*\[?\s*\""
            r"(?P<other>(?!(?P=bus)\")arn:[\w-]+:events:[^\"*]+)\"(?!\s*,\s*\"arn:))",
            decides="In the text, a policy allows events:PutEvents on {other}, but the rule's target is {bus}: name "
            "that bus in the policy of the target's role.",
        ),
        UsualCause(
            "In account {account}, let the policy of {bus} allow the rule's account to perform "
            "events:PutEvents. In the rule's account, the target's RoleArn must name a role that trusts "
            "events.amazonaws.com and is allowed to perform events:PutEvents on that bus.",
            "aws events list-rules",
            Who.RESOURCE_OWNER,
            shown_by=r"TARGET_ARN\W{1,12}(?:\w{1,20}\W{1,8})?(?P<bus>arn:[\w-]+:events:[\w-]+:(?P<account>\d{12})"
            r":event-bus/[\w./-]+)",
            decides="EventBridge is not allowed to put events on {bus}: that bus's policy does not allow the "
            "rule's account events:PutEvents, or the target's role does not allow it.",
        ),
        UsualCause(
            "The policy of a function, topic or queue must allow events.amazonaws.com, with the rule as "
            "aws:SourceArn. The policy for a log group must allow events.amazonaws.com and "
            "delivery.logs.amazonaws.com to perform logs:CreateLogStream and logs:PutLogEvents. A target in "
            "another account also needs an execution role (RoleArn) in the rule's "
            "account.",
            "aws events list-rules",
            Who.RESOURCE_OWNER,
        ),
        # Amazon SQS Developer Guide, "Key management"
        # (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html).
        UsualCause(
            "If the queue or topic is encrypted with a KMS key, that key must be a customer managed key whose policy "
            "lets events.amazonaws.com perform kms:GenerateDataKey and kms:Decrypt: the policy of an AWS managed key "
            "cannot be changed.",
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "Other targets (Kinesis, Step Functions, ECS, another bus) are called with the target's RoleArn: "
            "that role lacks the action, or does not trust events.amazonaws.com.",
            "aws events list-rules",
        ),
        page="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html",
        asks=tuple(
            OwnRequest("events.amazonaws.com", action)
            for action in ("lambda:InvokeFunction", "sns:Publish", "sqs:SendMessage", "logs:PutLogEvents")
        ),
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
        UsualCause(
            'Add to the key policy a statement for Principal {"Service": "cloudwatch.amazonaws.com"} with '
            'kms:GenerateDataKey* and kms:Decrypt on "*".',
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "If the key is the AWS managed one (alias/aws/sns), nobody can change its policy: choose a customer "
            "managed key.",
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "The policy of alias/aws/sns cannot be changed, whatever IAM allows an administrator.",
            None,
            Who.RESOURCE_OWNER,
            shown_by=r"(?<![\w/])(?:alias/)?aws/sns\b",
            decides="The topic is encrypted with the AWS managed key alias/aws/sns, whose policy nobody can "
            "change, so CloudWatch alarms cannot publish to it: choose a customer managed key whose policy "
            "allows cloudwatch.amazonaws.com kms:GenerateDataKey* and kms:Decrypt.",
        ),
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
        UsualCause(
            "Encrypt the queue with SSE-SQS, or with a customer managed key whose policy lets sns.amazonaws.com "
            "perform kms:GenerateDataKey and kms:Decrypt.",
            None,
            Who.RESOURCE_OWNER,
        ),
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
        "The queue's KMS key does not let SNS use it. KMS refused the delivery; the queue's policy did not.",
        UsualCause(
            'Add to the key policy a statement for Principal {"Service": "sns.amazonaws.com"} with '
            'kms:GenerateDataKey and kms:Decrypt on "*", and the topic as aws:SourceArn. The queue\'s policy '
            "must allow sqs:SendMessage as well.",
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "With the AWS managed key alias/aws/sqs this is not possible: use a customer managed key, or SSE-SQS.",
            None,
            Who.RESOURCE_OWNER,
        ),
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
        UsualCause(
            "The destination's policy does not let s3.amazonaws.com perform sns:Publish, sqs:SendMessage or "
            "lambda:InvokeFunction with this bucket as aws:SourceArn (and aws:SourceAccount), or the statement "
            "is added only after the notification.",
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "Most likely the permission is added only after the notification: let the bucket notification "
            "depend on it (depends_on = [aws_lambda_permission.…], in CloudFormation DependsOn), and compare "
            "its source_arn with the bucket's ARN.",
            None,
            Who.CALLER,
            needs_evidence=True,
            shown_by=r"\A(?![\s\S]*\b(?:depends_on|DependsOn)\b)[\s\S]*?(?:\"?aws_lambda_permission\b"
            r"|\bAWS::Lambda::Permission\b|\baws_s(?:qs_queue|ns_topic)_policy\b)[\s\S]*?s3\.amazonaws\.com",
        ),
        UsualCause(
            "If the queue or topic is encrypted, the policy of its customer managed KMS key must let "
            "s3.amazonaws.com perform kms:GenerateDataKey and kms:Decrypt; an AWS managed key cannot be used.",
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "The destination does not exist, is in a different Region from the bucket, or is a FIFO queue or topic.",
            None,
            Who.CALLER,
        ),
        UsualCause(
            "Encrypt the queue or topic with a customer managed KMS key whose policy lets s3.amazonaws.com "
            "perform kms:GenerateDataKey and kms:Decrypt, or use SSE-SQS for a queue. S3 cannot use the AWS "
            "managed key, and nobody can change that key's policy.",
            None,
            Who.RESOURCE_OWNER,
            shown_by=r"\balias/aws/(?:sqs|sns)\b",
            decides="The destination is encrypted with an AWS managed key, which S3 cannot use: change its "
            "encryption. The caller's policies are not the cause.",
        ),
        UsualCause(
            "Add to the key's policy: Principal s3.amazonaws.com, Action kms:GenerateDataKey and kms:Decrypt, "
            "with the bucket's account as aws:SourceAccount. Do not change the policy of the queue or "
            "topic.",
            None,
            Who.RESOURCE_OWNER,
            shown_by=r"(?=[\s\S]*(?:sqs:SendMessage|sns:Publish)[\s\S]{0,200}s3\.amazonaws\.com"
            r"|[\s\S]*s3\.amazonaws\.com[\s\S]{0,200}(?:sqs:SendMessage|sns:Publish))"
            r"[\s\S]*Kms(?:Master)?KeyId[\"']?\s*[:=]?\s*[\"']?(?:arn:[\w-]+:kms:|[0-9a-f]{8}-)"
            r"(?![\s\S]*kms:GenerateDataKey)",
            decides="The policy in the text lets S3 send, but the destination is encrypted with a customer "
            "managed KMS key: the key's policy must let s3.amazonaws.com use it.",
        ),
        page="https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html",
        asks=tuple(
            OwnRequest(
                "s3.amazonaws.com",
                action,
                f"{{{action.partition(':')[0]}_destination}}",
                keys=(("aws:SourceArn", "arn:{partition}:s3:::{bucket}"), _OWNER),
            )
            for action in ("lambda:InvokeFunction", "sns:Publish", "sqs:SendMessage")
        ),
    ),
    # Amazon SQS API Reference, "Common errors", and "SendMessage": the queue's URL.
    row(
        "queue does not exist or you do not have access to it",
        r"The specified queue does not exist or you do not have access to it",
        "the caller",
        "SQS has no such queue for this caller",
        "SQS has no queue at the URL of the call, or the caller has no access to it. Compare the account, the Region "
        "and the name in the URL with the queue's ARN first.",
        UsualCause(
            "The URL is of another account or Region, or the name is misspelled: "
            "https://sqs.REGION.amazonaws.com/ACCOUNT/NAME has the same values as "
            "arn:aws:sqs:REGION:ACCOUNT:NAME.",
            "aws sqs get-queue-url --queue-name NAME --queue-owner-aws-account-id ACCOUNT",
            Who.CALLER,
        ),
        UsualCause(
            "The queue is another account's, and its policy does not allow the caller.", None, Who.RESOURCE_OWNER
        ),
        page="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/"
        "sqs-queue-message-identifiers.html",
    ),
    row(
        ("kmsaccessdenied", "have the required kms access"),
        # In these letters: Amazon SNS answers KMSAccessDenied.
        r"\b(?-i:KmsAccessDenied)\b|caller doesn.t have the required KMS access",
        "the caller, by the KMS key of the queue",
        "the caller is not allowed to use the KMS key of the queue",
        "The caller is not allowed to use the queue's KMS key. In the key policy or the caller's policies, allow the "
        "caller kms:GenerateDataKey and kms:Decrypt to send, and kms:Decrypt to receive.",
        UsualCause(
            "An AWS managed key (alias/aws/sqs) cannot be used by other accounts or by services that send to "
            "the queue: use a customer managed key, and name the sender in its policy.",
            "aws sqs get-queue-attributes --queue-url URL --attribute-names KmsMasterKeyId",
        ),
        page=f"{_API}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
        actions=("kms:GenerateDataKey", "kms:Decrypt"),
    ),
)
