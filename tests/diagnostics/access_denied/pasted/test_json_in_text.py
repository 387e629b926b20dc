"""Members of a statement in a text, completed with what fits the refused request."""

from __future__ import annotations

import pytest

from diagnostics.access_denied.pasted.json_in_text import completed
from diagnostics.failure import Denial

HOST = "token.actions.githubusercontent.com"


@pytest.mark.parametrize(
    ("role", "provider"),
    [
        ("arn:aws-us-gov:iam::111122223333:role/gha", f"arn:aws-us-gov:iam::111122223333:oidc-provider/{HOST}"),
        (None, f"arn:aws:iam::000000000000:oidc-provider/{HOST}"),
    ],
)
def test_a_trust_without_a_principal_names_the_provider_of_the_role_s_own_partition(
    role: str | None, provider: str
) -> None:
    action = "sts:AssumeRoleWithWebIdentity"
    denial = Denial("refused", action=action, resource=role)
    statement = completed({"Condition": {"StringEquals": {f"{HOST}:sub": "repo:a/b"}}}, denial, action)
    assert statement["Principal"] == {"Federated": provider}
