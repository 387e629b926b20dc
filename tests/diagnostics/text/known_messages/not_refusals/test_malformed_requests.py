"""Requests whose signature has an old version, or covers a header that did not arrive."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

OLD = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256"


@pytest.mark.parametrize(
    "text",
    [
        f"<Error><Code>InvalidRequest</Code><Message>{OLD}.</Message></Error>",
        f"AWS::S3::Errors::InvalidRequest: {OLD}.",
        f"An error occurred (InvalidRequest) when calling the GetObject operation: {OLD}.",
    ],
)
def test_an_old_signature_version_is_named(text: str) -> None:
    found = diagnosed(text)
    assert found.verdict.cause == "not-iam"
    assert "version 2: let the program sign with version 4" in found.verdict.summary


@pytest.mark.parametrize(
    ("said", "header"),
    [
        ("Bad request: signed header `accept-encoding` is not present", "accept-encoding"),
        ("signed header 'x-amz-meta-owner' is missing", "x-amz-meta-owner"),
    ],
)
def test_a_signed_header_that_did_not_arrive_is_named(said: str, header: str) -> None:
    text = f"operation error S3: PutObject, https response error StatusCode: 400, api error InvalidRequest: {said}"
    assert f"signed the header {header}, but it did not arrive" in diagnosed(text).verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        "An error occurred (InvalidRequest) when calling the PutObject operation: Missing required header for this "
        "request: Content-MD5",
        "An error occurred (SignatureDoesNotMatch) when calling the PutObject operation: The request signature we "
        "calculated does not match the signature you provided. Authorization: AWS4-HMAC-SHA256 SignedHeaders=host",
    ],
)
def test_other_requests_are_not(text: str) -> None:
    summary = diagnosed(text).verdict.summary
    assert "did not arrive" not in summary
    assert "sign with version 4" not in summary
