"""The row for a DynamoDB write whose own condition was not met."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

CONDITION = "the condition of the DynamoDB write"
DYNAMODB_CONDITIONS: tuple[System, ...] = (
    # Amazon DynamoDB developer guide, "Error handling with DynamoDB": ConditionalCheckFailedException
    # (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html).
    made_system(
        CONDITION,
        f"The write was allowed, but its own condition (ConditionExpression) was not met. {NONE_MISSING}",
        r"\bConditionalCheckFailed(?:Exception)?\b",
        "conditionalcheckfailed",
        verdict="The write was allowed, but its own condition was not met. A missing permission is not the cause.",
    ),
)
