"""Causes for encrypted volumes of an instance that does not start."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure
from diagnostics.text.causes.look import contains, quoted, reading
from diagnostics.text.read.own_account import own_accounts
from diagnostics.who import Who
from iam.lazy_pattern import regex

_KEY = regex(r"\barn:[\w-]+:kms:[a-z0-9-]+:(?P<account>\d{12}):(?:key|alias)/[\w/-]+")
_OF_GROUP = r"\b(?:asg|auto ?scaling)\b"
_BY_DEFAULT = r"(?:EBS )?encryption by default|default (?:EBS |KMS )?(?:encryption )?key|ebs-default-kms-key-id"


def default_volume_key(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield how to find the key of the volumes: if the launch names none, the account's default key encrypts them.

    Amazon EBS User Guide, "Enable Amazon EBS encryption by default"
    (https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html).
    """
    launched, default = quoted(failure.text, r"Client\.InternalError"), quoted(failure.text, _BY_DEFAULT)
    if not (launched and default):
        return
    yield FirstLook(
        "Find out first which key encrypts the volumes: if the launch names no KmsKeyId for a volume, the account's "
        "default EBS key is used, not the key whose policy the text may show. Whoever launches (in an Auto Scaling "
        "group AWSServiceRoleForAutoScaling) must be allowed to use that key and create grants.",
        contains(launched, default),
        reading("ec2", "get-ebs-default-kms-key-id"),
        Who.RESOURCE_OWNER,
    )


def key_of_another_account(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield what a launch needs if the key of its volumes is another account's than that of the launch.

    Amazon EC2 Auto Scaling User Guide, "Required AWS KMS key policy for use with encrypted volumes": for a key of
    another account, its policy and a grant
    (https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html).
    """
    launched = quoted(failure.text, r"Client\.InternalError")
    keys, own = {each["account"]: each[0] for each in _KEY.finditer(failure.text)}, own_accounts(failure.text)
    if not launched or len(keys) != 1 or len(own) != 1 or own == set(keys):
        return
    (owner, key), home = next(iter(keys.items())), own.pop()
    if not quoted(failure.text, _OF_GROUP):
        yield FirstLook(
            f"The key of the volumes is in account {owner}, and the launch in account {home}: its key policy must let "
            f"whoever launches, of account {home}, use the key and create grants (kms:CreateGrant), and the policies "
            "of whoever launches must allow the same.",
            contains(launched, key),
            None,
            Who.RESOURCE_OWNER,
        )
        return
    role = f"arn:aws:iam::{home}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    yield FirstLook(
        f"The key of the volumes is in account {owner}, and the Auto Scaling group in account {home}: the group's "
        "service-linked role AWSServiceRoleForAutoScaling needs a grant on it. The key policy must let account "
        f"{home} use the key and create grants (kms:CreateGrant); then, with credentials of account {home}: aws kms "
        f"create-grant --key-id {key} --grantee-principal {role} --operations Encrypt Decrypt ReEncryptFrom "
        "ReEncryptTo GenerateDataKey GenerateDataKeyWithoutPlaintext DescribeKey CreateGrant. A launch by hand works "
        "with the permissions of whoever launches.",
        contains(launched, key),
        f"aws kms list-grants --key-id {key}",
        Who.RESOURCE_OWNER,
    )
