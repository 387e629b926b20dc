"""Rows for ARNs of another partition, in another form, or with an account number that is too short."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

_ARN_INVALID = r"\bRequest\s+ARN\s+is\s+invalid\b"
_SHORT_ACCOUNT = r"\barn:[\w-]+:iam::(\d{6,11}):role/"

PARTITIONS: tuple[System, ...] = (
    # IAM User Guide, "Amazon Resource Names (ARNs)": partitions (https://docs.aws.amazon.com/IAM/latest/UserGuide/
    # reference-arns.html); Terraform, data source aws_partition
    # (https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/partition).
    made_system(
        "the partition in the ARN",
        "Write arn:aws-us-gov: in GovCloud, arn:aws-cn: in China and arn:aws-eusc: in the European Sovereign Cloud. In "
        "Terraform use ${data.aws_partition.current.partition}, in CloudFormation ${AWS::Partition}. " + NONE_MISSING,
        r"\bInvalid\s+ARN\s+partition\b|\bARN\s+arn:aws:iam::aws:policy/[\w/+=,.@-]+\s+is\s+not\s+valid\b",
        "invalid arn partition",
        "is not valid",
        unless=r"\A(?![\s\S]*(?:\bus-gov-|\baws-us-gov\b|\bcn-north|\baws-cn\b|\beusc-|\baws-eusc\b|\bInvalid\s+ARN\s+partition\b))",
        verdict="The ARN has a different partition from the account: GovCloud, China and the European Sovereign Cloud "
        "have their own. Write the ARN with the account's partition. No permission is missing.",
        title="Write the account's partition in the ARN",
    ),
)

SHORT_ACCOUNTS: tuple[System, ...] = (
    # AWS STS API Reference, "AssumeRoleWithWebIdentity", RoleArn: account IDs have 12 digits
    # (https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html).
    made_system(
        "the account number in the role's ARN",
        "Write the account with its 12 digits: a leading zero is lost if the account is stored as a number instead "
        f"of text, so quote the value. {NONE_MISSING}",
        rf"{_SHORT_ACCOUNT}[\s\S]*?{_ARN_INVALID}|{_ARN_INVALID}[\s\S]*?{_SHORT_ACCOUNT}",
        "request arn is invalid",
        subject=_SHORT_ACCOUNT,
        verdict="The account in the role's ARN, {name}, does not have 12 digits: most likely a leading zero was lost. "
        "No permission is missing.",
        title="Write the account with its 12 digits",
    ),
)
ROLE_IN_THE_REQUEST = "the role's ARN in the request"
ROLE_ARNS: tuple[System, ...] = (
    # STS API reference, "AssumeRole": RoleArn (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html).
    made_system(
        ROLE_IN_THE_REQUEST,
        "Write the full ARN (arn:aws:iam::ACCOUNT:role/NAME), without quotes or spaces; check that the variable or "
        "secret that it comes from has a value here. No permission is missing.",
        r"\bRequest\s+ARN\s+is\s+invalid\b|\bis\s+invalid\s*\(Service:\s*(?:Sts|AWSSecurityTokenService)"
        r"|ValidationError\)?[^\n]{0,80}AssumeRole\w*\s+operation:\s+\S+\s+is\s+invalid",
        "is invalid",
        unless=r"\barn:[\w-]+:iam::\d{6,11}:role/",
        verdict="STS does not accept the role's ARN as it was sent: no permission is missing.",
    ),
)
