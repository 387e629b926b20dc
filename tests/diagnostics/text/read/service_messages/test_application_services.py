"""Sentences of EventBridge Pipes, SageMaker and AgentCore name the role, image or target that is at fault."""

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
        (
            "Failed. Reason: The repository 'clip' of your image 111122223333.dkr.ecr.eu-west-1.amazonaws.com/clip:1 "
            "does not grant ecr:GetDownloadUrlForLayer, ecr:BatchGetImage permission to sagemaker.amazonaws.com "
            "service principal..",
            "The policy of the ECR repository clip does not let sagemaker.amazonaws.com pull the image",
        ),
        (
            "ClientError: Cannot pull algorithm container. Either the image: "
            "111122223333.dkr.ecr.us-east-1.amazonaws.com/xgb:latest does not exist or its permissions are incorrect.",
            "SageMaker cannot pull the image",
        ),
        (
            "when calling the CreateAgentRuntime operation: Role validation failed for "
            "'arn:aws:iam::111122223333:role/agent-rt'. Please verify that the role exists and its trust policy allows "
            'assumption by this service\n{"Statement":[{"Effect":"Allow",'
            '"Principal":{"Service":"bedrock.amazonaws.com"},"Action":"sts:AssumeRole"}]}',
            "statement 1 names bedrock.amazonaws.com, not bedrock-agentcore.amazonaws.com",
        ),
    ],
)
def test_the_role_image_or_target_of_the_service_is_named(text: str, said: str) -> None:
    assert said in collect_offline(read_text(text)[0]).verdict.summary


def test_the_resource_of_the_pipes_role_is_the_cause_where_the_policy_shows_it() -> None:
    (failure,) = read_text(
        "PROBLEM: Pipes does not have enough permission to process your event source. Please add ec2:DescribeVpcs "
        'permission to role.\n{"Version":"2012-10-17","Statement":[{"Effect":"Allow",'
        '"Action":["kafka:DescribeClusterV2","ec2:DescribeVpcs"],"Resource":"arn:aws:kafka:eu-north-1:111122223333:cluster/events/4371d60d"}]}'
    )
    assert "Resource *" in collect_offline(failure).verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        "error occurred while sending message to the customer: timeout",
        "Role validation failed for user ana: no such role in the application",
        "docker: cannot pull container app:latest: not found",
    ],
)
def test_similar_texts_are_not_these_sentences(text: str) -> None:
    assert not any(
        word in collect_offline(read_text(text)[0]).verdict.summary for word in ("pipe", "SageMaker", "service cannot")
    )
