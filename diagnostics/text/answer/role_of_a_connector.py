"""Say that a connector of Flink or Kafka Connect did not assume the role that its settings name."""

from __future__ import annotations

from diagnostics.failure import Denial
from iam.arn import identity_of
from iam.lazy_pattern import regex

# Apache Flink, "Amazon Kinesis Data Streams Connector": aws.credentials.provider ASSUME_ROLE and its role.arn
# (https://nightlies.apache.org/flink/flink-docs-stable/docs/connectors/datastream/kinesis/).
# Kafka Connect S3 sink: s3.credentials.provider.sts.role.arn
# (https://docs.confluent.io/kafka-connectors/s3-sink/current/overview.html).
_CONNECTOR_ROLE = regex(
    r"(?:\bAWS_ROLE_ARN[\"']?|\baws\.credentials\.provider\.role\.arn[\"']?|\broleArn\(AWS_CREDENTIALS_PROVIDER\)"
    r"|\bs3\.credentials\.provider\.(?:sts\.)?role\.arn[\"']?)"
    r"\s*[,:=]\s*[\"']?(?P<arn>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+)"
)
_ASSUMES_ROLE = regex(r"\bASSUME_ROLE\b|\bA[Ww][Ss]AssumeRoleCredentialsProvider\b")
_OWN_KEYS = regex(r"\baws\.access\.key\.id\b")


def role_of_a_connector(denial: Denial) -> str:
    """Return a sentence on the role that a connector of Flink or Kafka was set to assume, and did not; "" otherwise.

    FLINK-29205: version 1.15.2 ignores the credential provider for enhanced fan-out
    (https://issues.apache.org/jira/browse/FLINK-29205). S3 sink: aws.access.key.id took the role's place
    (https://github.com/confluentinc/kafka-connect-storage-cloud/pull/552).
    """
    text = denial.pasted or denial.text
    meant = {each["arn"] for each in _CONNECTOR_ROLE.finditer(text)} if _ASSUMES_ROLE.search(text) else set()
    _, kind, caller = identity_of(denial.principal or "")
    if len(meant) != 1 or not caller or (denial.action or "").startswith("sts:"):
        return ""
    account, _, role = identity_of(meant.pop())
    if role == caller:
        return ""
    if _OWN_KEYS.search(text):
        fault = (
            " Older versions of the S3 sink ignore the role if aws.access.key.id is set: update the connector, or "
            "remove aws.access.key.id and aws.secret.access.key and let the worker's own credentials assume the role."
        )
    else:
        fault = _of_flink(text)
    return (
        f"The call came with the program's own {kind} {caller}, although the connector is set to assume {role} of "
        f"account {account}: it did not.{fault} Allow {caller} nothing."
    )


def _of_flink(text: str) -> str:
    return (
        " Version 1.15.2 of the Kinesis connector ignores the setting for enhanced fan-out (EFO): use 1.15.3 or later."
        if "1.15.2" in text
        else " Check the setting's name for this version of the connector, and whether it applies to this consumer."
    )
