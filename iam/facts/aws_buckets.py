"""S3 buckets of AWS services that a customer's network reads. The customer has no policy on these buckets.

If S3 denies access to one of them, a restriction of the caller's network is the usual cause. Most often it is the
policy of the VPC's S3 endpoint, which has to allow each bucket by name.
"""

from __future__ import annotations

from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_BUCKETS = {
    # Amazon ECR User Guide, "Amazon ECR interface VPC endpoints", "Minimum Amazon S3 Bucket Permissions for Amazon ECR"
    # (https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html).
    regex(rf"prod-{REGION_NAME}-starport-layer-bucket"): "the layers of ECR's images",
    # AWS re:Post, "How can I update yum or install packages without internet access on my EC2 instances running Amazon
    # Linux?" (https://repost.aws/knowledge-center/ec2-al1-al2-update-yum-without-internet).
    regex(rf"al2023-repos-{REGION_NAME}-[0-9a-f]{{8}}"): "the packages of Amazon Linux 2023",
    regex(rf"amazonlinux-2-repos-{REGION_NAME}"): "the packages of Amazon Linux 2",
    regex(rf"(?:amazonlinux|packages|repo)\.{REGION_NAME}\.amazonaws\.com"): "the packages of Amazon Linux",
    # AWS Systems Manager User Guide, "SSM Agent communications with AWS managed S3 buckets"
    # (https://docs.aws.amazon.com/systems-manager/latest/userguide/ssm-agent-minimum-s3-permissions.html).
    regex(rf"(?:aws|amazon)-ssm-(?:packages-|document-attachments-)?{REGION_NAME}"): "the files of Systems Manager",
    regex(rf"(?:patch-baseline-snapshot-|aws-patch-manager-){REGION_NAME}(?:-[0-9a-z]+)?"): "Patch Manager's files",
    regex(rf"{REGION_NAME}-birdwatcher-prod"): "the packages of Distributor",
}
"""The contents of a bucket, by the pattern of its name. The names contain the Region."""


def content_of(bucket: str) -> str:
    """Return what AWS stores in the bucket; "" if it is not one of AWS's buckets."""
    return next((content for name, content in _BUCKETS.items() if name.fullmatch(bucket)), "")


def layers_of(region: str) -> str:
    """Return the bucket in the Region that contains the layers of ECR's images."""
    return f"prod-{region}-starport-layer-bucket"
