"""Sentences about a setting that is missing or excludes the call: of the account, the organization, a key or a job."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground
from iam.regions import REGION_NAME

_API = "https://docs.aws.amazon.com"


def _unread_secret(before: str, region: str, option: str) -> ServiceSentence:
    """Return the row for the AWS provider of the Secrets Store CSI driver, which hides AWS's error.

    https://github.com/aws/secrets-store-csi-driver-provider-aws/blob/main/README.md
    """
    return row(
        "failed to fetch secret from all regions",
        rf"{before}Failed to fetch secret from all regions\. Verify secret exists and required permissions are granted "
        r"for: (?P<secret>[^\s\"',]+)",
        "the pod's role, or nobody",
        f"the secret {{secret}} could not be read in {region}, but AWS's own error is not in the message",
        f"The secret {{secret}} does not exist in {region}, or the role of the pod's service account is not allowed to "
        "read it: the message does not say which.",
        UsualCause(
            f"First check whether the secret exists with this exact name in {region}. If it does, allow the role of "
            "the pod's service account (not the node's) to perform secretsmanager:GetSecretValue and "
            "secretsmanager:DescribeSecret on the secret, and kms:Decrypt on its key if the key is customer managed. "
            "AWS's own error is in the provider's log (pods of csi-secrets-store-provider-aws) and in the call's "
            "event in CloudTrail.",
            f"aws secretsmanager describe-secret --secret-id {{secret}}{option}",
        ),
        page="https://github.com/aws/secrets-store-csi-driver-provider-aws/blob/main/README.md",
    )


REGIONS_AND_LOGIN: tuple[ServiceSentence, ...] = (
    _unread_secret(rf"(?P<region>{REGION_NAME}): ", "{region}", " --region {region}"),
    _unread_secret("", "the Region where the program looks for it", ""),
    # botocore, exceptions.py, LoginInsufficientPermissions (https://github.com/boto/botocore).
    row(
        "signin:createoauth2token",
        r"refresh login credentials due to insufficient permissions",
        "the identity that signed in with aws login",
        "aws login needs signin:CreateOAuth2Token",
        "The identity that signed in lacks signin:CreateOAuth2Token, which aws login needs: attach the AWS managed "
        "policy SignInLocalDevelopmentAccess to it.",
        UsualCause(
            "SignInLocalDevelopmentAccess allows signin:AuthorizeOAuth2Access and signin:CreateOAuth2Token on "
            "arn:aws:signin:*:*:oauth2/public-client/*. If this policy is attached, an SCP or a boundary denies these "
            "actions. The intended call itself was not refused.",
        ),
        page=f"{_API}/aws-managed-policy/latest/reference/SignInLocalDevelopmentAccess.html",
        actions=("signin:CreateOAuth2Token",),
        cause="identity.no-action",
        ground=Ground.STATED,
    ),
)

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

SERVICE_LINKED_ROLE_NAMES: tuple[ServiceSentence, ...] = (
    row(
        "cannot find service linked role template for",
        r"Cannot find Service Linked Role template for (?P<name>[\w.-]*\w)",
        "nobody",
        "no service-linked role belongs to the name {name}",
        "{name} is not the service principal of a service with a service-linked role: the name is misspelled, or the "
        "service has no such role. No permission is missing.",
        UsualCause(
            "Write the service principal exactly as on the service's page about its service-linked role: it is "
            "case-sensitive, and ends with .amazonaws.com (opensearchservice.amazonaws.com for OpenSearch Service, for "
            "example).",
            None,
            Who.CALLER,
        ),
        page=f"{_API}/IAM/latest/APIReference/API_CreateServiceLinkedRole.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)

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
    row(
        "not enabled for cost explorer",
        r"\bnot enabled for cost explorer\b",
        "the account, for everybody",
        "Cost Explorer is not enabled for this account",
        "Cost Explorer is not enabled for this account, or the management account does not let this member use it. "
        "No policy of the caller is missing.",
        UsualCause(
            "Open Cost Explorer once in the Billing and Cost Management console of this account (as its root "
            "user, if users and roles have no access to billing): the API cannot enable it, and the first data "
            "takes about 24 hours. For a member account, the management account must allow members access to "
            "Cost Explorer in the cost management preferences."
        ),
        page=f"{_API}/cost-management/latest/userguide/ce-enable.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)
