"""Messages of Amazon EFS and its mount helper."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    OwnRequest,
    ServiceSentence,
    UsualCause,
    no_permission,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_ACCESS_POINT = r"(?:\bfsap-[0-9a-f]{2,17}\b|\baccesspoint=|\bEFS access point\b)"
MOUNTED_WITHOUT_IAM = (
    r"\A(?![\s\S]*(?:-o[ =]?[\w,=.-]*\biam\b|[\s\"'](?:_netdev|tls|noresvport),[\w,=.-]*\biam\b"
    r"|[\w=.-]+,iam\b|\n[ \t]*- iam\b|\bmountOptions:[ \t]*\[[^\]\n]*\biam\b))"
)
"""A pattern of texts that do not show the option ``iam`` among a mount's options."""
_BY_CSI = r"(?:kubernetes\.io~csi|\befs\.csi\.aws\.com|\befs-csi\b)"
_CONTROLLERS_POLICY = (
    rf"\A(?=[\s\S]*{_BY_CSI})(?![\s\S]*:role/[\w+=,.@/-]*node)[\s\S]*?\bPrincipal\b[^{{}}]{{0,40}}\{{[^{{}}]*?"
    r"(?P<arn>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]*controller[\w+=,.@-]*)"
)
"""A pattern of texts with a file system policy for the CSI driver's controller, and for no role of nodes."""

