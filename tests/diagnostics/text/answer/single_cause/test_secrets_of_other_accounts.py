"""A secret of another account is named by its ARN."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

REFUSED = (
    "AccessDeniedException: User: arn:aws:sts::111122223333:assumed-role/reader/eso is not authorized to perform: "
    "secretsmanager:GetSecretValue on resource: {} because no identity-based policy allows the "
    "secretsmanager:GetSecretValue action\nits policy has "
)
ARN = "arn:aws:secretsmanager:us-east-2:{}:secret:{}\n"


@pytest.mark.parametrize(
    ("resource", "account", "named", "decides"),
    [
        ("billing/api", "444455556666", "billing/api-*", True),
        ("billing/api", "444455556666", "billing/api-a1B2c3", True),
        ("billing/api", "111122223333", "billing/api-*", False),
        ("billing/api", "444455556666", "billing/api2-*", False),
        (ARN.format("444455556666", "billing/api").strip(), "444455556666", "billing/api-*", False),
    ],
)
def test_a_name_is_looked_up_in_the_callers_account(resource: str, account: str, named: str, decides: bool) -> None:
    text = REFUSED.format(resource) + ARN.format(account, named)
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert ("looks up a name in the caller's own account" in summary) is decides


@pytest.mark.parametrize(
    ("resource", "account", "named", "decides"),
    [
        ("airflow/connections/dwh", "111122223333", "airflow/connections/*", True),
        ("billing/api", "111122223333", "bill*", True),
        ("billing/api", "111122223333", "billing/api-??????", False),
        ("billing/api", "111122223333", "billing/api", False),
        ("billing/api", "111122223333", "orders/*", False),
        (ARN.format("111122223333", "billing/api-a1B2c3").strip(), "111122223333", "billing/*", False),
    ],
)
def test_a_secret_whose_name_the_policy_covers_does_not_exist(
    resource: str, account: str, named: str, decides: bool
) -> None:
    text = REFUSED.format(resource) + ARN.format(account, named)
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert (f"account 111122223333 has no secret named {resource}" in summary) is decides


@pytest.mark.parametrize(("region", "named"), [("us-west-2", True), ("", False)])
def test_the_regions_of_the_call_and_the_policy_are_named(region: str, named: bool) -> None:
    setting = f"\nregion: {region}\n" if region else ""
    summary = collect_offline(
        read_text(REFUSED.format("a/b") + ARN.format("111122223333", "a/*") + setting)[0]
    ).verdict.summary
    assert (f"The call goes to {region}" in summary) is named
