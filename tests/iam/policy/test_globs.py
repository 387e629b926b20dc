"""Long lists of values: the same answers as one by one, and fast."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iam.policy.evaluate import evaluate
from iam.policy.globs import Globs
from iam.policy.match import arn_matcher, compile_glob
from tests.support.accounts.policies import identity, policy, request, statement
from tests.support.timing import within_yards

patterns = st.text(st.sampled_from("ab*?"), max_size=5)
texts = st.text(st.sampled_from("ab"), max_size=6)


@settings(max_examples=150, deadline=None)
@given(st.lists(patterns, max_size=30), texts)
def test_no_pattern_that_matches_is_passed_over(listed: list[str], text: str) -> None:
    globs = Globs((pattern, compile_glob(pattern)) for pattern in listed)
    assert globs.match(text) is any(compile_glob(one)(text) for one in listed)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text(st.sampled_from("a*?:"), max_size=8), min_size=9, max_size=20),
    st.text(st.sampled_from("a:"), max_size=9),
)
def test_many_arns_match_as_each_does(listed: list[str], text: str) -> None:
    arns = [f"*a:{one}:::*{one}*" for one in listed]
    tests = [matches for one in arns if (matches := arn_matcher(f"arn:{one}")) is not None]
    globs = Globs(
        ((one, lambda rest, test=test: test(f"arn:{rest}")) for one, test in zip(arns, tests, strict=True)), 5
    )
    if text.count(":") >= 4:
        assert globs.match(text) is any(matches(f"arn:{text}") for matches in tests)


MANY = [f"arn:aws:iam::111122223333:role/team-{number}" for number in range(40)]


@pytest.mark.parametrize(
    ("operator", "had", "expected"),
    [
        ("StringLike", "arn:aws:iam::111122223333:role/team-7", True),
        ("StringLike", "arn:aws:iam::111122223333:role/team-70", False),
        ("StringNotLike", "arn:aws:iam::111122223333:role/team-7", False),
        ("StringNotLike", "*", True),
        ("StringNotEqualsIgnoreCase", "ARN:AWS:IAM::111122223333:ROLE/TEAM-7", False),
        ("ArnLike", "arn:aws:iam::111122223333:role/team-7", True),
        ("ArnNotLike", "arn:aws:iam::111122223333:role/team-7", False),
        ("ArnNotLike", "arn:aws:iam::111122223333:role/other", True),
        # What is no ARN cannot be compared with one, and makes neither true.
        ("ArnLike", "team-7", False),
        ("ArnNotLike", "team-7", False),
    ],
)
@pytest.mark.parametrize("extra", [[], ["arn:aws:iam::*:role/x*y?", "arn:aws:iam::111122223333:role/${x:v}"]])
def test_many_values_mean_what_few_do(operator: str, had: str, expected: bool, extra: list[str]) -> None:
    for values in (MANY[:10] + extra, MANY + extra):
        conditioned = policy(statement(Condition={operator: {"x:k": values}}))
        assert evaluate(request(context={"x:k": had}), identity(conditioned)).allowed is expected


@pytest.mark.parametrize(
    ("operator", "wanted", "had"),
    [
        ("StringLike", "team-{}-*", "other-{}-x"),
        ("StringLike", "*-{}-y", "other-{}-x"),
        ("StringEquals", "team-{}", "other-{}"),
        ("StringEqualsIgnoreCase", "TEAM-{}", "other-{}"),
        ("ArnLike", "arn:aws:iam::*:role/team-{}-*", "arn:aws:iam::1:role/other-{}"),
    ],
)
def test_thousands_of_values_against_thousands_are_fast(operator: str, wanted: str, had: str) -> None:
    values = [wanted.format(number) for number in range(3000)]
    conditioned = policy(statement(Condition={f"ForAnyValue:{operator}": {"x:k": values}}))
    asked = request(context={"x:k": [had.format(number) for number in range(3000)]})
    with within_yards(200):  # about 10; one by one these take 800 to 18,000
        assert not evaluate(asked, identity(conditioned)).allowed
