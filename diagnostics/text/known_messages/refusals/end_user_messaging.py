"""Messages of AWS End User Messaging (SMS and voice)."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"

SMS: tuple[ServiceSentence, ...] = (
    row(
        ("insufficient_account_reputation", "account_disabled"),
        r"\bReason\W{1,4}(?P<reason>INSUFFICIENT_ACCOUNT_REPUTATION|ACCOUNT_DISABLED)\b",
        "the account, by AWS End User Messaging",
        "AWS has limited this account's messages ({reason})",
        "AWS does not let this account send messages ({reason}): ask AWS Support. No IAM policy refuses it.",
        UsualCause(
            "The service gives this reason with AccessDeniedException, whatever the caller's policies allow.",
            None,
            Who.ACCOUNT_ADMIN,
        ),
        page=f"{_API}/pinpoint/latest/apireference_smsvoicev2/API_SendTextMessage.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)
