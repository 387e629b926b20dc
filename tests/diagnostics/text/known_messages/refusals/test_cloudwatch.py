"""Sentences about canaries: other failures that only resemble refusals."""

from __future__ import annotations

import pytest

from diagnostics.text.read.messages.service_sentences import sentence_in

TAGS = "E! [processors.ec2tagger] ec2tagger: Unable to describe ec2 tags for initial retrieval:"


@pytest.mark.parametrize(
    "text",
    [
        "Unable to upload artifacts to S3. Exception: connect ETIMEDOUT",
        f"{TAGS} RequestError: send request failed",
        "POST https://dataplane.rum.eu-west-1.amazonaws.com/appmonitors/1a2b 200",
        "the message to a@example.com is undeliverable",
        '"KeySigningKeys": [{"Name": "ksk", "Status": "ACTIVE"}]',
        "The Lambda function associated with the CloudFront distribution was throttled.",
    ],
)
def test_other_failures_of_the_same_programs_are_not_refusals(text: str) -> None:
    assert sentence_in(text) is None
