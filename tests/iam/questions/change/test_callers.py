"""The classes of those who may call, by what policies say of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from iam.account import Account
from iam.policy.document import Document
from iam.policy.principal import caller
from iam.policy.request import NamedPolicy, Policies
from iam.questions.change.callers import callers
from iam.questions.change.effects import ANOTHER_ACCOUNT

ID, ZEROS, SOURCE = "111122223333", "000000000000", "222222222222"


def accounts(own: str, *statements: dict[str, Any]) -> dict[str, str | None]:
    """By label of a class of roles, or of all of an account, the account of the caller that stands for it."""
    policy = NamedPolicy(Document.from_value({"Version": "2012-10-17", "Statement": list(statements)}))
    account = Account(own, "test", datetime(2026, 11, 1, tzinfo=UTC))
    found = callers([Policies(resource=policy)], account, trust=True)
    assert not found.uncovered
    labels = [
        (each.label, caller(each.principal).account) for each in found.classes if ":role/" in (each.principal or "")
    ]
    assert len(set(labels)) == len(labels)
    return {label.split(":")[4]: account for label, account in labels}


def lets(principal: Any, operator: str = "", key: str = "aws:PrincipalAccount", *values: str) -> dict[str, Any]:
    one = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return one | ({"Condition": {operator: {key: list(values)}}} if operator else {})


@pytest.mark.parametrize("own", [ID, ZEROS])
@pytest.mark.parametrize("named", [ZEROS, "111111111111", "444400000000"])
def test_an_account_that_stands_for_others_is_none_of_the_documents(named: str, own: str) -> None:
    source = lets("*", "StringEquals", "aws:SourceAccount", SOURCE)
    found = accounts(own, lets({"AWS": named}), source, lets("*", "StringLike", "aws:PrincipalAccount", "4444*"))
    assert set(found) == {own, named, ANOTHER_ACCOUNT, "4444*"}
    assert found[own] == own and found[named] == named
    assert {found[ANOTHER_ACCOUNT], found["4444*"]}.isdisjoint({own, named, SOURCE})
    assert found["4444*"] is not None and found["4444*"].startswith("4444")


NESTED = [
    (("4444*", "44440*"), {"4444*", "44440*"}),
    (("44*", "*55"), {"44*", "*55"}),
    (("4?44*", "4444????????"), {"4?44*", "4444????????"}),
    (("*",), {ANOTHER_ACCOUNT}),
]


@pytest.mark.parametrize(("patterns", "labels"), NESTED)
def test_there_is_an_account_for_each_way_in_which_patterns_match(patterns: tuple[str, ...], labels: set[str]) -> None:
    found = accounts(ID, lets("*", "StringLike", "aws:PrincipalAccount", *patterns))
    assert set(found) == {ID, ANOTHER_ACCOUNT, *labels}


def test_a_pattern_that_no_number_matches_makes_no_account() -> None:
    assert set(accounts(ID, lets("*", "StringLike", "aws:PrincipalAccount", "4444"))) == {ID, ANOTHER_ACCOUNT}
    assert set(accounts(ID, lets("*", "StringLike", "aws:PrincipalAccount", "4444*x"))) == {ID, ANOTHER_ACCOUNT}
