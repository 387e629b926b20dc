"""Messages of AWS Migration Hub."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, no_permission

_API = "https://docs.aws.amazon.com"
MIGRATION_HUB: tuple[ServiceSentence, ...] = (
    no_permission(
        "homeregionnotset",
        r"\bHomeRegionNotSetException\b",
        "The account has no Migration Hub home Region yet: choose it once, then call in that Region. No permission is "
        "missing.",
        "aws migrationhub-config create-home-region-control --home-region REGION --target Type=ACCOUNT.",
        f"{_API}/migrationhub-home-region/latest/APIReference/API_CreateHomeRegionControl.html",
        "aws migrationhub-config get-home-region",
    ),
)  # fmt: skip
