"""Causes of EC2's denials: a launch needs many resources, and the reason is often encoded or missing.

Sources: EC2 User Guide, "Example policies"; Service Authorization Reference, Amazon EC2; STS API reference,
DecodeAuthorizationMessage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS, TERRAFORM_RESOURCE, contains, reading, says
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.read.messages.cut_off import CUT_MESSAGE
from diagnostics.who import Who

_RUN_INSTANCES = {
    "subnet": "subnet",
    "security-group": "security group",
    "image": "image",
    "key-pair": "key pair",
    "network-interface": "network interface",
    "volume": "volume",
    "instance": "instance",
    "launch-template": "launch template",
    "snapshot": "snapshot",
    "placement-group": "placement group",
}


def encoded(signs: Signs) -> Iterator[FirstLook]:
    if signs.layer and signs.action:
        return  # The text itself names the action and the kind of policy.
    if signs.denial.encoded_message and not signs.denial.decoded:
        yield FirstLook(
            "The encoded message contains the reason: decoded, it names the action, the resource and the caller.",
            says("the text has an encoded authorization failure message", TextPart.ENCODED),
            reading("sts", "decode-authorization-message", ("encoded-message", signs.denial.encoded_message)),
            Who.YOU,
        )
    elif (said := CUT_MESSAGE.search(signs.denial.text)) is not None and not signs.denial.decoded:
        yield FirstLook(
            "The encoded message contains the reason, and the text has only its beginning. Copy the full message from "
            "where it was printed. Anyone who is allowed to call sts:DecodeAuthorizationMessage can decode it.",
            contains(" ".join(said[0].split())[:60]),
            None,
            Who.YOU,
        )
    else:
        return
    if profile := signs.quote(_PROFILE_SET):
        # EC2 User Guide, "IAM roles for Amazon EC2": a launch with a profile needs iam:PassRole
        # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html).
        yield FirstLook(
            "If nobody can decode the message: the launch sets an instance profile, so the caller also needs "
            "iam:PassRole on the profile's role. Without it, ec2:RunInstances is refused in the same words.",
            contains(profile),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )


_PROFILE_SET = (
    r"\biam_instance_profile[\"']?\s*[:=]\s*[\"']?[\w${]|--iam-instance-profile\b|\bIamInstanceProfile[\"']?\s*[:=]"
)


def launches(signs: Signs) -> Iterator[FirstLook]:
    launching = signs.action == "ec2:runinstances" or signs.denial.operation == "RunInstances"
    if signs.action == "ec2:createtags":
        existing = signs.target is not None and re.search(r"-[0-9a-f]{6,}$", signs.target.resource) is not None
        yield FirstLook(
            "An existing resource is tagged: a statement with a condition on ec2:CreateAction covers only new "
            "resources, and one with a condition on the resource's tags covers only resources that have these tags."
            if existing
            else (
                "The call also sets tags on the resources that it creates. This needs ec2:CreateTags on each kind of "
                "resource (a condition on ec2:CreateAction can limit the permission to the creation)."
            ),
            says(
                f"the action is ec2:CreateTags, on {signs.denial.resource or 'a resource that the text does not name'}",
                TextPart.ACTION,
                "ec2:CreateTags",
            ),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
    elif launching and signs.action == "ec2:runinstances":
        # Also a resource without its ARN's beginning: key-pair/NAME.
        named = signs.target.type if signs.target else (signs.denial.resource or "").partition("/")[0]
        kind = _RUN_INSTANCES.get(named or "")
        yield FirstLook(
            f"ec2:RunInstances is checked once for each resource that takes part, and no statement covers the {kind} "
            "(its ARN, or a condition on it)."
            if kind
            else (
                "ec2:RunInstances is checked once for each resource that takes part (instance, volume, network "
                "interface, subnet, security group, image and key pair). One of them is not covered."
            ),
            signs.resource_is if kind else signs.action_is,
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )


def volumes(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if CreateVolume is denied on a snapshot: it needs permission for the volume and the snapshot.

    Service Authorization Reference, Amazon EC2, CreateVolume.
    """
    if signs.action != "ec2:createvolume" or signs.target is None or signs.target.type != "snapshot":
        return
    yield FirstLook(
        "A volume from a snapshot also needs ec2:CreateVolume on the snapshot: allow it on "
        f"arn:{signs.target.partition or 'aws'}:ec2:*:*:snapshot/* in a separate statement. A condition on request "
        "tags (aws:RequestTag) applies only to the new volume.",
        signs.resource_is,
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )


_LAUNCH = (
    r"\blaunch\w* (?:an? |the |\d+ )?(?:\w+ ){0,2}instances?\b"
    rf"|{TERRAFORM_RESOURCE}instance\b|\baws_instance\.\S+: "
    r"|creating machine|\brun-instances\b|\bRunInstances\b"
)


def unnamed(signs: Signs) -> Iterator[FirstLook]:
    """Yield causes for EC2's short message, which names neither operation nor action."""
    said = signs.quote(r"UnauthorizedOperation|You are not authorized to perform this operation")
    if signs.denial.action or signs.denial.operation or signs.denial.encoded_message or not said:
        return
    if signs.administrator:
        return  # no Allow is missing
    if launch := signs.quote(_LAUNCH):
        yield FirstLook(
            "A launch needs ec2:RunInstances on each resource that takes part, ec2:CreateTags if it sets tags (often "
            "under a condition on their values), and iam:PassRole if it sets a profile. Tools also read "
            "(ec2:Describe…) before and after.",
            contains(launch),
            None,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
