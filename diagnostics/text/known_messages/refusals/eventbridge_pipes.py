"""Messages of Amazon EventBridge Pipes."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
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

EVENTBRIDGE_PIPES: tuple[ServiceSentence, ...] = (
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
)
