"""Messages of AWS Config about aggregators, remediations and rules."""

from __future__ import annotations

from diagnostics.text.read.service_messages.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who

_API = "https://docs.aws.amazon.com"

CONFIG: tuple[ServiceSentence, ...] = (
    row(
        "organizationaccessdenied",
        r"\bOrganizationAccessDenied(?:Exception)?\b",
        "the account that calls AWS Config",
        "the account is neither the management account nor a delegated administrator of AWS Config",
        "Make this call in the organization's management account, or in a delegated administrator of AWS Config.",
        UsualCause(
            "In the management account: aws organizations register-delegated-administrator --account-id ACCOUNT "
            "--service-principal config-multiaccountsetup.amazonaws.com (first enable-aws-service-access for "
            "it).",
            None,
            Who.ORG_ADMIN,
            shown_by=r"\A(?=[\s\S]*(?:OrganizationConfigRule|OrganizationConformancePack))"
            r"(?=[\s\S]*?--service-principal[ =]config\.amazonaws\.com)(?![\s\S]*config-multiaccountsetup)",
            decides="The text shows the delegation for config.amazonaws.com, which is for aggregators: rules "
            "and conformance packs of the organization need it for config-multiaccountsetup.amazonaws.com.",
        ),
        UsualCause(
            "The service principal of the delegation is config-multiaccountsetup.amazonaws.com for rules and "
            "conformance packs, config.amazonaws.com for aggregators. An aggregator of a former "
            "organization or administrator cannot be updated: delete it and create a "
            "new one. In the management account the caller needs organizations:EnableAWSServiceAccess and "
            "organizations:ListDelegatedAdministrators.",
            "aws organizations list-delegated-administrators --service-principal "
            "config-multiaccountsetup.amazonaws.com",
            Who.ORG_ADMIN,
        ),
        page=f"{_API}/config/latest/APIReference/API_PutConfigurationAggregator.html",
    ),
    row(
        "insufficientpermissionsexception",
        r"\bInsufficientPermissionsException\b(?=[\s\S]{0,120}?(?:PutRemediation|DeleteRemediation|StartRemediation))",
        "whoever sets up the remediation",
        "the caller is not allowed to pass the automation's role, or to read the automation",
        "Whoever sets up the remediation lacks iam:PassRole on the role of the automation (AutomationAssumeRole), or "
        "is not allowed to read the automation document.",
        UsualCause(
            "Allow iam:PassRole on that role with iam:PassedToService = ssm.amazonaws.com. The role must trust "
            "ssm.amazonaws.com.",
            "aws configservice describe-remediation-configurations --config-rule-names RULE",
        ),
        page=f"{_API}/config/latest/APIReference/API_PutRemediationConfigurations.html",
    ),
    row(
        "insufficientpermissionsexception",
        r"\bInsufficientPermissionsException\b(?=[\s\S]{0,120}?(?:Put(?:Organization)?Con\w+))",
        "whoever calls AWS Config, or AWS Config itself",
        "AWS Config is not allowed to create the service-linked role, read the template, or invoke the rule's function",
        "The caller is not allowed to create AWS Config's service-linked role (iam:CreateServiceLinkedRole, "
        "iam:GetRole) or to read the template, or AWS Config is not allowed to invoke the rule's function.",
        UsualCause(
            "A custom rule: the function's policy must allow config.amazonaws.com lambda:InvokeFunction. A "
            "conformance pack: allow the caller iam:GetRole, iam:CreateServiceLinkedRole, s3:GetObject on the "
            "template, or ssm:GetDocument."
        ),
        page=f"{_API}/config/latest/APIReference/API_PutConfigRule.html",
    ),
)
