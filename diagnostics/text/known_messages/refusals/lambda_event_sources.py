"""Messages of AWS Lambda about its event source mappings: Kafka, SQS, Kinesis, DynamoDB Streams."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import LISTS_FUNCTIONS, ServiceSentence, UsualCause, row
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
