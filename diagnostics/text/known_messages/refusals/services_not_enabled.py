"""Messages about a service that is not enabled in the account and Region."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"

SERVICES_NOT_ENABLED: tuple[ServiceSentence, ...] = (
    row(
        "is not enabled",
        r"(?:\bAccessDeniedException\b[^\x1e]{0,80}?:\s+|\b[A-Z][a-z]+-[A-Z]\w+ : )(?:(?:Amazon|AWS) )?"
        r"(?P<service>Macie|GuardDuty|Security Hub|Detective|Inspector|Audit Manager|Security Lake) is not enabled"
        r"(?: (?:in|for) (?:this|the) (?:account|Region)\b)?(?=[.\"\n]|$)",
        "the account, for everybody",
        "{service} is not enabled in this account and Region",
        "{service} is not enabled for this account in the Region of the call: enable it there, or leave that Region "
        "out. No policy of the caller is missing.",
        UsualCause(
            "A service must be enabled separately in each Region. If an organization manages the service, its "
            "delegated administrator must enable it. Where the service is not enabled, its calls are refused "
            "whatever the policies allow."
        ),
        page=f"{_API}/macie/latest/user/getting-started.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)
