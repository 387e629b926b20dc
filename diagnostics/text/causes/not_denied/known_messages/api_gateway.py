"""API Gateway's messages Forbidden and Unauthorized, which name no reason."""

from __future__ import annotations

from diagnostics.text.causes.build_causes import Said
from diagnostics.who import Who

_API_GATEWAY = r"(?:execute-api|x-amzn-errortype|x-amz-apigw-id|API Gateway)"

_SIGNED = r"(?:\bAWS_IAM\b|\bIAM auth|\bawscurl\b|--aws-sigv4\b|\bSigV4\b)"
_ANOTHER_GETS_IN = (
    r"(?:\b(?:admin\w*|AdministratorAccess|other|another|different)\b[^.\n]{0,60}"
    r"(?<!not )(?<!n't )\b(?:works?|worked|succeeds?|(?:returns?|gets?|gives?|answers?(?: with)?) (?:HTTP )?200)\b"
    r"|\b(?:works?|200)\b[^.\n]{0,30}\b(?:with|as|for)\b[^.\n]{0,30}\b(?:admin\w*|AdministratorAccess)\b)"
)

FORBIDDEN_MESSAGES = (
    # API Gateway Developer Guide, "Control access to a REST API with IAM permissions"
    # (https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html).
    Said(
        rf"\A(?=[\s\S]*{_API_GATEWAY})(?=[\s\S]*{_SIGNED})(?=[\s\S]*{_ANOTHER_GETS_IN})"
        r"[\s\S]*?\{\s*\"message\"\s*:\s*\"Forbidden\"\s*\}",
        "Allow the refused caller execute-api:Invoke on this API, stage, method and path: another identity gets "
        "through with the same request, so most likely the caller's permissions decide, and not an API key, AWS WAF or "
        "the path.",
        None,
        Who.ACCOUNT_ADMIN,
    ),
    # API Gateway developer guide, "Troubleshoot HTTP 403 errors", and "Control access to HTTP APIs with IAM
    # authorization" (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html).
    Said(
        r"\A\s*\{\s*\"message\"\s*:\s*\"Forbidden\"\s*\}\s*\Z"
        rf"|{_API_GATEWAY}[\s\S]*\{{\s*\"message\"\s*:\s*\"Forbidden\"\s*\}}",
        "If API Gateway says this: a REST API's method requires an API key that the request lacks (x-api-key, or its "
        "usage plan), AWS WAF blocked the request, or a custom domain has no such path. An HTTP API with IAM "
        "authorization says this if the caller's policies do not allow execute-api:Invoke.",
        None,
        Who.RESOURCE_OWNER,
        gone=rf"{_SIGNED}[\s\S]*{_ANOTHER_GETS_IN}",
    ),
)

UNAUTHORIZED_MESSAGES = (
    # API Gateway Developer Guide, "Troubleshoot HTTP 401 errors": authorizers.
    Said(
        r"\A\s*\{\s*\"message\"\s*:\s*\"Unauthorized\"\s*\}\s*\Z"
        rf"|{_API_GATEWAY}[\s\S]*\{{\s*\"message\"\s*:\s*\"Unauthorized\"\s*\}}",
        "If API Gateway says this, its authorizer (Cognito, JWT or Lambda) did not accept the token: it is missing, "
        "expired, of another issuer or audience, or is not in the header that the authorizer reads. IAM's access "
        "denied errors name an action.",
        None,
        Who.CALLER,
    ),
)
