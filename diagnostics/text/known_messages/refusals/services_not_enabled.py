"""Messages about a service that is not enabled in the account or Region, or is closed to the account."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, no_permission, row
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
_NEW = r"(?:available|open|offered|accepting|onboarding)(?: (?:to|for))? new (?:customers|accounts)"

CLOSED_AND_UNREGISTERED: tuple[ServiceSentence, ...] = (
    no_permission(
        ("new customers", "new accounts"),
        rf"\b(?:(?:is|are) )?(?:no longer|not) {_NEW}\b|\bclosed to new (?:customers|accounts)\b",
        "AWS has closed this service or feature to new customers, and treats this account as new: use an alternative, "
        "or do not use the feature. No permission is missing.",
        "Read the page that the message links, or the service's page on availability changes: it names the "
        "alternatives. Accounts that used the feature before the closing date can still use it.",
        f"{_API}/servicecatalog/latest/arguide/app-registry-availability-change.html",
    ),
    no_permission(
        ("isn't registered with", "is not registered with", "complete aws audit manager setup"),
        r"\b[Aa]ccount (?:\d{12} )?(?:isn't|is not) registered with (?-i:AWS |Amazon )?(?-i:[A-Z]\w+)"
        r"|Please complete AWS Audit Manager setup",
        "The account is not registered with the service in the Region of the call: set the service up in this Region, "
        "or call the Region in which the service is set up. No policy of the caller is missing.",
        "Compare the Region of the call with the Region in which the service was set up. In an organization, also "
        "check which account is its delegated administrator.",
        f"{_API}/audit-manager/latest/APIReference/API_RegisterAccount.html",
    ),
)
