"""Rows for Amazon Lightsail."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

LIGHTSAIL_SETUP: tuple[System, ...] = (
    # Amazon Lightsail API Reference: RegionSetupInProgressException
    # (https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/API_GetInstances.html).
    made_system(
        "the setup of the Region or the account in Lightsail",
        f"Wait some minutes, and make the call again. {NONE_MISSING}",
        r"\b(?:Region|Account)SetupInProgressException\b",
        "setupinprogressexception",
        verdict="Lightsail is still being set up for this account in this Region (an opt-in Region that was enabled "
        "just now): wait, then call again.",
        title="Wait, then call again",
    ),
)  # fmt: skip
