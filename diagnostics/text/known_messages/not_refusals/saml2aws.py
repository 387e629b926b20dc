"""Rows for saml2aws."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

SAML2AWS: tuple[System, ...] = (
    # saml2aws, README, "Debugging Issues with IDPs" (https://github.com/Versent/saml2aws).
    documented(
        "the SAML assertion from the identity provider",
        "The identity provider sent no SAML assertion to saml2aws: wrong password, or its page asks for something that "
        "saml2aws does not answer (MFA, a new password, a consent). AWS was not called.",
        "AWS refused nothing. Sign in once in a browser. Then saml2aws login --verbose shows the page; "
        "--idp-provider=Browser uses a real browser.",
        "Response did not contain a valid SAML assertion",
        title="See what the identity provider's page asks for",
        sure=False,
    ),
    # saml2aws, "unable to locate IDP authentication form submit URL" (https://github.com/Versent/saml2aws/issues/224,
    # https://github.com/Versent/saml2aws/issues/750).
    documented(
        "the sign-in page that saml2aws reads",
        "saml2aws found no form that it knows on the sign-in page: most likely the page has changed, or --idp-provider "
        "or --url names another provider or page. AWS was not called.",
        "AWS refused nothing. Compare idp-provider and url in ~/.saml2aws with the provider that shows the page, then "
        "update saml2aws, which reads each provider's own page. saml2aws login --verbose shows the page; a page that "
        "needs JavaScript works with --idp-provider=Browser.",
        "unable to extract IDP form",
        "unable to extract IDP authentication form",
        "unable to locate IDP authentication form submit URL",
        "unable to locate IDP oidc form submit URL",
        "error authenticating to IdP: error extracting form",
        "error authenticating to IdP.: error extracting form",
        "could not find any forms matching the provided IDs",
        title="Compare idp-provider and url with the page, and update saml2aws",
        sure=False,
    ),
)
