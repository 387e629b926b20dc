"""Messages of AWS Backup about its jobs and about copies to other accounts."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    OwnRequest,
    ServiceSentence,
    UsualCause,
    assumed_by,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

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
