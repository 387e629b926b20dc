"""Messages of Step Functions about logs and managed rules."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, lacking, row

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
