"""Messages of the EBS CSI driver."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who

_FOR_VOLUMES = "kms:Decrypt, kms:GenerateDataKeyWithoutPlaintext, kms:DescribeKey, kms:ReEncrypt* and kms:CreateGrant"
_KEY_OF_CLASS = r"\bkmsKeyId[\"']?\s*[:=]\s*[\"']?(?P<key>(?:arn:[\w-]+:kms:|alias/|mrk-|[0-9a-f]{8}-)[\w:/-]*\w)"

EBS_VOLUMES: tuple[ServiceSentence, ...] = (
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
