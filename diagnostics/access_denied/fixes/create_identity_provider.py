"""Fixes that create an identity provider."""

from __future__ import annotations

import shlex

from diagnostics.fix import Fix, ShellCommand, calls_or_note, iam_call
from diagnostics.who import Who


def make_oidc_provider(arn: str, issuer: str, audience: str = "sts.amazonaws.com") -> Fix:
    """Return the fix that creates an OIDC provider. ``issuer`` is its URL without a scheme."""
    made = iam_call("CreateOpenIDConnectProvider", Url=f"https://{issuer}", ClientIDList=(audience,))
    return Fix(f"Create the identity provider {issuer}", Who.ACCOUNT_ADMIN, calls_or_note(arn, made))


def make_saml_provider(arn: str) -> Fix:
    """Return the fix that creates a SAML provider. The identity provider's owner supplies its metadata file."""
    name = arn.partition(":saml-provider/")[2] or "NAME"
    command = f"aws iam create-saml-provider --name {shlex.quote(name)} --saml-metadata-document file://metadata.xml"
    made = ShellCommand(arn, command, operation="create-saml-provider")
    return Fix(f"Create the SAML provider {name}", Who.ACCOUNT_ADMIN, made)
