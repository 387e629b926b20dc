"""Messages of Amazon EC2: images, launch templates, Spot Instances."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, lacking, row
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"

EC2_IMAGES: tuple[ServiceSentence, ...] = (
    # Amazon EC2 User Guide, "Copy an Amazon EC2 AMI": the owner of a shared AMI must also grant read permissions for
    # the storage that backs it.
    row(
        "access the storage of this ami",
        r"You do not have permission to access the storage of this ami",
        "the account that copies the image",
        "the image's snapshots are not shared with this account",
        "The image is shared, but the snapshots behind it are not: the image's owner must share each snapshot with "
        "this account, too, and the KMS key if the snapshots are encrypted. Permissions of the caller do not "
        "replace the sharing.",
        UsualCause("In the owner's account: aws ec2 modify-snapshot-attribute --snapshot-id SNAPSHOT --attribute "
                   "createVolumePermission --operation-type add --user-ids ACCOUNT, for every snapshot of the image.",
                   "aws ec2 describe-images --image-ids IMAGE --query "
                   "'Images[].BlockDeviceMappings[].Ebs.[SnapshotId,Encrypted]'", Who.RESOURCE_OWNER),
        UsualCause("Encrypted snapshots: the customer managed key's policy must let this account perform "
                   "kms:DescribeKey, kms:CreateGrant, kms:Decrypt and kms:ReEncrypt*. A snapshot under the AWS "
                   "managed key aws/ebs cannot be shared: its owner has to copy it under another key first.", None,
                   Who.RESOURCE_OWNER),
        page=f"{_DOCS}/AWSEC2/latest/UserGuide/CopyingAMIs.html",
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip

SPOT_AND_LAUNCH_TEMPLATES: tuple[ServiceSentence, ...] = (
    lacking(
        "service-linked role for ec2 spot instances",
        r"permission to create the service-linked role for EC2 Spot Instances",
        "the caller of the launch",
        ("iam:CreateServiceLinkedRole",),
        UsualCause(
            "The account has no AWSServiceRoleForEC2Spot yet: somebody with iam:CreateServiceLinkedRole has to "
            "create it once (aws iam create-service-linked-role --aws-service-name spot.amazonaws.com). After that, "
            "the launch needs no further permission.",
            "aws iam get-role --role-name AWSServiceRoleForEC2Spot",
        ),
        UsualCause(
            "If the launching role should create the service-linked role itself, allow that role "
            "iam:CreateServiceLinkedRole, preferably with the condition iam:AWSServiceName = "
            "spot.amazonaws.com."
        ),
        page="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/service-linked-roles-spot-instance-requests.html",
        on="to create AWSServiceRoleForEC2Spot",
    ),
    row(
        ("authorized to use launch template", "authorized to launch instances with"),
        r"not authorized to (?:use|launch instances with(?: this| the)?) launch template",
        "the caller of the launch",
        "the caller is not allowed to launch with the launch template",
        "The caller is not allowed to launch with this launch template: AWS checks the caller's own permissions for "
        "everything in the template, and something in it is not allowed.",
        UsualCause(
            "The caller may start instances, as the text shows: most likely it lacks iam:PassRole on the role "
            "of the template's instance profile (or ec2:CreateTags, if the template sets tags).",
            None,
            shown_by=r"\A(?![\s\S]*iam:(?:PassRole|\*))(?=[\s\S]*ec2:(?:RunInstances|\*))"
            r"[\s\S]*?(?:IamInstanceProfile|iam_instance_profile|\binstance profile\b)",
            decides="The caller may start instances, and the template has an instance profile: most likely the "
            "caller lacks iam:PassRole on the role of that profile.",
        ),
        UsualCause(
            "The caller lacks ec2:RunInstances on one of the resources of the template (image, subnet, security "
            "group, key pair, the template itself), ec2:CreateTags for its tags, or iam:PassRole on its "
            "instance profile's role.",
            "aws ec2 describe-launch-templates --query 'LaunchTemplates[].[LaunchTemplateName,DefaultVersionNumber]'",
        ),
        UsualCause(
            "The template, or an image or key that it names, was deleted or is in another Region or account.",
            "aws ec2 describe-launch-templates",
            Who.CALLER,
        ),
        page="https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html",
    ),
)
