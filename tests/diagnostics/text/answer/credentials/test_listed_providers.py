"""The issuer of a token against the identity providers that the text lists."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

REFUSED = (
    "operation error STS: AssumeRoleWithWebIdentity, https response error StatusCode: 400, InvalidIdentityToken: The "
    "web identity token provided could not be validated\n"
    "$ aws eks describe-cluster --name shop --query cluster.identity.oidc.issuer --output text\n"
    "https://oidc.eks.eu-west-1.amazonaws.com/id/0F3A9C2D11B24E55A6C7D8E9F0A1B2C3\n"
)
LISTED = (
    "$ aws iam list-open-id-connect-providers\n"
    "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/"
)
MISSING = "does not contain oidc.eks.eu-west-1.amazonaws.com/id/0F3A9C2D11B24E55A6C7D8E9F0A1B2C3"


@pytest.mark.parametrize(
    ("listed", "missing"),
    [
        (f"{LISTED}77AA88BB99CC00DD11EE22FF33445566", True),
        (f"{LISTED}0F3A9C2D11B24E55A6C7D8E9F0A1B2C3", False),
        ("no list of providers", False),
    ],
)
def test_an_issuer_that_is_not_listed_needs_a_provider(listed: str, missing: bool) -> None:
    answer = diagnosed(REFUSED + listed)
    assert (MISSING in answer.verdict.summary) is missing
