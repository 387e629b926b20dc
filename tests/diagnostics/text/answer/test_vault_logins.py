"""Vault looks for a role of another account in its own; other missing roles are missing."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

LOGIN = (
    "URL: PUT https://vault.example.com/v1/auth/aws/login\nCode: 400. Errors:\n\n* error looking up full ARN of entity "
    '&{{aws 444455556666 {} s1}}: error fetching {} "shop": NoSuchEntity: The {} with name shop cannot be found.'
)
BINDING = (
    'Error writing data to auth/aws/role/shop: * unable to resolve ARN "arn:aws:iam::444455556666:role/team/shop" to '
    "internal ID: error fetching role: {}: {}\n\tstatus code: 404"
)
MISSING = "The role with name shop cannot be found."
CONFIGURED = "auth/aws/config/sts/444455556666"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LOGIN.format("assumed-role  shop", "role", "role"), "looked for the role shop in its own account"),
        (LOGIN.format("user shop", "user", "user"), "looked for the user shop in its own account"),
        (BINDING.format("NoSuchEntity", MISSING), "not of account 444455556666, or the name is wrong"),
    ],
)
def test_vault_is_told_how_to_read_the_other_account(text: str, said: str) -> None:
    answer = answer_to(text)
    assert said in answer
    assert CONFIGURED in answer
    assert "create the policy" not in answer


@pytest.mark.parametrize(
    "text",
    [
        f"An error occurred (NoSuchEntity) when calling the GetRole operation: {MISSING}",
        f"vault-setup.sh: An error occurred (NoSuchEntity) when calling the AttachRolePolicy operation: {MISSING}",
    ],
)
def test_a_role_that_somebody_else_asks_for_is_missing(text: str) -> None:
    assert "auth/aws/config/sts" not in answer_to(text)
