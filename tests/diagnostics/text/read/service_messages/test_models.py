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
