"""Where an AWS service takes the tags from that it sends with calls of its own, which nobody can add options to."""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.arn import linked_service
from iam.lazy_pattern import regex


@dataclass(frozen=True, slots=True)
class ServiceTags:
    """A service that calls with a role of its own: how its caller looks, and the setting with its tags."""

    caller: re.Pattern[str]
    service: str
    setting: str


_ROWS = (
    # AWS Backup Developer Guide, "Creating a backup", on copying tags onto backups
    # (https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup.html), and StartRestoreJob
    # (https://docs.aws.amazon.com/aws-backup/latest/devguide/API_StartRestoreJob.html).
    ServiceTags(
        regex(r":assumed-role/AWSBackup\w*/|:assumed-role/[^/]+/AWSBackup"),
        "AWS Backup",
        "it takes tags from the protected resource (for a restore: CopySourceTagsToRestoredResource) and from the "
        "plan's RecoveryPointTags, so set the tag {tag} there",
    ),
    # Amazon EC2 Auto Scaling User Guide, "Tag Auto Scaling groups and instances"
    # (https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html).
    ServiceTags(
        regex(r"AWSServiceRoleForAutoScaling|:assumed-role/[^/]+/AutoScaling(?![\w-])"),
        "Amazon EC2 Auto Scaling",
        "set the tag {tag} on the group with PropagateAtLaunch = true for instances, and in the launch template's "
        "TagSpecifications for volumes",
    ),
    # AWS CloudFormation Template Reference, "CloudFormation resource tagging"
    # (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html).
    ServiceTags(
        regex(r":assumed-role/[^/]+/AWSCloudFormation(?![\w-])"),
        "CloudFormation",
        "set the tag {tag} in the resource's Tags property, or on the stack (--tags), which CloudFormation passes on "
        "to most types of resources",
    ),
    # Amazon Data Lifecycle Manager API Reference, "Schedule", TagsToAdd
    # (https://docs.aws.amazon.com/dlm/latest/APIReference/API_Schedule.html).
    ServiceTags(
        regex(r":assumed-role/AWSDataLifecycleManager"),
        "Amazon Data Lifecycle Manager",
        "set the tag {tag} in TagsToAdd of the policy's schedule",
    ),
    # AWS Batch API Reference, "ComputeResource", tags
    # (https://docs.aws.amazon.com/batch/latest/APIReference/API_ComputeResource.html).
    ServiceTags(
        regex(r"AWSServiceRoleForBatch|:assumed-role/[^/]+/aws-batch(?![\w-])"),
        "AWS Batch",
        "set the tag {tag} in the tags of the compute environment's computeResources, or in its launch template",
    ),
    # Amazon EKS User Guide, "Customize managed nodes with launch templates", on tagging instances
    # (https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html).
    ServiceTags(
        regex(r"AWSServiceRoleForAmazonEKSNodegroup|:assumed-role/[^/]+/EKS(?![\w-])"),
        "Amazon EKS",
        "set the tag {tag} in TagSpecifications of the node group's launch template; the node group's own tags are not "
        "passed on to its instances",
    ),
)


def tag_setting_of_service(tag: str, caller: str | None) -> str:
    """Return where the tag is set for a call that a service makes by itself, and the exemption; "" for other callers.

    AWS Organizations User Guide, "Service control policies": SCPs do not affect service-linked roles
    (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html).
    """
    row = next((each for each in _ROWS if caller and each.caller.search(caller)), None)
    if row is None or caller is None:
        return ""
    name = caller.partition(":assumed-role/")[2].partition("/")[0] or linked_service(caller)
    exempt = f"exempt its role {name} with a condition on aws:PrincipalArn" if name else "exempt its role"
    return (
        f"{row.service} makes this call by itself: {row.setting.format(tag=tag)}. If it still sends no such tag, the "
        f"statement's owner can {exempt}"
    )
