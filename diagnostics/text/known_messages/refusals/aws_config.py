"""Messages of AWS Config about its bucket, aggregators, remediations and rules."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import OwnRequest, ServiceSentence, UsualCause, row
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
_OWNED = ("s3:x-amz-acl", "bucket-owner-full-control")
"""The condition key and value that every log delivery to a bucket sends, so that the bucket's owner has the objects."""
_OWNER = ("aws:SourceAccount", "{account}")
"""The condition key with the account for which a service acts. Only services that document this key send it."""
# AWS Config Developer Guide, "Permissions for the Amazon S3 bucket": aws:SourceArn is always of this form
# (https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html).
_CONFIG = (("aws:SourceArn", "arn:{partition}:config:{region}:{account}:*"), _OWNER)

CONFIG_BUCKET: tuple[ServiceSentence, ...] = (
    row(
        "insufficient delivery policy to s3 bucket",
        r"Insufficient delivery policy to s3 bucket: (?P<bucket>[a-z0-9][\w.-]{2,62})",
        "AWS Config, which delivers to the bucket",
        "the bucket's policy does not let AWS Config deliver",
        "The bucket's policy does not let AWS Config deliver to it, or the recorder's role is not allowed to "
        "write there.",
        UsualCause(
            "The bucket's policy must let config.amazonaws.com perform s3:GetBucketAcl on the bucket and "
            "s3:PutObject on PREFIX/AWSLogs/ACCOUNT/Config/*, if the recorder uses the service-linked role or "
            "the bucket is another account's.",
            "aws configservice describe-delivery-channels",
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "With another role AWS Config delivers as that role: allow the role s3:PutObject (and "
            "s3:PutObjectAcl on another account's bucket) on PREFIX/AWSLogs/ACCOUNT/Config/*.",
            "aws configservice describe-configuration-recorders",
        ),
        page="https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html",
        asks=(
            OwnRequest(
                "config.amazonaws.com", "s3:GetBucketAcl", "arn:{partition}:s3:::{bucket}", _CONFIG, others=(":role/",)
            ),
            OwnRequest(
                "config.amazonaws.com",
                "s3:PutObject",
                "arn:{partition}:s3:::{bucket}/{object}",
                (*_CONFIG, _OWNED),
                others=(":role/",),
            ),
        ),
    ),
)

CONFIG_FUNCTIONS: tuple[ServiceSentence, ...] = (
    row(
        "cannot be invoked. check the specified function arn",
        r"Lambda function (?:arn:\S+ )?cannot be invoked\. Check the specified function ARN",
        "AWS Config, which invokes the rule's function",
        "AWS Config cannot invoke the function",
        "AWS Config cannot invoke the function of the rule: the function's own policy does not allow the call, or the "
        "rule names a different ARN.",
        UsualCause("Add a statement to the function's policy: config.amazonaws.com, lambda:InvokeFunction, the account "
                   "as aws:SourceAccount (aws lambda add-permission). In a template, make the rule depend on that "
                   "permission.",
                   "aws lambda get-policy --function-name FUNCTION", Who.RESOURCE_OWNER),
        page=f"{_API}/config/latest/APIReference/API_PutConfigRule.html",
        actions=("lambda:InvokeFunction",),
    ),
)  # fmt: skip
