"""Compare the identity pool that a program uses with the one in a role's trust policy."""

from __future__ import annotations

import re

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.regions import REGION_NAME
from iam.words import listing

_POOL = rf"{REGION_NAME}:[0-9a-f]{{8}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{4}}-[0-9a-f]{{12}}"
_AUDIENCE = regex(rf":aud[\"']?\s*[:=]{{0,2}}\s*\[?(?P<pools>(?:[\"'\s,]*{_POOL})+)")
_IDENTITY = regex(
    rf"(?:\bidentity_?id|\bsub(?:ject)?|\b(?:GetCredentialsForIdentity|GetOpenIdToken\w*|get-credentials-for-identity)\b"
    rf"[^\n:]{{0,40}}?)[\"']?[ \t]*[:=]?[ \t]*[\"'`]?{_POOL}",
    re.IGNORECASE,
)
"""An identity's ID, which has the same form as an identity pool's ID.

Amazon Cognito API Reference, "GetCredentialsForIdentity"
(https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html).
"""


_AMR = regex(r":amr[\"']?\s*[:=]{0,2}\s*\[?\s*[\"']?(?P<amr>(?:un)?authenticated)\b")
_GUEST = regex(
    r"\bguests?\b|\bunauthenticated (?:user|identit|access|role)\w*|\bnot (?:signed|logged) in\b", re.IGNORECASE
)


def _of_guests(text: str) -> str:
    """Return what the trust policy requires of a guest, if it accepts only signed-in users; "" otherwise.

    Amazon Cognito Developer Guide, "IAM roles": amr is authenticated or unauthenticated (the page below).
    """
    required = {found["amr"] for found in _AMR.finditer(text)}
    if required != {"authenticated"} or not _GUEST.search(_AMR.sub(" ", text)):
        return ""
    return "the trust policy requires amr to be authenticated, but the text is about a guest, who is unauthenticated"


def _guests_finding(said: str) -> Finding:
    change = "Write unauthenticated for cognito-identity.amazonaws.com:amr in the role for guests. Keep the aud."
    fix = Fix(
        "Let the role for guests accept unauthenticated", Who.RESOURCE_OWNER, Note("the role's trust policy", change)
    )
    return Finding(f"trust.{Fault.CONDITION_UNMET.value}", said, f"In the text, {said}.", fix=fix)


def of_an_identity_pool(denial: Denial) -> Finding | None:
    """Return a finding if the trust policy in the text names a different identity pool from the program's; else None.

    Amazon Cognito Developer Guide, "IAM roles": aud in a role's trust policy is the identity pool's ID
    (https://docs.aws.amazon.com/cognito/latest/developerguide/iam-roles.html).
    """
    if (denial.action or "").lower() != "sts:assumerolewithwebidentity":
        return None
    text = denial.pasted or denial.text
    trusted = [each for found in _AUDIENCE.finditer(text) for each in re.findall(_POOL, found["pools"])]
    outside = _IDENTITY.sub(" ", _AUDIENCE.sub(" ", text))
    used = set(re.findall(_POOL, outside))
    of_guests = _of_guests(text)
    if not trusted or len(used) != 1 or any(each in outside for each in trusted):
        return _guests_finding(of_guests) if of_guests else None
    pool, names = used.pop(), listing(list(dict.fromkeys(trusted)))
    said = f"the program uses the identity pool {pool}, but the role's trust policy accepts only {names} (aud)"
    change = (
        f"If {pool} is the correct pool, write {pool} for cognito-identity.amazonaws.com:aud. Otherwise use "
        f"{names} in the program, or give the pool the role that was made for this pool. Keep the condition."
    )
    if of_guests:
        said = f"{said}; and {of_guests}"
        change += " For guests, write unauthenticated for amr."
    fix = Fix("Name the pool that the program uses as aud", Who.RESOURCE_OWNER, Note("the role's trust policy", change))
    return Finding(f"trust.{Fault.CONDITION_UNMET.value}", said, f"In the text, {said}.", fix=fix)


