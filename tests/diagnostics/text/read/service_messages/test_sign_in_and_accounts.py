"""Sentences about sign-in: other failures that only resemble refusals."""

from __future__ import annotations

import pytest

from diagnostics.text.read.messages.service_sentences import sentence_in

CALLED = "An error occurred ({}) when calling the {} operation: {}"


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:sts::111122223333:assumed-role/AWSControlTowerExecution/x called CreateStack",
        "AWS Control Tower cannot create the OU because one already exists",
        "the permission sets of the management account were provisioned",
        CALLED.format("InsufficientPermissionsException", "CreateDirectory", "More is needed."),
        CALLED.format("AuthorizationException", "CreateLicense", "Not found."),
        CALLED.format("KMSAccessDenied", "Publish", "The topic's key is not accessible."),  # of Amazon SNS
        "caa records are set for example.com",
    ],
)
def test_similar_texts_have_no_such_cause(text: str) -> None:
    assert sentence_in(text) is None
