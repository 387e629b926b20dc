"""Causes for instances that stop at their launch, because nobody may use the KMS key of their volumes."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure
from diagnostics.text.causes.look import SERVICE_ROLES, contains, quoted
from diagnostics.who import Who
from iam.lazy_pattern import regex

_FAILED = r"Client\.InternalError(?:: Client error on launch)?"
_KEY = regex(r"\b(?P<arn>arn:[\w-]+:kms:(?P<region>[\w-]+):(?P<account>\d{12}):(?:key|alias)/[\w/-]*\w)")
_ACCOUNT = regex(r"(?::|\baccount(?: ID)?\W{1,3}|(?<![\w.-]))(?P<account>\d{12})(?![\w.-])", 2)
_OF_A_GROUP = r"\basg\b|\bauto[ -]?scaling\b|AutoScalingGroup"


def at_launch(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield who lacks the KMS key of an instance's volumes.

    Amazon EC2 Auto Scaling User Guide, "Required AWS KMS key policy for use with encrypted volumes"
    (https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html); re:Post, "How
    do I provide IAM permissions for KMS to start an EC2 instance"
    (https://repost.aws/knowledge-center/kms-iam-ec2-permission).
    """
    said = quoted(failure.text, _FAILED)
    if not said:
        return
    if (foreign := _of_another_account(failure.text, said)) is not None:
        yield foreign
        return
    yield FirstLook(
        "Often the instance's volumes are encrypted with a KMS key that its launcher is not allowed to use: let it use "
        "the key and create grants (kms:CreateGrant). In an Auto Scaling group the launcher is the service-linked role "
        "AWSServiceRoleForAutoScaling, whose own policy cannot be changed: name it in the key policy. Otherwise it is "
        "whoever calls RunInstances or StartInstances. The instance's own role is not asked.",
        contains(said),
        SERVICE_ROLES,
        Who.RESOURCE_OWNER,
    )


def _of_another_account(text: str, said: str) -> FirstLook | None:
    """The cause if the text names a key of one account and an Auto Scaling group of another.

    re:Post, "Why did Amazon EC2 Auto Scaling fail to launch instances with encrypted AMIs or volumes": the grant is
    created in the group's account (https://repost.aws/knowledge-center/kms-launch-ec2-instance).
    """
    keys = {each["arn"]: each for each in _KEY.finditer(text)}
    group = quoted(text, _OF_A_GROUP)
    if len(keys) != 1 or not group:
        return None
    ((arn, key),) = keys.items()
    others = {each["account"] for each in _ACCOUNT.finditer(text)} - {key["account"]}
    if len(others) != 1:
        return None
    own = others.pop()
    partition = arn.split(":")[1]
    role = f"arn:{partition}:iam::{own}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    return FirstLook(
        f"The key is of account {key['account']} and the group of {own}, whose service-linked role for Auto Scaling "
        f"may not use it. Two steps: let the key policy allow account {own} kms:CreateGrant and the use of the key. "
        f"Then, in {own}, create a grant for that role: aws kms create-grant --region {key['region']} --key-id {arn} "
        f"--grantee-principal {role} --operations Encrypt Decrypt ReEncryptFrom ReEncryptTo GenerateDataKey "
        "GenerateDataKeyWithoutPlaintext DescribeKey CreateGrant. A launch by a person uses that person's permissions "
        "instead; the instance's role is not asked.",
        contains(arn, own, said),
        SERVICE_ROLES,
        Who.RESOURCE_OWNER,
    )
