"""Sentences of EventBridge Pipes name the role or target that is at fault."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

PIPE = "unexpected state 'CREATE_FAILED'. last error: Input parameter is invalid from the request due to : "


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"{PIPE}The provided customer role does not have permissions to call ReceiveMessage on SQS",
            "The pipe's execution role is not allowed to call ReceiveMessage on SQS",
        ),
        (
            "Error: The provided customer role does not have permissions to call\nDescribeStream on Kinesis\n",
            "The pipe's execution role is not allowed to call DescribeStream on Kinesis",
        ),
        (
            f"{PIPE}Error occurred while sending message to  SQS queue: arn:aws:sqs:eu-west-2:111122223333:shop-dlq",
            "The pipe cannot send to its dead-letter SQS queue arn:aws:sqs:eu-west-2:111122223333:shop-dlq",
        ),
    ],
)
def test_the_role_or_target_of_the_pipe_is_named(text: str, said: str) -> None:
    assert said in collect_offline(read_text(text)[0]).verdict.summary


def test_the_resource_of_the_pipes_role_is_the_cause_where_the_policy_shows_it() -> None:
    (failure,) = read_text(
        "PROBLEM: Pipes does not have enough permission to process your event source. Please add ec2:DescribeVpcs "
        'permission to role.\n{"Version":"2012-10-17","Statement":[{"Effect":"Allow",'
        '"Action":["kafka:DescribeClusterV2","ec2:DescribeVpcs"],"Resource":"arn:aws:kafka:eu-north-1:111122223333:cluster/events/4371d60d"}]}'
    )
    assert "Resource *" in collect_offline(failure).verdict.summary


def test_similar_texts_are_not_these_sentences() -> None:
    text = "error occurred while sending message to the customer: timeout"
    assert "pipe" not in collect_offline(read_text(text)[0]).verdict.summary
