"""Messages of AWS RAM about shares outside the organization."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, of_codes, row
from diagnostics.who import Who

_API = "https://docs.aws.amazon.com"

SHARES: tuple[ServiceSentence, ...] = (
    # AWS RAM API Reference, "EnableSharingWithAwsOrganization": it creates the service-linked role with which RAM reads
    # the organization; the user guide's "Enable resource sharing within AWS Organizations": turning it on in AWS
    # Organizations does not (https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html).
    row(
        ("is not in your aws organization", "add external aws accounts to a resource share"),
        r"Principal (?P<member>[\w:/.-]*\w) is not in your AWS organization"
        r"|You do not have permission to add external AWS accounts to a resource share",
        "the resource share, by RAM's knowledge of the organization",
        "RAM does not know the principal as a member of the organization",
        "RAM does not see this principal in your organization. If it is a member, turn on sharing with the "
        "organization in RAM (aws ram enable-sharing-with-aws-organization). No policy of the caller is known to "
        "be missing.",
        UsualCause(
            "Sharing was turned on in AWS Organizations (aws organizations enable-aws-service-access), which "
            "does not create RAM's role AWSServiceRoleForResourceAccessManager. In the management account, "
            "disable that trusted access (shares within the organization end with it), then turn on sharing "
            "in RAM: aws ram enable-sharing-with-aws-organization.",
            "aws iam get-role --role-name AWSServiceRoleForResourceAccessManager",
            Who.ORG_ADMIN,
            shown_by=r"AWSServiceRoleForResourceAccessManager\b[^\n]{0,40}(?:cannot be found|not found|missing"
            r"|does not exist|doesn't exist)|\bno (?:role )?AWSServiceRoleForResourceAccessManager"
            r"|(?:NoSuchEntity|not found|cannot be found)[^\n]{0,80}AWSServiceRoleForResourceAccessManager",
            decides="Turn on sharing in RAM itself: its role AWSServiceRoleForResourceAccessManager does not "
            "exist, so RAM cannot see who is in the organization. No permission of the caller is missing.",
        ),
        UsualCause(
            "In the management account, see whether RAM's role AWSServiceRoleForResourceAccessManager exists: "
            "only RAM's own setting creates it, trusted access in AWS Organizations does not.",
            "aws iam get-role --role-name AWSServiceRoleForResourceAccessManager",
            Who.ORG_ADMIN,
        ),
        UsualCause(
            "If the account is in another organization, the share must allow external principals (aws ram "
            "update-resource-share --allow-external-principals), and the account then accepts an invitation.",
            "aws organizations list-accounts --query 'Accounts[].[Id,Status]'",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/ram/latest/APIReference/API_EnableSharingWithAwsOrganization.html",
    ),
)
RAM_PERMISSIONS: tuple[ServiceSentence, ...] = (
    of_codes(
        "UnmatchedPolicyPermission",
        "AWS RAM",
        "no managed permission of RAM has the permissions of the resource's policy",
        "RAM has no managed permission with the permissions of the resource's own policy. No permission is missing.",
        "First run aws ram promote-permission-created-from-policy, then promote-resource-share-created-from-policy.",
        f"{_API}/ram/latest/APIReference/API_PromoteResourceShareCreatedFromPolicy.html",
        who=Who.CALLER,
        refuses=False,
    ),
)  # fmt: skip
