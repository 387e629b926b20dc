"""Causes for instances that stop at launch because their launcher is not allowed to use the volumes' KMS key."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure
from diagnostics.text.causes.build_causes import SERVICE_ROLES, contains, quoted, reading
from diagnostics.text.read.identities.call_settings import around
from diagnostics.text.read.identities.own_account import own_accounts
from diagnostics.who import Who
from diagnostics.words import LAUNCHED_BY_SCALING
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_NOT_ENCRYPTED = (
    r"\bunencrypted volumes?\b|\bvolumes? (?:is|are) (?:not encrypted|unencrypted)\b|\bEncrypted[\"']?\s*[:=]\s*false\b"
)
_FAILED = r"Client\.InternalError(?:: Client error on launch)?|Client\.InvalidKMSKey\.InvalidState\b"
_KEY = regex(
    r"\b(?P<arn>arn:(?P<partition>[\w-]+):kms:(?P<region>[\w-]+):(?P<account>\d{12}):(?P<kind>key|alias)/[\w/-]*\w)"
)
_LAUNCHING = regex(
    r":autoscaling:[\w-]+:(?P<account>\d{12}):|^\s*account(?: ID)?\W{1,3}(?P<stated>\d{12})\s*$",
    re.MULTILINE | re.IGNORECASE,
)


def at_launch(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield who is not allowed to use the KMS key of an instance's volumes.

    Amazon EC2 Auto Scaling User Guide, "Required AWS KMS key policy for use with encrypted volumes"
    (https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html); re:Post, "How
    do I provide IAM permissions for KMS to start an EC2 instance"
    (https://repost.aws/knowledge-center/kms-iam-ec2-permission).
    """
    said = quoted(failure.text, _FAILED)
    if not said or quoted(failure.text, _NOT_ENCRYPTED):
        return
    if (foreign := _of_another_account(failure.text, said)) is not None:
        yield foreign
        return
    yield FirstLook(
        "Often the instance's volumes are encrypted with a KMS key that its launcher is not allowed to use: let the "
        "launcher use the key and create grants (kms:CreateGrant). In an Auto Scaling group the launcher is the "
        "service-linked role AWSServiceRoleForAutoScaling, whose own policy cannot be changed: name this role in the "
        "key policy, or create a grant for the role if the key is in another account. Otherwise the launcher is "
        "whoever calls RunInstances or StartInstances. The instance's own role is not used for this.",
        contains(said),
        SERVICE_ROLES,
        Who.RESOURCE_OWNER,
    )


def _of_another_account(text: str, said: str) -> FirstLook | None:
    """Return the cause if the text names one key, in an account other than that of the launch; else None.

    re:Post, "Why did Amazon EC2 Auto Scaling fail to launch instances with encrypted AMIs or volumes": the grant is
    created in the group's account (https://repost.aws/knowledge-center/kms-launch-ec2-instance).
    """
    keys = {each["arn"]: each for each in _KEY.finditer(text)}
    if not keys and quoted(text, LAUNCHED_BY_SCALING):
        return _of_a_stated_account(text, said)
    launching = own_accounts(text) or {each["account"] or each["stated"] for each in _LAUNCHING.finditer(text)}
    if len(keys) != 1 or len(launching) != 1:
        return None
    ((arn, key),) = keys.items()
    own, owner = launching.pop(), key["account"]
    if own == owner:
        return None
    if not quoted(text, LAUNCHED_BY_SCALING):
        return FirstLook(
            f"The volumes' key is in account {owner}, and the instance is launched in account {own}: the key policy "
            f"must let the principal in {own} that launches it use the key and create grants (kms:CreateGrant), and "
            "the policies of that principal must allow the same.",
            contains(said, arn),
            None,
            Who.RESOURCE_OWNER,
        )
    # AWS KMS API Reference, "CreateGrant": a key of another account is named by its key ARN, not by an alias.
    key_arn = arn if key["kind"] == "key" else "KEY_ARN"
    role = (
        f"arn:{key['partition']}:iam::{own}:role/aws-service-role/autoscaling.amazonaws.com/"
        "AWSServiceRoleForAutoScaling"
    )
    return FirstLook(
        f"The key of the volumes is in account {owner}, and the Auto Scaling group in account {own}: the group's "
        "service-linked role AWSServiceRoleForAutoScaling needs a grant on it. The key policy must let account "
        f"{own} use the key and create grants (kms:CreateGrant). Then, with credentials of account {own}: aws kms "
        f"create-grant --region {key['region']} --key-id {key_arn} --grantee-principal {role} --operations Encrypt "
        "Decrypt ReEncryptFrom ReEncryptTo GenerateDataKey GenerateDataKeyWithoutPlaintext DescribeKey CreateGrant. A "
        "launch by hand works with the permissions of whoever launches.",
        contains(said, arn),
        reading("kms", "list-grants", ("key-id", key_arn), region=key["region"]),
        Who.RESOURCE_OWNER,
    )


_STATED_OWNER = regex(
    r"\b(?:encrypt\w*|keys?|CMK|alias/[\w/-]+)\b[^.\n]{0,60}\baccount(?: ID)?\W{1,3}(?P<owner>\d{12})\b", re.IGNORECASE
)


def _of_a_stated_account(text: str, said: str) -> FirstLook | None:
    """Return the cause if the text says in words that the key of the volumes is in another account; else None."""
    owners = {each["owner"] for each in _STATED_OWNER.finditer(text)} - own_accounts(text)
    if len(owners) != 1:
        return None
    owner = owners.pop()
    return FirstLook(
        f"The key of the volumes is in account {owner}: most likely the Auto Scaling group's service-linked role "
        f"AWSServiceRoleForAutoScaling has no grant on it. In {owner}, the key policy must let the group's account use "
        "the key and create grants (kms:CreateGrant); then, in the group's account, create a grant for that role (aws "
        "kms create-grant with the key's ARN). A launch by hand works with the permissions of whoever launches.",
        contains(said, owner),
        SERVICE_ROLES,
        Who.RESOURCE_OWNER,
    )


_NO_IMAGE = r"\bInvalidAMIID\.NotFound\b|\bThe image id '\[?ami-[0-9a-f]+\]?' does not exist"
_REGION = regex(rf"(?<![\w-]){REGION_NAME}(?![\w-])")


def image_not_found(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield why EC2 has no image with this ID: above all, an image belongs to one Region.

    Amazon EC2 User Guide, "Amazon Machine Images" and "Share an AMI with specific AWS accounts"
    (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-explicit.html).
    """
    if not (said := quoted(failure.text, _NO_IMAGE)):
        return
    called = around(failure.text).region
    region = called.value if called is not None else ""
    others = {each[0] for each in _REGION.finditer(failure.text)} - {region}
    image = reading("ec2", "describe-images", ("image-ids", "IMAGE"), query="Images[].[ImageId,State,OwnerId]")
    if region and len(others) == 1:
        other = others.pop()
        yield FirstLook(
            f"The call went to {region}, and the text names {other}: an image belongs to one Region, also if it is "
            f"shared. Make the call in {other}, or copy the image to {region} (aws ec2 copy-image --source-region "
            f"{other}), where it gets a new ID.",
            contains(said, other),
            image,
            Who.CALLER,
        )
        return
    yield FirstLook(
        "An image has one ID in one Region: compare the Region of the call with the image's. Otherwise the image was "
        "deregistered, or it is private and not shared with this account (its owner adds the launch permission).",
        contains(said),
        image,
        Who.CALLER,
    )
