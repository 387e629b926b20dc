"""Sentences of services with models: other failures that only resemble refusals."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.read.messages.service_sentences import sentence_in

CALLED = "An error occurred ({}) when calling the {} operation: {}"
ROLE = "arn:aws:iam::111122223333:role/kendra-s3"


@pytest.mark.parametrize(
    "text",
    [
        "ClientError: Data download failed: No S3 objects found under s3://acme/train",
        "Access denied while invoking the model",
        "Access denied while invoking lambda function f from Amazon Connect",
        "Failed to create log group for job: it exists already",
        CALLED.format("LicenseNotFoundException", "GetLicense", "There is none."),
    ],
)
def test_similar_texts_have_no_such_cause(text: str) -> None:
    assert sentence_in(text) is None


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


@pytest.mark.parametrize(
    "text",
    [
        "Role validation failed for user ana: no such role in the application",
        "docker: cannot pull container app:latest: not found",
    ],
)
def test_similar_texts_are_no_sentences_of_sagemaker_or_agentcore(text: str) -> None:
    said = collect_offline(read_text(text)[0]).verdict.summary
    assert not any(word in said for word in ("SageMaker", "service cannot"))
