"""Sentences of services with models: other failures that only resemble refusals."""

from __future__ import annotations

import pytest

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
