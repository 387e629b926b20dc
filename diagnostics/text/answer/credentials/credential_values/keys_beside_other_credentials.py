"""Read which keys are set beside other credentials: a left-over token, a role, a job's token."""

from __future__ import annotations

import re

from diagnostics.text.answer.credentials.key_faults import OF_SESSION, OWN_ROLE
from diagnostics.text.read.identities.key_settings import token_left_out, token_left_over, user_key_after_session
from iam.lazy_pattern import regex

_NAMES_KEYS = regex(r"\bAWS_ACCESS_KEY_ID\b|\baccessKeyId\b|\baws_access_key_id\b|\bAKIA[A-Z0-9*]{2,}")
_BY_TOKEN = regex(
    r"\bid-token[\"']?[ \t]*:[ \t]*[\"']?write\b|\bid_tokens[\"']?:|\boidc[\"']?:[ \t]*true\b"
    r"|\bTFC_AWS_PROVIDER_AUTH\b|\bBITBUCKET_STEP_OIDC_TOKEN\b|\bCIRCLE_OIDC_TOKEN(?:_V2)?\b|\bCI_JOB_JWT\w*"
    r"|\bwith OIDC\b"
    r"|\bACTIONS_ID_TOKEN_REQUEST_\w+"
)
"""Signs of a CI job that signs in with its own token."""
_KEY_VARIABLE = regex(
    r"^[ \t]*(?:-[ \t]+)?(?:export[ \t]+)?AWS_(?:ACCESS_KEY_ID|SECRET_ACCESS_KEY)[ \t]*[:=|]", re.MULTILINE
)
_RUN_WITHOUT_KEYS = regex(
    r"\b(?:docker|podman|nerdctl)(?:[ -]compose)? run\b"
    r"(?!(?:[^\n]|\\\n){0,600}(?:\bAWS_[A-Z]|--env-file|\.aws\b|net(?:work)?[= ]host))"
)
_SIGNED_IN = regex(
    r"configure-aws-credentials|\bassumedRoleId\b|\bexport AWS_ACCESS_KEY_ID=|\$env:AWS_ACCESS_KEY_ID"
    r"|\baws configure export-cred|\bawsume\b|\beval \W{0,2}\$\((?:aws|granted|assume)"
)


def of_keys(text: str) -> dict[str, str]:
    """Return what the text shows about keys beside other credentials: a left-over token, a role, a job's token."""
    values: dict[str, str] = {}
    if token_left_over(text):
        values["left_over_token"] = "yes"
    if user_key_after_session(text):
        values["keys_replaced"] = "yes"
    if token_left_out(text):
        values["token_left_out"] = "yes"
    if OWN_ROLE.search(text) and _NAMES_KEYS.search(text) and not OF_SESSION.search(text):
        values["keys_beside_role"] = "yes"
    if _BY_TOKEN.search(text) and _KEY_VARIABLE.search(text) and "SESSION_TOKEN" not in text.upper():
        values["keys_beside_token"] = "yes"
    if _RUN_WITHOUT_KEYS.search(text) and _SIGNED_IN.search(text):
        values["signed_in_outside"] = "yes"
    return values
