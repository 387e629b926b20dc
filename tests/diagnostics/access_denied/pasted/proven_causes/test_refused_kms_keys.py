"""Policies that allow the use of a KMS key, and yet KMS refuses it."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import allow, diagnosed, policy


@pytest.mark.parametrize(
    ("resource", "alias"),
    [
        ("arn:aws:kms:eu-west-1:210987654321:alias/app", True),
        ("arn:aws:kms:eu-west-1:210987654321:key/0d9c8b7a-6f5e-4d3c-8b2a-1f0e9d8c7b6a", False),
        ("*", False),
    ],
)
def test_an_alias_as_the_resource_grants_nothing_on_its_key(resource: str, alias: bool) -> None:
    own = policy(allow("secretsmanager:GetSecretValue", "*"), allow("kms:Decrypt", resource))
    found = diagnosed(
        "An error occurred (AccessDeniedException) when calling the GetSecretValue operation: Access to KMS is not "
        f"allowed\nrole app (only policy on it):\n{own}"
    )
    assert ("an alias's ARN grants nothing on its key" in found.verdict.summary) is alias
