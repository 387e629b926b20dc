"""Sentences about data: buckets, queries, streams, databases, backups and file systems."""

from __future__ import annotations

from diagnostics.text.read.service_messages.service_sentence import (
    OwnRequest,
    ServiceSentence,
    UsualCause,
    assumed_by,
    lacking,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground
from iam.regions import REGION_NAME

_KAFKA = (
    r"(?:(?:Topic|Group|Cluster|TransactionalId)Authorization(?:Exception|Failed)"
    r"|Not authorized to access (?:topics|group|cluster))"
)
MOUNTED_WITHOUT_IAM = (
    r"\A(?![\s\S]*(?:-o[ =]?[\w,=.-]*\biam\b|[\s\"'](?:_netdev|tls|noresvport),[\w,=.-]*\biam\b"
    r"|[\w=.-]+,iam\b|\n[ \t]*- iam\b|\bmountOptions:[ \t]*\[[^\]\n]*\biam\b))"
)
"""A pattern of texts that do not show the option ``iam`` among a mount's options."""
_MSK = (
    r"(?:kafka-cluster:|AWS_MSK_IAM|aws-msk-iam|MSK Connect|\bMSK\b[^.\n]{0,40}\bIAM\b|kafka-serverless\."
    r"|amazonaws\.com:9[01]98\b|:kafka:[\w*-]*:[\d*]*:(?:cluster|topic|group|transactional-id)/)"
)
"""Signs that a Kafka cluster is an MSK cluster with IAM access control: actions, login, ports and ARNs.

MSK Developer Guide, "Port information" (https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html).
"""
DATA: tuple[ServiceSentence, ...] = (
    row(
        ("unable to get object metadata from s3", "s3 uri that you provided can't be accessed"),
        r"Unable to get object metadata from S3|The S3 URI that you provided can't be accessed",
        "whoever made the call",
        "the S3 object cannot be read with the caller's permissions",
        "The service reads the S3 object with the caller's permissions, and this read failed: the object key is wrong, "
        "the bucket is in another Region, or a permission is missing.",
        # Whoever shows the object's metadata has the right key; the call may have another identity.
        UsualCause("The text shows that the object exists, with credentials that can read it. Make the same check with "
                   "the credentials of the failing call: it needs s3:GetObject on the object, and kms:Decrypt if a "
                   "customer managed key encrypts it; the bucket's policy must not deny it.",
                   "aws sts get-caller-identity", Who.ACCOUNT_ADMIN,
                   shown_by=r"\bhead-object\b[^\n]*\n(?:[^\n]*\n)?[^\n]*\"(?:ContentLength|ETag|LastModified)\"\s*:",
                   decides="The object exists, so most likely the caller of the failing operation cannot read it: the "
                   "service reads with that caller's permissions, not with a role of its own. The bucket must also be "
                   "in the Region of the call."),
        UsualCause("Compare the bucket's Region with that of the call first (aws s3api get-bucket-location): they must "
                   "be the same. Then allow the caller to perform s3:GetObject on the object if its policies lack it, "
                   "and kms:Decrypt if a customer managed key encrypts the object."),
        UsualCause("The object's actual key differs from the requested one (letter case, + instead of spaces, or a "
                   "leading slash): list the bucket to compare.", None,
                   Who.CALLER),
        # Amazon S3 User Guide, "Event message structure": the key is URL-encoded
        # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html).
        UsualCause("S3's event notifications contain the key URL-encoded, so the program asks for an object that does "
                   "not exist: decode it first (Python: urllib.parse.unquote_plus). No permission is missing.", None,
                   Who.CALLER, shown_by=r"\bkey[\"']?\s*[=:]\s*[^\n]*%[0-9A-F]{2}", needs_evidence=True,
                   decides="The key is URL-encoded, as S3's event notifications contain it: decode it first (Python: "
                   "urllib.parse.unquote_plus). No permission is missing."),
        page="https://docs.aws.amazon.com/rekognition/latest/APIReference/API_S3Object.html",
    ),
    row(
        "permission denied on s3 path",
        r"Permission denied on S3 path: (?P<path>s3://\S+)",
        "whoever runs the query",
        "the caller is not allowed to read the data at {path}",
        "Whoever runs the query is not allowed to read the data at {path}: Athena reads S3 as the caller, and athena:* "
        "does not include that. The text does not show which policy is missing.",
        UsualCause("Allow the caller s3:GetObject on the objects and s3:ListBucket on the bucket, and kms:Decrypt on a "
                   "customer managed key. A Deny in the bucket's policy, or another account's bucket without an Allow, "
                   "refuses it, too.", needs=("s3:GetObject", "s3:ListBucket")),
        UsualCause("If Lake Formation manages the location, its registered role reads the data and needs these "
                   "permissions; the caller needs SELECT on the table there."),
        page="https://docs.aws.amazon.com/athena/latest/ug/s3-permissions.html",
    ),
    row(
        "firehose to assume the role",
        r"trust policy for the provided IAM role allows (?:Kinesis )?(?:Data )?Firehose to assume the role",
        "the stream's delivery role",
        "Firehose could not assume its role, or the role is not allowed to write to the bucket",
        "The role of the Firehose stream is refused, not the caller: by its trust policy, its own policies, or the "
        "bucket's.",
        # Amazon Data Firehose Developer Guide, "Controlling access", Apache Iceberg Tables
        # (https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-iceberg).
        UsualCause("Allow the stream's role glue:GetTable, glue:GetDatabase and glue:UpdateTable on the catalog, the "
                   "database and the table, and with Lake Formation also its own grants (and "
                   "lakeformation:GetDataAccess). Its trust policy must name firehose.amazonaws.com.",
                   "aws firehose describe-delivery-stream --delivery-stream-name STREAM",
                   shown_by=r"access policy allows access to the AWS Glue service|Iceberg\.GlueAccessDenied",
                   decides="Glue refused the role of the Firehose stream: allow it glue:GetTable, glue:GetDatabase and "
                   "glue:UpdateTable on the catalog, the database and the table."),
        UsualCause("Write {account} in place of {other} in the trust policy's condition on sts:ExternalId.",
                   shown_by=r"\A(?=[\s\S]*?:firehose:[\w-]+:(?P<account>\d{12}):deliverystream/)"
                            r"(?=[\s\S]*?sts:ExternalId\W{1,6}(?P<other>\d{12}))"
                            r"(?![\s\S]*?sts:ExternalId[^\]}]*?(?P=account))",
                   decides="The trust policy in the text wants sts:ExternalId {other}, but Firehose most likely sends "
                   "the number of the stream's account, {account}: write that number."),
        UsualCause("Its trust policy must let firehose.amazonaws.com perform sts:AssumeRole, and its policies must "
                   "allow s3:PutObject, s3:GetBucketLocation, s3:ListBucket, s3:ListBucketMultipartUploads and "
                   "s3:AbortMultipartUpload on the bucket and its objects.",
                   needs=("s3:PutObject", "s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads",
                          "s3:AbortMultipartUpload")),
        UsualCause("The bucket is encrypted with a KMS key that the role is not allowed to use (kms:GenerateDataKey, "
                   "kms:Decrypt), or the bucket's policy denies the role."),
        page="https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html",
        # As the trust policy there asks for it, the external ID is the account's number.
        asks=(OwnRequest("firehose.amazonaws.com", "sts:AssumeRole", keys=(("sts:ExternalId", "{account}"),)),),
    ),
    # Firehose API Reference, "StartDeliveryStreamEncryption": the call creates the grant on the key.
    row(
        "grant for the cmk to this delivery stream",
        r"The grant for the CMK to this delivery stream might have been revoked",
        "the stream",
        "the stream's grant on its KMS key is missing, or the caller is not allowed to use the key",
        "Firehose cannot use the KMS key of the stream's own encryption: whoever puts the records is not allowed to "
        "use the key, or the stream's grant on it is missing.",
        UsualCause("Whoever puts the records (the role of a rule's target, a producer) is not allowed to use the key: "
                   "allow it kms:GenerateDataKey and kms:Decrypt in its policies and in the key policy. The stream's "
                   "delivery role is not used for that."),
        UsualCause("If the caller is already allowed to use the key, create the grant again: turn on the stream's "
                   "encryption with the key (aws firehose start-delivery-stream-encryption). The caller of that "
                   "command needs kms:CreateGrant on the key, and a session that is at most 6 hours old. The key must "
                   "be enabled.",
                   "aws kms describe-key --key-id KEY", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/firehose/latest/APIReference/API_StartDeliveryStreamEncryption.html",
    ),
    row(
        "identity region is",
        rf"called from endpoint (?P<called>{REGION_NAME}), but your identity region is "
        rf"(?P<home>{REGION_NAME})",
        "the call in this Region",
        "the call went to {called}, and the identity Region is {home}",
        "The call went to {called}, which is the wrong Region: the account's identity Region in this service is "
        "{home}. No policy is missing.",
        UsualCause("Call the endpoint of {home} (--region {home}), or do not create this resource in {called}. The "
                   "account's users, groups and subscription exist only in the identity Region.", None, Who.CALLER),
        page="https://docs.aws.amazon.com/quicksight/latest/APIReference/API_CreateAccountSubscription.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    lacking(
        "calling glue",
        r"Access was denied when calling Glue",
        "the delivery stream's role",
        ("glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"),
        UsualCause("The role in the settings of the data format conversion lacks the actions on the catalog, the "
                   "database and the table.", "aws firehose list-delivery-streams"),
        UsualCause("Lake Formation protects the database or table: grant the role DESCRIBE and SELECT in Lake "
                   "Formation, in addition to its IAM "
                   "permissions.", "aws lakeformation list-permissions", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html",
        on="on Glue's catalog, database and table",
    ),
    # Athena's own sentence; AWS managed policy AmazonAthenaFullAccess: the Glue actions that queries use.
    lacking(
        "create partitions on glue catalog",
        r"not authorized to create partitions on Glue catalog",
        "the caller of the query",
        ("glue:CreatePartition", "glue:BatchCreatePartition"),
        UsualCause("Allow whoever runs the query to perform glue:CreatePartition and glue:BatchCreatePartition (and "
                   "glue:UpdatePartition where partitions are overwritten) on the catalog, the database and the table. "
                   "The S3 location in the message only shows where data may have to be removed before the next "
                   "attempt."),
        page="https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonAthenaFullAccess.html",
        on="on Glue's catalog, database and table",
    ),
    lacking(
        "used to encrypt/decrypt the kinesis stream",
        r"does not have access to the KMS Key used to encrypt/decrypt the Kinesis Stream",
        "the delivery stream's role",
        ("kms:Decrypt",),
        UsualCause("The source stream is encrypted: allow the delivery stream's role to perform kms:Decrypt on that "
                   "key, in the role's policies and in the key's.", "aws firehose list-delivery-streams"),
        page="https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html",
        on="on the source stream's key",
    ),
    row(
        ("verify/create output bucket", "when writing output to url"),
        r"Unable to verify/create output bucket(?: (?P<bucket>[a-z0-9][a-z0-9.-]{2,62}))?"
        r"|Access denied when writing output to url: s3://(?P<written>[a-z0-9][a-z0-9.-]{2,62})",
        "the caller of the query",
        "the caller is not allowed to use the query's output location",
        "The caller of the query is not allowed to write its results to the output location, or the bucket does not "
        "exist in this Region. Athena calls S3 with the caller's own permissions.",
        # Amazon QuickSight User Guide, "Insufficient permissions when using Athena with Amazon QuickSight"
        # (https://docs.aws.amazon.com/quicksight/latest/user/troubleshoot-athena-insufficient-permissions.html).
        UsualCause("QuickSight makes the query with its own role: a QuickSight administrator selects the bucket of the "
                   "results, with write permission for the Athena workgroup.", None, Who.ACCOUNT_ADMIN,
                   shown_by=r"\bQuick ?Sight\b",
                   decides="QuickSight runs the query with its own role: select the results' bucket, with write "
                   "permission for the Athena workgroup, under Manage QuickSight, Security and permissions."),
        UsualCause("The workgroup encrypts the results with a KMS key (SSE_KMS): the caller also needs "
                   "kms:GenerateDataKey and kms:Decrypt on that key, in its policies and in the key policy. The "
                   "bucket's own default encryption does not matter for this.",
                   "aws athena list-work-groups --query 'WorkGroups[].Name'",
                   shown_by=r"\b(?:SSE|CSE)_KMS\b", needs_evidence=True),
        UsualCause("The caller lacks s3:GetBucketLocation and s3:ListBucket on the output bucket, or s3:PutObject, "
                   "s3:GetObject, s3:ListMultipartUploadParts and s3:AbortMultipartUpload on its objects, or the use "
                   "of its KMS key. AmazonAthenaFullAccess covers only buckets named aws-athena-query-results-*.",
                   "aws athena list-work-groups --query 'WorkGroups[].Name'"),
        UsualCause("The program assumes the role {role} for the query: give the permissions to that role.", None,
                   needs_evidence=True,
                   shown_by=r"\bassume_?role(?:_?arn)?[\"']?\s*[:=]\s*[\"']?arn:[\w-]+:iam::\d{12}:role/(?P<role>[\w+=,.@/-]+)"),
        UsualCause("The output location names a bucket that does not exist or is in another Region; the work group's "
                   "own location overrides the client's.", "aws athena list-work-groups", Who.CALLER),
        page="https://docs.aws.amazon.com/athena/latest/ug/troubleshooting-athena.html",
        actions=("s3:GetBucketLocation", "s3:ListBucket", "s3:GetObject", "s3:PutObject",
                 "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"),
    ),
    row(
        "requester is not authorized to access requested permissions",
        r"Resource does not exist or requester is not authorized to access requested permissions",
        "the caller of Lake Formation",
        "the resource does not exist in Lake Formation, or the caller is not allowed to grant on it",
        "Lake Formation names two possible reasons and does not say which applies. Either the database, table or "
        "location does not exist in Lake Formation (a location must be registered), or the caller is not allowed to "
        "grant the permission. An S3 policy is not the cause.",
        # Amazon EMR Management Guide, "Troubleshoot a Lake Formation cluster": no permissions on the requested table.
        UsualCause("aws lakeformation grant-permissions: SELECT and DESCRIBE on {table} for the user or role with "
                   "which the query runs, which may be the runtime role of the step or session.", None,
                   Who.RESOURCE_OWNER, shown_by=r"Unable to fetch table (?P<table>[\w.$-]*\w)",
                   decides="Lake Formation does not let the caller of the query use the table {table}, or the table "
                   "does not exist: in Lake Formation, grant the user or role SELECT and DESCRIBE on it."),
        UsualCause("Lake Formation protects the table, database or location. The grantor must be its administrator "
                   "or have the permission with the grant option, as well as lakeformation:GrantPermissions in IAM.",
                   "aws lakeformation list-permissions", Who.RESOURCE_OWNER),
        UsualCause("The location is not registered with Lake Formation (lakeformation:RegisterResource), or the "
                   "name of the database or table is mistyped or belongs to another catalog.",
                   "aws lakeformation list-resources", Who.RESOURCE_OWNER),
        UsualCause("The role with which a location is registered must trust lakeformation.amazonaws.com, and the trust "
                   "policy in the text names only {service}. Add lakeformation.amazonaws.com to it, and register the "
                   "location before the grant "
                   "(https://docs.aws.amazon.com/lake-formation/latest/dg/registration-role.html).", None,
                   Who.RESOURCE_OWNER, needs_evidence=True,
                   shown_by=r"(?=[\s\S]*\b(?:un)?register\w*\b)(?![\s\S]*lakeformation\.amazonaws\.com)"
                   r"[\s\S]*\"Service\"\s*:\s*\[?\s*\"(?P<service>[\w.-]+\.amazonaws\.com)\""),
        page="https://docs.aws.amazon.com/lake-formation/latest/dg/troubleshooting.html",
    ),
    row(
        "s3files",
        r"access denied by server while mounting(?=[\s\S]{0,2000}\bs3files\b)"
        r"|\bs3files\b[\s\S]{0,2000}?access denied by server while mounting",
        "the client that mounts the S3 file system",
        "the client's role is not allowed to mount the S3 file system",
        "S3 Files refused the mount: the role of the mounting client needs s3files:ClientMount (and "
        "s3files:ClientWrite to write). EFS permissions (elasticfilesystem:) do not apply to this file system.",
        UsualCause("Attach AmazonS3FilesClientFullAccess, AmazonS3FilesClientReadWriteAccess or "
                   "AmazonS3FilesClientReadOnlyAccess to the role that mounts. With the EFS CSI driver that is the "
                   "role of efs-csi-node-sa: AmazonEFSCSIDriverPolicy contains no s3files actions."),
        UsualCause("The file system's own policy denies the mount, or requires another access point or "
                   "principal.", None,
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-security-iam.html",
        actions=("s3files:ClientMount",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
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
        UsualCause("The client's role lacks elasticfilesystem:ClientMount (and ClientWrite, ClientRootAccess), or the "
            "policy requires TLS, an access point or another principal.",
                   "aws efs describe-file-systems", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html",
        actions=("elasticfilesystem:ClientMount",),
        asks=(OwnRequest("", "elasticfilesystem:ClientMount"),),
    ),
    # Amazon MSK Developer Guide, "Semantics of IAM authorization policy actions and resources".
    row(
        ("authorizationexception", "authorizationfailed", "not authorized to access"),
        rf"{_KAFKA}(?=[\s\S]{{0,4000}}{_MSK})|{_MSK}[\s\S]{{0,4000}}?{_KAFKA}",
        "the client of the MSK cluster",
        "the client's role lacks a kafka-cluster action",
        "The cluster uses IAM access control: the client's role lacks a kafka-cluster action. Kafka's ACLs do not "
        "decide.",
        # MSK Developer Guide, "Understand service execution role"
        # (https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-service-execution-role.html).
        UsualCause("MSK Connect keeps its own topics: allow the connector's service execution role "
                   "kafka-cluster:CreateTopic, WriteData, ReadData and DescribeTopic on __amazon_msk_connect_*, and "
                   "AlterGroup and DescribeGroup on __amazon_msk_connect_* and connect-*.", None,
                   shown_by=r"access topics: \[__amazon_msk_connect_",
                   decides="The connector's service execution role is not allowed to use MSK Connect's own topics: "
                   "allow it kafka-cluster:CreateTopic, WriteData, ReadData and DescribeTopic on "
                   "__amazon_msk_connect_*."),
        UsualCause("The ARN {arn} in the text has no UUID of the cluster, so it matches nothing. Write "
                   "{kind}/CLUSTER/UUID/NAME; * may replace the UUID.", None,
                   shown_by=r"(?P<arn>arn:[\w-]+:kafka:[\w*-]*:[\d*]*:(?P<kind>topic|group|transactional-id)/[\w.-]+"
                   r"/[\w.-]+)(?![\w./*-])",
                   decides="The ARN of the {kind} in the policy lacks the cluster's UUID: write "
                   "{kind}/CLUSTER/UUID/NAME (* may replace the UUID). Kafka's ACLs do not decide."),
        UsualCause("Allow the client's role to perform kafka-cluster:CreateTopic on the topic's ARN "
                   "(arn:aws:kafka:REGION:ACCOUNT:topic/CLUSTER/UUID/TOPIC), or create the topic beforehand: "
                   "kafka-cluster:WriteData does not include the permission to create topics.", None,
                   shown_by=r"creating topic|create(?:d)? topic|CreateTopics|topic\b[^\n]{0,40}\bdoes not exist",
                   decides="The client's role is not allowed to create the topic: it lacks kafka-cluster:CreateTopic. "
                   "The cluster uses IAM access control, so Kafka's ACLs are not the cause."),
        UsualCause("kafka-cluster:AlterGroup and DescribeGroup apply to groups: an ARN of a topic or cluster never "
                   "matches them. Add a statement for them with group/CLUSTER/UUID/GROUP.", None,
                   shown_by=r"\A(?![\s\S]*:group/)(?=[\s\S]*GroupAuthorization)[\s\S]*?\bAlterGroup\b[\s\S]{0,600}?"
                   r":kafka:[\w*-]*:[\d*]*:(?:topic|cluster)/",
                   decides="The policy in the text allows kafka-cluster:AlterGroup on an ARN of a topic or cluster, "
                   "which never matches: add a statement for AlterGroup and DescribeGroup on "
                   "arn:aws:kafka:REGION:ACCOUNT:group/CLUSTER/UUID/GROUP."),
        UsualCause("A consumer group needs kafka-cluster:AlterGroup and kafka-cluster:DescribeGroup on the group's ARN "
                   "(group/CLUSTER/UUID/GROUP), in addition to the topic's actions.", None,
                   shown_by=r"GroupAuthorization|access group",
                   decides="The client's role is not allowed to use the consumer group: allow kafka-cluster:AlterGroup "
                   "and kafka-cluster:DescribeGroup on the group's ARN.",
                   needs=("kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup")),
        UsualCause("An idempotent producer needs kafka-cluster:WriteDataIdempotently on the cluster's ARN, in addition "
                   "to WriteData on the topic; or set enable.idempotence=false.", None,
                   shown_by=r"ClusterAuthorization[\s\S]{0,2000}idempoten|idempoten[\s\S]{0,2000}ClusterAuthorization",
                   decides="The client's role lacks kafka-cluster:WriteDataIdempotently on the cluster, which an "
                   "idempotent producer needs. The cluster uses IAM access control, not Kafka's ACLs."),
        # MSK Developer Guide, "Semantics of IAM authorization policy actions and resources": actions on the cluster
        # itself (https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html).
        UsualCause("Programs that administer or watch a cluster, and Debezium when it creates its history topic, read "
                   "the brokers' settings: allow kafka-cluster:DescribeClusterDynamicConfiguration and DescribeCluster "
                   "on the cluster's ARN (…:cluster/NAME/UUID).", None,
                   shown_by=r"\A(?![\s\S]*\bDescribeClusterDynamicConfiguration\b)(?=[\s\S]*(?:ClusterAuthorization"
                   r"|Not authorized to access cluster))[\s\S]*(?:getKafkaBrokerConfig|DESCRIBE_CONFIGS|describeConfigs"
                   r"|DescribeConfigs|[Aa]dmin-?[Cc]lient|kafka-admin-client-thread|kafka-ui|\bAKHQ\b|kafka-configs)",
                   decides="The client's role lacks an action on the cluster itself, most likely "
                   "kafka-cluster:DescribeClusterDynamicConfiguration, which reading the brokers' settings needs. "
                   "Actions on topics and groups do not include it. Kafka's ACLs do not decide."),
        UsualCause("“Cluster authorization failed” is about the cluster itself, not about a topic or group: a producer "
                   "needs kafka-cluster:WriteDataIdempotently (since Kafka 3.0 producers are idempotent by default), "
                   "an admin client DescribeCluster and DescribeClusterDynamicConfiguration, on the cluster's ARN.",
                   None, shown_by=r"ClusterAuthorization|access cluster", needs_evidence=True),
        UsualCause("The statement in the text that allows the actions on topics names only the cluster's ARN, which is "
                   "enough only for kafka-cluster:Connect. Add a statement for kafka-cluster:DescribeTopic and "
                   "WriteData or ReadData on the topic's ARN (arn:aws:kafka:REGION:ACCOUNT:topic/CLUSTER/UUID/TOPIC, "
                   "with the name and UUID of the cluster's ARN).", None,
                   shown_by=r"\A(?![\s\S]*:topic/)(?=[\s\S]*(?:TopicAuthorization|access topics))[\s\S]*?"
                   r"kafka-cluster:(?:WriteData|ReadData|DescribeTopic|\*)[\s\S]{0,600}?"
                   r":kafka:[\w*-]*:[\d*]*:cluster/[\w*-]+",
                   decides="The policy in the text allows the actions on topics only on the cluster's ARN, but they "
                   "are checked on the topic's ARN: topic/CLUSTER/UUID/TOPIC. Kafka's ACLs do not decide."),
        UsualCause("If the topic does not exist yet, the client also needs kafka-cluster:CreateTopic on its ARN.", None,
                   shown_by=r"\bauto\.create\.topics\.enable\s*[=:]\s*true|\btopics?\b[^\n]{0,60}\b(?:does(?:n't| not) "
                   r"exist|isn't there|is not there)|\bisn't there yet\b",
                   decides="The topic does not exist yet, as the text says: to create it, the client's role needs "
                   "kafka-cluster:CreateTopic on the topic's ARN. Or create the topic first. Kafka's ACLs do not "
                   "decide."),
        UsualCause("WriteData and ReadData also need kafka-cluster:DescribeTopic on the topic, and every action needs "
                   "kafka-cluster:Connect on the cluster. Transactions need DescribeTransactionalId and "
                   "AlterTransactionalId; idempotent writes WriteDataIdempotently on the cluster."),
        UsualCause("A statement names the cluster's ARN for an action on topics or groups, or a wrong name or UUID.",
                   None),
        page="https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "given key id is not accessible",
        r"Given key ID is not accessible",
        "the caller",
        "the caller is not allowed to use the KMS key of the volume, snapshot or image",
        "The caller is not allowed to use a KMS key: the source's key, or the key of the new volume, snapshot or image "
        "(by default the account's EBS key in that Region).",
        UsualCause("Allow the caller to perform kms:DescribeKey, kms:CreateGrant, kms:Decrypt, kms:ReEncrypt* and "
                   "kms:GenerateDataKeyWithoutPlaintext on both keys; a key of another account must allow it in its "
                   "key policy, too.",
                   "aws ec2 get-ebs-default-kms-key-id"),
        UsualCause("The source is encrypted with another account's AWS managed key (aws/ebs): nobody else can use it. "
                   "The owner must copy the source with a customer managed key and share the "
                   "copy.", None, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html",
        actions=("kms:DescribeKey", "kms:CreateGrant", "kms:Decrypt"),
    ),
    row(
        "any privilege on specified resource",
        r"Principal does not have any privilege on specified resource",
        "the caller",
        "Lake Formation has no grant for the caller",
        "Lake Formation has no grant for the caller on the database, table or columns: IAM permissions alone are not "
        "enough.",
        UsualCause("Let a data lake administrator grant the caller's role SELECT and DESCRIBE on the table and "
                   "DESCRIBE on the database (aws lakeformation grant-permissions). For a resource link, grant them "
                   "also on its target.",
                   "aws lakeformation list-permissions", Who.RESOURCE_OWNER),
        UsualCause('In IAM, the caller also needs lakeformation:GetDataAccess on "*".', None),
        page="https://docs.aws.amazon.com/lake-formation/latest/dg/troubleshooting.html",
    ),
    row(
        ("access policy allows access to the lambda function", "lambda.invokeaccessdenied"),
        r"access policy allows access to the Lambda function|\bLambda\.InvokeAccessDenied\b",
        "the stream's delivery role",
        "Firehose's role is not allowed to invoke the function",
        "The delivery role of the Firehose stream is not allowed to invoke the function that transforms its records: "
        "change that role, not the function's execution role.",
        UsualCause("Allow the delivery role to perform lambda:InvokeFunction and lambda:GetFunctionConfiguration on "
                   "the function's ARN with its version (function:NAME:$LATEST, or function:NAME:*). A function of "
                   "another account must allow the role in its own policy, too.",
                   "aws firehose describe-delivery-stream --delivery-stream-name STREAM"),
        page="https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html",
        actions=("lambda:InvokeFunction",),
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        ("saslauthenticationexception", "authentication due to", "failed authentication with", "]: access denied"),
        r"(?:SaslAuthenticationException|authentication due to):\s*\[[0-9a-f-]{12,36}\]:\s*Access denied"
        # Sarama and franz-go, librdkafka, KafkaJS.
        r"|(?:SASL authentication (?:failed|error)|Connection error"
        r"|kafka[^\n]{0,60}):\s*\[[0-9a-f-]{36}\]: Access denied"
        r"|Failed authentication with \S*\.kafka[\w.-]*\.amazonaws\.com[^\n]{0,60}"
        r"\(\[[0-9a-f-]{12,36}\]: Access denied",
        "the client of the MSK cluster",
        "the cluster does not accept the client's IAM identity",
        "Amazon MSK refused the client's IAM identity: it lacks kafka-cluster:Connect on the cluster, or runs with the "
        "wrong credentials.",
        UsualCause("Add kafka-cluster:Connect on the cluster's ARN, kafka-cluster:DescribeTopic and WriteData or "
                   "ReadData on the topics' (…:topic/CLUSTER/*/TOPIC), for a consumer DescribeGroup and AlterGroup on "
                   "the group's, and for an idempotent producer WriteDataIdempotently on the cluster's.", None,
                   shown_by=r"\A(?![\s\S]*\bkafka-cluster:[A-Z*])[\s\S]*[\"'\s](?P<had>kafka:(?:\*|[A-Z]\w+\*?))",
                   decides="The text's policy has {had}, which is for managing clusters: clients need actions of "
                   "kafka-cluster, above all kafka-cluster:Connect."),
        UsualCause("Something other than the role's policies refuses the connection: an SCP of the organization, a "
                   "permissions boundary or a session policy. The simulator's answer has the first two.",
                   shown_by=r"[\"']kafka-cluster:(?:\*|Connect)[\"']",
                   decides="The policy in the text allows kafka-cluster:Connect. Check first whether the client runs "
                   "with that role, then whether an SCP or a permissions boundary denies it: aws iam "
                   "simulate-principal-policy shows both."),
        UsualCause("The client's role lacks kafka-cluster:Connect on the cluster's ARN (and the actions on its "
                   "topics and groups), or the cluster policy of another account's cluster does not allow it.",
                   "aws kafka list-clusters-v2"),
        page="https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control.html",
        actions=("kafka-cluster:Connect",),
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
    # AWS Lambda API Reference, "UpdateFunctionCode": the code's object is read with the caller's credentials.
    row(
        "your access has been denied by s3",
        r"Your access has been denied by S3, please make sure your request credentials have permission to "
        r"(?P<call>Get\w+) for (?P<path>[\w./+=@-]+?)\.(?=\s|$)",
        "the caller",
        "S3 does not let the caller perform {call} on {path}",
        "Lambda accepted the call, but could not read the code {path} in S3. Lambda reads the code with the caller's "
        "permissions (s3:{call}), not with the function's role.",
        # Customizations for AWS Control Tower's own assets: a Region's bucket has only what was published for it.
        UsualCause("Check the Regions that the solution's release supports, and deploy it in one of these, or with a "
                   "later release. The bucket is its publisher's.", None, Who.CALLER,
                   shown_by=r"\A(?=[\s\S]*\b(?:solution|CfCT|landing zone|quick ?start|accelerator|same template)\b)"
                   r"[\s\S]*?permission to Get\w+ for (?P<bucket>[\w.-]+?-(?P<where>[a-z]{2}-(?:gov-)?[a-z]+-\d))/"
                   r"(?P<folder>[\w.-]+/v\d+(?:\.\d+)+)/",
                   decides="Most likely {folder} is not published for {where}: {bucket} looks like the bucket of the "
                   "solution's publisher, and S3 also refuses access to a missing object. No permission of yours "
                   "changes that."),
        UsualCause("Check first that {path} exists: without s3:ListBucket on the bucket, S3 answers 403 instead of "
                   "404. If other objects of the bucket work, compare this one with them (its KMS key, tags, owner).",
                   None, Who.CALLER),
        UsualCause("Allow the caller to perform s3:{call} on {path}, and kms:Decrypt if a KMS key encrypts it. The "
                   "bucket of another account must allow it in its policy, too."),
        page="https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html",
        actions=("s3:GetObject",),
    ),
    # Managed Service for Apache Flink Developer Guide, "Create and run the application (CLI)": the role reads the code.
    row(
        "unable to get the specified filekey",
        r"unable to get the specified fileKey:? (?P<key>\S+) in the specified bucket:? (?P<bucket>[\w.-]*\w)",
        "the application's service execution role",
        "the application's code cannot be read: the object or the service execution role's access is missing",
        "Managed Service for Apache Flink cannot read its code {key} in {bucket}: it reads with the application's "
        "service execution role. The permissions of whoever deploys are not the cause.",
        UsualCause("Upload {key} to {bucket}, or correct the key in the application: the listing in the text has other "
                   "objects beside it. Only if the object exists, check the service execution role's s3:GetObject.",
                   "aws s3 ls s3://{bucket}/{key}", Who.CALLER,
                   shown_by=r"\A(?=[\s\S]*fileKey:?\s+(?P<folder>(?:\S*/)?)(?P<file>[^/\s]+)\s+in\s+the\s+specified\s+"
                   r"bucket:?\s+(?P<of>[\w.-]*\w))(?=[\s\S]*aws\s+s3\s+ls\s+(?:--\S+\s+)*s3://(?P=of)/?(?P=folder)"
                   r"\s*?\n\s*\d{4}-\d\d-\d\d \d\d:)"
                   r"(?![\s\S]*\n\s*\d{4}-\d\d-\d\d [^\n]*[\s/](?P=file)\s*(?:\n|\Z))",
                   decides="The bucket's listing in the text has no {file}: upload the application's code under this "
                   "key, or correct the key. Only then check the service execution role."),
        UsualCause("If the bucket is encrypted with a customer managed KMS key, the role needs kms:Decrypt on that "
                   "key, in its policies and in the key policy: s3:GetObject alone is not enough.",
                   "aws s3api head-object --bucket BUCKET --key KEY", shown_by=r"s3:GetObject|\bKMS\b|\bencrypt"),
        UsualCause("The object does not exist yet, or has a different key or bucket: compare {key} and {bucket} letter "
                   "by letter, and upload before the application is created.", "aws s3 ls s3://BUCKET/KEY", Who.CALLER),
        UsualCause("The role needs s3:GetObject on the object, and must trust kinesisanalytics.amazonaws.com. If the "
                   "same deployment creates the role and the application, make the application depend on the role's "
                   "policy: the code is checked when the application is created.", None),
        page="https://docs.aws.amazon.com/managed-flink/latest/java/examples-gs-scala-create-run-cli.html",
    ),
)  # fmt: skip
