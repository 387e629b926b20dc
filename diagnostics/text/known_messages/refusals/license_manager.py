"""Messages of AWS License Manager."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"

LICENSE_MANAGER: tuple[ServiceSentence, ...] = (
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
