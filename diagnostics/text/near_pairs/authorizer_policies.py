"""Find the ARN of an API Gateway request that the policy of its Lambda authorizer does not match.

API Gateway Developer Guide, "Control access to WebSocket APIs with IAM authorization"
(https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html), and AWS
re:Post, "api-gateway-lambda-authorization-errors", on cached policies
(https://repost.aws/knowledge-center/api-gateway-lambda-authorization-errors).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.text.answer.denial.api_authorizers import returned_deny
from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.named_values import Named, Paste
from iam.lazy_pattern import regex
from iam.policy.match import compile_glob

_AUTHORIZER = regex(r"authori[sz]er", re.IGNORECASE)
_OF_REQUEST = regex(r"\b(?:method|route)[ _]?arn\b[^\n]{0,40}\n?[^\n]{0,20}$", re.IGNORECASE)
_OF_POLICY = regex(r"\bresources?\b[^\n]{0,40}\n?[^\n]{0,200}$", re.IGNORECASE)
_CALL = regex(
    r"\b(?P<method>GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) (?:https://[\w.-]+)?/(?P<path>[\w./~%:@+-]*[\w~%@+-])"
    r"(?=(?P<after>[^\n]{0,40}))"
)
_SUCCEEDS = regex(r"^\W*(?:HTTP/[\d.]+\W+)?(?:works?\b|is fine\b|succeeds\b|ok\b|2\d\d\b)", re.IGNORECASE)
_ROUTE = regex(r"/\$(?:connect|disconnect|default)$")
_WITHIN = 240
_WEBSOCKET = (
    " The ARN of a WebSocket route is API-ID/STAGE/ROUTE, without a method: allow the event's methodArn, or "
    "API-ID/STAGE/*."
)
_CACHED = (
    " API Gateway may have cached a policy that the authorizer returned for another request: let the policy cover "
    "all methods of the API that the caller may use, or set the cache's time to 0."
)


def of_authorizer_policies(paste: Paste) -> Iterator[NearPair]:
    """Yield the request's ARN and the only ARN that the authorizer's policy allows, if the two do not match."""
    if _AUTHORIZER.search(paste.text) is None or returned_deny(paste.text) is not None:
        return
    of_apis = [each for each in paste.arns if ":execute-api:" in each.value]
    asked = {each.value for each in of_apis if _is_request(paste.text, each)}
    allowed = {each.value for each in of_apis if each.value not in asked and _is_allowed(paste.text, each)}
    if len(allowed) != 1:
        return
    (pattern,) = allowed
    asked = asked or _called(paste.text, pattern)
    if len(asked) != 1:
        return
    (request,) = asked
    if not compile_glob(pattern)(request):
        also = _WEBSOCKET if request.count("/") == _OF_ROUTE else _CACHED
        place, policy = "the request", "the authorizer's policy"
        differ, code = "the pattern does not match", "not-iam"
        yield NearPair("method", request, place, pattern, policy, differ, Basis.PATTERN, code, also=also)


def _called(text: str, pattern: str) -> set[str]:
    """Return the requests (``GET /path``) in the text that the policy does not match, as ARNs of the policy's API.

    A custom domain leaves the stage out of the path, so a path may begin with the stage or follow it.
    """
    api, _, rest = pattern.partition("/")
    stage = rest.partition("/")[0]
    found: set[str] = set()
    for call in _CALL.finditer(text):
        path = call["path"]
        inner = path.removeprefix(f"{stage}/") if "*" not in stage else path
        one = f"{api}/{stage if '*' not in stage else 'STAGE'}/{call['method']}/{inner}"
        if not compile_glob(pattern)(one) and not _SUCCEEDS.search(call["after"]):
            found.add(one)
    return found


_OF_ROUTE = 2
"""The number of slashes in the ARN of a WebSocket route."""


def _before(text: str, named: Named) -> str:
    return text[max(0, named.at - _WITHIN) : named.at]


def _is_request(text: str, named: Named) -> bool:
    return "*" not in named.value and bool(_ROUTE.search(named.value) or _OF_REQUEST.search(_before(text, named)))


def _is_allowed(text: str, named: Named) -> bool:
    return "*" in named.value or _OF_POLICY.search(_before(text, named)) is not None
