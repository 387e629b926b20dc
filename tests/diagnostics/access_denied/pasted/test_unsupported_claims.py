"""Conditions of a trust policy on claims that are no condition keys."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

GITHUB = "token.actions.githubusercontent.com"
REFUSED = "Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity\n"


def trust(operator: str, key: str, value: str, effect: str = "Allow") -> str:
    return (
        f'{{"Version": "2012-10-17", "Statement": [{{"Effect": "{effect}", "Principal": {{"Federated": '
        f'"arn:aws:iam::612340987765:oidc-provider/{key.rpartition(":")[0]}"}}, '
        f'"Action": "sts:AssumeRoleWithWebIdentity", '
        f'"Condition": {{"{operator}": {{"{key}": "{value}"}}}}}}]}}'
    )


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("StringEquals", f"{GITHUB}:iss", f"https://{GITHUB}"),
        ("StringLike", f"{GITHUB}:event_name", "push"),
        ("StringEquals", "gitlab.com:namespace_path", "shop"),
        ("ForAnyValue:StringEquals", "oidc.eks.eu-north-1.amazonaws.com/id/B5F0:namespace", "jobs"),
    ],
)
def test_a_claim_that_is_no_condition_key_is_never_met(operator: str, key: str, value: str) -> None:
    found = diagnosed(REFUSED + trust(operator, key, value))
    assert found.verdict.cause == "trust.condition-unmet"
    assert f"requires {key}, but AWS lists no such condition key" in found.verdict.summary
    assert found.fixes[0].title == f"Remove {key} from the trust policy"


@pytest.mark.parametrize(
    ("operator", "key", "value"),
    [
        ("StringEquals", f"{GITHUB}:repository", "shop/api"),
        ("StringEqualsIfExists", f"{GITHUB}:event_name", "push"),
        ("StringNotEquals", f"{GITHUB}:event_name", "push"),
        ("ForAllValues:StringEquals", f"{GITHUB}:iss", f"https://{GITHUB}"),
        ("StringEquals", "gitlab.com:project_id", "17"),
        ("StringEquals", "aws:SourceIp", "10.0.0.1"),
        ("StringLike", f"{GITHUB}:Sub", "repo:shop/*"),
    ],
)
def test_a_key_that_exists_or_is_met_without_the_claim_is_not_the_mistake(operator: str, key: str, value: str) -> None:
    found = diagnosed(REFUSED + trust(operator, key, value))
    assert "AWS lists no such condition key" not in found.verdict.summary
