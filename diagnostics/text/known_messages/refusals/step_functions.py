"""Messages of AWS Step Functions."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, lacking, row
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"
_STATES = f"{_DOCS}/step-functions/latest"

STEP_FUNCTIONS: tuple[ServiceSentence, ...] = (
    # AWS Step Functions API Reference, "StartExecution", and Developer Guide, "Data at rest encryption".
    row(
        "kmsaccessdeniedexception: either your kms key policy",
        r"Either your KMS key policy or API caller does not have the required permissions",
        "the caller, or the state machine's role, at the KMS key",
        "the state machine's KMS key does not allow the caller",
        "The state machine is encrypted with a KMS key, and the caller is not allowed to use the key: allow the "
        "caller kms:Decrypt and kms:GenerateDataKey, in the caller's policies and in the key policy.",
        UsualCause("Calls through Step Functions can be limited with the condition kms:ViaService = "
                   "states.REGION.amazonaws.com and the encryption context aws:states:stateMachineArn. The state "
                   "machine's own role needs both actions, "
                   "too.", "aws stepfunctions describe-state-machine --state-machine-arn ARN --query "
                   "encryptionConfiguration"),
        page=f"{_STATES}/dg/encryption-at-rest.html",
        actions=("kms:Decrypt", "kms:GenerateDataKey"),
    ),
    # AWS Step Functions Developer Guide, "IAM policies for calling AWS Lambda".
    row(
        "lambda.accessdeniedexception",
        r"\bLambda\.AccessDeniedException\b(?![\s\S]{0,400}?not authorized to perform)",
        "the state machine's role",
        "the state machine's role is not allowed to invoke the function",
        "The state machine's execution role most likely lacks lambda:InvokeFunction on the task's function. Whoever "
        "started the execution does not need this permission.",
        UsualCause("Allow that role lambda:InvokeFunction on the function's ARN as the task names it: a version or an "
                   "alias has its own ARN (FUNCTION:VERSION, FUNCTION:ALIAS), so list both FUNCTION and FUNCTION:*. "
                   "If the function is in another account, its own policy must allow the role, too.",
                   "aws stepfunctions describe-state-machine --state-machine-arn ARN --query roleArn",
                   needs=("lambda:InvokeFunction",)),
        page=f"{_STATES}/dg/lambda-iam.html",
        actions=("lambda:InvokeFunction",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "states.permissions",
        r"\berror(?:Code)?\W{1,8}States\.Permissions\b",
        "the state machine's role",
        "the state machine's role lacks permissions for the task",
        "The state machine's own role lacks permissions for this task; whoever started the execution does not need "
        "them. The cause next to the error names what was refused.",
        UsualCause("Read the failed task's event: its cause names the action. Allow the state machine's role "
                   "that action. For .sync tasks, also allow it the events: actions on the managed EventBridge rule.",
                   "aws stepfunctions describe-state-machine --state-machine-arn ARN --query roleArn"),
        page=f"{_STATES}/dg/concepts-error-handling.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        ("when calling the sendtask", "sendtasksuccess", "sendtaskfailure", "sendtaskheartbeat"),
        r"\b(?:InvalidToken|TaskTimedOut|TaskDoesNotExist)\b"
        r"(?=[^\n]{0,300}?\bSendTask(?:Success|Failure|Heartbeat)\b)"
        r"|\bSendTask(?:Success|Failure|Heartbeat)\b[^\n]{0,200}?\b(?:InvalidToken|TaskTimedOut|TaskDoesNotExist)\b",
        "the task token",
        "the task token is no longer valid",
        "Step Functions does not accept the task token: it expired, its task is closed already, or it was changed. "
        "Credentials and permissions are not the cause.",
        UsualCause("Send exactly the token of $$.Task.Token, to the account and Region of the state machine, once, "
                   "before the task's timeout or heartbeat ends. A token that was cut off or decoded in transit is not "
                   "valid.", None,
                   Who.CALLER),
        page=f"{_STATES}/apireference/API_SendTaskSuccess.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)  # fmt: skip

STATE_MACHINE_LOGS_AND_RULES: tuple[ServiceSentence, ...] = (
    row(
        "access the log destination",
        r"state machine IAM Role is not authorized to access the Log Destination",
        "the state machine's role",
        "the state machine's role is not allowed to deliver logs",
        "The state machine's role, or the resource policy of CloudWatch Logs, does not let Step Functions deliver its "
        "logs.",
        UsualCause(
            "The state machine's role needs logs:CreateLogDelivery, logs:GetLogDelivery, "
            "logs:UpdateLogDelivery, logs:DeleteLogDelivery, logs:ListLogDeliveries, logs:PutResourcePolicy, "
            'logs:DescribeResourcePolicies and logs:DescribeLogGroups on Resource "*".',
            "aws stepfunctions list-state-machines",
        ),
        UsualCause(
            "CloudWatch Logs' resource policies are full (10 per Region, 5,120 characters each): name the "
            "log group /aws/vendedlogs/states/…, or remove old policies.",
            "aws logs describe-resource-policies",
        ),
        page="https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html",
        actions=(
            "logs:CreateLogDelivery",
            "logs:PutResourcePolicy",
            "logs:DescribeResourcePolicies",
            "logs:DescribeLogGroups",
        ),
    ),
    lacking(
        ("create managed-rule", "create managed rule"),
        r"not authorized to create managed[- ]rules?",
        "the state machine's role",
        ("events:PutRule", "events:PutTargets", "events:DescribeRule"),
        UsualCause(
            "Step Functions waits for a job, a task or a nested run (.sync) by means of an EventBridge rule: "
            "the state machine's role needs events:PutRule, events:PutTargets and events:DescribeRule on it.",
            "aws events list-rules --name-prefix StepFunctions --query 'Rules[].Name'",
        ),
        page="https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html",
        on="on the rule that Step Functions manages",
    ),
)
