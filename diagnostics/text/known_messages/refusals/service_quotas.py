"""Messages of Service Quotas."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row

_API = "https://docs.aws.amazon.com"

SERVICE_QUOTAS: tuple[ServiceSentence, ...] = (
    row(
        "dependencyaccessdenied",
        r"\bDependencyAccessDenied(?:Exception)?\b",
        "whoever calls Service Quotas",
        "the caller lacks a permission of a service that Service Quotas uses",
        "The caller lacks a permission of a service that Service Quotas uses for this call: AWS Support, "
        "Organizations, or the creation of the service-linked role.",
        UsualCause(
            "A request for a quota needs support:CreateCase (and what ServiceQuotasFullAccess has), the first request "
            "also iam:CreateServiceLinkedRole for servicequotas.amazonaws.com. The event in CloudTrail that has an "
            "error and is next to this event names the call.",
            "aws cloudtrail lookup-events --max-results 20",
        ),
        page=f"{_API}/servicequotas/latest/userguide/identity-access-management.html",
    ),
)
