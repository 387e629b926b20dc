"""A refused topic or group of MSK is compared with the ARNs in the text."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

REFUSED = "org.apache.kafka.common.errors.{0}AuthorizationException: Not authorized to access {1}: {2}\n"
MECHANISM = "sasl.mechanism=AWS_MSK_IAM\npolicy: kafka-cluster:WriteData, kafka-cluster:DescribeTopic on\n"
ARN = "arn:aws:kafka:eu-west-1:111122223333:{}/prod/7c1d2e3f-aaaa-4b5b-8c6c-1234567890ab-3/{}\n"


@pytest.mark.parametrize(
    ("kind", "refused", "name", "other"),
    [
        ("topic", "topics", "scores", True),
        ("topic", "topics", "scores.v2", False),
        ("topic", "topics", "scores*", False),
        ("group", "topics", "readers", False),
        ("topic", "topics", "__internal_*", True),
    ],
)
def test_a_topic_that_the_policy_does_not_name_is_the_cause(kind: str, refused: str, name: str, other: bool) -> None:
    text = REFUSED.format("Topic", refused, "[scores.v2]") + MECHANISM + ARN.format(kind, name)
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert ("requests the topic scores.v2" in summary) is other


def test_a_group_is_compared_with_groups() -> None:
    text = REFUSED.format("Group", "group", "billing") + MECHANISM + ARN.format("group", "invoices")
    assert "requests the consumer group billing" in collect_offline(read_text(text)[0]).verdict.summary


def test_a_broker_that_names_no_topic_decides_nothing() -> None:
    text = REFUSED.format("Topic", "topics", "[Authorization failed.]") + MECHANISM + ARN.format("topic", "scores")
    assert "requests the topic" not in collect_offline(read_text(text)[0]).verdict.summary


CLUSTER = "org.apache.kafka.common.errors.ClusterAuthorizationException: Cluster authorization failed.\n"


@pytest.mark.parametrize(
    ("around", "words"),
    [
        (
            "\tat io.debezium.storage.kafka.KafkaSchemaHistory.getKafkaBrokerConfig(KafkaSchemaHistory.java:5)\n",
            "DescribeClusterDynamicConfiguration",
        ),
        (
            "[kafka-admin-client-thread | adminclient-2] StatisticsService: failed\n",
            "DescribeClusterDynamicConfiguration",
        ),
        ("enable.idempotence=true\n", "WriteDataIdempotently"),
    ],
)
def test_a_refusal_of_the_cluster_is_about_actions_on_the_cluster(around: str, words: str) -> None:
    assert words in collect_offline(read_text(CLUSTER + around + MECHANISM)[0]).verdict.summary


def test_a_policy_with_the_clusters_settings_lacks_something_else() -> None:
    text = (
        f"{CLUSTER}adminclient-2\n{MECHANISM}cluster/*, kafka-cluster:DescribeClusterDynamicConfiguration on cluster/*"
    )
    assert "most likely" not in collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(
    "said",
    [
        "kafka server: SASL Authentication failed: [{}]: Access denied",
        "%3|1724|FAIL|rdkafka#producer-1| SASL authentication error: [{}]: Access denied (after 321ms in state "
        "AUTH_REQ)",
    ],
)
def test_other_clients_report_msks_refusal_too(said: str) -> None:
    text = said.format("9b2d7d9e-5d3b-4b4c-9b3e-0c8b3a1f1c11")
    assert "kafka-cluster:Connect" in collect_offline(read_text(text)[0]).verdict.summary


DENIED = "SaslAuthenticationException: [9b2d7d9e-5d3b-4b4c-9b3e-0c8b3a1f1c11]: Access denied\n"
CONNECT = '"kafka-cluster:Connect" on "arn:aws:kafka:eu-west-1:111122223333:cluster/{}/*"\n'
UUID = "7c1d2e3f-aaaa-4b5b-8c6c-1234567890ab-3"


@pytest.mark.parametrize(
    ("named", "around", "other"),
    [
        ("staging", f"Cluster ARN: arn:aws:kafka:eu-west-1:111122223333:cluster/prod/{UUID}", True),
        ("staging", "bootstrap.servers=b-1.prod.ab12cd.c3.kafka.eu-west-1.amazonaws.com:9098", True),
        ("Prod", "bootstrap.servers=b-1.prod.ab12cd.c3.kafka.eu-west-1.amazonaws.com:9098", False),
        ("pro*", f"clusterArn: arn:aws:kafka:eu-west-1:111122223333:cluster/prod/{UUID}", False),
        ("staging", "", False),
    ],
)
def test_the_cluster_is_compared_with_the_policy(named: str, around: str, other: bool) -> None:
    summary = collect_offline(read_text(DENIED + CONNECT.format(named) + around)[0]).verdict.summary
    assert ("connects to the cluster prod" in summary) is other
