"""Messages of AWS Organizations."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"

ORGANIZATIONS_DEPENDENCIES: tuple[ServiceSentence, ...] = (
    row(
        "accessdeniedfordependency",
        r"\bAccessDeniedForDependency(?:Exception)?\b(?=[\s\S]{0,400}?(?:organizations?\b|service-linked|ServiceLinkedRole))",
        "whoever calls Organizations",
        "the caller is not allowed to create the service-linked role of Organizations",
        "The caller lacks iam:CreateServiceLinkedRole for organizations.amazonaws.com, which this operation also "
        "needs.",
        UsualCause("Allow this action with the condition iam:AWSServiceName = organizations.amazonaws.com. The "
                   "Organizations action itself was not refused."),
        page=f"{_API}/organizations/latest/APIReference/API_CreateOrganization.html",
        actions=("iam:CreateServiceLinkedRole",),
        cause="identity.no-action",
        ground=Ground.STATED,
    ),
)  # fmt: skip
