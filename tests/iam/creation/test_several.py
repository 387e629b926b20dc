"""Several roles in one file: their order, what is refused, and the examples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from iam.account import Account
from iam.creation.examples import EXAMPLES
from iam.creation.recipes.recipe import AccountFacts
from iam.creation.several import in_order, new_providers, role_file
from iam.creation.spec_file import SpecError, spec_of
from iam.sources.snapshot.reader import open_snapshot
from tests.support.accounts.bad_specs import ACCOUNT, small_account


@pytest.fixture(params=["aws", "aws-cn"])
def small(request: pytest.FixtureRequest, tmp_path: Path) -> Account:
    path = tmp_path / "account.json"
    path.write_text(json.dumps(small_account(request.param)))
    return open_snapshot(path).account


def _role(name: str, trust: Any) -> dict[str, Any]:
    return {"name": name, "trust": trust}


def _ordered(roles: list[dict[str, Any]], account: Account) -> list[str]:
    facts = AccountFacts.of(account)
    return [spec.name for spec, _ in in_order([(spec_of(each, facts), None) for each in roles], account)]


def test_a_role_that_another_trusts_comes_first(small: Account) -> None:
    def trusting(name: str) -> dict[str, str]:
        return {"account": ACCOUNT, "principals": f"arn:{small.partition}:iam::{ACCOUNT}:role/{name}"}

    roles = [_role("c", trusting("b")), _role("b", trusting("a")), _role("a", {"service": "lambda"})]
    assert _ordered(roles, small) == ["a", "b", "c"]
    with pytest.raises(SpecError, match="none can be created first"):
        _ordered([_role("a", trusting("b")), _role("b", trusting("a"))], small)
    with pytest.raises(SpecError, match="twice"):
        _ordered([_role("a", {"service": "lambda"}), _role("A", {"service": "ec2"})], small)


def test_only_the_providers_that_are_missing_are_made(small: Account) -> None:
    github, gitlab = "https://token.actions.githubusercontent.com", "https://gitlab.com"
    file = role_file(
        {"providers": [{"url": each, "audiences": ["x"]} for each in (github, gitlab)], "roles": [_role("a", {})]},
        small,
    )
    plans = new_providers(file.providers, small)
    assert [call.parameters["Url"] for plan in plans for call in plan.calls] == [gitlab]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([], "roles"),
        ({"roles": "x"}, "roles"),
        ({"roles": [{}], "provider": []}, "provider"),
        ({"roles": [{}], "providers": [{"url": "gitlab.com", "audiences": ["x"]}]}, "url"),
        ({"roles": [{}], "providers": [{"url": "https://gitlab.com", "audiences": []}]}, "audiences"),
    ],
)
def test_what_is_no_file_of_roles_is_refused(small: Account, value: Any, said: str) -> None:
    with pytest.raises(SpecError, match=said):
        role_file(value, small)


@pytest.mark.parametrize("kind", EXAMPLES)
def test_each_example_is_a_spec_that_iam_would_take(small: Account, kind: str) -> None:
    facts = AccountFacts.of(small)
    for each in role_file(EXAMPLES[kind], small).roles:
        assert list(spec_of(each, facts).field_faults()) == []
