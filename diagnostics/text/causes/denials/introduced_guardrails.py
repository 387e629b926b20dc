"""Causes in a policy of the organization that the text says was introduced: an SCP, or an RCP."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import affirmed, contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who
from diagnostics.words import is_trust_action
from iam.arn import account_of
from iam.lazy_pattern import regex

INTRODUCED = "The text names a policy of the organization that was introduced"
"""The beginning of the cause. A verdict without a cause begins with it."""
_AN_RCP = r"\b(?:RCPs?|resource control polic(?:y|ies))\b"
_A_GUARDRAIL = r"\b(?:SCPs?|RCPs?|(?:service|resource) control polic(?:y|ies))\b"
_SINCE_IT = (
    r"\b(?:until|since|after|when)\b[^.\n]{0,30}\b(?:I|we|they)\b[^.\n]{0,20}\b(?:added|attached|enabled|applied"
    r"|turned on"
    r"|rolled out)\b[^.\n]{0,40}\b(?:one|it|(?:SCP|RCP|guardrail|polic(?:y|ies)))\b"
)

_AND_SINCE_THEN = (
    r"\b(?:added|attached|enabled|applied|turned on|rolled out|deployed|created)\b[^.\n]{0,40}"
    rf"{_A_GUARDRAIL}[^.\n]{{0,160}}\b(?:since then|ever since|from then on|after (?:that|which))\b"
)


_OF_IT = rf"[^.\n]{{0,60}}{_A_GUARDRAIL}"


_CAME = r"(?:rolled out|attached|enabled|applied|enforced|deployed|introduced|activated|went live|live since)"
_DAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|yesterday|this morning|last (?:week|night|month|\w+day)|20\d\d-)"
_SINCE_A_DAY = rf"(?:\b(?:since|as of|effective|from) (?:last |this |the )?{_DAY}|\bin force since\b)"
_NAMED_GUARDRAIL = rf"(?:{_A_GUARDRAIL}|\b(?:scp|rcp)[-_][\w-]+|\b(?:organizations?|OU)['’s]* guardrails?\b)"
_GUARDRAIL_OF_OU = r"\bguardrails?\b(?=[^.;?\n]{0,60}\b(?:OU|organi[sz]ation(?:al)?|(?:organi[sz]ation )?root)\b)"
_INTO_A_UNIT = r"\bmoved (?:in)?to (?:an? |the )?(?:new |other |\S+ )?(?:OU|organi[sz]ational unit)\b"
_OF_A_DAY = (
    rf"(?:{_SINCE_A_DAY}|{_INTO_A_UNIT})[^.;?\n]{{0,80}}?(?:{_NAMED_GUARDRAIL}|{_GUARDRAIL_OF_OU})"
    rf"|(?:{_NAMED_GUARDRAIL}|{_GUARDRAIL_OF_OU})[^.;?\n]{{0,80}}?{_SINCE_A_DAY}"
)
_ROLLED_OUT = (
    rf"(?:{_A_GUARDRAIL}[^.;?\n]{{0,60}}\b{_CAME}\b"
    rf"|\b(?:new|{_CAME})\b[^.;?\n]{{0,30}}{_A_GUARDRAIL}(?:[ :\"]+[\w-]{{1,60}})?|{_OF_A_DAY})"
    r"(?![^.\n]{0,60}\?)"
)
"""Words that say that a guardrail was introduced, no matter by whom or when."""
_QUOTED_NAME = r"[\"'`“‘](?P<quoted>[\w+=,.@-]{3,64})[\"'`”’]"
_PLAIN_NAME = r"(?P<plain>[A-Za-z\d]+(?:[-_][A-Za-z\d]+)+|[A-Z][a-z\d]+(?:[A-Z][a-z\d]*)+|p-[a-z\d]{8,})"
_A_NAME = regex(
    rf"(?i:{_A_GUARDRAIL}|\bguardrails?\b)(?i:,?\s+(?:named|called))?[\s:(]{{1,3}}(?:{_QUOTED_NAME}|{_PLAIN_NAME}\b)"
    r"|\b(?P<prefixed>(?i:scp|rcp)[-_][\w-]+)"
    rf"|[\"'`“‘](?P<before>[\w+=,.@-]{{3,64}})[\"'`”’]\s+\(?(?i:{_A_GUARDRAIL}|guardrail\b)"
)
_LINE = regex(r"[^\n]+")


def introduced_name(text: str) -> str:
    """Return the name of the guardrail that the text says was introduced; "" if it has no name or several."""
    expression = regex(_ROLLED_OUT, re.IGNORECASE)
    lines = [each[0] for each in _LINE.finditer(text) if expression.search(each[0])]
    names = {next(filter(None, found.groups())) for line in lines for found in _A_NAME.finditer(line)}
    return names.pop() if len(names) == 1 else ""


def introduced_guardrail(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text says that a guardrail was introduced, but AWS's answer names no policy.

    AWS Organizations User Guide, "Resource control policies (RCPs)"
    (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html); IAM User Guide,
    "Troubleshoot access denied error messages": the answer to another organization's caller names no policy
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
    """
    if signs.denial.stated_reason or not (said := affirmed(signs.denial.text, _ROLLED_OUT)):
        return
    of_roles = is_trust_action(signs.denial.action or "") and affirmed(signs.denial.text, _AN_RCP)
    covers = " An RCP covers sts:AssumeRole on roles, too, whatever their trust policies allow." if of_roles else ""
    named = introduced_name(signs.denial.text)
    yield FirstLook(
        f"{INTRODUCED}{f', {named}' if named else ''}: most likely it denies the call, even if the policies in the "
        f"text allow it. Read {named or 'that policy'} first.{covers} An RCP also denies callers from other accounts "
        "on the resources of the accounts that it applies to; an SCP denies only the identities of those accounts. If "
        f"the access is intended, the organization's administrators can exempt {_exempted(signs)}.",
        contains(said),
        None,
        Who.ORG_ADMIN,
    )


def of_tokens(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if an RCP was introduced and a call with a token is refused, before the token's own causes.

    AWS Organizations User Guide, "Resource control policies (RCPs)": AWS STS is one of the services that they cover
    (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html).
    """
    if is_trust_action(signs.denial.action or "") and affirmed(signs.denial.text, _AN_RCP):
        yield from introduced_guardrail(signs)


def _exempted(signs: Signs) -> str:
    """Return whom to exempt: the caller's account (aws:PrincipalAccount), if another account owns the resource."""
    caller, owner = account_of(signs.denial.principal or ""), account_of(signs.denial.resource or "")
    return f"the account {caller} (aws:PrincipalAccount)" if caller and owner and caller != owner else "this access"


def new_guardrail(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text says that the call has failed since a guardrail was added."""
    if signs.denial.stated_reason:
        return
    kind, since = affirmed(signs.denial.text, _A_GUARDRAIL), signs.quote(_SINCE_IT)
    before = signs.says(rf"{_A_GUARDRAIL}[\s\S]{{0,160}}(?:{_SINCE_IT})|{_SINCE_IT}{_OF_IT}")
    since = since if since and before else signs.quote(_AND_SINCE_THEN)
    if not kind or not since:
        return
    yield FirstLook(
        "Most likely the new policy of the organization denies the call: its Deny also matches the role that makes it. "
        "Exempt that role in the policy's condition (aws:PrincipalArn), or make the call as the policy asks. To prove "
        "this, detach the policy for a moment. No Allow can help.",
        contains(kind, since),
        None,
        Who.ORG_ADMIN,
    )
