"""A role trusts only an identity provider of its own account."""

from __future__ import annotations

import json

import pytest

from diagnostics.diagnose import collect_offline, read_text

DENIED = (
    "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform "
    "sts:AssumeRoleWithWebIdentity\n"
)
ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/6E1D90AB12CD34EF"
ROLE = "AWS_ROLE_ARN=arn:aws:iam::{}:role/app\n"
SAID = "a role can trust only a provider of its own account"


def summary(provider: str, beside: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{provider}:oidc-provider/{ISSUER}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{ISSUER}:sub": "system:serviceaccount:shop:app"}},
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    (failure,) = read_text(f"{DENIED}{beside}trust policy:\n{trust}\n")
    return collect_offline(failure).verdict.summary


@pytest.mark.parametrize(
    ("provider", "beside", "other"),
    [
        ("111122223333", ROLE.format("444455556666"), True),
        ("111122223333", "the cluster is in 111122223333, the role in the target account 444455556666\n", True),
        ("111122223333", ROLE.format("111122223333"), False),
        ("111122223333", "the cluster is in 111122223333\n", False),
        ("111122223333", "our bucket is in 444455556666\n", False),
    ],
)
def test_a_provider_of_another_account_is_the_cause(provider: str, beside: str, other: bool) -> None:
    assert (SAID in summary(provider, beside)) is other


def test_a_condition_without_its_provider_names_no_account() -> None:
    condition = (
        '"StringEquals": {"app.terraform.io:sub": "organization:acme:project:core:workspace:net:run_phase:plan"}'
    )
    (failure,) = read_text(f"{DENIED}{ROLE.format('444455556666')}condition of the trust:\n{condition}\n")
    assert SAID not in collect_offline(failure).verdict.summary
