"""Messages of AWS Lambda about its event source mappings: Kafka, SQS, Kinesis, DynamoDB Streams."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    LISTS_FUNCTIONS,
    ServiceSentence,
    UsualCause,
    lacking,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"
_LAMBDA = f"{_DOCS}/lambda/latest/dg"
_KAFKA = f"{_LAMBDA}/with-kafka-troubleshoot.html"
_MAPPING = (
    "aws lambda list-event-source-mappings --query 'EventSourceMappings[].[UUID,FunctionArn,LastProcessingResult]'"
)


def _of_kafka(said: str, pattern: str, refused: str, reason: str, summary: str, *causes: UsualCause) -> ServiceSentence:
    """Return the row for a result that Lambda shows for a Kafka event source mapping."""
    return row(said, pattern, refused, reason, summary, *causes, page=_KAFKA)


LAMBDA_KAFKA_SOURCES: tuple[ServiceSentence, ...] = (
    # AWS Lambda Developer Guide, "Troubleshooting Kafka event source mapping errors".
    _of_kafka(
        "cluster failed to authorize lambda",
        r"Cluster failed to authorize Lambda",
        "the user or role with which Lambda reads from Kafka",
        "the cluster does not allow the group or the topic",
        "The Kafka cluster does not let Lambda use the topic or the consumer group: with IAM, the function's execution "
        "role lacks kafka-cluster actions; with SASL/SCRAM or mTLS, the user lacks ACLs.",
        UsualCause("IAM access control: allow the execution role kafka-cluster:Connect, DescribeGroup, AlterGroup, "
                   "DescribeTopic, ReadData and DescribeClusterDynamicConfiguration, on the ARNs of cluster, topic and "
                   "group. The group's name is the UUID of the event source mapping, unless the mapping sets a "
                   "different one.",
                   _MAPPING,
                   needs=("kafka-cluster:Connect", "kafka-cluster:DescribeGroup", "kafka-cluster:AlterGroup",
                          "kafka-cluster:DescribeTopic", "kafka-cluster:ReadData",
                          "kafka-cluster:DescribeClusterDynamicConfiguration")),
        UsualCause("SASL/SCRAM or mTLS: give the user of the secret the Kafka ACLs DescribeConfigs on the cluster, and "
                   "Describe and Read on the group and on the topic. IAM policies have no effect there.", None,
                   Who.RESOURCE_OWNER),
        UsualCause("After a change, wait several minutes before you judge whether it worked.", None, Who.CALLER),
    ),
    _of_kafka(
        "sasl authentication failed",
        r"(?:PROBLEM|LastProcessingResult|[Ll]ast processing result|event source mapping)[^\n]{0,200}?"
        r"SASL authentication failed",
        "the user or role with which Lambda signs in to Kafka",
        "the sign-in to the cluster failed",
        "Lambda could not sign in to the Kafka cluster: with SASL/SCRAM, the secret's user name or password is wrong; "
        "with IAM, the function's execution role lacks kafka-cluster:Connect.",
        UsualCause("SASL/SCRAM or PLAIN: correct username and password in the secret of the event source "
                   "mapping.", None,
                   Who.RESOURCE_OWNER),
        UsualCause("IAM access control: allow the execution role kafka-cluster:Connect on the cluster's "
                   "ARN.", _MAPPING),
        UsualCause("If the error comes and goes, the cluster has reached its limit of TCP connections; Lambda tries "
                   "again.", None,
                   Who.RESOURCE_OWNER),
    ),
    _of_kafka(
        "server failed to authenticate lambda",
        r"Server failed to authenticate Lambda",
        "Lambda's client certificate",
        "the brokers do not accept Lambda's client certificate",
        "The Kafka brokers do not accept Lambda's client certificate: none is configured, the brokers do not use "
        "mTLS, or they do not trust the certificate. No IAM policy is the cause.",
        UsualCause("Set the secret with the client certificate (CLIENT_CERTIFICATE_TLS_AUTH) in the event source "
                   "mapping; use the brokers' mTLS port; and make the brokers trust the CA that issued the "
                   "certificate.", _MAPPING,
                   Who.RESOURCE_OWNER),
    ),
    _of_kafka(
        "provided certificate or private key is invalid",
        r"Provided certificate or private key is invalid(?=[\s\S]*?\b(?:Lambda|Kafka|MSK|event source)\b)"
        r"|(?:\bLambda\b|\bKafka\b|\bMSK\b|PROBLEM: |[Ll]ast processing result)[\s\S]{0,400}?"
        r"Provided certificate or private key is invalid",
        "the secret of the event source mapping",
        "the certificate or private key in the secret is not usable",
        "Lambda cannot use the certificate or private key in the secret: both must be PEM, and an encrypted key must "
        "use PBES1. No permission is missing.",
        UsualCause("Write certificate and privateKey (and privateKeyPassword) as PEM into the secret.", None,
                   Who.RESOURCE_OWNER),
    ),
    row(
        "ensure the role can perform the 'secretsmanager:getsecretvalue'",
        r"Cannot access secret manager value (?P<resource>arn:\S*[\w-])\.? Please ensure the role can perform the "
        r"'secretsmanager:GetSecretValue'",
        "the function's execution role",
        "the function's execution role is not allowed to read the secret",
        "The function's execution role is not allowed to read the secret of the event source: allow that role "
        "secretsmanager:GetSecretValue on {resource}.",
        UsualCause("Add the action to the execution role's policy, and kms:Decrypt if a customer managed key encrypts "
                   "the secret. Whoever creates the mapping does not need this permission.",
                   LISTS_FUNCTIONS),
        page=f"{_LAMBDA}/with-mq.html",
        actions=("secretsmanager:GetSecretValue",),
        cause="identity.no-action",
        ground=Ground.STATED,
    ),
)  # fmt: skip
EXECUTION_ROLE = (
    r"(?:execution role|role defined for the function) do(?:es)?(?: not|n't) have (?:the )?permissions? to call "
)
_KINESIS = (
    *("kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator"),
    "kinesis:ListShards",
)
_DYNAMODB = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams")
POLICY_ATTACHED_LATE = UsualCause(
    "The policy is attached only after the function or the mapping is created, or it was attached a moment ago: make "
    "the mapping depend on the attachment, and try again.",
    None,
    Who.CALLER,
)


def execution_role(
    signal: str, call: str, policy: str, actions: tuple[str, ...], on: str, page: str
) -> ServiceSentence:
    """Return the table row for the error that Lambda returns if the function's role fails its check."""
    return lacking(
        signal,
        EXECUTION_ROLE + call,
        "the function's execution role",
        actions,
        UsualCause(
            f"The function's own execution role lacks the actions {on} (whoever deploys does not need them): "
            f"attach {policy} to the role, or allow {', '.join(actions)}.",
            LISTS_FUNCTIONS,
        ),
        UsualCause(
            f"The text attaches {policy} to the role, so most likely the function is created before that attachment, "
            "or seconds after it: let the function or mapping depend on it (depends_on, DependsOn), and try again.",
            None,
            Who.CALLER,
            shown_by=rf"\A(?![\s\S]*\b(?:depends_on\b[^\]]{{0,200}}policy_attachment|DependsOn\b))[\s\S]*?"
            rf"(?:aws_iam_(?:role_)?policy_attachment\b[\s\S]{{0,300}}?\b{policy}\b|\b{policy}\b[^\n]{{0,80}}\battached\b"
            rf"|\battached\b[^\n]{{0,80}}\b{policy}\b)",
            decides=f"The text attaches {policy} to the function's execution role: most likely that happens only after "
            "the function is created. Let the function depend on the attachment, and try again.",
        ),
        POLICY_ATTACHED_LATE,
        page=page if page.startswith("https:") else f"{_LAMBDA}/{page}",
        on=on,
    )