EFS_MOUNT_HELPER_AND_BUILDS: tuple[ServiceSentence, ...] = (
    row(
        "are not found in aws credentials file",
        r"AWS Access Key ID and Secret Access Key are not found in AWS credentials file",
        "the mount helper",
        "the EFS mount helper found no credentials",
        "The EFS mount helper found no AWS credentials, which the option iam needs: give the instance a profile (the "
        "task a role), or mount without iam.",
        UsualCause("Attach an instance profile or task role that has elasticfilesystem:ClientMount, or set a profile "
                   "with awsprofile=NAME. If the file system's policy requires no identity, remove the mount option "
                   "iam.", None,
                   Who.ACCOUNT_ADMIN),
        page="https://docs.aws.amazon.com/efs/latest/ug/mounting-IAM-option.html",
        cause="credentials.missing",
        ground=Ground.STATED,
    ),
    no_permission(
        ("operation not permitted", "invalid argument"),
        rf"\bchown:[^\n]{{0,200}}?Operation not permitted(?=[\s\S]{{0,3000}}?{_ACCESS_POINT})"
        rf"|{_ACCESS_POINT}[\s\S]{{0,3000}}?\bchown:[^\n]{{0,200}}?Operation not permitted",
        "The EFS access point replaces every user with its own POSIX user, so chown is refused, even to root: run the "
        "container as that user, or use an access point without a POSIX user.",
        "Set the owner when you create the access point (RootDirectory CreationInfo), with the uid and gid of the "
        "program; in Kubernetes set fsGroup and runAsUser, and no init container that calls chown. More IAM "
        "permissions change nothing while the access point has a POSIX user.",
        "https://docs.aws.amazon.com/efs/latest/ug/efs-access-points.html",
        "aws efs describe-access-points --query 'AccessPoints[].[AccessPointId,PosixUser,RootDirectory]'",
    ),
    # The pages: that no IAM authorization is supported; and what a file system policy can require of the network
    # (https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html).
    row(
        "mounting '127.0.0.1:",
        r"\bCLIENT_ERROR\W{1,4}mounting '127\.0\.0\.1:/[^'\n]{0,200}' failed\W{1,3}permission denied",
        "the build",
        "the EFS file system's policy refuses CodeBuild, which mounts without IAM authorization",
        "CodeBuild mounts EFS without IAM authorization, so a file system policy that allows only CodeBuild's role "
        'refuses the mount: the policy must allow the principal AWS "*".',
        UsualCause("In the file system policy, allow Principal AWS \"*\" to perform elasticfilesystem:ClientMount and "
                   "ClientWrite, with the condition elasticfilesystem:AccessedViaMountTarget = true. Limit access by "
                   "security groups, or use a separate file system for builds. Permissions of the build's role change "
                   "nothing.",
                   "aws efs describe-file-system-policy --file-system-id FILE_SYSTEM_ID", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/codebuild/latest/userguide/sample-efs-troubleshooting.html",
        ground=Ground.LIKENESS,
    ),
    no_permission(
        "mounting '127.0.0.1:",
        r"\bCLIENT_ERROR\W{1,4}mounting '127\.0\.0\.1:/[^'\n]{0,200}' failed\W{1,3}connection reset by peer",
        "CodeBuild cannot reach the EFS file system: its subnet and the mount target are in different Availability "
        "Zones, or a security group does not allow the connection. No policy is the cause.",
        "Add a subnet of the project's VPC in an Availability Zone that has a mount target. The mount target's "
        "security group must accept NFS (TCP 2049) from the project's security group.",
        "https://docs.aws.amazon.com/codebuild/latest/userguide/sample-efs-troubleshooting.html",
        "aws codebuild batch-get-projects --names PROJECT --query 'projects[].vpcConfig'",
    ),
)  # fmt: skip

EFS_MOUNTS: tuple[ServiceSentence, ...] = (
    row(
        "access denied by server while mounting",
        r"access denied by server while mounting \S*(?:fs-[0-9a-f]{8,}|\.efs\.|127\.0\.0\.1:/)",
        "the client that mounts the file system",
        "the file system policy does not let the client mount it",
        "EFS refused the mount: the file system policy, or the client's role, does not allow "
        "elasticfilesystem:ClientMount for this way of mounting. Security groups cause a timeout, not this answer.",
        UsualCause("The file system has a policy, and the mount does not identify itself: mount with the options tls "
                   "and iam (amazon-efs-utils), in Kubernetes as mountOptions.", "aws efs describe-file-systems",
                   Who.CALLER, shown_by=MOUNTED_WITHOUT_IAM, needs_evidence=True),
        # Amazon ECS Developer Guide, "Specify an Amazon EFS file system in an Amazon ECS task definition"
        # (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-efs-config.html).
        UsualCause("The task definition mounts without the task role: set authorizationConfig.iam to ENABLED (and "
                   "transitEncryption to ENABLED), and start new tasks. Until then the task is anonymous, and no "
                   "permission of the task role counts.", None, Who.CALLER,
                   shown_by=r"authorization_?config[\s\S]{0,200}?\biam\b[\"']?\s*[:=]?\s*[\"']?DISABLED"
                   r"|\biam\b[\"']?\s*[:=]?\s*[\"']?DISABLED[\s\S]{0,200}?transit_?encryption",
                   decides="The task mounts without its role (iam DISABLED in authorizationConfig), so it is "
                   "anonymous: set iam and transitEncryption to ENABLED. No permission of the task role counts "
                   "until then."),
        # AWS EFS CSI driver, "Install": both the controller's and the node's service account need the role
        # (https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/docs/install.md).
        UsualCause("See the role of the node pods: kubectl -n kube-system get serviceaccount efs-csi-node-sa -o yaml "
                   "(eks.amazonaws.com/role-arn). Without this annotation, the node pods use the node's role. Name "
                   "the role that they use in the file system policy, in place of the controller's role.",
                   None, Who.RESOURCE_OWNER, shown_by=_CONTROLLERS_POLICY,
                   decides="The file system policy in the text names {arn}, the controller's role, but the EFS CSI "
                   "driver mounts with the role of its node pods (service account efs-csi-node-sa), or else the node's "
                   "role: allow that role elasticfilesystem:ClientMount and ClientWrite."),
        UsualCause("The EFS CSI driver mounts with the role of its node pods (service account efs-csi-node-sa), or "
                   "else the node's role, and not with the controller's or the pod's own: allow that role "
                   "elasticfilesystem:ClientMount, ClientWrite (and ClientRootAccess) in its policy and in the file "
                   "system's.", None, Who.RESOURCE_OWNER, shown_by=_BY_CSI, needs_evidence=True),
        UsualCause("The client's role lacks elasticfilesystem:ClientMount (and ClientWrite, ClientRootAccess), or the "
            "policy requires TLS, an access point or another principal.",
                   "aws efs describe-file-systems", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html",
        actions=("elasticfilesystem:ClientMount",),
        asks=(OwnRequest("", "elasticfilesystem:ClientMount"),),
    ),
)  # fmt: skip
