"""Messages of AWS Backup: vaults, jobs, copies to other accounts, restores."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    OwnRequest,
    ServiceSentence,
    UsualCause,
    assumed_by,
    no_permission,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_OF_BACKUP = r"(?:\bAWS Backup\b|\baws backup\b|RecoveryPoint|RestoreJob|\bbackup-vault\b)"

BACKUP_VAULTS_AND_RESTORES: tuple[ServiceSentence, ...] = (
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
)  # fmt: skip

BACKUP_PRIVILEGES: tuple[ServiceSentence, ...] = (
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
)  # fmt: skip

BACKUP_SNAPSHOTS: tuple[ServiceSentence, ...] = (
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
)  # fmt: skip

BACKUP_RESOURCES: tuple[ServiceSentence, ...] = (
    row(
        "aws backup does not have permission",
        r"AWS Backup does not have permission to (?:\w+ ){1,4}(?P<resource>arn:[^\s,;]*[\w*])",
        "the backup job's role",
        "the backup job's role lacks permissions",
        "The role of the backup job lacks permissions on the resource. The permissions of the person in the console "
        "and of AWS Backup's service-linked role are not the cause.",
        UsualCause(
            "The job's role lacks the policy for this kind of resource: for S3 "
            "AWSBackupServiceRolePolicyForS3Backup and AWSBackupServiceRolePolicyForS3Restore, which the "
            "default role does not have.",
            "aws backup list-backup-plans",
            shown_by=r"arn:[\w-]+:s3:::",
            needs_evidence=True,
        ),
        UsualCause(
            "The job's role lacks the policy for the resource (AWSBackupServiceRolePolicyForBackup covers most "
            "resources; S3 has its own policy), or a service control policy denies "
            "it.",
            "aws backup list-backup-plans",
        ),
        page="https://repost.aws/articles/ARt46qw01wR9OiksidJR0fMg",
        asks=assumed_by("backup.amazonaws.com"),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)

BACKUP_JOBS: tuple[ServiceSentence, ...] = (
    # AWS Backup Developer Guide, "IAM service roles".
    row(
        "insufficient privileges to perform this action",
        r"\b(?:backup|copy|restore) job failed[\s\S]{0,200}?Insufficient privileges to perform this action"
        # In the answer to a call, the caller lacks them.
        r"|\A(?![\s\S]*\bwhen calling the \w+ operation)[\s\S]*?Insufficient privileges to perform this action"
        r"(?=[\s\S]{0,300}\b(?-i:AWS Backup)\b)",
        "the backup job's role",
        "the backup job's role lacks permissions",
        "AWS Backup uses the role that the backup plan or job names, and that role lacks permissions. The permissions "
        "of whoever starts the job do not matter.",
        UsualCause(
            "Attach AWSBackupServiceRolePolicyForBackup to the job's role, for restores "
            "AWSBackupServiceRolePolicyForRestores, and for S3 the policies for S3 backups. The role must trust "
            "backup.amazonaws.com.",
            "aws backup list-backup-jobs --by-state FAILED",
        ),
        UsualCause(
            "Or the vault's access policy, an SCP or the key's policy denies the role.", None, Who.RESOURCE_OWNER
        ),
        page="https://docs.aws.amazon.com/aws-backup/latest/devguide/iam-service-roles.html",
        asks=assumed_by("backup.amazonaws.com"),
    ),
    row(
        "access denied trying to call aws backup service",
        r"Access Denied trying to call AWS Backup service",
        "AWS Backup's copy into the destination vault",
        "the destination vault, or the copy's role, does not allow the copy",
        "AWS Backup is not allowed to copy into the destination vault: the vault's access policy does not allow the "
        "source account, or the copy's role lacks the action. The permissions of the person at the console are not the "
        "cause.",
        UsualCause(
            "In account {account}, let the access policy of {vault} allow the source account (or its "
            "organization, with aws:PrincipalOrgID) to perform backup:CopyIntoBackupVault. To read the policy "
            "there: aws backup get-backup-vault-access-policy. The copy's role needs the same action in its "
            "own policies.",
            None,
            Who.RESOURCE_OWNER,
            # AWS Backup API Reference, "CopyJob"
            # (https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CopyJob.html).
            shown_by=r"(?:\bDestination(?: ?(?:Backup)? ?Vault(?: ?Arn)?)?\W{1,8}"
            r"|\A(?![\s\S]*\bSource ?(?:Backup)? ?Vault)[\s\S]*?)\b(?P<vault>"
            r"arn:[\w-]+:backup:[\w-]+:(?P<account>\d{12}):backup-vault:[\w-]+)",
            decides=(
                "AWS Backup is not allowed to copy into {vault}: most likely the vault's access policy does "
                "not allow the source account, or the copy's role lacks the action."
            ),
        ),
        UsualCause(
            "In the destination account, let the vault's access policy allow the source account (or its "
            "organization, with aws:PrincipalOrgID) to perform backup:CopyIntoBackupVault. The copy's role "
            "needs the same action in its own policies.",
            "aws backup get-backup-vault-access-policy --backup-vault-name VAULT",
            Who.RESOURCE_OWNER,
        ),
        page="https://repost.aws/knowledge-center/backup-resolve-access-denied-error",
        actions=("backup:CopyIntoBackupVault",),
        asks=(OwnRequest("{only_role}", "backup:CopyIntoBackupVault"),),
    ),
    row(
        "must be a member of the same organization",
        r"Both source and destination account must be a member of the same organization",
        "the copy job",
        "AWS Backup copies only between accounts of one organization",
        "AWS Backup copies a backup only between accounts of one organization. A missing permission is not the cause.",
        UsualCause(
            "Check that both accounts are in the same organization, and that the management account has turned "
            "on cross-account backup in AWS Backup's settings.",
            "aws organizations describe-organization",
            Who.ORG_ADMIN,
        ),
        page="https://repost.aws/knowledge-center/backup-troubleshoot-cross-account-copy",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)

VAULT_AND_SNAPSHOT_KEYS: tuple[ServiceSentence, ...] = (
    row(
        "default backup service managed key",
        r"vault is encrypted with the default Backup service managed key",
        "the copy job, by the key of the backup vault",
        "the vault's key is an AWS managed key, which no other account can use",
        "A copy to another account needs a vault with a customer managed key, but this vault has AWS Backup's own "
        "key. No permission changes that.",
        UsualCause(
            "In account {account}, create another vault with a customer managed key, and copy into that vault instead "
            "of {vault}: a vault's key cannot be changed later. The source must not be encrypted with an AWS managed "
            "key (aws/rds, for example), either.",
            "aws backup describe-backup-vault --backup-vault-name {vault} --query EncryptionKeyArn",
            Who.RESOURCE_OWNER,
            shown_by=r"\A(?=[\s\S]*destination Backup vault)[\s\S]*?DestinationBackupVaultArn[\"']?\s*[:=]\s*[\"']?"
            r"arn:[\w-]+:backup:[\w-]+:(?P<account>\d{12}):backup-vault:(?P<vault>[\w-]+)",
            decides=(
                "The destination vault {vault} in account {account} is encrypted with AWS Backup's own key: a copy "
                "from another account needs a vault with a customer managed key. No permission changes that."
            ),
        ),
        UsualCause(
            "In the account that the message speaks of, create a vault with a customer managed key, and copy into "
            "this vault. A vault's key cannot be changed later. The source must not be encrypted with an AWS managed "
            "key (aws/rds, for example), either.",
            "aws backup list-backup-vaults --query 'BackupVaultList[].[BackupVaultName,EncryptionKeyArn]'",
            Who.RESOURCE_OWNER,
        ),
        page="https://repost.aws/knowledge-center/backup-troubleshoot-cross-account-copy",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        (
            *("encrypted with the aws managed key can", "encrypted with the aws managed cmk can"),
            *("ebs default key cannot", "encrypted with the default service key", "cannot share snapshots"),
        ),
        r"[Ss]napshots? encrypted with the AWS managed (?:CMK|[Kk]ey) can(?:'t|not) be shared"
        r"|Cannot share snapshots that are encrypted with the default (?:AWS managed )?key"
        r"|Encrypted snapshots with (?:Amazon )?EBS default key cannot be shared"
        r"|snapshots encrypted with the default service key for RDS is currently not supported",
        "the copy or share, by the key of the snapshot",
        "the snapshot's key is an AWS managed key, which no other account can use",
        "The snapshot is encrypted with an AWS managed key, which no other account can use: it cannot be shared. No "
        "permission changes that.",
        UsualCause(
            "Copy the snapshot with a customer managed key that the other account is allowed to use, and share that "
            "copy. For later backups encrypt the volume or database with that key.",
            None,
            Who.RESOURCE_OWNER,
        ),
        page="https://repost.aws/knowledge-center/backup-troubleshoot-cross-account-copy",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)
