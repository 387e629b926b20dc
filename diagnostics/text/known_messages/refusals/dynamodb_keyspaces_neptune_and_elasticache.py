"""Messages of DynamoDB, DAX, Keyspaces, Neptune and ElastiCache."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    ServiceSentence,
    UsualCause,
    lacking,
    no_permission,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_DYNAMODB = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide"
_IMPORT = r"(?:ImportStatus|ImportArn|import-table|describe-import)"
_EXPORT = r"(?:ExportStatus|ExportArn|describe-export|export-table-to)"
_NOT_READ = r"FailureCode\W{1,6}(?:S3)?AccessDenied\w*"
KEY_VALUE_STORES: tuple[ServiceSentence, ...] = (
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
    row(
        "credential for iam_role_arn",
        r"Couldn['’]t find the aws credential for iam_role_arn\b(?::\s*(?P<principal>arn:[^\s\"',]+))?",
        "the Neptune cluster",
        "the cluster does not have the role of the load",
        "Neptune found no credentials for the load's role: add the role to the cluster, and make the role trust "
        "rds.amazonaws.com. The caller's permissions are not the cause.",
        UsualCause(
            "Run aws neptune add-role-to-db-cluster, and wait until the role's status is ACTIVE. The role "
            "needs s3:Get* and s3:List* on the bucket; an S3 endpoint must be in the VPC.",
            "aws neptune describe-db-clusters --query 'DBClusters[].[DBClusterIdentifier,AssociatedRoles]'",
            Who.RESOURCE_OWNER,
            needs=("s3:GetObject", "s3:ListBucket"),
        ),
        page="https://docs.aws.amazon.com/neptune/latest/userguide/bulk-load-tutorial-IAM-CreateRole.html",
        cause="not-iam",
        ground=Ground.LIKENESS,
    ),
    no_permission(
        "bad credentials",
        r"cassandra\.[\w-]+\.amazonaws\.com[\s\S]{0,2000}?\[Bad credentials\]"
        r"|\[Bad credentials\](?=[\s\S]{0,2000}?cassandra\.[\w-]+\.amazonaws\.com)",
        "Amazon Keyspaces does not accept the service-specific user name and password. No policy was evaluated yet.",
        "The credentials belong to an IAM user (NAME-at-ACCOUNT): compare name and password, check whether they are "
        "active (aws iam list-service-specific-credentials), or reset the password. With the SigV4 plugin of the "
        "driver, access keys and roles work instead.",
        "https://docs.aws.amazon.com/keyspaces/latest/devguide/troubleshooting.connecting.html",
    ),
    lacking(
        "unable to validate the authenticated user has access",
        r"ElastiCache was unable to validate the authenticated user has access on the S3 bucket",
        "the caller of the export",
        ("s3:GetBucketAcl", "s3:ListAllMyBuckets", "s3:PutObject"),
        UsualCause(
            "Allow the caller the S3 actions that the page lists on the bucket (s3:GetBucketAcl, "
            "s3:GetBucketLocation, s3:ListBucket, s3:ListAllMyBuckets, s3:PutObject, s3:GetObject): ElastiCache "
            "checks them before it exports. The bucket must be in the snapshot's Region."
        ),
        page="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-exporting.html",
        on="on the export's bucket",
    ),
    row(
        "unable to perform s3 list operation",
        r"Unable to perform S3 list operation",
        "the role of the load",
        "the load's role is not allowed to list the bucket",
        "The role of the Neptune load is not allowed to list the bucket or folder: allow the role s3:List* and s3:Get* "
        "there.",
        UsualCause(
            "Change the role named in the load request (iamRoleArn), not the caller. If the bucket is in "
            "another account, its policy must allow that role, too, and the objects' KMS key must allow that "
            "role kms:Decrypt."
        ),
        page="https://docs.aws.amazon.com/neptune/latest/userguide/loader-message.html",
        cause="identity.no-action",
        ground=Ground.STATED,
    ),
    no_permission(
        "unable to connect to s3 endpoint",
        r"Unable to connect to s3 endpoint(?![\s\S]*access test failed)",
        "The service cannot reach S3 from its VPC: the VPC needs a gateway endpoint for S3 (or another way out), and "
        "for "
        "Neptune the bucket must be in the cluster's Region. No permission is missing.",
        "Look for the endpoint com.amazonaws.REGION.s3 in the route table of the subnets of the cluster or agent, and "
        "for port 443 in its security group. Then compare the Region of the call with the bucket's.",
        "https://docs.aws.amazon.com/neptune/latest/userguide/loader-message.html",
        "aws ec2 describe-vpc-endpoints",
    ),
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
    no_permission(
        "norouteexception",
        r"\bdaxs?\b[\s\S]{0,2000}?\bNoRouteException\b|\bNoRouteException\b(?=[\s\S]{0,2000}?\bdaxs?\b)",
        "The client cannot reach the DAX cluster: the client must run in the cluster's VPC, and the security group "
        "must allow the client's connections on port 8111 (9111 with encryption). No permission is missing.",
        "Compare the endpoint's name, its port and the subnet of the client; IAM is checked only after the connection "
        "is made.",
        f"{_DYNAMODB}/DAX.troubleshooting.html",
    ),
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

CACHE_SNAPSHOTS: tuple[ServiceSentence, ...] = (
    row(
        "has not been granted",
        r"(?P<service>ElastiCache|MemoryDB) has not been granted (?P<what>READ|WRITE|READ_ACP) permissions",
        "{service}, which exports the snapshot",
        "{service} has no {what} permission on the bucket",
        "The bucket does not let {service} export the snapshot: {what} permission is missing on the bucket.",
        UsualCause(
            "In its policy or ACL, the bucket must grant READ, WRITE and READ_ACP to the account that the "
            "service uses in this Region, as the page says. The bucket must be in the Region of the snapshot.",
            "aws s3api get-bucket-acl --bucket BUCKET",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-exporting.html",
    ),
)

KEYSPACES_USERS: tuple[ServiceSentence, ...] = (
    # Cassandra's protocol has the code 2100 (0x2100) for Unauthorized; IAM decides for Amazon Keyspaces.
    row(
        "has no permissions",
        r"User (?P<user>arn:[\w-]+:(?:iam|sts)::\d{12}:[\w+=,.@/-]*[\w+=@-]) has no permissions",
        "{user} in Amazon Keyspaces",
        "the caller {user} lacks an action of Amazon Keyspaces",
        "Amazon Keyspaces refused {user}: its IAM policies do not allow the call. The message names neither the action "
        "nor the table.",
        UsualCause(
            "If calls to {called} are intended, add {called} to the aws:RequestedRegion condition. Otherwise "
            "connect to the endpoint of {accepted}. Every driver also reads /keyspace/system*: allow "
            "cassandra:Select on it.",
            shown_by=r"\bcassandra\.(?P<called>[a-z]{2}-[a-z-]+-\d)\.(?:[\s\S](?!\bDeny\b)){0,1500}?"
            r"StringEquals\W{1,12}aws:RequestedRegion\W{1,12}(?!(?P=called))(?P<accepted>[a-z]{2}-[a-z-]+-\d)"
            r"(?![\w-]|[\"' ]*,)",
            decides="The policy of {user} allows calls only where aws:RequestedRegion is {accepted}, and the "
            "call went to {called}.",
        ),
        UsualCause(
            "Allow the caller to perform cassandra:Select (and cassandra:Modify to write) on "
            "/keyspace/{keyspace}/table/{table}, and cassandra:Select on /keyspace/system*, which every driver "
            "reads. Check the policy's conditions. A GRANT in CQL has no effect: IAM decides.",
            None,
            shown_by=r"\bkeyspace[\s=:\"'`]+(?P<keyspace>\w+)[^\n]{0,20}\btable[\s=:\"'`]+(?P<table>\w+)",
            decides="Amazon Keyspaces refused {user}: its IAM policies do not allow the call. The message names "
            "neither the action nor the table.",
        ),
        UsualCause(
            "Allow the caller to perform cassandra:Select (and cassandra:Modify to write) on "
            "/keyspace/NAME/table/NAME, and cassandra:Select on /keyspace/system*, which every driver reads. "
            "Check the policy's conditions. A GRANT in CQL has no effect: IAM decides.",
            needs=("cassandra:Select",),
        ),
        page="https://docs.aws.amazon.com/keyspaces/latest/devguide/security_iam_id-based-policy-examples.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)
