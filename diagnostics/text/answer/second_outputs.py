"""Decide a denial by the output of another command, or by another policy, in the same text."""

from __future__ import annotations

import re
from collections.abc import Callable

from diagnostics.failure import Denial
from diagnostics.text.answer.foreign_keys import of_a_key_of_another_account
from diagnostics.text.answer.managed_rules import of_a_managed_rule
from diagnostics.text.answer.single_cause import Decision, decide
from diagnostics.text.read.identities.call_settings import around
from diagnostics.who import Who
from iam.arn import Arn, account_of
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_OF_NEW_ACCOUNTS = "OrganizationAccountAccessRole"
_INVITED = regex(r"\bINVITED\b|\b(?:was|were|is|are|been|we|I|they) (?:only )?invited\b[^.\n?]{0,60}")


def _of_an_invited_account(denial: Denial) -> Decision | None:
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


_UNKNOWN_KEY = regex(r"master key that does not exist", re.IGNORECASE)
_ENCRYPTS = regex(
    rf"\baws kms (?:encrypt|re-encrypt|generate-data-key[\w-]*)\b[^\n]*?--region[ =](?P<region>{REGION_NAME})"
    rf"|\bencrypted (?:it )?(?:in|with (?:a|the) key (?:in|of)) (?P<said>{REGION_NAME})\b"
)
_DECRYPTS = regex(rf"\baws kms decrypt\b[^\n]*?--region[ =](?P<region>{REGION_NAME})")


def _encrypted_elsewhere(denial: Denial) -> Decision | None:
    """Return the decision for data that was encrypted with a KMS key in another Region than the one called.

    A single-Region key exists only in its own Region, and the ciphertext names the key: AWS KMS API Reference,
    "Decrypt" (https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html); AWS KMS Developer Guide,
    "Multi-Region keys in AWS KMS"
    (https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html).
    """
    made = {each["region"] or each["said"] for each in _ENCRYPTS.finditer(denial.text)}
    if len(made) != 1 or not _UNKNOWN_KEY.search(denial.text):
        return None
    own, setting = _DECRYPTS.search(denial.text), around(denial.text).region
    called = own["region"] if own is not None else setting.value if setting is not None else ""
    (there,) = made
    if not called or called == there:
        return None
    return decide(
        "not-iam",
        f"encrypted in {there}, decrypted in {called}",
        f"The data was encrypted in {there}, and Decrypt went to {called}, where that key does not exist: call "
        f"Decrypt in {there}. Only if it fails there, too, look at kms:Decrypt.",
        f"Decrypt with --region {there}",
        Who.CALLER,
        "the call",
        f"Or encrypt the data again with a key of {called}, or with a multi-Region key that has a replica there.",
    )


_QUALIFIED = regex(
    r"arn:[\w-]+:lambda:[\w-]+:\d{12}:function:(?P<name>[\w-]{1,64}):(?P<qualifier>\$LATEST|[\w-]{1,128})(?![\w:-])"
)
_FROM_API_GATEWAY = regex(r"\bInvalid permissions on Lambda function\b")
_GETS_POLICY = regex(r"\baws lambda get-policy\b(?P<options>[^\n]*)")


def _on_another_qualifier(denial: Denial) -> Decision | None:
    """Return the decision for an alias or version that is invoked, if the text shows only the function's own policy.

    The policy of a function is separate from the policies of its aliases and versions: AWS Lambda Developer Guide,
    "Using Lambda aliases in event sources and permissions policies"
    (https://docs.aws.amazon.com/lambda/latest/dg/using-aliases.html).
    """
    if (denial.action or "").lower() != "lambda:invokefunction" and not _FROM_API_GATEWAY.search(denial.text):
        return None
    called, shown = _QUALIFIED.search(denial.text), _GETS_POLICY.search(denial.text)
    if called is None or shown is None or called["qualifier"] == "$LATEST":
        return None
    name, qualifier = called["name"], called["qualifier"]
    options = shown["options"]
    if name not in options or "--qualifier" in options or f"{name}:{qualifier}" in options:
        return None
    return decide(
        "resource.no-action",
        f"“{shown[0].strip()}”",
        f"The call goes to {name}:{qualifier}, and the text's policy is of the function without an alias: add the "
        f"permission to {qualifier} (aws lambda add-permission --function-name {name} --qualifier {qualifier}).",
        f"Add the permission to {name}:{qualifier}",
        Who.RESOURCE_OWNER,
        f"the function's policy of {qualifier}",
        f"aws lambda add-permission --function-name {name} --qualifier {qualifier} with the same principal, action and "
        f"source ARN; aws lambda get-policy --function-name {name} --qualifier {qualifier} shows it.",
    )


