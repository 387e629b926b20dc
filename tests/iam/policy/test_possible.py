"""What stays open while keys and variables are not told."""

from __future__ import annotations

import pytest

from iam.policy.possible import holds_in_all
from tests.support.policies import identity, policy, request, statement


@pytest.mark.parametrize(
    ("operator", "had", "absent", "expected"),
    [
        # The value that nobody told may be the one that a negated operator does not want.
        ("StringNotEquals", "a", False, (True, False)),
        ("StringNotLike", "a", False, (True, False)),
        ("StringEquals", "a", False, (True, False)),
        # A variable known to have no value is null, which a negated operator matches and no other one.
        ("StringNotEquals", "a", True, (True, True)),
        ("StringEquals", "a", True, (False, False)),
    ],
)
def test_a_variable_that_nobody_told(operator: str, had: str, absent: bool, expected: tuple[bool, bool]) -> None:
    allowing = policy(statement(Condition={operator: {"x:k": "${x:v}"}}))
    asked = request(context={"x:k": had})
    assert holds_in_all(asked, identity(allowing), lambda key: absent and key == "x:v") == expected
