"""Messages of IAM Identity Center."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"

_CENTER = f"{_API}/singlesignon/latest/userguide/troubleshooting.html"

_ORG = "aws organizations describe-organization --query Organization.MasterAccountId"

IDENTITY_CENTER: tuple[ServiceSentence, ...] = (
    row(
        "permission sets provisioned in the management account",
        r"permission sets? (?:that (?:is|are) )?provisioned in the management account",
        "the delegated administrator of IAM Identity Center",
        "only the management account manages permission sets that are used in it",
        "This permission set is assigned in the management account, so only the management account can change it. AWS "
        "denies the change to the delegated administrator, whatever its policies allow.",
        UsualCause(
            "Make the change with credentials of the management account, or use another permission set for "
            "member accounts.",
            _ORG,
            Who.ORG_ADMIN,
        ),
        page=_CENTER,
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        "attributes for access control failed to enable",
        r"Attributes for access control failed to enable",
        "whoever enables the attributes",
        "the caller most likely lacks iam:UpdateAssumeRolePolicy",
        "Whoever enables the attributes most likely lacks iam:UpdateAssumeRolePolicy, with which IAM Identity Center "
        "changes its roles' trust policies (sts:TagSession).",
        UsualCause(
            "Allow this action on roles under aws-reserved/sso.amazonaws.com/, and look for an SCP that denies "
            "the action.",
            None,
            Who.ORG_ADMIN,
        ),
        page=_CENTER,
        actions=("iam:UpdateAssumeRolePolicy",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "invalid mfa credentials",
        r"\bInvalid MFA credentials\b",
        "the user's sign-in",
        "IAM Identity Center does not know this user of the external identity provider yet",
        "IAM Identity Center most likely does not have this user yet: see whether the identity provider has "
        "provisioned the user (SCIM). The MFA device and IAM's policies are not the cause.",
        UsualCause(
            "Look for the user in IAM Identity Center (Users), then at the provisioning log of the identity provider.",
            "aws identitystore list-users --identity-store-id STORE",
            Who.ORG_ADMIN,
        ),
        page=_CENTER,
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
)
