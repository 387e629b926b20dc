"""What API Gateway says of the policy that a Lambda authorizer returned, which is no policy of IAM."""

from __future__ import annotations

import re

from diagnostics.diagnosis import Verdict
from diagnostics.failure import Denial
from iam.claims import Ground, confidence
from iam.lazy_pattern import regex

OF_AUTHORIZER = regex(r"User is not authorized to access this resource(?! on)", re.IGNORECASE)
"""API Gateway's message about a Lambda authorizer; IAM's own messages name the caller and execute-api:Invoke.

API Gateway Developer Guide, "Use API Gateway Lambda authorizers"
(https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html); AWS re:Post,
"api-gateway-lambda-authorization-errors" (https://repost.aws/knowledge-center/api-gateway-lambda-authorization-errors).
"""
_SHOWS_IT = regex(r"authori[sz]er", re.IGNORECASE)
_DENY = regex(r"\{[^{}]*\bEffect\W{1,6}Deny\b[^{}]*\}")
_ACTION = regex(r"\bAction\W{1,6}(?P<action>[\w*:-]+)")
_OF_A_CALLER = regex(r"\b(?:SCP|RCP|NotAction|service control|resource control|boundar(?:y|ies))\b", re.IGNORECASE)
_WITHIN = 160
_RESOURCE = regex(r"[\"'](?P<on>(?:arn:[\w-]+:execute-api:|/)[^\"'\s]{1,200})[\"']")


def is_of_authorizer(denial: Denial) -> bool:
    """Return whether the message is API Gateway's about a Lambda authorizer."""
    if denial.principal or denial.action or "key=v1.public." in denial.text:
        return False
    return OF_AUTHORIZER.search(denial.text) is not None


def returned_deny(text: str) -> str | None:
    """Return the first Deny statement in the text that can be an authorizer's; None if there is none.

    An authorizer's policy has execute-api:Invoke as its only action. A statement with other actions, or one that the
    text introduces as a guardrail's, is of another policy.
    """
    for found in _DENY.finditer(text):
        action = _ACTION.search(found[0])
        of_apis = action is None or action["action"] == "*" or action["action"].lower().startswith("execute-api:")
        if of_apis and not _OF_A_CALLER.search(text[max(0, found.start() - _WITHIN) : found.end()]):
            return found[0]
    return None


def authorizer_refuses(denial: Denial) -> Verdict | None:
    """Answer a message of API Gateway about a Lambda authorizer; with the authorizer's Deny, if the text shows it."""
    if not is_of_authorizer(denial):
        return None
    text = denial.pasted or denial.text
    shown = returned_deny(text) if _SHOWS_IT.search(text) else None
    if shown is not None:
        found = _RESOURCE.search(shown)
        on = f" on {found['on']}" if found else ""
        return Verdict(
            "not-iam",
            confidence(Ground.LIKENESS),
            f"The API's Lambda authorizer refuses the request: the policy that it returned has a Deny{on}. Correct "
            "the authorizer's code. “User” is the caller of the API. No IAM policy decides this.",
        )
    what = "returned a Deny for it" if (denial.stated_reason or "").startswith("explicit") else "did not allow it"
    return Verdict(
        "not-iam",
        confidence(Ground.LIKENESS),
        f"Most likely the API's Lambda authorizer refuses the request: the authorizer {what}. “User” is the caller "
        "of the API, and no IAM policy decides this.",
    )
