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
LIGHTSAIL_REGIONS: tuple[System, ...] = (
    # Amazon Lightsail API Reference
    # (https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/API_CreateDistribution.html).
    made_system(
        "the Region of the Lightsail call",
        "Make the call with --region us-east-1. The instances can stay in their Region. No permission is missing.",
        r"[Dd]omain\s+and\s+distribution\s+APIs\s+are\s+only\s+available\s+in\s+the",
        "domain and distribution apis are only available",
        verdict="Lightsail's calls for domains and distributions exist only in us-east-1: call that Region.",
        title="Call us-east-1",
    ),
)