LAMBDA_SOURCE_ROLES: tuple[ServiceSentence, ...] = (
    execution_role(
        "permissions to call",
        r"(?:ReceiveMessage|DeleteMessage|GetQueueAttributes) on (?:AWS |Amazon )?SQS",
        "AWSLambdaSQSQueueExecutionRole",
        ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
        "on the queue",
        "services-sqs-configure.html",
    ),
    execution_role(
        "permissions to call",
        r"\w+ on (?:AWS |Amazon )?Kinesis",
        "AWSLambdaKinesisExecutionRole",
        _KINESIS,
        "on the stream",
        "with-kinesis.html",
    ),
    execution_role(
        "permissions to call",
        r"(?:GetRecords|GetShardIterator|DescribeStream|ListStreams) on (?:AWS |Amazon )?DynamoDB",
        "AWSLambdaDynamoDBExecutionRole",
        _DYNAMODB,
        "on the table's stream",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaDynamoDBExecutionRole.html",
    ),
)

LAMBDA_STREAMS: tuple[ServiceSentence, ...] = (
    *(
        lacking(
            "please ensure the role can perform",
            rf"Cannot access stream (?P<resource>arn:[\w-]+:{service}:\S+?)\.? Please ensure the role can perform",
            "the function's execution role",
            actions,
            UsualCause(
                f"The function's own execution role lacks the actions on the stream{part} (whoever deploys does "
                f"not need them): {policy} contains them.",
                LISTS_FUNCTIONS,
            ),
            UsualCause(
                f"The text mentions {meant}, but the ARN belongs to another kind of stream. If the ARN is "
                "wrong, give the mapping the right ARN: its role has permissions on that stream. If the ARN "
                "is right, allow the role the actions on this stream.",
                None,
                Who.CALLER,
                shown_by=says,
                decides=(
                    f"The text speaks of {meant}, but the ARN is that of another kind of stream: check the ARN "
                    "first. If the ARN is right, the function's execution role lacks permissions on the stream."
                ),
            ),
            POLICY_ATTACHED_LATE,
            page=f"{_LAMBDA}/{page}",
            on="on the stream",
        )
        for service, policy, page, part, actions, meant, says in (
            (
                "kinesis",
                "AWSLambdaKinesisExecutionRole",
                "with-kinesis.html",
                "",
                _KINESIS,
                "DynamoDB's streams",
                r"\bDynamoDB (?:type|streams?|event|trigger|replication)\b|\bDDBEvent\b",
            ),
            (
                "dynamodb",
                "AWSLambdaDynamoDBExecutionRole",
                "with-ddb.html",
                " (table/NAME/stream/*)",
                _DYNAMODB,
                "Kinesis's streams",
                r"\bKinesis (?:type|(?:data )?streams?|event|trigger)\b",
            ),
        )
    ),
)
