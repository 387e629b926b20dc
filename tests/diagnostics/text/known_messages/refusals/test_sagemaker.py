"""Messages of SageMaker AI, and of Bedrock AgentCore, about model data, roles and images: what the text decides."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

MODEL = (
    "ClientError: An error occurred (ValidationException) when calling the CreateModel operation: Could not access "
    'model data at s3://acme-models/llm/output/model.tar.gz. Please ensure that the role "arn:aws:iam::111122223333:'
    'role/sm" exists and that its trust relationship policy allows the action "sts:AssumeRole".\n'
    "$ aws s3 ls s3://acme-models/llm/output/\n"
)


@pytest.mark.parametrize(
    ("listed", "missing"),
    [
        ("                           PRE model/\n", True),
        ("2026-10-06 11:27:09       1200 model.tar\n2026-10-06 11:27:09  12 log.txt\n", True),
        ("2026-10-06 11:27:09       1200 model.tar.gz\n", False),
        ("An error occurred (AccessDenied) when calling the ListObjectsV2 operation\n", False),
    ],
)
def test_a_listing_shows_that_the_model_data_has_another_name(listed: str, missing: bool) -> None:
    said = [collect_offline(each).verdict.summary for each in read_text(MODEL + listed)]
    assert any("does not have model.tar.gz" in each for each in said) is missing


@pytest.mark.parametrize(
    ("text", "said"),
    [
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
def test_the_role_or_image_of_sagemaker_and_agentcore_is_named(text: str, said: str) -> None:
    assert said in collect_offline(read_text(text)[0]).verdict.summary
