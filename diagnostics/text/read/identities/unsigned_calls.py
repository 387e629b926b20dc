"""Find a Deny in a text that matches every unsigned call, because such calls lack the condition keys of a principal.

IAM User Guide, "AWS global condition context keys" (requests without a principal lack these keys), and "IAM JSON policy
elements: Condition operators", …IfExists and negated operators
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostics.failure import Denial
from diagnostics.words import UNSIGNED
from iam.lazy_pattern import regex
from iam.policy.match import names_action

_SIGN_IN = regex(
    r"(?:AccessDenied\w*|[Dd]enied|refused)[^.\n]{0,20}\b(?:on|for)\s+sts:(?P<call>AssumeRoleWith(?:SAML|WebIdentity))"
    # CloudTrail User Guide, "CloudTrail record contents"
    # (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html).
    r"|\beventName[\"']?\s*[:=]\s*[\"']?(?P<event>AssumeRoleWith(?:SAML|WebIdentity))\b"
    r"(?:(?!\beventName\b)[\s\S]){0,600}?\berrorCode[\"']?\s*[:=]\s*[\"']?AccessDenied"
)
_RESOURCE_CONTROL = regex(r"\bRCPs?\b|\bresource control polic(?:y|ies)\b", re.IGNORECASE)
_NAMES_PRINCIPALS = regex(r"[\"']?Principal[\"']?\s*[:=]")
_DENY_OF = regex(
    r"[\"']?Effect[\"']?\s*[:=]\s*[\"']?Deny[\"']?(?P<rest>[\s\S]{0,1500}?)(?=[\"']?Effect[\"']?\s*[:=]|\Z)"
)
_ACTIONS = regex(r"(?<!Not)Action[\"']?\s*[:=]\s*(?P<named>\[[^\]]*\]|[\"'][^\"'\n]*[\"'])")
_STRING = regex(r"[\"']([^\"'\n]+)[\"']")


@dataclass(frozen=True, slots=True)
class UnsignedCall:
    """An unsigned call that a Deny matches.

    ``keys`` are the absent condition keys, ``words`` are the words of a condition. ``by_token``: the call is a sign-in
    with a token; otherwise the caller is anonymous. ``of_organization``: the Deny is in a resource control policy.
    """

    call: str
    keys: tuple[str, ...]
    words: str
    by_token: bool
    of_organization: bool


def unsigned_call(denial: Denial) -> UnsignedCall | None:
    """Return the refused call if a Deny in the text matches the call because it is unsigned; else None."""
    text = denial.pasted or denial.text
    said, action = _SIGN_IN.search(text), denial.action or ""
    by_token = action.lower() in UNSIGNED or said is not None
    if not (by_token or (denial.principal or "").lower() == "anonymous") or not _DENY_OF.search(text):
        return None
    from diagnostics.text.read.identities.token_conditions import quoted_conditions  # most texts have no Deny

    call = f"sts:{said['call'] or said['event']}" if said and action.lower() not in UNSIGNED else action
    for deny in _DENY_OF.finditer(text[:20_000]):
        conditions = tuple(quoted_conditions(deny["rest"]))
        keys = tuple(dict.fromkeys(each.key for each in conditions))
        absent = all(each.operator.endswith("IfExists") or each.negated for each in conditions)
        if not conditions or not absent or not names_action(_denied(deny["rest"]), call):
            continue
        of_organization = _RESOURCE_CONTROL.search(text) is not None
        named = of_organization or _NAMES_PRINCIPALS.search(deny["rest"]) is not None  # an SCP names none
        if named and all(key.startswith("aws:Principal") for key in keys):
            return UnsignedCall(call, keys, conditions[0].said, by_token, of_organization)
    return None


def _denied(statement: str) -> tuple[str, ...]:
    """Return the actions that a statement names, as written in the statement."""
    return tuple(each for found in _ACTIONS.finditer(statement) for each in _STRING.findall(found["named"]))
