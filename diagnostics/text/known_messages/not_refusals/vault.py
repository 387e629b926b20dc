"""The row for HashiCorp Vault's own policies."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

VAULT: tuple[System, ...] = (
    made_system(
        "Vault",
        "Check what the token is allowed to do on the path: vault token capabilities PATH. Ask Vault's administrator "
        "to add the path to a policy of the token (read for GET, update for PUT and POST). The token may also have "
        "expired, or belong to a different namespace. No IAM policy is the cause.",
        r"Error\s+making\s+API\s+request[^\x1e]{0,400}/v1/[^\x1e]{0,400}"
        r"permission\s+denied|preflight\s+capability\s+check\s+returned\s+403"
        r"|\bvault\s+(?:kv|read|write|login|token|secrets|policy|auth)\b[^\n]{0,200}permission\s+denied"
        r"|\bvault[^\n]{0,100}/v1/[^\n]{0,200}permission\s+denied|\bCode:\s*403\.\s*Errors:\s*\*?\s*(?:1\s+error\s+occurred:"
        r"\s*\*?\s*)?permission\s+denied",
        "permission denied",
        "preflight capability check",
        flags=re.MULTILINE | re.IGNORECASE,
        subject=r"/v1/([\w./@-]*\w)",
        verdict=(
            "HashiCorp Vault refused the request before AWS was called: the policies of the Vault token do not allow "
            "{name}."
        ),
    ),
)
