"""A version of a secret of which Secrets Manager says that it does not have the current key is written again."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

SAID = (
    "An error occurred (AccessDeniedException) when calling the GetSecretValue operation: Access to KMS is not allowed."
)
STATED = " This version of secret is not encrypted with the current KMS key."
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:erp-Qk2v9Z"


@pytest.mark.parametrize(
    "text", [f"$ aws secretsmanager get-secret-value --secret-id {SECRET}\n{SAID}{STATED}", f"{SAID}{STATED}"]
)
def test_the_stated_old_key_is_the_cause(text: str) -> None:
    found = diagnosed(text)
    assert found.verdict.summary.startswith("Write a new version of the secret")
    assert "list-secret-version-ids" in found.fixes[0].change.text


def test_without_the_sentence_the_key_may_be_the_current_one() -> None:
    text = f"$ aws secretsmanager get-secret-value --secret-id {SECRET}\n{SAID}"
    assert "Write a new version" not in diagnosed(text).verdict.summary
