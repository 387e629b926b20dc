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
    assert ("asks for the topic scores.v2" in summary) is other


def test_a_group_is_compared_with_groups() -> None:
    text = REFUSED.format("Group", "group", "billing") + MECHANISM + ARN.format("group", "invoices")
    assert "asks for the consumer group billing" in collect_offline(read_text(text)[0]).verdict.summary


def test_a_broker_that_names_no_topic_decides_nothing() -> None:
    text = REFUSED.format("Topic", "topics", "[Authorization failed.]") + MECHANISM + ARN.format("topic", "scores")
    assert "asks for the topic" not in collect_offline(read_text(text)[0]).verdict.summary
