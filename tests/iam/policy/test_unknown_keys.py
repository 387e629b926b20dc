"""What stays open while keys and variables are not told."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

from iam.policy.condition_keys import Presence, presence
from iam.policy.evaluate import evaluate
from iam.policy.principal import Kind
from iam.policy.unknown_keys import Certainty, certainty, possible
from tests.support.accounts.policies import identity, policy, request, statement

CERTAIN, IF, NEVER = Certainty.CERTAIN, Certainty.IF, Certainty.NEVER
ALWAYS, PERHAPS, ABSENT = Presence.ALWAYS, Presence.PERHAPS, Presence.NEVER


@pytest.mark.parametrize(
    ("operator", "wanted", "variable", "expected"),
    [
        # The value that nobody told may be the one that a negated operator does not want.
        ("StringNotEquals", "${x:v}", PERHAPS, IF),
        ("StringNotLike", "${x:v}*", PERHAPS, IF),
        ("StringEquals", "${x:v}", PERHAPS, IF),
        # A variable known to have no value is null, which a negated operator matches and no other one.
        ("StringNotEquals", "${x:v}", ABSENT, CERTAIN),
        ("StringEquals", "${x:v}", ABSENT, NEVER),
        # What stands beside the variable does not fit the value, whatever the variable is.
        ("StringEquals", "b-${x:v}", ALWAYS, NEVER),
        ("StringNotLike", "b-${x:v}", ALWAYS, CERTAIN),
    ],
)
def test_a_variable_that_nobody_told(operator: str, wanted: str, variable: Presence, expected: Certainty) -> None:
    allowing = policy(statement(Condition={operator: {"x:k": wanted}}))
    asked = request(context={"x:k": "a"})
    assert certainty(asked, identity(allowing), lambda key: variable) is expected


@pytest.mark.parametrize(
    ("operator", "wanted", "always", "perhaps", "absent"),
    [
        ("StringEquals", "a", IF, IF, NEVER),
        ("StringNotEquals", "a", IF, IF, CERTAIN),
        ("StringEqualsIfExists", "a", IF, IF, CERTAIN),
        ("StringLike", "*", CERTAIN, IF, NEVER),
        ("StringNotLike", "*", NEVER, IF, CERTAIN),
        ("StringLikeIfExists", "*", CERTAIN, CERTAIN, CERTAIN),
        ("Null", "true", NEVER, IF, CERTAIN),
        ("Null", "false", CERTAIN, IF, NEVER),
        ("Bool", ["true", "false"], CERTAIN, IF, NEVER),
        ("ForAllValues:StringLike", "*", CERTAIN, CERTAIN, CERTAIN),
        ("ForAllValues:StringEquals", "a", IF, IF, CERTAIN),
        ("ForAnyValue:StringEquals", "a", IF, IF, NEVER),
        ("NumericEquals", "no number", NEVER, NEVER, NEVER),
        ("NumericNotEquals", "no number", NEVER, IF, CERTAIN),
    ],
)
def test_a_key_that_nobody_told(
    operator: str, wanted: Any, always: Certainty, perhaps: Certainty, absent: Certainty
) -> None:
    allowing = identity(policy(statement(Condition={operator: {"x:k": wanted}})))
    found = [certainty(request(), allowing, lambda key, told=told: told) for told in (ALWAYS, PERHAPS, ABSENT)]  # type: ignore[misc]
    assert found == [always, perhaps, absent]


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"StringEquals": {"x:k": "a"}, "StringLike": {"x:k": "b*"}}, NEVER),
        ({"StringEquals": {"x:k": ["a", "ab"]}, "StringLike": {"x:k": "?b"}}, IF),
        ({"StringEquals": {"x:k": "a"}, "StringNotEquals": {"X:K": "a"}}, NEVER),
        ({"StringEquals": {"x:k": "a"}, "StringNotEquals": {"x:k": "b"}}, IF),
        ({"StringEquals": {"x:k": "a"}, "Null": {"x:k": "true"}}, NEVER),
        ({"StringEqualsIfExists": {"x:k": "a"}, "Null": {"x:k": "true"}}, IF),
        ({"NumericEquals": {"x:k": "5"}, "NumericLessThan": {"x:k": "5.0"}}, NEVER),
        ({"StringEquals": {"x:k": "a"}, "StringLike": {"x:k": "${x:other}"}}, IF),
        ({"StringEquals": {"x:k": "a", "x:other": "b"}}, IF),
        ({"StringLike": {"x:k": "a*"}, "StringNotLike": {"x:k": "a*"}}, IF),  # more than there is, never less
    ],
)
def test_two_conditions_on_one_key_that_nobody_told(conditions: Any, expected: Certainty) -> None:
    allowing = identity(policy(statement(Condition=conditions)))
    assert certainty(request(), allowing, lambda key: PERHAPS) is expected


def test_a_variable_that_has_no_value_is_equal_to_no_value_of_a_key() -> None:
    def sent(key: str) -> Presence:
        return ABSENT if key == "x:v" else ALWAYS

    for operator, expected in (("StringEquals", NEVER), ("StringNotEquals", CERTAIN)):
        assert (
            certainty(request(), identity(policy(statement(Condition={operator: {"x:k": "${x:v}"}}))), sent) is expected
        )


def test_a_resource_that_hangs_on_a_variable() -> None:
    homes = "arn:aws:s3:::homes/${cognito-identity.amazonaws.com:sub}/*"
    asked = request(resource="arn:aws:s3:::homes/us-east-1:0d/notes")
    allowing = identity(policy(statement(Resource=homes)))
    found = possible(asked, allowing)
    assert (found.certainty, found.statements[0].variables) == (IF, ("cognito-identity.amazonaws.com:sub",))
    assert certainty(asked, allowing, lambda key: ABSENT) is NEVER
    assert certainty(request(resource="arn:aws:s3:::other/x"), allowing) is NEVER
    # A Deny spares it, if the variable has the right value.
    sparing = identity(policy(statement()), policy(statement(effect="Deny", NotResource=homes)))
    assert certainty(asked, sparing) is IF
    assert certainty(asked, sparing, lambda key: ABSENT) is NEVER


@pytest.mark.parametrize(
    ("key", "kind", "expected"),
    [
        # IAM User Guide, "AWS global condition context keys", under "Availability".
        ("aws:requestedregion", Kind.SESSION, ALWAYS),
        ("aws:username", Kind.USER, ALWAYS),
        ("aws:username", Kind.SESSION, ABSENT),
        ("aws:sourceip", Kind.SESSION, PERHAPS),
        ("aws:principalorgid", Kind.SERVICE, ABSENT),
        ("aws:principaltag/team", Kind.PROVIDER, ABSENT),
        ("aws:multifactorauthpresent", Kind.USER, Presence.IF_SENT),
        ("aws:requesttag/team", Kind.USER, Presence.IF_SENT),
        ("aws:requesttag/team", Kind.SERVICE, PERHAPS),
        ("aws:username", Kind.UNKNOWN, PERHAPS),
        ("some:new-key", Kind.USER, PERHAPS),
    ],
)
def test_which_keys_aws_sends(key: str, kind: Kind, expected: Presence) -> None:
    assert presence(key, kind) is expected


_VALUES: dict[str, tuple[tuple[str, ...] | None, ...]] = {
    "x:a": (None, ("red",), ("blue",), ("other",)),
    "x:b": (("true",), ("false",)),
    "x:n": (None, ("1",), ("5",), ("9",)),
}
_CONDITIONS: list[dict[str, Any]] = [
    {"StringEquals": {"x:a": "red"}},
    {"StringNotEquals": {"x:a": ["red", "blue"]}},
    {"StringLikeIfExists": {"x:a": "*"}},
    {"Null": {"x:a": "true"}},
    {"ForAllValues:StringLike": {"x:a": "bl*"}},
    {"Bool": {"x:b": "true"}},
    {"Null": {"x:b": "false"}},
    {"NumericLessThan": {"x:n": "5"}},
    {"NumericGreaterThanEquals": {"x:n": "5"}},
]


def test_certain_and_never_hold_in_every_world() -> None:
    """Against brute force: each unknown key with every value that tells the conditions apart."""
    dice = random.Random(17)
    seen = set()
    worlds = [
        {key: had for key, had in zip(_VALUES, values, strict=True) if had is not None}
        for values in itertools.product(*_VALUES.values())
    ]

    def sent(key: str) -> Presence:
        return ALWAYS if key == "x:b" else PERHAPS

    for _ in range(300):
        statements = [
            statement(effect=dice.choice(("Allow", "Allow", "Deny")))
            | ({"Condition": dice.choice(_CONDITIONS)} if dice.random() < 0.8 else {})
            for _ in range(dice.randint(1, 3))
        ]
        policies = identity(policy(*statements))
        found = possible(request(), policies, sent)
        outcomes = {evaluate(request(context=world), policies).allowed for world in worlds}
        assert found.certainty is IF or outcomes == {found.certainty is CERTAIN}, statements
        assert found.certain or any(not one.certain for one in (*found.statements, *found.unless))
        seen.add(found.certainty)
    assert seen == {CERTAIN, IF, NEVER}


@pytest.mark.parametrize(
    "allowing",
    [
        statement(Resource="arn:aws:s3:::${aws:PrincipalTag/bucket, 'b'}/*"),
        statement(Condition={"StringLike": {"aws:RequestedRegion": "${aws:PrincipalTag/region, 'eu-west-1'}"}}),
    ],
)
def test_a_default_stands_only_where_its_key_is_known_to_be_absent(allowing: dict[str, Any]) -> None:
    asked = request(resource="arn:aws:s3:::b/k", context={"aws:RequestedRegion": ("eu-west-1",)})
    policies = identity(policy(allowing))
    assert certainty(asked, policies) is Certainty.IF
    assert certainty(asked, policies, lambda _: Presence.NEVER) is Certainty.CERTAIN
