"""The row for Keycloak."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

KEYCLOAK: tuple[System, ...] = (
    made_system(
        "Keycloak",
        "Check the realm's roles, groups and users in Keycloak's administration console.",
        r"\"errorMessage\"\s*:\s*\"(?:(?:Client\s+)?Role|Group|User)\b[^\"\n]{0,200}?(?:already\s+exists|exists\s+with)"
        r"|\b(?:Keycloak|org\.keycloak)\b[^\n]{0,300}already\s+exists|User\s+exists\s+with\s+same\s+(?:username|email)"
        r"|Top\s+level\s+group\s+named",
        "already exists",
        "exists with",
        "top level group named",
        flags=re.MULTILINE | re.IGNORECASE,
    ),
)
