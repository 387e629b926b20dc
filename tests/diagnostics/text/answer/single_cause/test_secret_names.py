"""A secret's name that ends as complete ARNs end is taken for a complete ARN; other names are not."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

ARN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret"
REFUSED = (
    "User: arn:aws:sts::111122223333:assumed-role/exec/4f is not authorized to perform: secretsmanager:GetSecretValue "
    f"on resource: {ARN}:{{}} because no identity-based policy allows the secretsmanager:GetSecretValue action\n"
)
POLICY = '{{"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "{}"}}\n'
ENDS = "name ends in a hyphen and six characters"


def summary(text: str) -> str:
    return collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize("name", ["app-secret", "prod/db-master"])
@pytest.mark.parametrize("end", ["??????", "*"])
def test_a_partial_arn_is_taken_for_a_complete_one(name: str, end: str) -> None:
    found = collect_offline(read_text(REFUSED.format(name) + POLICY.format(f"{ARN}:{name}-{end}"))[0])
    assert ENDS in found.verdict.summary
    assert found.fixes[0].title == "Name the secret by its complete ARN"


def test_the_complete_arn_of_a_listing_is_used() -> None:
    listed = f"$ aws secretsmanager list-secrets\n{ARN}:app-secret-Kq7ZpA\n"
    found = collect_offline(read_text(REFUSED.format("app-secret") + listed)[0])
    assert f"{ARN}:app-secret-Kq7ZpA" in str(found.fixes[0].change)


@pytest.mark.parametrize(
    ("name", "allowed"),
    [("app-db-x7YpQ2", "app-db-B4kM0z"), ("app-secrets", "app-secrets-??????"), ("app-secret", "other-??????")],
)
def test_a_recreated_secret_and_other_names_are_no_such_case(name: str, allowed: str) -> None:
    said = summary(REFUSED.format(name) + POLICY.format(f"{ARN}:{allowed}"))
    assert ENDS not in said
    assert f"{name}, but the policy names {name}" not in said
