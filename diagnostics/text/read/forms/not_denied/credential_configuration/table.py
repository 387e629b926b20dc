"""Rows for settings of credentials that AWS never sees, in the order in which they are tried."""

from __future__ import annotations

from diagnostics.text.read.forms.not_denied.credential_configuration.codeartifact import CODEARTIFACT
from diagnostics.text.read.forms.not_denied.credential_configuration.cognito_identity_pools import IDENTITY_POOLS
from diagnostics.text.read.forms.not_denied.credential_configuration.dotnet_packages import DOTNET_PACKAGES
from diagnostics.text.read.forms.not_denied.credential_configuration.iam_identity_center import (
    REGION_AND_START_URL,
    SIGN_IN_FROM_PROVIDER,
)
from diagnostics.text.read.forms.not_denied.credential_configuration.keys_in_code import KEYS_IN_CODE
from diagnostics.text.read.forms.not_denied.credential_configuration.pod_identity_agent import POD_IDENTITY_AGENT
from diagnostics.text.read.forms.not_denied.credential_configuration.profiles import PROFILE_OF_THE_PROGRAM, PROFILES
from diagnostics.text.read.forms.not_denied.credential_configuration.roles_anywhere import ROLES_ANYWHERE_ANCHORS
from diagnostics.text.read.forms.not_denied.credential_configuration.session_names_and_tokens import (
    SESSION_NAMES_AND_TOKENS,
)
from diagnostics.text.read.forms.system_row import System

CREDENTIALS: tuple[System, ...] = (
    *SESSION_NAMES_AND_TOKENS,
    *CODEARTIFACT,
    *POD_IDENTITY_AGENT,
    *PROFILES,
    *IDENTITY_POOLS,
    *REGION_AND_START_URL,
    *DOTNET_PACKAGES,
    *SIGN_IN_FROM_PROVIDER,
    *KEYS_IN_CODE,
    *PROFILE_OF_THE_PROGRAM,
    *ROLES_ANYWHERE_ANCHORS,
)
