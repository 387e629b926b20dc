"""Messages of Amazon Route 53: DNSSEC signing, query logs and VPCs of other accounts."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"

DNSSEC: tuple[ServiceSentence, ...] = (
    row(
        ("action_needed", "action needed"),
        r"(?:KeySigningKey|\bKSK\b|key-signing key)[\s\S]{0,300}?(?:ACTION_NEEDED|Action needed)",
        "Route 53, by the KMS key of the key-signing key",
        "Route 53 has lost access to the KMS key of the key-signing key",
        "Route 53 can no longer use the KMS key of the key-signing key: it is disabled, is scheduled for deletion, or "
        "its policy lacks dnssec-route53.amazonaws.com. Act soon, or the zone stops resolving.",
        UsualCause(
            "Enable the key or cancel its deletion, and let its policy allow dnssec-route53.amazonaws.com "
            "kms:DescribeKey, kms:GetPublicKey and kms:Sign (kms:CreateGrant for AWS resources). Then activate "
            "the key-signing key again.",
            "aws kms describe-key --key-id KEY --region us-east-1",
            Who.RESOURCE_OWNER,
        ),
        page=f"{_API}/Route53/latest/DeveloperGuide/dns-configuring-dnssec-troubleshoot.html",
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
)

QUERY_LOGS: tuple[ServiceSentence, ...] = (
    row(
        "insufficientcloudwatchlogsresourcepolicy",
        r"\bInsufficientCloudWatchLogsResourcePolicy\b",
        "Route 53, which writes the query logs",
        "the resource policy of CloudWatch Logs does not allow Route 53",
        "The resource policy of CloudWatch Logs does not let Route 53 write the query logs, or the log group's KMS key "
        "does not.",
        UsualCause(
            "A resource policy in us-east-1 must allow route53.amazonaws.com to perform logs:CreateLogStream "
            "and logs:PutLogEvents on the log group's ARN. A new policy takes some time to take effect. The KMS "
            "key of the log group must be enabled.",
            "aws logs describe-resource-policies --region us-east-1",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateQueryLoggingConfig.html",
    ),
)

ZONE_ASSOCIATIONS: tuple[ServiceSentence, ...] = (
    row(
        "authorized to make the association",
        r"The VPC:? (?P<vpc>vpc-[0-9a-f]{8,17})\b[^\n]{0,80} (?:is )?not authorized to make the association",
        "the account that associates the VPC",
        "the hosted zone's account has not authorized the VPC {vpc}, or the call did not come from the VPC's account",
        "The hosted zone's account must first authorize {vpc} (aws route53 create-vpc-association-authorization); then "
        "the VPC's account associates it with its own credentials.",
        UsualCause(
            "Both calls also need ec2:DescribeVpcs. Compare the VPC's Region and ID in the two calls: an authorization "
            "for another Region does not matter.",
            "aws route53 list-vpc-association-authorizations --hosted-zone-id ZONE",
            Who.RESOURCE_OWNER,
        ),
        page=f"{_API}/Route53/latest/DeveloperGuide/hosted-zone-private-associate-vpcs-different-accounts.html",
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
)
