"""A secret's ARN without the characters that AWS adds to its name is said to be incomplete."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.answer.secret_arns import without_suffix
from tests.support.denials.pasted import no_identity

SECRET = "arn:aws:secretsmanager:eu-west-1:210987654321:secret:"


@pytest.mark.parametrize(
    ("resource", "said"),
    [
        (f"{SECRET}test-secret", "ends like the characters"),
        (f"{SECRET}prod/db-tokens", "ends like the characters"),
        (f"{SECRET}prod/db", "lacks the six characters"),
        (f"{SECRET}shop-password", "lacks the six characters"),
        (f"{SECRET}prod/db-aB3dE9", ""),
        (f"{SECRET}prod/db-xxxxxx", ""),
        (f"{SECRET}prod/db-*", ""),
        ("arn:aws:ssm:eu-west-1:210987654321:parameter/test-secret", ""),
    ],
)
def test_the_suffix_of_a_secret(resource: str, said: str) -> None:
    found = without_suffix(resource)
    assert said in found
    assert bool(found) == bool(said)
    text = f"In the log:\n{no_identity('secretsmanager:GetSecretValue', resource)}\n"
    assert ("characters that AWS adds" in collect_offline(read_text(text)[0]).verdict.summary) == bool(said)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("team/prod/api-tokens", "Put the secret's complete ARN into the task definition"),
        ("team/prod/api", "Allow the execution role shop-exec"),
        ("team/prod/api-tokens-aB3dE9", "Allow the execution role shop-exec"),
    ],
)
def test_a_name_that_ends_like_a_suffix_is_replaced_in_the_task_definition(name: str, first: str) -> None:
    caller = "arn:aws:sts::210987654321:assumed-role/shop-exec/7c1e0f5ab2d24d0f9c34c0e7e5a9d0b1"
    refusal = no_identity("secretsmanager:GetSecretValue", f"{SECRET}{name}", caller)
    text = f"ResourceInitializationError: unable to pull secrets or registry auth: AccessDeniedException: {refusal}\n"
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert summary.startswith(first)
    assert "shop-exec" in summary
