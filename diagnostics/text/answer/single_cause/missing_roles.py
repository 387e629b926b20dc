"""A role or instance profile that most likely does not exist in the account, as another output in the text shows."""

from __future__ import annotations

import re

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who
from iam.arn import Arn, account_of
from iam.lazy_pattern import regex

_OF_NEW_ACCOUNTS = "OrganizationAccountAccessRole"


_INVITED = regex(r"\bINVITED\b|\b(?:was|were|is|are|been|we|I|they) (?:only )?invited\b[^.\n?]{0,60}")


def of_an_invited_account(denial: Denial) -> Decision | None:
    """Return the decision for a missing access role of AWS Organizations in an account that was invited.

    AWS Organizations creates this role only in the accounts that it creates: AWS Organizations User Guide, "Creating
    OrganizationAccountAccessRole for an invited account"
    (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_create-cross-account-role.html).
    """
    role, invited = Arn.parse_entity(denial.resource or "", "role"), _INVITED.search(denial.text)
    if role is None or invited is None or role.name != _OF_NEW_ACCOUNTS:
        return None
    caller = account_of(denial.principal or "") or "the management account"
    return decide(
        "principal.not-found",
        f"“{invited[0]}”",
        f"Account {role.account} was invited to the organization, so most likely it has no role {_OF_NEW_ACCOUNTS}: "
        f"AWS creates that role only in accounts that were created in the organization. Create it there.",
        f"Create {_OF_NEW_ACCOUNTS} in account {role.account}",
        Who.RESOURCE_OWNER,
        f"account {role.account}",
        f"Sign in to account {role.account}, see whether the role exists (aws iam get-role --role-name "
        f"{_OF_NEW_ACCOUNTS}), and create it with a trust policy that names {caller} and the permissions that it is to "
        "give. STS does not say whether a role is missing or does not trust the caller.",
    )


_NO_PROFILE = regex(r"\bInstance Profile (?P<name>[\w+=,.@-]{1,128}) cannot be found", re.IGNORECASE)


def without_its_profile(denial: Denial) -> Decision | None:
    """Return the decision for an instance profile that does not exist, perhaps although a role of the same name does.

    An instance profile is separate from the role in it; only the console creates both at once: IAM User Guide, "Use
    instance profiles"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html).
    """
    missing = _NO_PROFILE.search(denial.text)
    if missing is None or (denial.action and denial.principal):
        return None
    name = missing["name"]
    role = re.search(rf"\barn:[\w-]+:iam::\d{{12}}:role/(?:[\w/-]+/)?{re.escape(name)}(?![\w+=,.@-])", denial.text)
    exists = f"The role {name} exists, but no" if role is not None else "There is no"
    return decide(
        "not-iam",
        f"“{missing[0]}”",
        f"{exists} instance profile {name}: create it, and add the role to it. A missing permission is not the cause.",
        f"Create the instance profile {name}",
        Who.ACCOUNT_ADMIN,
        "the account",
        f"aws iam create-instance-profile --instance-profile-name {name}; then aws iam add-role-to-instance-profile "
        f"--instance-profile-name {name} --role-name {name if role is not None else 'ROLE'}. For EMR's default roles, "
        "aws emr create-default-roles makes both.",
    )


_NO_ROLE = regex(
    r"\(NoSuchEntity\) when calling the GetRole operation: The role with name (?P<name>[\w+=,.@-]{1,64}) cannot be "
    r"found"
)


_WITH_PROFILE = regex(r"\baws (?:[^\n]*\s)?iam get-role\b[^\n]*--profile\b|\bAWS_PROFILE=\S+ aws iam get-role\b")


def of_a_missing_role(denial: Denial) -> Decision | None:
    """Return the decision for a role that cannot be assumed and that, according to another command, does not exist.

    STS and the services refuse a role that does not exist in the same words as one that does not trust the caller. `aws
    iam get-role` looks in the account of its own credentials. AWS STS API Reference, "AssumeRole"
    (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html). A stack keeps its role: AWS
    CloudFormation API Reference, "DeleteStack"
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html).
    """
    missing = _NO_ROLE.search(denial.text)
    if missing is None or not (denial.claims_trust or (denial.action or "").lower().startswith("sts:assumerole")):
        return None
    role, name = Arn.parse_entity(denial.resource or "", "role"), missing["name"]
    if (role is not None and role.name != name) or name.startswith("AWSServiceRoleFor"):
        return None
    caller = account_of(denial.principal or "")
    if role is not None and caller and caller != role.account and not _WITH_PROFILE.search(denial.text):
        return None  # the caller's own account was asked
    account = f" {role.account}" if role is not None and role.account else ""
    sentence = (
        f"The role {name} does not exist in the account that get-role asked: create it there with its trust policy, or "
        "let the call name another role (correct the name or the account in its ARN)."
    )
    if denial.service == "cloudformation":
        sentence = (
            f"The stack keeps its service role {name}, which does not exist: pass another one that trusts "
            "cloudformation.amazonaws.com (--role-arn ARN with delete-stack or update-stack), or create it again."
        )
    return decide(
        "principal.not-found",
        f"“{missing[0]}”",
        sentence,
        f"Create the role {name}, or correct the ARN",
        Who.RESOURCE_OWNER,
        f"account{account}" if account else "the account",
        "A missing role is refused in the same words as one whose trust policy lacks the caller: no permission of the "
        "caller is known to be missing.",
    )
