"""Messages of API Gateway about its CloudWatch role and about functions that it invokes."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    LISTS_FUNCTIONS,
    OwnRequest,
    ServiceSentence,
    UsualCause,
    assumed_by,
    row,
)
from diagnostics.who import Who

_AN_API = "arn:{partition}:execute-api:{region}:{account}:{api}/"

# API Gateway Developer Guide, "Amazon API Gateway ARN reference", execute-api, and "Troubleshooting issues with HTTP
# API Lambda integrations", which has $default as stage and as route
# (https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html,
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html).
_OF_AN_API = (
    ("aws:SourceArn", _AN_API + "{stage}/{method}/{path}"),
    ("aws:SourceArn", _AN_API + "{any_stage}/$default"),
    ("aws:SourceArn", _AN_API + "$default/{any_method}/{route}"),
    ("aws:SourceArn", _AN_API + "authorizers/{authorizer}"),
)

API_LOG_ROLE: tuple[ServiceSentence, ...] = (
    row(
        "logs role arn must be set in account settings",
        r"CloudWatch Logs role ARN must be set in account settings",
        "API Gateway, which writes the logs",
        "API Gateway has no CloudWatch Logs role in this Region",
        "API Gateway's account settings name no CloudWatch Logs role in this Region, but a stage with logging needs "
        "one. The permissions of whoever deploys are not the cause.",
        UsualCause(
            "Create a role that trusts apigateway.amazonaws.com, attach "
            "AmazonAPIGatewayPushToCloudWatchLogs, and set its ARN once per Region: AWS::ApiGateway::Account, "
            "aws apigateway update-account, or cloudWatchRole: true in the CDK.",
            "aws apigateway get-account",
        ),
        UsualCause(
            "The same stack creates the setting only after the stage: make the stage depend on the setting.",
            None,
            Who.CALLER,
        ),
        page="https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
    ),
)

API_ROLE_AND_FUNCTIONS: tuple[ServiceSentence, ...] = (
    row(
        "role arn does not have required permissions",
        r"The role ARN does not have required permissions(?: set| configured)?",
        "API Gateway's CloudWatch role",
        "API Gateway's CloudWatch role is incomplete",
        "The CloudWatch role in API Gateway's account settings does not trust apigateway.amazonaws.com, or lacks "
        "AmazonAPIGatewayPushToCloudWatchLogs.",
        UsualCause(
            "The role trusts another service, lacks AmazonAPIGatewayPushToCloudWatchLogs, or was created a moment ago.",
            "aws apigateway get-account",
            Who.ACCOUNT_ADMIN,
        ),
        page="https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
        asks=assumed_by("apigateway.amazonaws.com"),
    ),
    row(
        "invalid permissions on lambda function",
        r"Invalid permissions on Lambda function",
        "API Gateway, which invokes the function",
        "API Gateway is not allowed to invoke the function",
        "API Gateway is not allowed to invoke the function. Without credentials in the integration, the function's "
        "own policy must allow this method and path; with credentials, the role or caller in them needs permission.",
        UsualCause(
            "If the integration has no credentials: the function's policy lacks a statement for "
            "apigateway.amazonaws.com with lambda:InvokeFunction, or its aws:SourceArn names another API, "
            "stage, method or path, or another version or alias of the function.",
            LISTS_FUNCTIONS,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "If the integration sets credentials, API Gateway invokes the function with the role in them or, "
            "for arn:aws:iam::*:user/*, as the caller. Allow that role or caller lambda:InvokeFunction on the "
            "function.",
            shown_by=r"\b(?:polic\w+|permission)\b[^.;\n]{0,40}\b(?:allows?|has|lets?|contains?)\b[^.;\n]{0,30}"
            r"\bapigateway\b",
        ),
        page="https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html",
        actions=("lambda:InvokeFunction",),
        asks=(OwnRequest("apigateway.amazonaws.com", "lambda:InvokeFunction", "{invocation}", _OF_AN_API),),
    ),
)
