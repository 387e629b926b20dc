"""Messages of Service Quotas and License Manager."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"

QUOTAS_AND_LICENSES: tuple[ServiceSentence, ...] = (
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
    row(
        "service role not found",
        r"\bAuthorizationException\b[^\n]{0,160}?Service role not found",
        "License Manager",
        "License Manager's service-linked role does not exist in this account",
        "License Manager is not set up in this account: its service-linked role is missing. Somebody with "
        "iam:CreateServiceLinkedRole opens its console once and grants the permissions.",
        UsualCause(
            "Or create the role: aws iam create-service-linked-role --aws-service-name "
            "license-manager.amazonaws.com. The caller's other permissions are not refused."
        ),
        page=f"{_API}/license-manager/latest/userguide/using-service-linked-roles.html",
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
)