_NO_PROFILE = regex(r"\bInstance Profile (?P<name>[\w+=,.@-]{1,128}) cannot be found", re.IGNORECASE)


def _without_its_profile(denial: Denial) -> Decision | None:
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


def _of_a_missing_role(denial: Denial) -> Decision | None:
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


_FROM_CLOUDFRONT = regex(r"\.cloudfront\.net\b|Error from cloudfront|\bOAC\b|[Oo]rigin [Aa]ccess [Cc]ontrol")
_WITH_KMS = regex(r"\bSSE-KMS\b|\baws:kms\b|\bcustomer[- ]managed key\b")
_LETS_CLOUDFRONT = regex(
    r"\"Service\"\s*:\s*\"cloudfront\.amazonaws\.com\"[^{}]*\}[^{}]*\b(?P<action>s3:GetObject|s3:\*)"
)
_DENIES = regex(r"\"Effect\"\s*:\s*\"Deny\"")
_KEY_FOR_CLOUDFRONT = regex(r"\"Service\"\s*:\s*\"cloudfront\.amazonaws\.com\"[^{}]*\}[^{}]*\bkms:(?:Decrypt|\*)")


def _of_a_key_behind_cloudfront(denial: Denial) -> Decision | None:
    """Return the decision for encrypted objects behind CloudFront, if the bucket's policy in the text lets it read.

    CloudFront reads an object that is encrypted with a customer managed key only if the key's policy lets it: Amazon
    CloudFront Developer Guide, "Restrict access to an Amazon S3 origin", SSE-KMS
    (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html).
    """
    text = denial.text
    encrypted, allowed = _WITH_KMS.search(text), _LETS_CLOUDFRONT.search(text)
    if denial.principal or _FROM_CLOUDFRONT.search(text) is None or encrypted is None or allowed is None:
        return None
    if _KEY_FOR_CLOUDFRONT.search(text) or _DENIES.search(text):
        return None
    return decide(
        "resource.no-action",
        f"“{allowed['action']}” for cloudfront.amazonaws.com, and “{encrypted[0]}”",
        f"The bucket's policy in the text lets CloudFront perform {allowed['action']}, and the objects are encrypted "
        "with a KMS key: most likely the key's policy does not let cloudfront.amazonaws.com decrypt. Add that there.",
        "Let the key's policy allow cloudfront.amazonaws.com kms:Decrypt",
        Who.RESOURCE_OWNER,
        "the key's policy",
        'Add a statement with "Principal": {"Service": "cloudfront.amazonaws.com"}, kms:Decrypt (kms:GenerateDataKey* '
        "for uploads) and a condition on AWS:SourceArn, the distribution's ARN. A statement for the account's root "
        "does not include CloudFront. The bucket's policy stays as it is.",
    )


_NO_PLUGIN = regex(
    r"^[^\n]*\bsession-manager-plugin\b[^\n]{0,20}\b(?:not found|not recognized|No such file)[^\n]*"
    r"|SessionManagerPlugin is not found[^\n]{0,80}|^[^\n]*\bno session-manager-plugin in \([^\n]*",
    re.IGNORECASE | re.MULTILINE,
)


_NOT_STARTED = regex(r"to perform: ssm:StartSession\b|\baws ssm terminate-session\b")


def _without_the_plugin(denial: Denial) -> Decision | None:
    """Return the decision for a session that the AWS CLI ends because it does not find the Session Manager plugin.

    AWS Systems Manager User Guide, "Install the Session Manager plugin for the AWS CLI"
    (https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html); AWS
    CLI, awscli/customizations/sessionmanager.py
    (https://github.com/aws/aws-cli/blob/v2/awscli/customizations/sessionmanager.py).
    """
    missing = _NO_PLUGIN.search(denial.text)
    if missing is None or (denial.action or "").lower() != "ssm:terminatesession" or _NOT_STARTED.search(denial.text):
        return None
    return decide(
        "not-iam",
        f"“{' '.join(missing[0].split())}”",
        "Install the Session Manager plugin on this machine: StartSession was allowed, and the AWS CLI only tried to "
        "end the session because it did not find the plugin. Allowing ssm:TerminateSession would not help.",
        "Install the Session Manager plugin",
        Who.CALLER,
        "this machine",
        "AWS Systems Manager User Guide, “Install the Session Manager plugin”. It must be in the PATH: run "
        "session-manager-plugin to see whether it is found.",
    )


SECOND_OUTPUTS: tuple[Callable[[Denial], Decision | None], ...] = (
    _of_an_invited_account,
    _encrypted_elsewhere,
    _on_another_qualifier,
    _without_its_profile,
    _of_a_missing_role,
    _of_a_key_behind_cloudfront,
    _without_the_plugin,
    of_a_managed_rule,
    of_a_key_of_another_account,
)
