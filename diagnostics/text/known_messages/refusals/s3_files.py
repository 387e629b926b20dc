"""Messages of Amazon S3 Files."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

S3_FILES: tuple[ServiceSentence, ...] = (
    row(
        "s3files",
        r"access denied by server while mounting(?=[\s\S]{0,2000}\bs3files\b)"
        r"|\bs3files\b[\s\S]{0,2000}?access denied by server while mounting",
        "the client that mounts the S3 file system",
        "the client's role is not allowed to mount the S3 file system",
        "S3 Files refused the mount: the role of the mounting client needs s3files:ClientMount (and "
        "s3files:ClientWrite to write). EFS permissions (elasticfilesystem:) do not apply to this file system.",
        UsualCause("Attach AmazonS3FilesClientFullAccess, AmazonS3FilesClientReadWriteAccess or "
                   "AmazonS3FilesClientReadOnlyAccess to the role that mounts. With the EFS CSI driver that is the "
                   "role of efs-csi-node-sa: AmazonEFSCSIDriverPolicy contains no s3files actions."),
        UsualCause("The file system's own policy denies the mount, or requires another access point or "
                   "principal.", None,
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-security-iam.html",
        actions=("s3files:ClientMount",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip
