"""Messages about an account that AWS has blocked or suspended."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"
BLOCKED_ACCOUNTS: tuple[ServiceSentence, ...] = (
    row(
        ("aws account was blocked", "access has been suspended for the calling"),
        r"AWS account was blocked|access has been suspended for the calling (?:AWS|Amazon Web Services) account",
        "the account",
        "AWS has blocked the account for this service",
        "AWS has blocked the account for this service. Only AWS Support can end the block: no policy helps.",
        UsualCause("Write to AWS Support (account and billing), which also says why.", None, Who.ACCOUNT_ADMIN),
        page=f"{_DOCS}/AmazonECS/latest/APIReference/API_RunTask.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)  # fmt: skip
