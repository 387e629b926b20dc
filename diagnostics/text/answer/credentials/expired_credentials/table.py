"""Rows for credentials that have expired, in the order in which they are tried."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CredentialFault
from diagnostics.text.answer.credentials.expired_credentials.codeartifact_tokens import CODEARTIFACT_TOKENS
from diagnostics.text.answer.credentials.expired_credentials.database_and_marketplace_tokens import (
    MARKETPLACE_AND_DATABASE_TOKENS,
)
from diagnostics.text.answer.credentials.expired_credentials.ec2_request_expired import REQUEST_EXPIRED_ROWS
from diagnostics.text.answer.credentials.expired_credentials.identity_tokens import (
    TOKEN_FILES,
    TOKENS_OF_JOBS,
    USER_POOL_AND_SAML_TOKENS,
)
from diagnostics.text.answer.credentials.expired_credentials.keys_in_environment_and_files import EXPIRED_KEYS
from diagnostics.text.answer.credentials.expired_credentials.presigned_urls import PRESIGNED_URLS
from diagnostics.text.answer.credentials.expired_credentials.role_sessions import CHAINED_ROLES, ROLE_SESSIONS
from diagnostics.text.answer.credentials.expired_credentials.sso_sign_ins import SSO_CACHE, SSO_SIGN_INS
from diagnostics.text.answer.credentials.registry_logins import REGISTRY_LOGINS

EXPIRED: tuple[CredentialFault, ...] = (
    *SSO_CACHE,
    *MARKETPLACE_AND_DATABASE_TOKENS,
    *EXPIRED_KEYS,
    *CHAINED_ROLES,
    *TOKEN_FILES,
    *PRESIGNED_URLS,
    *REGISTRY_LOGINS,
    *CODEARTIFACT_TOKENS,
    *USER_POOL_AND_SAML_TOKENS,
    *TOKENS_OF_JOBS,
    *REQUEST_EXPIRED_ROWS,
)

ENDED_SESSIONS: tuple[CredentialFault, ...] = (
    *SSO_SIGN_INS,
    *ROLE_SESSIONS,
)
