"""Sentences of Amazon Data Firehose, Kinesis, MSK and Managed Service for Apache Flink."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    OwnRequest,
    ServiceSentence,
    UsualCause,
    lacking,
    no_permission,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

KAFKA_CODES = (
    r"(?i:(?:Topic|Group|Cluster|Transactional[ _]?Id)[ _]?Authorization(?:Exception|[ _]?Failed)"
    r"|client is not authorized to (?:access this (?:topic|group)|send this request type))"
)
"""The codes with which a broker refuses a client, as Java, librdkafka, KafkaJS, franz-go, kafka-go and Sarama print
them (https://kafka.apache.org/protocol.html#protocol_error_codes, https://github.com/IBM/sarama/blob/main/errors.go).
"""
_KAFKA = rf"(?:{KAFKA_CODES}|Not authorized to access (?:topics|group|cluster))"
KAFKA_SIGNALS = (
    "authorizationexception",
    "authorizationfailed",
    "authorization failed",
    "authorization_failed",
    "not authorized to access",
    "not authorized to send this request",
)
_MSK = (
    r"(?:kafka-cluster:|AWS_MSK_IAM|aws-msk-iam|MSK Connect|\bMSK\b[^.\n]{0,40}\bIAM\b|kafka-serverless\."
    r"|amazonaws\.com:9[01]98\b|:kafka:[\w*-]*:[\d*]*:(?:cluster|topic|group|transactional-id)/)"
)
"""Signs that a Kafka cluster is an MSK cluster with IAM access control: actions, login, ports and ARNs.

MSK Developer Guide, "Port information" (https://docs.aws.amazon.com/msk/latest/developerguide/port-info.html).
"""
_API = "https://docs.aws.amazon.com"
_FIREHOSE = f"{_API}/firehose/latest/dev/monitoring-with-cloudwatch-logs.html"
_STREAM = "aws firehose describe-delivery-stream --delivery-stream-name STREAM"
DATA: tuple[ServiceSentence, ...] = (
    row(
        "firehose to assume the role",
        r"trust policy for the provided IAM role allows (?:Kinesis )?(?:Data )?Firehose to assume the role",
        "the stream's delivery role",
        "Firehose could not assume its role, or the role is not allowed to write to the bucket",
        "AWS refused the role of the Firehose stream, not the caller: the role's trust policy, its own policies or "
        "the bucket's policy refuses it.",
        # Amazon Data Firehose Developer Guide, "Controlling access", Apache Iceberg Tables
        # (https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#using-iam-iceberg).
        UsualCause("Allow the stream's role glue:GetTable, glue:GetDatabase and glue:UpdateTable on the catalog, the "
                   "database and the table, and with Lake Formation also its own grants (and "
                   "lakeformation:GetDataAccess). Its trust policy must name firehose.amazonaws.com.",
                   "aws firehose describe-delivery-stream --delivery-stream-name STREAM",
                   shown_by=r"access policy allows access to the AWS Glue service|Iceberg\.GlueAccessDenied",
                   decides=(
                       "Glue refused the role of the Firehose stream: allow that role glue:GetTable, glue:GetDatabase "
                       "and glue:UpdateTable on the catalog, the database and the table."
                   )),
        UsualCause("Write {account} in place of {other} in the trust policy's condition on sts:ExternalId.",
                   shown_by=r"\A(?=[\s\S]*?:firehose:[\w-]+:(?P<account>\d{12}):deliverystream/)"
                            r"(?=[\s\S]*?sts:ExternalId\W{1,6}(?P<other>\d{12}))"
                            r"(?![\s\S]*?sts:ExternalId[^\]}]*?(?P=account))",
                   decides="The trust policy in the text wants sts:ExternalId {other}, but Firehose most likely sends "
                   "the number of the stream's account, {account}: write that number."),
        UsualCause("The trust policy of the stream's role must let firehose.amazonaws.com perform sts:AssumeRole. The "
                   "role's policies must allow s3:PutObject, s3:GetBucketLocation, s3:ListBucket, "
                   "s3:ListBucketMultipartUploads and s3:AbortMultipartUpload on the bucket and its objects.",
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
        "Firehose cannot use the KMS key of the stream's own encryption: the stream's grant on it is missing, or the "
        "caller is not allowed to use the key.",
        UsualCause("The policy in the text has actions on the key without kms:CreateGrant, which whoever turns on the "
                   "stream's encryption needs: if this is the policy of that role or user, add kms:CreateGrant on the "
                   "key, then turn the encryption on again. An Allow for a service in the key policy does not cover a "
                   "role.",
                   shown_by=r"Action[\"']?\s*[:=]\s*\[(?=[^\]]*kms:(?:Decrypt|Encrypt|GenerateDataKey))"
                   r"(?![^\]]*kms:(?:CreateGrant|\*))[^\]]*\]", needs_evidence=True),
        UsualCause("Create the grant again: turn on the stream's encryption with the key (aws firehose "
                   "start-delivery-stream-encryption). The caller of that command needs kms:CreateGrant on the key, "
                   "and a session that is at most 6 hours old. The key must be enabled.",
                   "aws kms describe-key --key-id KEY", Who.RESOURCE_OWNER),
        UsualCause("The message also names the caller: see in CloudTrail which identity KMS refused and for which "
                   "action, and allow that identity the action in its policies and in the key policy."),
        page="https://docs.aws.amazon.com/firehose/latest/APIReference/API_StartDeliveryStreamEncryption.html",
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
    lacking(
        ("s3.kms.accessdenied", "iam role has the permission to call kms"),
        r"\bS3\.KMS\.AccessDenied(?:Exception)?\b|Ensure that the provided IAM role has the permission to call KMS",
        "the role of the Firehose stream",
        ("kms:GenerateDataKey", "kms:Decrypt"),
        UsualCause("The policies of the stream's role, or the policy of the key, lack one of the two actions: both "
                   "must allow the role if the key is in another account.",
                   "aws firehose describe-delivery-stream --delivery-stream-name STREAM"),
        page="https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html",
        on="on the KMS key of the destination",
    ),
    # Amazon MSK Developer Guide, "Semantics of IAM authorization policy actions and resources".
    row(
        KAFKA_SIGNALS,
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
                   decides=(
                       "The connector's service execution role is not allowed to use MSK Connect's own topics: allow "
                       "that role kafka-cluster:CreateTopic, WriteData, ReadData and DescribeTopic on "
                       "__amazon_msk_connect_*."
                   )),
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
                   shown_by=r"\A(?![\s\S]*:group/)(?=[\s\S]*Group[ _]?Authorization)[\s\S]*?"
                   r"\bAlterGroup\b[\s\S]{0,600}?:kafka:[\w*-]*:[\d*]*:(?:topic|cluster)/",
                   decides="The policy in the text allows kafka-cluster:AlterGroup on an ARN of a topic or cluster, "
                   "which never matches: add a statement for AlterGroup and DescribeGroup on "
                   "arn:aws:kafka:REGION:ACCOUNT:group/CLUSTER/UUID/GROUP."),
        UsualCause("A consumer group needs kafka-cluster:AlterGroup and kafka-cluster:DescribeGroup on the group's ARN "
                   "(group/CLUSTER/UUID/GROUP), in addition to the topic's actions.", None,
                   shown_by=r"Group[ _]?Authorization|access (?:this )?group",
                   decides="The client's role is not allowed to use the consumer group: allow kafka-cluster:AlterGroup "
                   "and kafka-cluster:DescribeGroup on the group's ARN.",
                   needs=("kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup")),
        UsualCause("The statement in the text has AlterTransactionalId. Compare its ARN "
                   "(transactional-id/CLUSTER/UUID/ID) with the producer's transactional.id and the cluster's "
                   "UUID, and check that the producer runs with this role.", "aws sts get-caller-identity", Who.CALLER,
                   shown_by=r"\A(?=[\s\S]*Transactional[ _]?Id[ _]?Authorization)"
                   r"[\s\S]*kafka-cluster:(?:Alter(?:TransactionalId|\*)|\*(?![A-Z])|\*Transactional)",
                   decides="The text's policy has AlterTransactionalId: its ARN does not match the producer's "
                   "transactional.id, or the producer runs with another role. Kafka's ACLs do not decide."),
        UsualCause("Add a statement with kafka-cluster:DescribeTransactionalId and AlterTransactionalId on "
                   "arn:aws:kafka:REGION:ACCOUNT:transactional-id/CLUSTER/UUID/ID, where ID is the producer's "
                   "transactional.id (or a prefix with *). The actions on topics and the cluster stay necessary.",
                   None, shown_by=r"Transactional[ _]?Id[ _]?Authorization",
                   decides="The producer uses transactions, and its role lacks kafka-cluster:DescribeTransactionalId "
                   "and AlterTransactionalId on the ARN of its transactional ID, a resource of its own.",
                   needs=("kafka-cluster:DescribeTransactionalId", "kafka-cluster:AlterTransactionalId")),
        UsualCause("An idempotent producer needs kafka-cluster:WriteDataIdempotently on the cluster's ARN, in addition "
                   "to WriteData on the topic; or set enable.idempotence=false.", None,
                   shown_by=r"Cluster[ _]?Authorization[\s\S]{0,2000}idempoten"
                   r"|idempoten[\s\S]{0,2000}Cluster[ _]?Authorization",
                   decides="The client's role lacks kafka-cluster:WriteDataIdempotently on the cluster, which an "
                   "idempotent producer needs. The cluster uses IAM access control, not Kafka's ACLs."),
        # MSK Developer Guide, "Semantics of IAM authorization policy actions and resources": actions on the cluster
        # itself (https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html).
        UsualCause("Programs that administer or watch a cluster, and Debezium when it creates its history topic, read "
                   "the brokers' settings: allow kafka-cluster:DescribeClusterDynamicConfiguration and DescribeCluster "
                   "on the cluster's ARN (…:cluster/NAME/UUID).", None,
                   shown_by=r"\A(?![\s\S]*\bDescribeClusterDynamicConfiguration\b)(?=[\s\S]*"
                   r"(?:Cluster[ _]?Authorization|Not authorized to access cluster))[\s\S]*"
                   r"(?:getKafkaBrokerConfig|DESCRIBE_CONFIGS|describeConfigs|DescribeConfigs|[Aa]dmin-?[Cc]lient|kafka-admin-client-thread|kafka-ui|\bAKHQ\b|kafka-configs)",
                   decides="The client's role lacks an action on the cluster itself, most likely "
                   "kafka-cluster:DescribeClusterDynamicConfiguration, which reading the brokers' settings needs. "
                   "Actions on topics and groups do not include it. Kafka's ACLs do not decide."),
        UsualCause("“Cluster authorization failed” is about the cluster itself, not about a topic or group: a producer "
                   "needs kafka-cluster:WriteDataIdempotently (since Kafka 3.0 producers are idempotent by default), "
                   "an admin client DescribeCluster and DescribeClusterDynamicConfiguration, on the cluster's ARN.",
                   None, shown_by=r"Cluster[ _]?Authorization|access cluster|send this request type",
                   needs_evidence=True),
        UsualCause("The statement in the text that allows the actions on topics names only the cluster's ARN, which is "
                   "enough only for kafka-cluster:Connect. Add a statement for kafka-cluster:DescribeTopic and "
                   "WriteData or ReadData on the topic's ARN (arn:aws:kafka:REGION:ACCOUNT:topic/CLUSTER/UUID/TOPIC, "
                   "with the name and UUID of the cluster's ARN).", None,
                   shown_by=r"\A(?![\s\S]*:topic/)(?=[\s\S]*(?:Topic[ _]?Authorization|access (?:this )?topics?))"
                   r"[\s\S]*?kafka-cluster:(?:WriteData|ReadData|DescribeTopic|\*)[\s\S]{0,600}?"
                   r":kafka:[\w*-]*:[\d*]*:cluster/[\w*-]+",
                   decides="The policy in the text allows the actions on topics only on the cluster's ARN, but they "
                   "are checked on the topic's ARN: topic/CLUSTER/UUID/TOPIC. Kafka's ACLs do not decide."),
        UsualCause("Changing a topic's settings (alterConfigs) needs kafka-cluster:AlterTopicDynamicConfiguration and "
                   "DescribeTopicDynamicConfiguration on the topic's ARN; AlterTopic is for other changes.", None,
                   shown_by=r"\A(?![\s\S]*\bAlterTopicDynamicConfiguration\b)[\s\S]*?"
                   r"(?:[Aa]lterConfigs|ALTER_CONFIGS|alter_configs|kafka-configs[^\n]*--alter)",
                   decides="The client changes a topic's settings, for which its role needs kafka-cluster:"
                   "AlterTopicDynamicConfiguration and DescribeTopicDynamicConfiguration on the topic's ARN. Kafka's "
                   "ACLs do not decide.",
                   needs=("kafka-cluster:AlterTopicDynamicConfiguration",
                          "kafka-cluster:DescribeTopicDynamicConfiguration")),
        UsualCause("If the topic does not exist yet, the client also needs kafka-cluster:CreateTopic on its ARN.", None,
                   shown_by=r"\bauto\.create\.topics\.enable\s*[=:]\s*true|\btopics?\b[^\n]{0,60}\b(?:does(?:n't| not) "
                   r"exist|isn't there|is not there)|\bisn't there yet\b",
                   decides="The topic does not exist yet, as the text says: to create it, the client's role needs "
                   "kafka-cluster:CreateTopic on the topic's ARN. Or create the topic first. Kafka's ACLs do not "
                   "decide."),
        UsualCause("For a topic, allow the client's role kafka-cluster:DescribeTopic and WriteData or ReadData on the "
                   "topic's ARN (topic/CLUSTER/UUID/TOPIC), in addition to kafka-cluster:Connect on the cluster's. An "
                   "idempotent producer also needs WriteDataIdempotently on the cluster's ARN."),
        UsualCause("A statement names the cluster's ARN for an action on topics or groups, or a wrong name or UUID.",
                   None),
        page="https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
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
                   "topics and groups), or the cluster policy of another account's cluster does not allow the "
                   "connection.",
                   "aws kafka list-clusters-v2"),
        page="https://docs.aws.amazon.com/msk/latest/developerguide/iam-access-control.html",
        actions=("kafka-cluster:Connect",),
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
    row(
        ("lambda.assumeroleaccessdenied", "redshift.accessdenied"),
        r"\b(?:Lambda\.AssumeRoleAccessDenied|Redshift\.AccessDenied)\b",
        "Firehose",
        "Firehose cannot assume the stream's role",
        "Firehose cannot assume the role of the stream: its trust policy must let firehose.amazonaws.com perform "
        "sts:AssumeRole.",
        UsualCause("If the trust policy has conditions, sts:ExternalId must be the account's number, and aws:SourceArn "
                   "the stream's ARN. The producer's permissions are not the cause.", _STREAM, Who.RESOURCE_OWNER),
        page=_FIREHOSE,
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
    row(
        "redshift.s3bucketaccessdenied",
        r"\bRedshift\.S3BucketAccessDenied\b",
        "the delivery role, which Redshift's COPY uses",
        "the COPY of the stream cannot read the bucket",
        "The COPY command of the stream cannot read the intermediate bucket: allow the stream's role to perform "
        "s3:GetObject and s3:ListBucket on the bucket, and to use its KMS key.",
        UsualCause("COPY reads with the role in the stream's S3 settings. The bucket's policy must not deny access to "
                   "this role.",
                   _STREAM),
        page=_FIREHOSE,
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    no_permission(
        ("redshift.authenticationfailed", "redshift.insufficientprivilege"),
        r"\bRedshift\.(?:AuthenticationFailed|InsufficientPrivilege)\b",
        "Redshift refuses the stream's database user: its password is wrong, or it lacks INSERT on the table. No IAM "
        "permission is missing.",
        "For AuthenticationFailed, correct the user name and password in the stream (aws firehose update-destination). "
        "For InsufficientPrivilege, run GRANT INSERT ON TABLE … for the user.",
        _FIREHOSE,
    ),
    no_permission(
        ("splunk.invalidtoken", "splunk.disabledtoken", "splunk.invalidindex"),
        r"\bSplunk\.(?:InvalidToken|DisabledToken|InvalidIndex)\b",
        "Splunk refuses the stream's HEC token: it is wrong, disabled, or for another index. No permission in AWS is "
        "missing.",
        "Compare the token with Splunk's HTTP Event Collector and update the stream (or its secret in Secrets "
        "Manager). In Splunk, enable the token and indexer acknowledgement.",
        _FIREHOSE,
    ),
    no_permission(
        "you can't use this secret with amazon msk",
        r"secret is encrypted with the default key\. You can['’]t use this secret with Amazon MSK",
        "MSK does not accept a secret that is encrypted with the default key (aws/secretsmanager): create it with a "
        "customer managed KMS key. No permission is missing.",
        "Create the secret again: its name must begin with AmazonMSK_, and --kms-key-id must name a symmetric customer "
        "managed key. Then associate the secret with the cluster.",
        f"{_API}/msk/latest/developerguide/msk-password-limitations.html",
    ),
    no_permission(
        ("lengthofcloudwatchresourcepolicylimit", "numberofcloudwatchresourcepolicieslimit"),
        r"\b(?:LengthOfCloudWatchResourcePolicy|NumberOfCloudWatchResourcePolicies)LimitExceeded\b",
        "The resource policies of CloudWatch Logs are full, so MSK cannot add its log group: use a log group whose "
        "name begins with /aws/vendedlogs/. No permission of the caller is missing.",
        "If the Region has too many of these policies, add the statement for delivery.logs.amazonaws.com to an "
        "existing resource policy (aws logs put-resource-policy), or delete a resource policy that nobody uses.",
        f"{_API}/msk/latest/developerguide/troubleshooting.html",
        "aws logs describe-resource-policies",
    ),
    no_permission(
        "cannot be provided as service execution role",
        r"service[- ]linked role ARN cannot be provided as (?:the )?service execution role",
        "MSK Connect does not accept a service-linked role as service execution role: use a role that you created.",
        "Create a role that trusts kafkaconnect.amazonaws.com. Allow the role the kafka-cluster actions and the "
        "actions that the connector's source or target needs, and allow the caller iam:PassRole on the role.",
        f"{_API}/msk/latest/developerguide/msk-connect-service-execution-role.html",
    ),
    row(
        "invalidkmsresource",
        r"\bInvalidKMSResourceException\b(?![\s\S]{0,300}?grant for the CMK)",
        "Firehose, or the caller of the encryption",
        "Firehose cannot use the stream's KMS key",
        "Firehose cannot use the KMS key of the stream's own encryption: the caller lacks kms:CreateGrant on the key, "
        "or the key is disabled, missing or of the wrong kind.",
        UsualCause("Turn on the stream's encryption again as a caller with kms:CreateGrant on the key. The key policy "
                   "must allow kms:CreateGrant to that caller, too. If records are refused, check the key's state and "
                   "its grants.",
                   "aws kms describe-key --key-id KEY"),
        page=f"{_API}/firehose/latest/APIReference/API_StartDeliveryStreamEncryption.html",
    ),
)  # fmt: skip
