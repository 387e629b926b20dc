"""Messages of Amazon EventBridge and its Scheduler about targets."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import OwnRequest, ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

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

EVENTBRIDGE_TARGETS: tuple[ServiceSentence, ...] = (
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
)
