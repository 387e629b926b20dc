"""Rows for Lambda's concurrency and reserved environment variables."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

LAMBDA_LIMITS: tuple[System, ...] = (
    # AWS Lambda Developer Guide, "Troubleshoot deployment issues in Lambda"
    # (https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html).
    made_system(
        "the account's concurrency quota in Lambda",
        "Reserve less, or request more “Concurrent executions” in Service Quotas, AWS Lambda: what is not reserved "
        "must stay above the minimum that the message names. New accounts begin with a small quota.",
        r"decreases\s+account's\s+UnreservedConcurrentExecution\s+below\s+its\s+minimum",
        "unreservedconcurrentexecution",
        verdict="The account's concurrency quota in Lambda is too small for this reservation: reserve less, or have "
        "the quota raised. No permission is missing.",
        title="Reserve less, or raise the quota",
    ),
    made_system(
        "the function's environment variables",
        "Remove or rename the variable: Lambda sets names like AWS_REGION and AWS_ACCESS_KEY_ID itself, and your "
        "function can only read them. To pass a Region of your own, use a different variable name. No permission is "
        "missing.",
        r"environment\s+variables\s+you\s+have\s+provided\s+contains\s+reserved\s+keys",
        "contains reserved keys",
        subject=r"Reserved keys used in this request: ?(\w+)",
        verdict="The function's variables contain a name that Lambda reserves: remove or rename it.",
        title="Remove the reserved variable",
    ),
)
