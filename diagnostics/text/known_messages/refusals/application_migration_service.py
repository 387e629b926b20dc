"""Messages of AWS Application Migration Service and Elastic Disaster Recovery."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, no_permission

_API = "https://docs.aws.amazon.com"
MIGRATION_SERVICES: tuple[ServiceSentence, ...] = (
    no_permission(
        "uninitializedaccountexception",
        r"\bUninitializedAccountException\b",
        "The service was never initialized for this account in this Region: initialize the service there, or call the "
        "Region in which it is used. No permission is missing.",
        "aws mgn initialize-service (for Elastic Disaster Recovery aws drs initialize-service), by an administrator: "
        "it creates the service's roles.",
        f"{_API}/mgn/latest/ug/mgn-initialize-api.html",
    ),
)  # fmt: skip
