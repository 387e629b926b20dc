"""Where KMS refuses and the key is in another account, both accounts are named."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

SECRET = "AccessDeniedException when calling the GetSecretValue operation: Access to KMS is not allowed\n"
CALLER = "caller arn:aws:sts::111122223333:assumed-role/rotate/i-1\n"
KEY = "arn:aws:kms:eu-west-1:{}:key/6b1c2f60-0e5f-4b90-a8f5-4be2d13ab7f1"


@pytest.mark.parametrize(
    "text",
    [
        f"{SECRET}{CALLER}KmsKeyId = {KEY.format('444455556666')}",
        f"{SECRET}our task is in account 111122223333\nkey: {KEY.format('444455556666')}",
    ],
)
def test_both_accounts_must_allow_another_accounts_key(text: str) -> None:
    summary = diagnosed(text).verdict.summary
    assert (
        "is in account 444455556666, but the caller is in account 111122223333, so both accounts must allow" in summary
    )


@pytest.mark.parametrize(
    "text",
    [
        f"{SECRET}{CALLER}KmsKeyId = {KEY.format('111122223333')}",
        f"{SECRET}KmsKeyId = {KEY.format('444455556666')}",
        f"{SECRET}{CALLER}{KEY.format('444455556666')} or {KEY.format('444455557777')}",
    ],
)
def test_the_callers_own_key_or_one_of_several_is_not_another_accounts(text: str) -> None:
    assert "both accounts must allow" not in diagnosed(text).verdict.summary
