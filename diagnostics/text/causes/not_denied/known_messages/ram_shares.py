"""AWS RAM's message for a share outside the organization."""

from __future__ import annotations

from diagnostics.text.causes.build_causes import Said
from diagnostics.who import Who

RAM_MESSAGES = (
    # AWS RAM API Reference, "EnableSharingWithAwsOrganization"
    # (https://docs.aws.amazon.com/ram/latest/APIReference/API_EnableSharingWithAwsOrganization.html).
    Said(
        r"can only be shared within your AWS Organization",
        "No permission is missing. Either sharing with the organization is not turned on in AWS RAM, or an account in "
        "the call is not a member; the message does not say which. The management account can check both: the command "
        "here shows whether the receiving account is a member, and RAM's settings show whether sharing is on. The "
        "management account turns sharing on with aws ram enable-sharing-with-aws-organization, which also creates "
        "RAM's service-linked role (trusted access in Organizations alone does not). If it was turned on only just "
        "now, try again later. allow_external_principals does not help for such a resource.",
        "aws organizations describe-account --account-id ACCOUNT",
        Who.ORG_ADMIN,
    ),
)
