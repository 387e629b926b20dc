"""Undelivered events: the policy of the target allows another service than the sender, or nothing is encrypted."""

from __future__ import annotations

import json

import pytest

from tests.support.denials.pasted import causes

RULE_TO_QUEUE = "An EventBridge rule should send to our queue in SQS, which has no encryption; nothing arrives.\n"
ALARM = "CloudWatch alarm cpu-high goes to ALARM, but no message comes from arn:aws:sns:us-east-2:111122223333:pager.\n"
IN_TERRAFORM = """statement {
  actions = ["sqs:SendMessage"]
  principals {
    type        = "Service"
    identifiers = ["cloudwatch.amazonaws.com"]
  }
}"""


def lets(service: str, action: str) -> str:
    return json.dumps({"Effect": "Allow", "Principal": {"Service": service}, "Action": action, "Resource": "*"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RULE_TO_QUEUE + IN_TERRAFORM, "Allow sqs:SendMessage to events.amazonaws.com there."),
        (ALARM + lets("events.amazonaws.com", "sns:Publish"), "a CloudWatch alarm sends as cloudwatch.amazonaws.com"),
        (
            "Topic arn:aws:sns:eu-west-3:111122223333:a to queue: nothing arrives\n"
            + lets("events.amazonaws.com", "sqs:SendMessage"),
            "SNS sends as sns.amazonaws.com, and the policy in the text allows events.amazonaws.com",
        ),
    ],
)
def test_the_sender_is_compared_with_the_policy(text: str, said: str) -> None:
    assert said in causes(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        RULE_TO_QUEUE + lets("events.amazonaws.com", "sqs:SendMessage"),
        f"{ALARM}An EventBridge rule sends there, too.\n" + lets("events.amazonaws.com", "sns:Publish"),
        "CloudWatch alarm cpu-high works.\n" + lets("events.amazonaws.com", "sns:Publish"),
    ],
)
def test_a_policy_that_may_name_the_sender_is_not_wrong(text: str) -> None:
    assert not any("wrong service" in each for each in causes(text))


@pytest.mark.parametrize("words", ["The topic is not encrypted.", "topic: unencrypted", "KmsMasterKeyId: null (topic)"])
def test_without_encryption_no_key_is_named(words: str) -> None:
    assert not any("KMS" in each for each in causes(f"EventBridge rule to an SNS topic, nothing arrives. {words}"))


def test_with_encryption_the_key_is_named() -> None:
    (first, *_) = causes("EventBridge rule to an SNS topic with a customer managed key, nothing arrives.")
    assert "The topic's KMS key policy must allow events.amazonaws.com" in first
