"""Causes for AssumeRoleWithSAML: the assertion, the provider and the role's trust policy decide.

No caller's policy is evaluated. Sources: STS API reference, errors of the call; IAM User Guide, "Troubleshoot SAML
federation".
"""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.claims.kinds import ConditionFails, TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import Said, causes_by_words, reading, says
from diagnostics.text.causes.denials.no_reason_of_sts import NO_REASON
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who

_SAML_PROVIDERS = reading("iam", "list-saml-providers")

_SAML_STATED = (
    Said(
        r"signature[^.\n]{0,30}invalid|invalid SAML signature",
        "The identity provider signs with a new certificate, but the metadata in IAM is the old one.",
        _SAML_PROVIDERS,
        Who.ACCOUNT_ADMIN,
    ),
    Said(
        r"must be redeemed within|ExpiredToken",
        "The assertion is older than five minutes, or the identity provider's clock is wrong.",
        None,
        Who.CALLER,
    ),
)


def saml(signs: Signs) -> Iterator[FirstLook]:
    if signs.action != "sts:assumerolewithsaml":
        return
    yield from causes_by_words(signs.denial.text, _SAML_STATED)
    yield FirstLook(
        "Compare the assertion with the role: its pair of role and provider must be two ARNs of one account, "
        "separated by a comma, and the role must trust that provider. Its recipient must be the trust policy's "
        "SAML:aud.",
        NO_REASON,
        signs.trust_read or _SAML_PROVIDERS,
        Who.RESOURCE_OWNER,
    )
    yield FirstLook(
        "The assertion's recipient differs from the trust policy's SAML:aud: AWS sign-in has a global endpoint "
        "(https://signin.aws.amazon.com/saml) and one in each Region.",
        says("the trust policy of a role for SAML often tests SAML:aud", TextPart.ACTION, "sts:AssumeRoleWithSAML"),
        signs.trust_read,
        Who.RESOURCE_OWNER,
        ruled_out_by=("trust",),
        asserts=(ConditionFails("trust", "saml:aud"),),
        guess=True,
    )
