"""Secrets that KMS refuses since they have a customer managed key, although the text also names the AWS managed key."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

CALL = "An error occurred (AccessDeniedException) when calling the GetSecretValue operation: "
REFUSED = f"{CALL}Access to KMS is not allowed\n"


@pytest.mark.parametrize(
    "remark",
    [
        "We moved the secret orders/api from aws/secretsmanager last week: it is now encrypted with our own KMS key.",
        "After the secret was switched to a customer managed key it fails. With alias/aws/secretsmanager it was fine.",
        "Secrets with the default key (aws/secretsmanager) can be read; this one has a key of our own.",
    ],
)
def test_the_caller_needs_an_allow_on_a_customer_managed_key(remark: str) -> None:
    answer = diagnosed(REFUSED + remark)
    assert "Allow the caller kms:Decrypt on the customer managed key" in answer.verdict.summary
    assert not any("Its owner must encrypt it" in each.cause for each in answer.first_look)


def test_an_aws_managed_key_stays_the_cause_where_no_other_key_is_said() -> None:
    shared = "The other account reads the secret, which has the key aws/secretsmanager: no customer managed key."
    assert "customer managed key that encrypts" not in diagnosed(REFUSED + shared).verdict.summary
