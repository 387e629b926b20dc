"""Messages of AWS Backup, DataSync, Storage Gateway, Transfer Family and Snow."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    OwnRequest,
    ServiceSentence,
    UsualCause,
    assumed_by,
    lacking,
    no_permission,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_GATEWAY = "https://docs.aws.amazon.com/filegateway/latest/files3/troubleshooting-logging-errors.html"
_OF_BACKUP = r"(?:\bAWS Backup\b|\baws backup\b|RecoveryPoint|RestoreJob|\bbackup-vault\b)"
_CONNECTOR = r"(?:\bconnector\b|\bc-[0-9a-f]{17}\b|aws/transfer)"
_UNREAD = r"(?:Access denied when retrieving|(?:Unable to|Cannot) retrieve) the secret\b"
_OF_DATASYNC = r"(?:\bloc-[0-9a-f]{8,17}\b|\bDataSync\b)"
_NOT_MOUNTED = r"mount\.nfs4?: access denied by server while mounting (?!127\.0\.0\.1|fs-)"
_DATASYNC = "https://docs.aws.amazon.com/datasync/latest/userguide"
# A health log of a file gateway has all three fields.
_HEALTH_LOG = r"(?=[\s\S]*[\"']?(?:gateway|source)[\"']?\s*:\s*[\"'](?:sgw|share)-)"
_GATEWAYS_ROLE = r"(?:[\s\S]*?[\"']roleArn[\"']\s*:\s*[\"'](?P<principal>arn:[^\"'\s]+))?"
TRANSFERS: tuple[ServiceSentence, ...] = (
    row(
        "datasync location access test failed",
        r"DataSync (?:location|bucket) access test failed: could not perform (?P<operation>s3:\w+)",
        "the location's bucket access role",
        "DataSync's role could not perform {operation}",
        "DataSync tested the bucket with the location's own role, and the test failed at {operation}: change that role "
        "or the bucket's policy, not the caller's permissions.",
        UsualCause("The bucket access role needs s3:GetBucketLocation, s3:ListBucket and "
                   "s3:ListBucketMultipartUploads on the bucket, and on its objects s3:GetObject, "
                   "s3:GetObjectTagging, s3:PutObject, s3:PutObjectTagging, s3:DeleteObject, s3:AbortMultipartUpload "
                   "and s3:ListMultipartUploadParts. If the bucket is in another account, its policy must name the "
                   "role.",
                   "aws datasync describe-location-s3 --location-arn LOCATION --query S3Config.BucketAccessRoleArn"),
        UsualCause("A KMS key that encrypts the bucket must let the role use it (kms:Decrypt, kms:GenerateDataKey). A "
                   "role that the same deployment creates can take a few seconds to become "
                   "usable.", None, Who.RESOURCE_OWNER),
        page=f"{_DATASYNC}/create-s3-location.html",
        actions=("s3:ListBucket", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"),
        asks=(OwnRequest("{only_role}", "s3:ListBucket"),),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        ("access denied when retrieving the secret", "unable to retrieve the secret", "cannot retrieve the secret"),
        rf"{_CONNECTOR}[\s\S]{{0,2000}}?{_UNREAD}|{_UNREAD}(?=[\s\S]{{0,2000}}?{_CONNECTOR})",
        "the connector's access role",
        "the connector's role cannot read the secret",
        "Transfer Family reads the secret with the connector's access role, and that role is not allowed to read it: "
        "change that role, not the caller's policies.",
        UsualCause("The role must trust transfer.amazonaws.com, and needs secretsmanager:GetSecretValue on the secret "
                   "and kms:Decrypt on its key. Its S3 permissions are a separate matter.",
                   "aws transfer describe-connector --connector-id CONNECTOR --query Connector.AccessRole",
                   needs=("secretsmanager:GetSecretValue", "kms:Decrypt")),
        page="https://docs.aws.amazon.com/transfer/latest/userguide/configure-sftp-connector.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "s3accessdenied",
        r"\A(?=[\s\S]*\bS3AccessDenied\b)" + _HEALTH_LOG + _GATEWAYS_ROLE,
        "the file share's role",
        "S3 refuses the role of the file share",
        "S3 refuses the role of the file share, which the log names as roleArn: change that role or the bucket's "
        "policy. The permissions of SMB or NFS users are not the cause.",
        UsualCause("Allow the role the action of the operation in the log on the bucket and its objects, with the "
                   "prefix in the log. S3HeadObject and S3GetObject need s3:GetObject, S3ListObjects s3:ListBucket, "
                   "S3DeleteObject s3:DeleteObject, and S3PutObject and S3Upload s3:PutObject. A bucket policy must "
                   "not deny the operation, and the policy of a KMS key must allow the role to use the key.",
                   "aws storagegateway list-file-shares"),
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
        "storagegateway.amazonaws.com perform sts:AssumeRole.",
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
        "Restore the object, and make sure that lifecycle rules do not archive objects that the file share uses.",
        _GATEWAY,
    ),
    row(
        "operation=",
        r"\bMessage=\"?Access denied\"?[^\n]{0,80}?\bOperation=(?P<operation>[A-Z_]+)(?: Path=(?P<path>\S+))?",
        "the user's role",
        "S3 did not let the user's role perform {operation}",
        "S3 refused the role of the Transfer Family user ({operation}): its policies, the user's session policy or "
        "the bucket's KMS key do not allow the operation. The sign-in itself worked.",
        UsualCause("The bucket is encrypted with a KMS key: allow the role kms:Decrypt and kms:GenerateDataKey, in its "
                   "policies and in the key policy. AWS documents this cause for errors on "
                   "CLOSE.", None, Who.ACCOUNT_ADMIN,
                   shown_by=r"Operation=CLOSE"),
        UsualCause("Allow the role s3:ListBucket and s3:GetBucketLocation on the bucket, and s3:GetObject, "
                   "s3:PutObject and s3:DeleteObject on the path in the log. A session policy must allow these "
                   "actions, too, and the home directory must be in that bucket.",
                   "aws transfer describe-user --server-id SERVER --user-name USER",
                   needs=("s3:ListBucket", "s3:GetBucketLocation", "s3:GetObject", "s3:PutObject", "s3:DeleteObject")),
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
        "The role of the restore job lacks a permission; the permissions of the person in the console are not the "
        "cause. The message does not name the action. To restore an EC2 instance, the role often needs iam:PassRole.",
        UsualCause("An EC2 instance that had an instance profile is restored with that profile. Allow the restore role "
                   "iam:PassRole on the profile's role (AWS's managed policy does not contain it), or restore without "
                   "a profile. An encoded message names the action when you decode it: aws sts "
                   "decode-authorization-message --encoded-message TEXT."),
        UsualCause("Otherwise attach the restore policy of this kind of resource, "
                   "AWSBackupServiceRolePolicyForRestores, and look for the role's refused call in CloudTrail.",
                   "aws backup describe-restore-job --restore-job-id JOB"),
        page="https://docs.aws.amazon.com/aws-backup/latest/devguide/restoring-ec2.html",
    ),
    row(
        "insufficient privileges to create a backup vault",
        r"Insufficient privileges to create a backup vault",
        "the caller",
        "the caller lacks permissions on backup-storage or KMS",
        "Creating a vault needs more than backup:CreateBackupVault: the caller also needs backup-storage:MountCapsule, "
        "and permission to use the vault's KMS key.",
        UsualCause('Allow the caller backup-storage:MountCapsule on Resource "*", and on the key kms:CreateGrant, '
                   "kms:DescribeKey, kms:RetireGrant, kms:Decrypt and kms:GenerateDataKey. Then check the permissions "
                   "boundary, service control policies and the key's policy."),
        page="https://repost.aws/knowledge-center/backup-vault-access-denied",
        actions=("backup-storage:MountCapsule", "kms:CreateGrant"),
    ),
    no_permission(
        "access denied by server while mounting",
        rf"{_OF_DATASYNC}[\s\S]{{0,2000}}?{_NOT_MOUNTED}[\w.-]+:"
        rf"|{_NOT_MOUNTED}[\w.-]+:(?=[\s\S]{{0,2000}}?{_OF_DATASYNC})",
        "The NFS server does not let the DataSync agent mount this export: allow the agent's IP address in "
        "the server's exports. No IAM permission is missing.",
        "Check the export's path, its list of clients, and firewalls between the agent and the server. For files that "
        "only their owner can read, also set no_root_squash, or give everybody permission to read the files.",
        f"{_DATASYNC}/troubleshooting-datasync-locations-tasks.html",
    ),
    row(
        "kmsrequestfailed",
        r"\bKMSRequestFailedException\b",
        "whoever orders the job",
        "the KMS key does not allow the Snow job",
        "The KMS key does not let this caller use it for the Snow job: allow the caller kms:CreateGrant and "
        "kms:DescribeKey, in its own policies and in the key policy.",
        UsualCause("The key must be enabled, in the job's Region, and symmetric. The job's own role (importexport) is "
                   "a separate matter.", "aws kms describe-key --key-id KEY"),
        page="https://docs.aws.amazon.com/snowball/latest/api-reference/API_CreateJob.html",
    ),
    row(
        "insufficient privileges to perform this action",
        rf"{_OF_BACKUP}[\s\S]{{0,2000}}?Insufficient privileges to perform this action"
        rf"|Insufficient privileges to perform this action(?=[\s\S]{{0,2000}}?{_OF_BACKUP})",
        "the caller of AWS Backup",
        "the caller's policies or the vault's access policy do not allow it",
        "AWS Backup refused the call: the caller lacks the backup action, the vault's access policy denies it, or the "
        "restore role lacks permissions. The message does not say which.",
        UsualCause("Check the vault's access policy: a Deny there applies to everybody. The automatic vault of EFS "
                   "(aws/efs/automatic-backup-vault) is created with such a Deny, which also covers restoring.",
                   "aws backup get-backup-vault-access-policy --backup-vault-name VAULT", Who.RESOURCE_OWNER),
        UsualCause("Otherwise allow the caller the action of the call (backup:StartRestoreJob with iam:PassRole on the "
                   "restore role, backup:DeleteRecoveryPoint). The restore role needs the actions of the resource, for "
                   "EFS elasticfilesystem:Restore, CreateFilesystem, DescribeFilesystems and DeleteFilesystem, and "
                   "kms:DescribeKey, kms:CreateGrant and kms:GenerateDataKeyWithoutPlaintext on its key."),
        page="https://repost.aws/knowledge-center/backup-insufficient-privileges-efs",
    ),
    row(
        "unable to call identity provider",
        r"Unable to call identity provider: Unable to invoke (?P<function>arn:\S+?:function:[\w:-]+)?",
        "Transfer Family",
        "Transfer Family is not allowed to invoke the function of the identity provider",
        "Transfer Family could not invoke the Lambda function that is its identity provider: the function's resource "
        "policy must let transfer.amazonaws.com perform lambda:InvokeFunction.",
        UsualCause("Run aws lambda add-permission --principal transfer.amazonaws.com --action lambda:InvokeFunction "
                   "--source-arn SERVER-ARN. If the policy already has this statement, compare the server's ARN in it, "
                   "and look for an error or a timeout in the function's "
                   "log.", "aws lambda get-policy --function-name FUNCTION",
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/transfer/latest/userguide/custom-lambda-idp.html",
    ),
    row(
        "steperrored",
        r"\bStepErrored\b[\s\S]{0,600}?(?:PERMISSION_DENIED|Access ?Denied)",
        "the workflow's execution role",
        "AWS refused the workflow's execution role",
        "A step of the Transfer Family workflow was refused: allow the workflow's execution role the actions of the "
        "step. The role of the user who uploads does not matter.",
        UsualCause("The execution role must trust transfer.amazonaws.com. COPY needs s3:GetObject on the upload and "
                   "s3:PutObject on the target, TAG s3:PutObjectTagging, DELETE s3:DeleteObject, a custom step "
                   "lambda:InvokeFunction; with a KMS key, the role also needs kms:Decrypt and kms:GenerateDataKey.",
                   "aws transfer describe-server --server-id SERVER --query Server.WorkflowDetails"),
        page="https://docs.aws.amazon.com/transfer/latest/userguide/workflow-execution-role.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "ec2requestfailedexception",
        r"\bEc2RequestFailedException\b",
        "whoever orders the job",
        "the caller lacks EC2 permissions for the images of the Snow job",
        "Whoever orders the Snow job lacks EC2 permissions on the AMIs that are to be loaded on the device. Snow's own "
        "action was not refused.",
        UsualCause("Allow the caller ec2:DescribeImages and ec2:ModifyImageAttribute on those AMIs; they must belong "
                   "to this account and Region.", needs=("ec2:DescribeImages", "ec2:ModifyImageAttribute")),
        page="https://docs.aws.amazon.com/snowball/latest/api-reference/API_CreateJob.html",
    ),
    no_permission(
        ("managed by the aws backup", "managed by aws backup"),
        r"(?:snapshot|image) is managed by (?:the )?AWS Backup(?: service)? and cannot be deleted",
        "AWS Backup manages this snapshot or image, so EC2 does not delete it: delete the recovery point in the backup "
        "vault. The caller's EC2 permissions are not the cause.",
        "aws backup delete-recovery-point --backup-vault-name VAULT --recovery-point-arn ARN, by a caller whom the "
        "vault's access policy and lock allow.",
        "https://repost.aws/knowledge-center/backup-delete-ami-error",
    ),
    row(
        "source snapshot kms key does not exist",
        r"source snapshot KMS key(?: \[[^\]\n]{0,120}\])? does not exist, is not enabled or you do not have "
        r"permissions",
        "whoever copies the snapshot",
        "the KMS key of the snapshot cannot be used",
        "The caller that copies the snapshot (for a backup job, the job's role) cannot use the snapshot's KMS key: the "
        "key does not exist in that Region, is not enabled, or its policy does not allow the caller.",
        UsualCause("Add the role of the job (or the caller of the copy) to the key's policy, with kms:DescribeKey, "
                   "kms:CreateGrant, kms:Decrypt and kms:GenerateDataKey*. Even if on-demand backups work, the role "
                   "may lack these actions. Then check the key's state, Region and account.",
                   "aws kms describe-key --key-id KEY"),
        page="https://docs.aws.amazon.com/aws-backup/latest/devguide/troubleshooting.html",
    ),
    # AWS Transfer Family User Guide, "Creating a session policy": the session may do what role and policy both allow.
    row(
        ("remote open(", "remote mkdir(", "remote readdir("),
        r"remote (?:open|mkdir|readdir)\([^\n]{0,300}Permission denied"
        r"(?=[\s\S]{0,2000}(?:Transfer Family|\baws transfer\b|scope-?down))"
        r"|(?:Transfer Family|\.server\.transfer\.)[\s\S]{0,2000}?remote (?:open|mkdir|readdir)\([^\n]{0,300}"
        r"Permission denied",
        "the user's role, as the user's session policy limits it",
        "Transfer Family refuses the operation to the user",
        "Transfer Family refused the operation: a user is allowed only what the user's role and session policy both "
        "allow.",
        UsualCause("The session policy in the text names ${transfer:UserName}, and gives no access in a home folder "
                   "with a different name. Write ${transfer:HomeDirectory}/* for objects, and ${transfer:HomeFolder}/* "
                   "as s3:prefix.", None, Who.RESOURCE_OWNER, shown_by=r"\$\{transfer:UserName\}", needs_evidence=True),
        # AWS Transfer Family User Guide, "Create an IAM role and policy", encrypted buckets
        # (https://docs.aws.amazon.com/transfer/latest/userguide/requirements-roles.html).
        UsualCause("Allow the user's role kms:Decrypt and kms:GenerateDataKey on the bucket's key, and let the key's "
                   "policy allow that role. Listing works without the key.", None, Who.RESOURCE_OWNER,
                   shown_by=r"\A(?![\s\S]*\bkms:(?:GenerateDataKey|\*))(?=[\s\S]*s3:PutObject)"
                   r"[\s\S]*(?:SSE-KMS|aws:kms\b|:kms:[\w-]+:\d{12}:key/)",
                   decides="The bucket is encrypted with a KMS key, and the policy in the text has no action of KMS: "
                   "most likely the user's role lacks kms:GenerateDataKey and kms:Decrypt on that key."),
        UsualCause("Compare the session policy's actions and paths with the call and the user's home folder. It is "
                   "not enough that the role allows the call.",
                   "aws transfer describe-user --server-id SERVER --user-name USER", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/transfer/latest/userguide/users-policies-session.html",
    ),
    row(
        ("unable to assumerole", "unable to assume role"),
        r"(?:Transfer Family|\btransfer\b|\bSFTP\b|AUTH_FAILURE)[\s\S]{0,300}?Unable to AssumeRole"
        r"|Unable to AssumeRole(?=[\s\S]{0,300}(?:Transfer Family|\bSFTP\b|AUTH_FAILURE))",
        "AWS Transfer Family",
        "Transfer Family cannot assume the user's role",
        "Transfer Family cannot assume the role of the user who signs in: the role's trust policy must let "
        "transfer.amazonaws.com perform sts:AssumeRole.",
        UsualCause("Add transfer.amazonaws.com to the trust policy of the user's role. Conditions on aws:SourceArn or "
                   "aws:SourceAccount in that policy must name this server and account.",
                   "aws transfer list-servers --query 'Servers[].[ServerId,IdentityProviderType]'",
                   Who.RESOURCE_OWNER),
        page="https://repost.aws/knowledge-center/transfer-family-permission-errors",
        asks=assumed_by("transfer.amazonaws.com"),
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip
