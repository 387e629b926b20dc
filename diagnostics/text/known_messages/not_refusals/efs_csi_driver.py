"""The row for the EFS CSI driver's mount option crossaccount."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

EFS_CSI_DRIVER: tuple[System, ...] = (
    # Amazon EFS CSI Driver, pkg/driver (https://github.com/kubernetes-sigs/aws-efs-csi-driver).
    documented(
        "the mount option crossaccount",
        "Remove crossaccount from mountOptions: the EFS CSI driver sets it automatically, from the secret that names "
        "the role in the other account. EFS was not called.",
        "The StorageClass refers to that secret (csi.storage.k8s.io/provisioner-secret-name), whose awsRoleArn is the "
        "role in the file system's account.",
        "mount option 'crossaccount' cannot be set manually",
        title="Remove crossaccount from the mount options",
    ),
)
