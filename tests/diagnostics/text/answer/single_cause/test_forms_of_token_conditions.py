"""Conditions on a token's subject that no token meets, in JSON and in templates."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

REFUSED = (
    "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform "
    "sts:AssumeRoleWithWebIdentity\n"
)
ISSUER = "oidc.eks.us-east-1.amazonaws.com/id/0A1B2C3D4E5F60718293A4B5C6D7E8F9"
ARN = f"arn:aws:iam::111122223333:oidc-provider/{ISSUER}"
POD = "system:serviceaccount:shop:cart"


def trust(key: str, value: str) -> str:
    return (
        f'{{"Statement": [{{"Effect": "Allow", "Principal": {{"Federated": "{ARN}"}}, "Action": '
        f'"sts:AssumeRoleWithWebIdentity", "Condition": {{"StringEquals": {{"{key}:sub": "{value}"}}}}}}]}}'
    )


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        (ARN, POD, "begins with the provider's ARN"),
        ("${module.eks.oidc_provider_arn}", POD, "begins with the provider's ARN"),
        ("${aws_iam_openid_connect_provider.eks.arn}", POD, "begins with the provider's ARN"),
        (f"https://{ISSUER}", POD, "contains https://"),
        ("${module.eks.cluster_oidc_issuer_url}", POD, "contains https://"),
        (ISSUER, "system:serviceaccount:shop", "lacks the name of a service account"),
    ],
)
def test_a_condition_that_no_token_meets_is_the_answer(key: str, value: str, words: str) -> None:
    verdict = diagnosed(REFUSED + trust(key, value)).verdict
    assert verdict.cause == "trust.condition-unmet"
    assert "No token meets the trust policy's condition" in verdict.summary and words in verdict.summary


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (ISSUER, POD),
        ("${module.eks.oidc_provider}", POD),
        ('${replace(module.eks.cluster_oidc_issuer_url, \\"https://\\", \\"\\")}', POD),
        (ISSUER, "system:serviceaccount:shop:*"),
        (ISSUER, "system:serviceaccount:${var.namespace}"),
    ],
)
def test_a_condition_that_a_token_may_meet_is_not(key: str, value: str) -> None:
    assert "No token meets the trust policy's" not in diagnosed(REFUSED + trust(key, value)).verdict.summary
