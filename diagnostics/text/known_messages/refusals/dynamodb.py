"""Messages of Amazon DynamoDB: keys, imports, exports."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, no_permission, row

_DYNAMODB = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide"
_API = "https://docs.aws.amazon.com"
_IMPORT = r"(?:ImportStatus|ImportArn|import-table|describe-import)"
_EXPORT = r"(?:ExportStatus|ExportArn|describe-export|export-table-to)"
_NOT_READ = r"FailureCode\W{1,6}(?:S3)?AccessDenied\w*"

DYNAMODB_KEYS_AND_IMPORTS: tuple[ServiceSentence, ...] = (
    # "Authorizing use of a customer managed key": DynamoDB uses the key on behalf of the principal that uses the table.
    row(
        "kms key access denied",
        r"\bKMS key access denied\b",
        "the caller, for whom DynamoDB uses the table's KMS key",
        "the caller is not allowed to use the table's KMS key",
        "The table is encrypted with a KMS key that the caller is not allowed to use, and DynamoDB uses that key for "
        "the caller. Permissions for the table are not the cause.",
        UsualCause(
            "Allow the caller kms:Decrypt, kms:Encrypt, kms:ReEncrypt*, kms:GenerateDataKey* and kms:DescribeKey on "
            "the table's key, and kms:CreateGrant if it creates the table. The key policy must allow the account or "
            "the caller itself. If the key belongs to another account than the caller, both the key policy and the "
            "caller's policies must allow it.",
            "aws dynamodb describe-table --table-name TABLE --query Table.SSEDescription",
        ),
        page=f"{_DYNAMODB}/encryption.usagenotes.html",
        actions=("kms:Decrypt",),
    ),
    no_permission(
        "inaccessible_encryption_credentials",
        r"\bINACCESSIBLE_ENCRYPTION_CREDENTIALS\b",
        "DynamoDB can no longer use the table's KMS key, so the table is inaccessible: enable the key, or restore its "
        "policy, within 7 days. After that the table is archived.",
        "Check the key's state (disabled or scheduled for deletion) and whether its key policy still lets DynamoDB use "
        "it for this account. The caller's DynamoDB permissions are not the cause.",
        f"{_DYNAMODB}/encryption.usagenotes.html",
        "aws dynamodb describe-table --table-name TABLE --query Table.SSEDescription",
    ),
    row(
        "failurecode",
        rf"{_IMPORT}[\s\S]{{0,4000}}?{_NOT_READ}|{_NOT_READ}(?=[\s\S]{{0,4000}}?{_IMPORT})",
        "whoever started the import",
        "the import is not allowed to read the bucket",
        "Whoever started the import is not allowed to read the bucket, or to use its KMS key: DynamoDB reads with the "
        "permissions of that user or role.",
        UsualCause(
            "Allow that user or role s3:ListBucket on the bucket, s3:GetObject on the objects, kms:Decrypt on "
            "their key, and CloudWatch Logs on /aws-dynamodb/*. The policy of another account's bucket must "
            "allow that user or role, too (and S3BucketOwner names that account). Then start the import again.",
            "aws dynamodb describe-import --import-arn IMPORT",
            needs=("s3:ListBucket", "s3:GetObject"),
        ),
        page=f"{_DYNAMODB}/S3DataImport.Requesting.html",
    ),
)

DYNAMODB_EXPORTS: tuple[ServiceSentence, ...] = (
    row(
        "failurecode",
        rf"{_EXPORT}[\s\S]{{0,4000}}?{_NOT_READ}|{_NOT_READ}(?=[\s\S]{{0,4000}}?{_EXPORT})",
        "whoever started the export",
        "the export is not allowed to write to the bucket",
        "Whoever started the export is not allowed to write to the bucket, or to use its KMS key: DynamoDB writes with "
        "the permissions of that user or role.",
        UsualCause(
            "Allow that user or role s3:PutObject, s3:PutObjectAcl and s3:AbortMultipartUpload on the objects, "
            "and kms:GenerateDataKey and kms:Decrypt on the key. The policy of another account's bucket must "
            "allow that user or role, too, and S3BucketOwner names that account.",
            "aws dynamodb describe-export --export-arn EXPORT",
            needs=("s3:PutObject", "s3:PutObjectAcl", "s3:AbortMultipartUpload"),
        ),
        page=f"{_DYNAMODB}/S3DataExport_Requesting.html",
    ),
)
DYNAMODB_BACKUPS: tuple[ServiceSentence, ...] = (
    no_permission(
        "pointintimerecoveryunavailable",
        r"\bPointInTimeRecoveryUnavailableException\b",
        "Point-in-time recovery is not turned on for the table, which an export or a restore requires: turn it on "
        "first. No permission is missing.",
        "aws dynamodb update-continuous-backups --table-name TABLE --point-in-time-recovery-specification "
        "PointInTimeRecoveryEnabled=true.",
        f"{_DYNAMODB}/S3DataExport_Requesting.html",
    ),
)
DYNAMODB_INACCESSIBLE: tuple[ServiceSentence, ...] = (
    no_permission(
        "inaccessibleencryptiondatetime",
        r"\bInaccessibleEncryptionDateTime\W{1,5}\d",
        "DynamoDB cannot use the table's KMS key since the printed time: restore the key at once. After seven days "
        "DynamoDB starts to archive the table.",
        "Enable the key, cancel its deletion, or restore its key policy and the grants of DynamoDB. The caller's "
        "permissions for DynamoDB are not the cause.",
        f"{_API}/amazondynamodb/latest/APIReference/API_SSEDescription.html",
        "aws kms describe-key --key-id KEY",
    ),
)
