"""The row for identity pools of Cognito."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

IDENTITY_POOLS: tuple[System, ...] = (
    made_system(
        "Cognito",
        "Give the identity pool its providers and roles, or correct its ID: no policy was evaluated yet.",
        r"does\s+not\s+have\s+identity\s+providers\s+configured",
        "identity providers configured",
    ),
)
