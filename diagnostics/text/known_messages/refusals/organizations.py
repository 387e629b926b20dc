"""Messages of AWS Organizations."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
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

TRUSTED_ACCESS: tuple[ServiceSentence, ...] = (
    row(
        "must first enable trusted access",
        r"must first enable trusted access with (?P<service>[A-Z][\w -]*\w)",
        "the organization",
        "trusted access for {service} is not turned on in Organizations",
        "Trusted access for {service} is not turned on in the organization. Until then the call works only for the "
        "caller's own account.",
        UsualCause(
            "In the management account, turn on trusted access for {service}: in the Organizations console "
            "(Services), or aws organizations enable-aws-service-access --service-principal SERVICE.amazonaws.com. "
            "The call for another account then needs the management account or a delegated administrator.",
            "aws organizations list-aws-service-access-for-organization",
            Who.ORG_ADMIN,
        ),
        page=f"{_API}/accounts/latest/reference/API_PutContactInformation.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)
