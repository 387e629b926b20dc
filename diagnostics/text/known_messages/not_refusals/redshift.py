"""The row for Amazon Redshift's own grants."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

REDSHIFT: tuple[System, ...] = (
    made_system(
        "Amazon Redshift",
        "Ask the schema's owner or a superuser to grant the database user what it needs: GRANT USAGE ON SCHEMA, and "
        "GRANT SELECT (or INSERT, UPDATE) ON the table. With GetClusterCredentialsWithIAM a role is the user "
        "IAMR:ROLE, a user IAM:USER; with GetClusterCredentials it is the user that the connection names. IAM actions "
        "(redshift, redshift-serverless, redshift-data) do not grant this.",
        r"permission\s+denied\s+for\s+(?:relation|schema)\s[^\n]{0,200}\bredshift"
        r"|redshift[^\n]{0,200}permission\s+denied\s+for\s+(?:relation|schema)",
        "permission denied for",
        flags=re.MULTILINE | re.IGNORECASE,
    ),
)
