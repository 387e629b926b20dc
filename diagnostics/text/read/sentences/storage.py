"""Messages of block and file storage: EBS, EFS, FSx, Backup, DataSync, Storage Gateway, Transfer Family and Snow."""

from __future__ import annotations

from diagnostics.text.read.sentences.service_sentence import (
    ServiceSentence,
    UsualCause,
    lacking,
    no_permission,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_EBS = "https://docs.aws.amazon.com/ebs/latest/userguide"
_GATEWAY = "https://docs.aws.amazon.com/filegateway/latest/files3/troubleshooting-logging-errors.html"
_CONNECTOR = r"(?:\bconnector\b|\bc-[0-9a-f]{17}\b|aws/transfer)"
_UNREAD = r"(?:Access denied when retrieving|(?:Unable to|Cannot) retrieve) the secret"
_OF_DATASYNC = r"(?:\bloc-[0-9a-f]{8,17}\b|\bDataSync\b)"
_NOT_MOUNTED = r"mount\.nfs4?: access denied by server while mounting (?!127\.0\.0\.1|fs-)"
_ACCESS_POINT = r"(?:\bfsap-[0-9a-f]{2,17}\b|\baccesspoint=|\bEFS access point\b)"
_DATASYNC = "https://docs.aws.amazon.com/datasync/latest/userguide"
# A health log of a file gateway has all three fields.
_HEALTH_LOG = r"(?=[\s\S]*[\"']?(?:gateway|source)[\"']?\s*:\s*[\"'](?:sgw|share)-)"
_GATEWAYS_ROLE = r"(?:[\s\S]*?[\"']roleArn[\"']\s*:\s*[\"'](?P<principal>arn:[^\"'\s]+))?"
STORAGE: tuple[ServiceSentence, ...] = (
    no_permission(
        "block public access is enabled",
        r"Modify(?:Snapshot|Image)Attribute[\s\S]{0,2000}?Block Public Access is enabled"
        r"|Block Public Access is enabled for EBS",
        "The account's setting “block public access” in this Region refuses public sharing. No permission of the "
        "caller is missing.",
        "Share with account IDs instead of all. Only where the public is meant: turn it off in this Region (aws ec2 "
        "disable-snapshot-block-public-access, for images disable-image-block-public-access).",
        f"{_EBS}/block-public-access-snapshots.html",
    ),
    row(
        "dependency_access_denied",
        r"\bDEPENDENCY_ACCESS_DENIED\b",
        "the caller",
        "a service that the EBS direct API uses refused, most likely KMS",
        "A service that the EBS direct API uses refused the caller: most likely KMS, with the key that encrypts the "
        "snapshot.",
        UsualCause("Allow the caller kms:Decrypt on the snapshot's key to read blocks, and to write also "
                   "kms:GenerateDataKey, kms:GenerateDataKeyWithoutPlaintext, kms:ReEncrypt*, kms:CreateGrant and "
                   "kms:DescribeKey. A key of another account must allow it in its key policy, too.",
                   "aws ec2 describe-snapshots --query 'Snapshots[].[SnapshotId,KmsKeyId]' --owner-ids self"),
        page=f"{_EBS}/ebsapi-permissions.html",
    ),
    row(
        "are not found in aws credentials file",
        r"AWS Access Key ID and Secret Access Key are not found in AWS credentials file",
        "the mount helper",
        "the EFS mount helper found no credentials",
        "The EFS mount helper found no AWS credentials, which the option iam needs: give the instance a profile (the "
        "task a role), or mount without iam.",
        UsualCause("Attach an instance profile or task role that has elasticfilesystem:ClientMount, or name a profile "
                   "with awsprofile=NAME. If the file system's policy requires no identity, leave out iam.", None,
                   Who.ACCOUNT_ADMIN),
        page="https://docs.aws.amazon.com/efs/latest/ug/mounting-IAM-option.html",
        cause="credentials.missing",
        ground=Ground.STATED,
    ),
    no_permission(
        ("operation not permitted", "invalid argument"),
        rf"\bchown:[^\n]{{0,200}}?Operation not permitted(?=[\s\S]{{0,3000}}?{_ACCESS_POINT})"
        rf"|{_ACCESS_POINT}[\s\S]{{0,3000}}?\bchown:[^\n]{{0,200}}?Operation not permitted",
        "The EFS access point replaces every user with its own POSIX user, so that chown is refused, even to root: let "
        "the container run as that user, or use an access point without one.",
        "Set the owner when the access point is made (RootDirectory CreationInfo), with the uid and gid of the "
        "program; in Kubernetes set fsGroup and runAsUser, and no init container that calls chown. More IAM "
        "permissions change nothing while the access point has a POSIX user.",
        "https://docs.aws.amazon.com/efs/latest/ug/efs-access-points.html",
        "aws efs describe-access-points --query 'AccessPoints[].[AccessPointId,PosixUser,RootDirectory]'",
    ),
    row(
        ("awsserviceroleforfsxs3access", "amazon fsx is unable to"),
        r"\bMISCONFIGURED\b[\s\S]{0,800}?AWSServiceRoleForFSxS3Access"
        r"|\bAmazon FSx is unable to (?:access|update)[^\n]{0,80}\bS3 (?:data repository|bucket)",
        "FSx for Lustre's service-linked role",
        "the bucket refuses FSx for Lustre",
        "The S3 bucket refuses FSx for Lustre's own service-linked role (AWSServiceRoleForFSxS3Access_FILESYSTEM): "
        "look at the bucket's policy and KMS key, not at the caller.",
        UsualCause("The bucket's policy must not deny that role (a Deny with conditions on VPCs or addresses often "
                   "does), and a customer managed key must let it use the key. After that, the association becomes "
                   "AVAILABLE when it is updated.",
                   "aws fsx describe-data-repository-associations --query 'Associations[].[Lifecycle,FailureDetails]'",
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/fsx/latest/LustreGuide/troubleshooting.html",
    ),
    no_permission(
        "because the service account provided",
        r"because the service account provided[^\n]{0,200}(?:permission|invalid|credentials|disabled)",
        "The service account in Active Directory lacks rights there, or its password is wrong: FSx uses it to join "
        "the domain. No IAM permission is missing.",
        "In Active Directory delegate to the service account, on the organizational unit of the file system: create "
        "and delete computer objects, reset passwords, read and write account restrictions, and validated writes to "
        "the DNS host name and service principal name. Then correct the file system's configuration (aws fsx "
        "update-file-system), or delete a failed one and create it again.",
        "https://docs.aws.amazon.com/fsx/latest/WindowsGuide/self-managed-AD-best-practices.html",
    ),
    row(
        "datasync location access test failed",
        r"DataSync (?:location|bucket) access test failed: could not perform (?P<operation>s3:\w+)",
        "the location's bucket access role",
        "DataSync's role could not do {operation}",
        "DataSync tested the bucket with the location's own role, and it failed at {operation}: change that role or "
        "the bucket's policy, not the caller's permissions.",
        UsualCause("The bucket access role needs s3:GetBucketLocation, s3:ListBucket and "
                   "s3:ListBucketMultipartUploads on the bucket, and on its objects s3:GetObject, s3:GetObjectTagging, "
                   "s3:PutObject, s3:PutObjectTagging, s3:DeleteObject, s3:AbortMultipartUpload and "
                   "s3:ListMultipartUploadParts; a bucket of another account must name the role in its policy.",
                   "aws datasync describe-location-s3 --location-arn LOCATION --query S3Config.BucketAccessRoleArn"),
        UsualCause("A KMS key that encrypts the bucket must let the role use it (kms:Decrypt, kms:GenerateDataKey). A "
                   "role that was made in the same deployment may need some seconds.", None, Who.RESOURCE_OWNER),
        page=f"{_DATASYNC}/create-s3-location.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        ("access denied when retrieving the secret", "unable to retrieve the secret", "cannot retrieve the secret"),
        rf"{_CONNECTOR}[\s\S]{{0,2000}}?{_UNREAD}|{_UNREAD}(?=[\s\S]{{0,2000}}?{_CONNECTOR})",
        "the connector's access role",
        "the connector's role cannot read the secret",
        "Transfer Family reads the secret with the connector's access role, which is not allowed to: change that role, "
        "not the caller's policies.",
        UsualCause("The role must trust transfer.amazonaws.com, and needs secretsmanager:GetSecretValue on the secret "
                   "and kms:Decrypt on its key. Its S3 permissions are a separate matter.",
                   "aws transfer describe-connector --connector-id CONNECTOR --query Connector.AccessRole"),
        page="https://docs.aws.amazon.com/transfer/latest/userguide/configure-sftp-connector.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "s3accessdenied",
        r"\A(?=[\s\S]*\bS3AccessDenied\b)" + _HEALTH_LOG + _GATEWAYS_ROLE,
        "the file share's role",
        "the role of the file share is refused by S3",
        "S3 refuses the role of the file share, which the log names as roleArn: change that role or the bucket's "
        "policy. The rights of SMB or NFS users are not the cause.",
        UsualCause("Allow the role the operation in the log on the bucket and its objects (S3HeadObject, S3GetObject: "
                   "s3:GetObject; S3ListObjects: s3:ListBucket; S3DeleteObject: s3:DeleteObject; S3PutObject, "
                   "S3Upload: s3:PutObject), with the prefix in the log. A bucket policy must not deny it, and a KMS "
                   "key must allow it.", "aws storagegateway list-file-shares"),
        page=_GATEWAY,
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "roletrustrelationshipinvalid",
        r"\bRoleTrustRelationshipInvalid\b",
        "Storage Gateway",
        "Storage Gateway cannot assume the file share's role",
        "Storage Gateway cannot assume the role of the file share: its trust policy must let "
        "storagegateway.amazonaws.com do sts:AssumeRole.",
        UsualCause("Add storagegateway.amazonaws.com to the trust policy of the role that the log names as roleArn.",
                   None, Who.RESOURCE_OWNER),
        page=_GATEWAY,
        cause="trust.principal-mismatch",
        ground=Ground.STATED,
    ),
    no_permission(
        "inaccessiblestorageclass",
        r"\bInaccessibleStorageClass\b",
        "The object was moved to an archive storage class (S3 Glacier), so the gateway cannot read or replace it: "
        "restore it to S3 first. No permission is missing.",
        "Restore the object, and keep lifecycle rules from archiving what the file share uses.",
        _GATEWAY,
    ),
    row(
        "operation=",
        r"\bMessage=\"?Access denied\"?[^\n]{0,80}?\bOperation=(?P<operation>[A-Z_]+)(?: Path=(?P<path>\S+))?",
        "the user's role",
        "S3 refused {operation} to the user's role",
        "S3 refused the role of the Transfer Family user ({operation}): its policies, the user's session policy or the "
        "bucket's KMS key do not allow it. The sign-in itself worked.",
        UsualCause("The bucket is encrypted with a KMS key: allow the role kms:Decrypt and kms:GenerateDataKey, in its "
                   "policies and in the key policy. On CLOSE, this is the documented cause.", None, Who.ACCOUNT_ADMIN,
                   shown_by=r"Operation=CLOSE"),
        UsualCause("Allow the role s3:ListBucket and s3:GetBucketLocation on the bucket, and s3:GetObject, "
                   "s3:PutObject and s3:DeleteObject on the path in the log. A session policy must allow it, too, and "
                   "the home directory must be in that bucket.",
                   "aws transfer describe-user --server-id SERVER --user-name USER"),
        page="https://docs.aws.amazon.com/transfer/latest/userguide/troubleshooting.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    lacking(
        "couldn't canonicalize: permission denied",
        r"Couldn't canonicalize: Permission denied",
        "the Transfer Family user's role",
        ("elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"),
        UsualCause("Allow the user's role to use the EFS file system (elasticfilesystem:ClientMount, and ClientWrite "
                   "to write), and check the POSIX user and group of the Transfer Family user against the folder's "
                   "owner.", "aws transfer describe-user --server-id SERVER --user-name USER"),
        page="https://docs.aws.amazon.com/transfer/latest/userguide/troubleshooting.html",
        on="on the EFS file system",
    ),
    row(
        "associated with your aws backup role",
        r"consult the permissions associated with your AWS Backup role"
        r"(?![\s\S]*(?:authorized to perform|decode-authorization-message|DecodedMessage))",
        "the restore job's role",
        "the role of the restore job lacks a permission",
        "The role that was chosen for the restore job lacks a permission: not the person in the console. The message "
        "does not say which action; a restored EC2 instance often needs iam:PassRole.",
        UsualCause("An EC2 instance that had an instance profile is restored with it: allow the restore role "
                   "iam:PassRole on the profile's role (AWS's managed policy does not), or restore without a profile. "
                   "An encoded message tells the action: aws sts decode-authorization-message --encoded-message TEXT."),
        UsualCause("Otherwise attach the restore policy of this kind of resource, "
                   "AWSBackupServiceRolePolicyForRestores, and look for the refused call of the role in CloudTrail.",
                   "aws backup describe-restore-job --restore-job-id JOB"),
        page="https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-ec2.html",
    ),
    row(
        "insufficient privileges to create a backup vault",
        r"Insufficient privileges to create a backup vault",
        "the caller",
        "the caller lacks permissions on backup-storage or KMS",
        "Creating a vault needs more than backup:CreateBackupVault: the caller also needs backup-storage:MountCapsule, "
        "and the use of the vault's KMS key.",
        UsualCause('Allow the caller backup-storage:MountCapsule on Resource "*", and on the key kms:CreateGrant, '
                   "kms:DescribeKey, kms:RetireGrant, kms:Decrypt and kms:GenerateDataKey. Then look at a boundary, "
                   "service control policies and the key's policy."),
        page="https://repost.aws/knowledge-center/backup-vault-access-denied",
        actions=("backup-storage:MountCapsule", "kms:CreateGrant"),
    ),
    no_permission(
        "access denied by server while mounting",
        rf"{_OF_DATASYNC}[\s\S]{{0,2000}}?{_NOT_MOUNTED}[\w.-]+:"
        rf"|{_NOT_MOUNTED}[\w.-]+:(?=[\s\S]{{0,2000}}?{_OF_DATASYNC})",
        "The NFS server does not let the DataSync agent mount this export: allow the agent's IP address in "
        "the server's exports. No IAM permission is missing.",
        "Check the export's path, its list of clients, and firewalls between the agent and the server. Files that "
        "only their owner can read also need no_root_squash, or read permission for all.",
        f"{_DATASYNC}/troubleshooting-datasync-locations-tasks.html",
    ),
    row(
        "kmsrequestfailed",
        r"\bKMSRequestFailedException\b",
        "whoever orders the job",
        "the KMS key does not allow the Snow job",
        "The KMS key does not let this caller use it for the Snow job: allow it the key's use "
        "(kms:CreateGrant, kms:DescribeKey), in its policies and in the key policy.",
        UsualCause("The key must be enabled, in the job's Region, and symmetric. The job's own role (importexport) is "
                   "a separate matter.", "aws kms describe-key --key-id KEY"),
        page="https://docs.aws.amazon.com/snowball/latest/api-reference/API_CreateJob.html",
    ),
)  # fmt: skip
