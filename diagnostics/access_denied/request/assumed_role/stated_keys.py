"""Condition keys of a call with an assumed role, as far as the text states them."""

from __future__ import annotations

from diagnostics.access_denied.request.own_claims import subject_keys
from diagnostics.access_denied.request.subject import SAML, WEB_IDENTITY, Subject
from diagnostics.text.tokens.mentions import mentioned_saml_endpoint
from iam.account import Account
from iam.claims import Keys, Source, sourced
from iam.lazy_pattern import regex

_TRUST_ANCHOR = regex(r"arn:[\w-]+:rolesanywhere:[\w-]+:\d{12}:trust-anchor/[\w-]+")


def extra_context(subject: Subject, account: Account) -> Keys:
    """Return condition keys that the text states: a subject, a SAML endpoint, or a Roles Anywhere trust anchor."""
    found: dict[str, tuple[str, ...]] = {}
    endpoint = mentioned_saml_endpoint(subject.denial.text)
    if endpoint and (subject.action or "").lower() == SAML:
        found["saml:aud"] = (endpoint,)
    anchors = set(_TRUST_ANCHOR.findall(subject.denial.text))
    if subject.denial.claims_trust and len(anchors) == 1:
        found["aws:SourceArn"] = (anchors.pop(),)
    subjects = subject_keys(subject.denial.text, account) if (subject.action or "").lower() == WEB_IDENTITY else {}
    return {**subjects, **sourced(found, Source.TEXT)}
