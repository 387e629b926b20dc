"""Messages of Amazon MSK and of its clients, and of MSK Connect."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, no_permission, row
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"
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

MSK_CLIENTS: tuple[ServiceSentence, ...] = (
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
                           "{kind}/CLUSTER/UUID/NAME (* may replace the UUID). Kafka's ACLs have "
                           "no effect on this decision."),
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
)  # fmt: skip

MSK_IDENTITIES: tuple[ServiceSentence, ...] = (
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
)  # fmt: skip

MSK_SECRETS_LOGS_AND_CONNECT: tuple[ServiceSentence, ...] = (
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
)  # fmt: skip
