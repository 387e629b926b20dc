"""Messages of Amazon RDS about roles, keys, topics, Enhanced Monitoring and imports from S3."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    OwnRequest,
    ServiceSentence,
    UsualCause,
    of_codes,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"
_NO_KEY = r"\bKMS key \[\s*(?P<value>None|null|nil|undefined|\"\")\s*\]"
_MANAGED_BY_AWS = r"(?:\bKeyManager[\"']?\s*[:=]?\s*[\"']?AWS\b|(?<![\w/])(?:alias/)?aws/rds\b)"
_ELSEWHERE = r"(?:\bcross[- _]?account|\b(?:another|other|second|DR|target|destination) account\b)"

RDS_ENCRYPTION: tuple[ServiceSentence, ...] = (
    row(
        "inaccessible-encryption-credentials",
        r"\bstat(?:us|e)\b[^\n]{0,12}inaccessible-encryption-credentials(?:-recoverable)?\b"
        r"|Status\W{1,6}inaccessible-encryption-credentials|\binaccessible-encryption-credentials\S* stat(?:us|e)\b",
        "the database, which cannot use its KMS key",
        "the database's KMS key is disabled, is scheduled for deletion, or no longer allows the database",
        "The database stopped because it can no longer use its KMS key: the key is disabled or scheduled for deletion, "
        "or its policy or grant for the database was removed.",
        UsualCause("Check the key's state and policy now: enable the key, or cancel its deletion, and restore the "
                   "grant. If the database's status ends in -recoverable, start it afterwards; otherwise only a backup "
                   "helps.",
                   "aws kms describe-key --key-id KEY", Who.RESOURCE_OWNER),
        page=f"{_API}/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html",
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip

RDS_KEYS_AND_TOPICS: tuple[ServiceSentence, ...] = (
    row(
        "kmskeynotaccessiblefault",
        r"\bKMSKeyNotAccessibleFault\b",
        "the service, or whoever called it",
        "the KMS key cannot be used",
        "The KMS key cannot be used: it does not exist in this Region, is disabled, or its policy does not allow the "
        "caller.",
        # Amazon RDS User Guide, "Sharing encrypted snapshots for Amazon RDS"
        # (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/share-encrypted-snapshot.html).
        UsualCause(
            "Copy the snapshot with a customer managed key, let that key's policy allow the other account, and share "
            "that copy; nobody can change the policy of an AWS managed key. Then give the ARNs of these keys in the "
            "settings: {value} is no key.",
            "aws kms describe-key --key-id KEY --query KeyMetadata.KeyManager",
            Who.RESOURCE_OWNER,
            shown_by=rf"\A(?=[\s\S]*{_MANAGED_BY_AWS})(?=[\s\S]*{_ELSEWHERE})[\s\S]*?{_NO_KEY}",
            decides="The call names no key (“{value}”), and the data is encrypted, with an AWS managed key: a snapshot "
            "under that key cannot be shared with another account.",
        ),
        UsualCause(
            "Give the ARN of a key in the setting, or leave the setting out if the source is not encrypted "
            "(StorageEncrypted is false). An encrypted snapshot needs a key of the Region that it is copied to.",
            "aws rds describe-db-cluster-snapshots --query 'DBClusterSnapshots[].[StorageEncrypted,KmsKeyId]'",
            Who.CALLER,
            shown_by=_NO_KEY,
            decides="The call names no key: the value that it sends is “{value}”. Check the setting it comes from.",
        ),
        UsualCause(
            "Check the key's ARN, Region and state. The caller (or the role of an export) needs kms:DescribeKey, "
            "kms:CreateGrant, kms:GenerateDataKey* and kms:Decrypt on it, and the key policy of another account's key "
            "must also allow that principal.",
            "aws kms describe-key --key-id KEY",
            Who.RESOURCE_OWNER,
        ),
        page=f"{_API}/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
    ),
    of_codes(
        "SNSNoAuthorization",
        "the service that publishes to the topic",
        "the topic does not let the service, or the caller, publish",
        "The topic's policy does not let the service, or the caller, publish to it.",
        "The topic's policy must allow sns:Publish to the service (events.rds.amazonaws.com, redshift.amazonaws.com) "
        "and the caller. The policy of another account's topic must name both.",
        f"{_API}/AmazonRDS/latest/APIReference/API_CreateEventSubscription.html",
        check="aws sns get-topic-attributes --topic-arn TOPIC",
        who=Who.RESOURCE_OWNER,
        actions=("sns:Publish",),
    ),
)  # fmt: skip

RDS_IMPORTS: tuple[ServiceSentence, ...] = (
    row(
        "invalids3bucketfault",
        r"\bInvalidS3BucketFault\b",
        "the ingestion role",
        "RDS cannot read the bucket with the ingestion role, or the bucket's name is wrong",
        "RDS cannot use the bucket: the bucket's name is wrong, or the ingestion role (S3IngestionRoleArn) is not "
        "allowed to read the bucket. The caller's own S3 permissions do not matter.",
        UsualCause(
            "Check whether the bucket exists in the Region of the database. Then the role must trust "
            "rds.amazonaws.com, and needs s3:ListBucket and s3:GetBucketLocation on the bucket, s3:GetObject on "
            "its objects, and kms:Decrypt on their key.",
            "aws s3api get-bucket-location --bucket BUCKET",
            needs=("s3:ListBucket", "s3:GetBucketLocation", "s3:GetObject"),
        ),
        page="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RestoreDBClusterFromS3.html",
    ),
)

MONITORING_ROLES: tuple[ServiceSentence, ...] = (
    row(
        "does not include the required permissions",
        r"IAM role ARN value is invalid or does not include the required permissions for:? ENHANCED_MONITORING\b",
        "the role that is passed to the database",
        "the role for Enhanced Monitoring is missing or incomplete",
        "The role that is passed to RDS for Enhanced Monitoring does not exist, does not trust "
        "monitoring.rds.amazonaws.com, or lacks AmazonRDSEnhancedMonitoringRole.",
        UsualCause(
            "Enhanced Monitoring's role trusts monitoring.rds.amazonaws.com and has "
            "AmazonRDSEnhancedMonitoringRole; other features' roles trust rds.amazonaws.com.",
            "aws iam list-roles --query 'Roles[].[RoleName,AssumeRolePolicyDocument]'",
        ),
        UsualCause("The role is new: A new role can take a few seconds to become usable. Try again.", None, Who.CALLER),
        page="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html",
        asks=(OwnRequest("monitoring.rds.amazonaws.com", "sts:AssumeRole"),),
    ),
    row(
        "does not include the required permissions",
        r"IAM role ARN value is invalid or does not include the required permissions for:? (?P<feature>\w+)",
        "the role that is passed to the database",
        "the role that is passed to the database is missing or incomplete",
        "The role that is passed to RDS for this feature does not exist, does not trust RDS's service, or lacks the "
        "feature's permissions.",
        UsualCause(
            "The feature's role trusts rds.amazonaws.com and has the feature's permissions.",
            "aws iam list-roles --query 'Roles[].[RoleName,AssumeRolePolicyDocument]'",
        ),
        UsualCause("The role is new: A new role can take a few seconds to become usable. Try again.", None, Who.CALLER),
        page="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html",
    ),
)
