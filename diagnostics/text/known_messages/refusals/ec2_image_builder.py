"""Messages of EC2 Image Builder."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"
_DISTRIBUTES = "EC2ImageBuilderDistributionCrossAccountRole"

IMAGE_BUILDER_INSTANCES_AND_DISTRIBUTION: tuple[ServiceSentence, ...] = (
    # EC2 Image Builder User Guide, "Troubleshoot EC2 Image Builder".
    row(
        "verifying the systems manager agent availability",
        r"Step timed out while step is verifying the Systems Manager Agent availability",
        "the build instance",
        "the build instance does not report to Systems Manager",
        "The build instance did not report to Systems Manager: its subnet cannot reach the endpoints, or the instance "
        "profile lacks EC2InstanceProfileForImageBuilder and AmazonSSMManagedInstanceCore.",
        UsualCause("A private subnet needs NAT, or endpoints for ssm, ssmmessages, ec2messages, Image Builder, S3 and "
                   "CloudWatch Logs.", "aws imagebuilder list-infrastructure-configurations", Who.RESOURCE_OWNER),
        UsualCause("Attach EC2InstanceProfileForImageBuilder, AmazonSSMManagedInstanceCore (for containers also "
                   "EC2InstanceProfileForImageBuilderECRContainerBuilds) to the role of the infrastructure "
                   "configuration's instance profile."),
        page=f"{_DOCS}/imagebuilder/latest/userguide/troubleshooting.html",
    ),
    row(
        _DISTRIBUTES.lower(),
        rf"(?:not authorized|AccessDenied|denied|cannot assume|failed)[^\n]{{0,240}}?{_DISTRIBUTES}"
        rf"|{_DISTRIBUTES}[^\n]{{0,160}}?(?:not authorized|AccessDenied|denied|does not exist)",
        "Image Builder, in the target account",
        "Image Builder cannot use its role in the target account",
        "Image Builder could not assume EC2ImageBuilderDistributionCrossAccountRole in the target account: create it "
        "there with exactly this name, and let it trust the source account.",
        UsualCause("The role's trust policy names the root of the account that builds; the role needs "
                   "Ec2ImageBuilderCrossAccountDistributionAccess and, for an encrypted AMI, the use of its KMS key "
                   "(kms:CreateGrant, kms:Decrypt …).",
                   "aws iam get-role --role-name EC2ImageBuilderDistributionCrossAccountRole", Who.RESOURCE_OWNER),
        page=f"{_DOCS}/imagebuilder/latest/userguide/cross-account-dist.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip

IMAGE_BUILDER_DOWNLOADS: tuple[ServiceSentence, ...] = (
    row(
        "accessdenied: access denied status code: 403",
        r"AccessDenied: Access Denied status code: 403(?=[\s\S]{0,2000}?\bimage\s?builder\b)"
        r"|\bimage\s?builder\b[\s\S]{0,2000}?AccessDenied: Access Denied status code: 403",
        "the build instance's role",
        "the instance profile of the build lacks permissions",
        "The role of the build instance lacks a permission: most often s3:PutObject for the logs, or reading the "
        "components and what they download. Whoever starts the pipeline does not need this permission.",
        UsualCause("Allow the role of the infrastructure configuration's instance profile s3:PutObject on the bucket "
                   "of the logs, and attach EC2InstanceProfileForImageBuilder and AmazonSSMManagedInstanceCore.",
                   "aws imagebuilder list-infrastructure-configurations"),
        page=f"{_DOCS}/imagebuilder/latest/userguide/troubleshooting.html",
    ),
)  # fmt: skip
