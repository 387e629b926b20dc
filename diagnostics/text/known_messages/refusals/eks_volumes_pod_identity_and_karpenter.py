"""Messages of the CSI drivers, of EKS Pod Identity and of Karpenter."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    KARPENTER,
    OwnRequest,
    ServiceSentence,
    UsualCause,
    lacking,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_FOR_VOLUMES = "kms:Decrypt, kms:GenerateDataKeyWithoutPlaintext, kms:DescribeKey, kms:ReEncrypt* and kms:CreateGrant"

_KEY_OF_CLASS = r"\bkmsKeyId[\"']?\s*[:=]\s*[\"']?(?P<key>(?:arn:[\w-]+:kms:|alias/|mrk-|[0-9a-f]{8}-)[\w:/-]*\w)"


# Karpenter's AWS provider, pkg/controllers/nodeclass/validation.go: EC2 refused a dry run, in whatever layer.
def _karpenter(operation: str) -> ServiceSentence:
    return row(
        ("controller isn't authorized to call", f"{operation.lower()}authcheckfailed"),
        rf"Controller isn't authorized to call (?:ec2:)?{operation}\b|{operation}AuthCheckFailed",
        "Karpenter's controller",
        f"EC2 refused the controller's dry run of {operation}",
        f"EC2 refused the dry run of {operation} that Karpenter's controller made with its role. Karpenter does not "
        "say which kind of policy refused it: look at the event in CloudTrail.",
        UsualCause(
            "The controller's policy belongs to another Karpenter version: use the policy of the installed "
            "version. The policy's conditions on request tags must match the tags that this version sends "
            f"with {operation}."
        ),
        UsualCause(
            "A service control policy denies this call, for example to all callers except AWS services: the dry run is "
            "the controller's own call.",
            f"aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue={operation}",
            Who.CALLER,
        ),
        page=KARPENTER,
        actions=(f"ec2:{operation}",),
    )


VOLUMES: tuple[ServiceSentence, ...] = (
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
    row(
        ("invalidvolume.notfound", "resource that is already deleted"),
        r"Could not create volume[^\n]{0,300}"
        r"(?:InvalidVolume\.NotFound|IdempotentParameterMismatch[^\n]{0,120}deleted)",
        "the EBS CSI driver's controller",
        "the volume was accepted and then deleted by EBS",
        "EBS accepted the volume and then deleted it. Often the driver's role is not allowed to use the KMS key that "
        "encrypts the volume. In that case no call is refused, and CloudTrail shows no denial.",
        UsualCause(
            f"Allow the role of ebs-csi-controller-sa to perform {_FOR_VOLUMES} on {{key}}, in its policy and "
            "in the key policy. AmazonEBSCSIDriverPolicy contains no KMS actions. The key must be enabled, and "
            "in the volume's Region.",
            "aws kms describe-key --key-id {key}",
            shown_by=_KEY_OF_CLASS,
            decides="EBS accepted the volume and then deleted it: most likely the driver's role is not "
            "allowed to use the storage class's KMS key. In that case no call is refused: test it with a volume "
            "without encryption.",
        ),
        UsualCause(
            f"Allow the role of ebs-csi-controller-sa to perform {_FOR_VOLUMES} on the key, in its policy and "
            "in the key policy. AmazonEBSCSIDriverPolicy contains no KMS actions.",
            None,
        ),
        UsualCause(
            "If the storage class names no key (kmsKeyId), the account's default EBS key is used. If the key is "
            "disabled or pending deletion, the volume is deleted, too.",
            "aws ec2 get-ebs-default-kms-key-id",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/eks/latest/userguide/add-ons-aws-ebs-csi-driver.html",
    ),
)

POD_IDENTITY: tuple[ServiceSentence, ...] = (
    row(
        "trust policy of the role provided is invalid",
        r"Trust policy of the role provided is invalid",
        "EKS Pod Identity, which assumes the association's role",
        "the role's trust policy does not let EKS Pod Identity assume it",
        "EKS Pod Identity cannot assume this role: its trust policy must let pods.eks.amazonaws.com perform "
        "sts:AssumeRole and sts:TagSession.",
        UsualCause(
            "The role trusts another principal, most often the cluster's OIDC provider. Add a statement for "
            "pods.eks.amazonaws.com with sts:AssumeRole and sts:TagSession; the existing statement can stay.",
            "aws iam get-role --role-name ROLE --query Role.AssumeRolePolicyDocument",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html",
        cause="trust.action-mismatch",
        ground=Ground.LIKENESS,
        asks=(
            OwnRequest("pods.eks.amazonaws.com", "sts:AssumeRole"),
            OwnRequest("pods.eks.amazonaws.com", "sts:TagSession"),
        ),
    ),
)

KARPENTER_NODES: tuple[ServiceSentence, ...] = (
    *map(_karpenter, ("CreateFleet", "CreateLaunchTemplate", "RunInstances")),
)
