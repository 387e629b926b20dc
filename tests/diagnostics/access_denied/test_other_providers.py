"""The claims of one provider are never in another one's tokens: guardrails on them settle nothing else."""

from __future__ import annotations

import pytest

from diagnostics.access_denied.request.caller import Caller
from diagnostics.access_denied.request.context_keys import no_claim_of
from iam.policy.principal import Kind

GITHUB = "token.actions.githubusercontent.com:sub"


@pytest.mark.parametrize(
    ("arn", "key", "absent"),
    [
        ("arn:aws:iam::111122223333:oidc-provider/gitlab.alder.example", GITHUB, True),
        ("arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com", GITHUB, False),
        ("arn:aws:iam::111122223333:oidc-provider/gitlab.alder.example", "saml:sub", True),
        ("arn:aws:iam::111122223333:saml-provider/idp", GITHUB, True),
        ("arn:aws:iam::111122223333:saml-provider/idp", "saml:sub", False),
        ("accounts.google.com", "accounts.google.com:sub", False),
        ("accounts.google.com", GITHUB, True),
        ("arn:aws:iam::111122223333:oidc-provider/gitlab.alder.example", "aws:requesttag/team", False),
        ("arn:aws:iam::111122223333:oidc-provider/gitlab.alder.example", "sts:rolesessionname", False),
        (
            "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/abc",
            "oidc.eks.eu-west-1.amazonaws.com/id/abc:sub",
            False,
        ),
        (
            "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/abc",
            "oidc.eks.eu-west-1.amazonaws.com/id/def:sub",
            True,
        ),
    ],
)
def test_a_claim_belongs_to_its_provider(arn: str, key: str, absent: bool) -> None:
    assert no_claim_of(key, Caller(arn, Kind.PROVIDER)) is absent
