"""Further permissions that AWS Backup, DataSync and Transfer Family need."""

from __future__ import annotations

from diagnostics.text.causes.denials.service_fact_row import DOCS, Known, known_row

BACKUP_AND_TRANSFERS: tuple[Known, ...] = (
    known_row(
        r"backup:(?:startbackupjob|startrestorejob|createbackupselection|startcopyjob)$",
        r"",
        "The call passes the job's role to AWS Backup: the caller also needs iam:PassRole on that role, to "
        "backup.amazonaws.com. Restoring an instance with its profile also needs iam:PassRole for that job's role on "
        "the instance's role.",
        f"{DOCS}/aws-backup/latest/devguide/access-control.html",
    ),
    known_row(
        r"backup:copyintobackupvault$",
        r"",
        "A copy into another account needs backup:CopyIntoBackupVault in the destination vault's access "
        "policy for the source account. Its KMS key must let that account use it; AWS managed keys cannot be "
        "copied across accounts.",
        f"{DOCS}/aws-backup/latest/devguide/create-cross-account-backup.html",
    ),
    known_row(
        r"s3:",
        r"DataSync (?:location|bucket) access test|assumed-role/[^/\s]+/AwsSync-",
        "DataSync reads and writes S3 with the location's role, which trusts datasync.amazonaws.com: on the "
        "bucket s3:GetBucketLocation, ListBucket and ListBucketMultipartUploads, on objects GetObject, "
        "PutObject, DeleteObject, GetObjectTagging, PutObjectTagging, AbortMultipartUpload and "
        "ListMultipartUploadParts.",
        f"{DOCS}/datasync/latest/userguide/create-s3-location.html",
    ),
    known_row(
        r"(?:s3|kms):|^$",
        r"\bserver\.transfer\.[\w-]+\.amazonaws\.com|AWS Transfer Family",
        "If the call comes from Transfer Family, it uses the user's role, limited by the user's session policy: both "
        "must allow s3:ListBucket and GetBucketLocation on the bucket and s3:GetObject, PutObject and DeleteObject on "
        "the home folder, and for encrypted buckets KMS. The Target of a logical directory must begin with the bucket: "
        "/BUCKET/PATH.",
        f"{DOCS}/transfer/latest/userguide/requirements-roles.html",
    ),
)
