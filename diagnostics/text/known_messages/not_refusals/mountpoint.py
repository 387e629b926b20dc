"""Rows for Mountpoint for Amazon S3 and its CSI driver."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, documented, made_system

OF_MOUNTS = "Mountpoint"
"""The beginning of the names of rows about messages of the operating system for a file on a mounted bucket."""

CSI = r"\b(?:MountVolume\.|s3-csi|s3\.csi\.aws\.com|kubernetes\.io~csi|[Mm]ountpoint pod)"
POD_IDENTITY = (
    r"(?:\bpod[- ]?identity[- ](?:association|agent)|podidentityassociation|AWS_CONTAINER_CREDENTIALS_FULL_URI)"
)
NO_CREDENTIALS = r"No\s+signing\s+credentials\s+(?:available|found)"

MOUNTPOINT_OPTIONS: tuple[System, ...] = (
    # Mountpoint for Amazon S3, "Troubleshooting"
    # (https://github.com/awslabs/mountpoint-s3/blob/main/doc/TROUBLESHOOTING.md).
    documented(
        "Mountpoint's option --allow-delete",
        "Mountpoint was mounted without --allow-delete, so it cannot delete objects: mount the bucket again with that "
        "option. S3 was not called.",
        "With the CSI driver, add allow-delete to the volume's mountOptions. The role then needs s3:DeleteObject too.",
        "Deletes are disabled. Use '--allow-delete' mount option to enable it",
        title="Mount with --allow-delete",
    ),
    documented(
        "Mountpoint's option --allow-overwrite",
        "Mountpoint was mounted without --allow-overwrite, so an existing object cannot be overwritten: mount the "
        "bucket again with that option. S3 was not called.",
        "With the CSI driver, add allow-overwrite to mountOptions. The program must truncate the file when it opens "
        "it.",
        "file overwrite is disabled by default, you need to remount with --allow-overwrite",
        "is a remote inode and its attributes cannot be modified",
        title="Mount with --allow-overwrite",
    ),
    documented(
        "Mountpoint's kinds of writes",
        "Mountpoint does not support this operation on a bucket: it writes new objects from start to end, and renames "
        "only in directory buckets. S3 was not called.",
        "Write the file elsewhere and copy it into the mount, or copy and delete instead of renaming.",
        "out of order write NOT supported by Mountpoint",
        "inode error: rename is not supported on this bucket",
        title="Write or rename in a way that Mountpoint supports",
    ),
)

MOUNTPOINT_CREDENTIALS: tuple[System, ...] = (
    # Amazon EKS User Guide, "Mountpoint for Amazon S3 CSI Driver"
    # (https://docs.aws.amazon.com/eks/latest/userguide/mountpoint-for-s3-add-on.html).
    made_system(
        "the credentials of the Mountpoint CSI driver",
        "Give that service account a role: the annotation eks.amazonaws.com/role-arn, and a trust policy of the role "
        "that accepts the service account, such as kube-system:s3-csi-driver-sa. Then restart the driver's pods. With "
        f"authenticationSource: pod in the volume, it is the service account of the pod. {NONE_MISSING}",
        rf"\A(?=[\s\S]*{CSI})[\s\S]*?{NO_CREDENTIALS}",
        "no signing credentials",
        flags=re.MULTILINE | re.IGNORECASE,
        verdict="The Mountpoint CSI driver found no AWS credentials: check whether its service account (by default "
        "s3-csi-driver-sa in kube-system) has a role. S3 was not called.",
        unless=f"(?i:{POD_IDENTITY})",
        title="Give the driver's service account a role",
    ),
    documented(
        "Mountpoint's credentials",
        "Mountpoint found no AWS credentials: give it a profile (--profile), keys in its environment, or an instance "
        "or pod role. S3 was not called.",
        "With sudo or systemd, Mountpoint runs as a different user, with a different home and environment. For a "
        "public bucket, use --no-sign-request.",
        "No signing credentials available, see CRT debug logs",
        "No signing credentials found",
        unless=CSI,
        title="Give Mountpoint credentials",
    ),
)
