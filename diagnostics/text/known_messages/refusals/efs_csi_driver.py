"""Messages of the EFS CSI driver."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, lacking

EFS_VOLUMES: tuple[ServiceSentence, ...] = (
    lacking(
        "ensure you have the right aws permissions",
        r"Access Denied\. Please ensure you have the right AWS permissions",
        "the EFS CSI driver's controller",
        (
            "elasticfilesystem:CreateAccessPoint",
            "elasticfilesystem:DescribeAccessPoints",
            "elasticfilesystem:DeleteAccessPoint",
            "elasticfilesystem:TagResource",
            "elasticfilesystem:DescribeFileSystems",
            "elasticfilesystem:DescribeMountTargets",
        ),
        UsualCause(
            "The role of the controller's service account (efs-csi-controller-sa, by Pod Identity or IRSA) "
            "lacks the permissions: attach AmazonEFSCSIDriverPolicy to this role. Without its own role, the "
            "controller uses the node's role."
        ),
        UsualCause(
            "The role's policy is older than the driver: newer versions tag access points "
            "(elasticfilesystem:TagResource).",
            "aws iam list-roles --query 'Roles[].RoleName'",
        ),
        UsualCause(
            "The driver sets tags of your own (controller.tags), but AmazonEFSCSIDriverPolicy allows only the "
            "key efs.csi.aws.com/cluster: leave those tags out, or allow elasticfilesystem:CreateAccessPoint "
            "and elasticfilesystem:TagResource with these tags in a policy of your own.",
            shown_by=r"controller\.tags|controller:\s+tags:|--tags[= ]",
            decides="Most likely the tags of your own (controller.tags) are the cause: AmazonEFSCSIDriverPolicy allows "
            "the driver only the tag key efs.csi.aws.com/cluster.",
        ),
        page="https://docs.aws.amazon.com/eks/latest/userguide/efs-csi.html",
        on="on the file system",
    ),
)
