"""Rows for names of Lambda functions and statements of their policies."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

FUNCTION_NAMES: tuple[System, ...] = (
    # AWS Lambda API reference, "GetFunction": ResourceNotFoundException
    # (https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html).
    made_system(
        "the function's name, Region or account",
        f"Check the spelling of the function's name, and the Region and account of the call. {NONE_MISSING}",
        r"\bFunction\s+not\s+found:\s+arn:",
        "function not found",
        subject=r"Function\s+not\s+found:\s+(arn:[\w:./$-]+)",
        verdict="Lambda has no function {name}: check its name, the Region and the account of the call. No permission "
        "is missing.",
        regional=True,
    ),
)

FUNCTION_STATEMENTS: tuple[System, ...] = (
    # AWS Lambda API Reference, "AddPermission": StatementId, ResourceConflictException
    # (https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html).
    made_system(
        "the statement in the function's policy",
        "Look at it (aws lambda get-policy --function-name FUNCTION). Import it into the tool, remove it (aws lambda "
        f"remove-permission --function-name FUNCTION --statement-id {{name}}), or choose another ID. {NONE_MISSING}",
        r"statement\s+id\s+\([\w-]{1,100}\)\s+provided\s+already\s+exists",
        "provided already exists",
        subject=r"statement\s+id\s+\(([\w-]{1,100})\)",
        verdict="The function's resource policy already has a statement with the ID {name}. No permission is missing.",
        title="Import or remove the statement, or choose another ID",
    ),
)