_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_OF_THE_IDENTITY = regex(
    r"dynamodb:LeadingKeys[\"']?\s*[:=]\s*\[?\s*[\"']?\$\{cognito-identity\.amazonaws\.com:sub\}[\"']?\s*[\]}]",
    re.IGNORECASE,
)
_IDENTITY_ID = regex(rf"\bidentity_?id\b[^\n:=]{{0,20}}[:=][ \t]*[\"'`]?(?P<id>{_POOL})", re.IGNORECASE)
_KEY_OF_THE_CALL = regex(
    r"(?:(?<![\w.:-]):[A-Za-z_]\w*|[\"']S[\"']?|\b[Kk]ey\b[^\n=:]{0,30}|\b(?:user|owner|tenant)_?[Ii]d|\bpk|\bPK"
    r"|\bpartition ?key)"
    rf"[\"']?\s*[:=]+\s*(?:\{{\s*[\"']?S[\"']?\s*:\s*)?[\"'`]?(?P<value>(?:{REGION_NAME}:)?{_UUID})\b"
)
"""The value of a partition key in a call: of an expression, of an item's attribute, or of an argument."""


_SUBS = (
    regex(r"\{[^{}\n]*?\bsub\b(?:[ \t]*:[ \t]*(?P<renamed>\w+))?[^{}\n]*\}[ \t]*=[^\n;]{0,80}(?i:jwt|token|claims)"),
    regex(
        r"\b(?P<name>[A-Za-z_]\w*)[ \t]*:?=(?!=)[^\n;]{0,80}"
        r"(?i:jwt|token|claims|payload|attributes)\w*(?:\([^()\n]{0,80}\))?(?:\.sub\b|\[[\"']sub[\"']\])"
    ),
)
"""How a program reads the claim sub of a token into a variable: by its own name, or by another one."""
_DIRECT = r"(?:\w+\.)*\w*(?i:claims|payload|attributes|token)(?:\.sub\b|\[[\"']sub[\"']\])"


def _of_the_token(text: str) -> str:
    """Return the expression for a partition key that is the claim sub of a user pool's token; "" for other keys."""
    names = {found[1] or "sub" for form in _SUBS for found in form.finditer(text)}
    values = "|".join([_DIRECT, *(rf"{re.escape(each)}\b(?![.(\[])" for each in sorted(names))])
    found = re.search(rf"[\"']?\bS[\"']?[ \t]*:[ \t]*(?P<value>{values})", text)
    return found["value"] if found is not None else ""


def of_an_identitys_key(denial: Denial) -> Finding | None:
    """Return a finding if the call's partition key is not the identity ID that the policy accepts; else None.

    IAM User Guide, "Amazon DynamoDB: Allows item-level access to DynamoDB based on an Amazon Cognito ID": the variable
    is the identity pool's ID of the user
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_dynamodb_items.html), which is
    REGION:GUID (https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html). Amazon Cognito
    Developer Guide, "Using attributes for access control"
    (https://docs.aws.amazon.com/cognito/latest/developerguide/attributes-for-access-control.html).
    """
    text = denial.pasted or denial.text
    if not (denial.action or "").lower().startswith("dynamodb:") or not _OF_THE_IDENTITY.search(text):
        return None
    used = list(dict.fromkeys(found["value"] for found in _KEY_OF_THE_CALL.finditer(text)))
    if not used and (variable := _of_the_token(text)):
        used = [f"the sub of the user pool's token ({variable})"]
    own = {found["id"] for found in _IDENTITY_ID.finditer(text)}
    if len(used) != 1 or used[0] in own or (re.fullmatch(_POOL, used[0]) and len(own) != 1):
        return None
    meant = f"{own.pop()} (identityId)" if len(own) == 1 else "the user's identity ID, REGION:GUID"
    said = (
        f"the call's partition key is {used[0]}, but the condition on dynamodb:LeadingKeys accepts only {meant}, "
        "the value of ${cognito-identity.amazonaws.com:sub}"
    )
    change = (
        "Store and query the items under the identity ID (Cognito's GetId returns it), not under the sub of the "
        "user pool's token, which is another value. To keep sub as the key, map sub to a principal tag in the "
        "identity pool (attributes for access control; the role's trust policy must then also allow "
        "sts:TagSession), and write ${aws:PrincipalTag/TAG} in the condition. Keep the condition: without it, "
        "every user reads all items."
    )
    fix = Fix("Use the identity ID as the partition key", Who.CALLER, Note("the program's call", change))
    return Finding(f"identity.{Fault.CONDITION_UNMET.value}", said, f"In the text, {said}.", fix=fix)
