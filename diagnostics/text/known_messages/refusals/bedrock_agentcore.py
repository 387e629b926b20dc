"""Messages of Amazon Bedrock AgentCore."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, assumed_by, row
from diagnostics.who import Who

_DOCS = "https://docs.aws.amazon.com"

BEDROCK_AGENTCORE: tuple[ServiceSentence, ...] = (
    row(
        "role validation failed for",
        r"Role validation failed for [\"']?(?P<principal>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]*\w)[\"']?\.? Please "
        r"verify that the role exists and its trust policy allows assumption by this service",
        "the service that gets the role",
        "the service cannot assume the role",
        "The service cannot assume {principal}: its trust policy does not allow this service, or no such role exists.",
        UsualCause(
            "The role's trust policy must allow sts:AssumeRole to the service principal of this service; for Bedrock "
            "AgentCore, the principal is bedrock-agentcore.amazonaws.com (bedrock.amazonaws.com is another service).",
            "aws iam get-role --role-name ROLE --query Role.AssumeRolePolicyDocument",
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "The role's name, path or account is misspelled, or the role was created a moment ago: wait and try again.",
            None,
            Who.CALLER,
        ),
        page=f"{_DOCS}/bedrock-agentcore/latest/devguide/runtime-permissions.html",
        asks=assumed_by("bedrock-agentcore.amazonaws.com"),
    ),
)  # fmt: skip
