"""The row for gimme-aws-creds."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

GIMME_AWS_CREDS: tuple[System, ...] = (
    # gimme-aws-creds, main.py (https://github.com/Nike-Inc/gimme-aws-creds).
    documented(
        "the AWS apps of the Okta user",
        "Okta assigns the user no AWS app with roles: an Okta administrator must assign the app (and its groups) to "
        "the user. AWS was not called.",
        "Run gimme-aws-creds --action-list-roles to list the roles. Check that the configuration has the right "
        "okta_org_url and app.",
        "No AWS accounts found.",
        title="Let Okta assign the AWS app to the user",
        unless=r"\A(?![\s\S]*(?i:gimme|okta))",
    ),
)
