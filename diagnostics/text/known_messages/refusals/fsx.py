"""Messages of Amazon FSx."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, no_permission, row
from diagnostics.who import Who
from iam.claims import Ground

FSX: tuple[ServiceSentence, ...] = (
    # Amazon FSx for Lustre User Guide, "Troubleshooting": creating a file system with a linked bucket fails.
    row(
        "unable to validate access to the s3 bucket",
        r"Amazon FSx is unable to validate access to the S3 bucket",
        "the caller that creates or links the file system",
        "the caller is not allowed to link the bucket",
        "FSx checks the bucket with the permissions of whoever creates the file system or link (in Kubernetes the FSx "
        "CSI driver's role): that identity lacks s3:Get*, s3:List* or s3:PutObject on the bucket.",
        UsualCause("Allow that identity s3:Get*, s3:List* and s3:PutObject on the bucket and its objects, and "
                   "iam:CreateServiceLinkedRole, iam:AttachRolePolicy and iam:PutRolePolicy on FSx's service-linked "
                   "role. AmazonFSxFullAccess has no S3 permissions."),
        UsualCause("The bucket's own policy or its KMS key refuses this identity, or the bucket is in another Region "
                   "or account.", None, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/fsx/latest/LustreGuide/troubleshooting.html",
        actions=("s3:GetObject", "s3:ListBucket", "s3:PutObject"),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        ("awsserviceroleforfsxs3access", "amazon fsx is unable to"),
        r"\bMISCONFIGURED\b[\s\S]{0,800}?AWSServiceRoleForFSxS3Access"
        r"|\bAmazon FSx is unable to (?:access|update)[^\n]{0,80}\bS3 (?:data repository|bucket)",
        "FSx for Lustre's service-linked role",
        "the bucket refuses FSx for Lustre",
        "The S3 bucket refuses FSx for Lustre's own service-linked role (AWSServiceRoleForFSxS3Access_FILESYSTEM): "
        "check the bucket's policy and KMS key, not the caller.",
        UsualCause("The bucket's policy must not deny that role; a Deny with conditions on VPCs or addresses often "
                   "denies it. The policy of a customer managed key must let the role use the key. Then update the "
                   "association: its status becomes AVAILABLE.",
                   "aws fsx describe-data-repository-associations --query 'Associations[].[Lifecycle,FailureDetails]'",
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/fsx/latest/LustreGuide/troubleshooting.html",
    ),
    no_permission(
        "because the service account provided",
        r"because the service account provided[^\n]{0,200}(?:permission|invalid|credentials|disabled)",
        "The service account with which FSx joins the domain lacks rights in Active Directory, or its password is "
        "wrong. No IAM permission is missing.",
        "In Active Directory, delegate rights on the file system's organizational unit to the service account. These "
        "rights are: create and delete computer objects, reset passwords, read and write account restrictions, and "
        "validated writes to the DNS host name and service principal name. Then correct the file system's "
        "configuration (aws fsx update-file-system), or delete a failed file system and create it again.",
        "https://docs.aws.amazon.com/fsx/latest/WindowsGuide/self-managed-AD-best-practices.html",
    ),
)  # fmt: skip
