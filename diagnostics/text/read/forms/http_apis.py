"""Read API Gateway's {"message":"Forbidden"} as a denial of execute-api:Invoke, if an HTTP API asks IAM.

API Gateway Developer Guide, "Control access to HTTP APIs with IAM authorization": it invokes the route only if the
client has execute-api permission for it, and HTTP APIs have no resource policies
(https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html); "Choose between REST
APIs and HTTP APIs": HTTP APIs have neither API keys nor AWS WAF
(https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html).
"""

from __future__ import annotations

import re

from diagnostics.failure import Denial
from diagnostics.text.read.identities.callers import CALLER_ARN, caller_in
from iam.arn import Arn
from iam.facts.global_services import partition_of_region
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

FORBIDDEN = regex(r"\{\s*\\?\"message\\?\"\s*:\s*\\?\"Forbidden\\?\"\s*\}")
HTTP_API = r"\bHTTP[ -]APIs?\b|\bapigatewayv2\b|\bAPI Gateway v2\b|\bHttpApi\w*\b"
"""A pattern of words for an HTTP API of API Gateway, for any case."""
_HTTP_API = regex(HTTP_API, re.IGNORECASE)
_ASKS_IAM = regex(
    r"\bAWS_IAM\b|\baws_iam\b|\bIAM[- ](?:auth\w*|protected|secured)\b|\bHttpIamAuthorizer\b"
    r"|--aws-sigv4\b|\bawscurl\b|\bSig(?:nature )?V(?:ersion )?4\b|\b[Ss]ig[Vv]4\b"
)
# A JWT or Lambda authorizer decides instead of IAM, and has its own messages.
_ASKS_ANOTHER = regex(r"\bJWT\b|\bLambda authorizer\b|\bCognito authorizer\b|\bAuthorization: Bearer\b")
_URL = regex(
    rf"https://(?P<api>[a-z0-9]{{10}})\.execute-api\.(?P<region>{REGION_NAME})\.amazonaws\.com(?:\.cn)?"
    r"(?P<path>/[\w./-]*)?"
)
_METHOD = regex(r"(?:-X|--request)[ =]?(?P<sent>[A-Z]{3,7})\b|\b(?P<said>GET|POST|PUT|PATCH|DELETE) /")
_CALLER = regex(CALLER_ARN)


def invocations_refused(text: str) -> list[Denial]:
    """Return the call of an HTTP API that IAM refused, if the text shows that the route asks IAM; else nothing."""
    if not (FORBIDDEN.search(text) and _HTTP_API.search(text) and _ASKS_IAM.search(text)) or _ASKS_ANOTHER.search(text):
        return []
    named = set(_CALLER.findall(text))
    caller = caller_in(text) or (named.pop() if len(named) == 1 else None)
    route = _route(text, caller)
    return [Denial(text=text, principal=caller, action="execute-api:Invoke", resource=route, operation="Invoke")]


def _route(text: str, caller: str | None) -> str | None:
    """Return the ARN of the called route in the caller's account; None if the text does not show it.

    The first part of the path is the stage if an ARN or a word of the text says so; otherwise it is $default.
    """
    urls = {each.group("api", "region", "path") for each in _URL.finditer(text)}
    who = Arn.parse(caller or "")
    if len(urls) != 1 or who is None:
        return None
    api, region, path = urls.pop()
    method = _METHOD.search(text)
    sent = (method["sent"] or method["said"]) if method is not None else "GET"
    stage, _, rest = (path or "").strip("/").partition("/")
    if f"{api}/{stage}/" not in text.replace(f"://{api}", "") and not re.search(rf"\bstage\W{{1,3}}{stage}\b", text):
        stage, rest = "$default", (path or "").strip("/")
    of_account = f"arn:{partition_of_region(region)}:execute-api:{region}:{who.account}"
    return f"{of_account}:{api}/{stage}/{sent}/{rest}"
