"""Find the ARN of an API Gateway request that the policy of its Lambda authorizer does not match.

API Gateway Developer Guide, "Control access to WebSocket APIs with IAM authorization"
(https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-control-access-iam.html), and AWS
re:Post, "api-gateway-lambda-authorization-errors", on cached policies
(https://repost.aws/knowledge-center/api-gateway-lambda-authorization-errors).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.named_values import Named, Paste
from iam.lazy_pattern import regex
from iam.policy.match import compile_glob

_AUTHORIZER = regex(r"authori[sz]er", re.IGNORECASE)
_DENIES = regex(r"Effect\W{1,6}Deny\b")
_OF_REQUEST = regex(r"\b(?:method|route)[ _]?arn\b[^\n]{0,40}\n?[^\n]{0,20}$", re.IGNORECASE)
_OF_POLICY = regex(r"\bresources?\b[^\n]{0,40}\n?[^\n]{0,200}$", re.IGNORECASE)
_ROUTE = regex(r"/\$(?:connect|disconnect|default)$")
_WITHIN = 240
_WEBSOCKET = (
    " The ARN of a WebSocket route is API-ID/STAGE/ROUTE, without a method: allow the event's methodArn, or "
    "API-ID/STAGE/*."
)
_CACHED = (
    " A policy that the authorizer returned for another request may be cached: let it cover all methods of the API "
    "that the caller may use, or set the cache's time to 0."
)


def of_authorizer_policies(paste: Paste) -> Iterator[NearPair]:
    """Yield the request's ARN and the only ARN that the authorizer's policy allows, if the two do not match."""
    if _AUTHORIZER.search(paste.text) is None or _DENIES.search(paste.text):
        return
    of_apis = [each for each in paste.arns if ":execute-api:" in each.value]
    asked = {each.value for each in of_apis if _is_request(paste.text, each)}
    allowed = {each.value for each in of_apis if each.value not in asked and _is_allowed(paste.text, each)}
    if len(asked) != 1 or len(allowed) != 1:
        return
    (request,), (pattern,) = asked, allowed
    if not compile_glob(pattern)(request):
        also = _WEBSOCKET if request.count("/") == _OF_ROUTE else _CACHED
        place, policy = "the request", "the authorizer's policy"
        differ, code = "the pattern does not match", "not-iam"
        yield NearPair("method", request, place, pattern, policy, differ, Basis.PATTERN, code, also=also)


_OF_ROUTE = 2
"""The number of slashes in the ARN of a WebSocket route."""


def _before(text: str, named: Named) -> str:
    return text[max(0, named.at - _WITHIN) : named.at]


def _is_request(text: str, named: Named) -> bool:
    return "*" not in named.value and bool(_ROUTE.search(named.value) or _OF_REQUEST.search(_before(text, named)))


def _is_allowed(text: str, named: Named) -> bool:
    return "*" in named.value or _OF_POLICY.search(_before(text, named)) is not None
