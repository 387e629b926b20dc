"""Rows for AWS AppSync: authorization modes, fields, what a request sends."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

APPSYNC_FIELD = "AppSync's authorization of the field"

APPSYNC: tuple[System, ...] = (
    # AWS AppSync Developer Guide, "Configuring authorization and authentication to secure your GraphQL APIs"
    # (https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html).
    made_system(
        APPSYNC_FIELD,
        "Check the API's authorization mode and the field's directives (@aws_iam, @aws_cognito_user_pools, @auth). "
        "A rule for groups compares their names with the token's, letter case included. "
        "Only with AWS_IAM does a policy decide, with appsync:GraphQL on the field.",
        r"Not\s+Authorized\s+to\s+access\s+\w+\s+on\s+type\s+\w+",
        "not authorized to access",
        flags=re.IGNORECASE,
        verdict="AppSync refused the field: the request's authorization mode, its token's groups or its owner does not "
        "allow it.",
        sure=False,
        title="Check how AppSync authorizes the field",
    ),
    # AWS AppSync developer guide, "Configuring authorization and authentication to secure your GraphQL APIs"
    # (https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html).
    made_system(
        "what the request sends to AppSync",
        "Compare what the client sends with the API's authorization modes (aws appsync get-graphql-api): the API key "
        "(x-api-key; it expires), the token of the API's own user pool or issuer (Authorization), or a signature. With "
        "AWS_IAM the caller needs appsync:GraphQL on the API.",
        r"\"UnauthorizedException\"[^{}]{0,120}You\s+are\s+not\s+authorized\s+to\s+make\s+this\s+call",
        "not authorized to make this call",
        verdict="AppSync refused what the request sends: the API key or token is missing, has expired or is of another "
        "API, or the API does not use this authorization mode.",
        title="Send what one of the API's authorization modes expects",
        sure=False,
    ),
)
