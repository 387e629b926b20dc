"""Organization keys of an outside account: neither ours, nor known."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from iam.policy.document import Document
from iam.policy.other_than import OtherThan, is_known
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.unknown_keys import Certainty, certainty, possible

OURS, THEIRS = "o-ourshere12", "o-partner123"
ID, PATHS, RESOURCE = "aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:ResourceOrgID"
YES, IF, NO = Certainty.CERTAIN, Certainty.IF, Certainty.NEVER


def policies(*statements: dict[str, Any]) -> Policies:
    made = [{"Action": "*", "Resource": "*", **each} for each in statements]
    return Policies(identity=(NamedPolicy(Document.from_value({"Version": "2012-10-17", "Statement": made})),))


def request(**context: tuple[str, ...]) -> Request:
    keys = {ID: (OtherThan(OURS),), PATHS: (OtherThan(OURS),)}
    return Request("arn:aws:iam::300000000001:role/r", "s3:GetObject", "arn:aws:s3:::b/x", None, {**keys, **context})


CONDITIONS = [
    ("StringEquals", ID, OURS, NO),
    ("StringEquals", ID, THEIRS, IF),
    ("StringEquals", ID, [OURS, THEIRS], IF),
    ("StringEqualsIgnoreCase", ID, OURS, NO),
    ("StringNotEquals", ID, OURS, YES),
    ("StringNotEquals", ID, THEIRS, IF),
    ("StringNotEquals", ID, [OURS, THEIRS], IF),
    ("StringLike", ID, "o-*", IF),  # an account may be in no organization
    ("StringLike", ID, f"{OURS}*", IF),  # IDs have 10 to 32 characters
    ("StringLike", ID, "o-ours????12", IF),
    ("StringNotLike", ID, "o-*", IF),
    ("StringEqualsIfExists", ID, OURS, IF),
    ("StringEqualsIfExists", ID, THEIRS, IF),
    ("StringLikeIfExists", ID, "*", YES),
    ("StringNotEqualsIfExists", ID, OURS, YES),
    ("StringNotEqualsIfExists", ID, THEIRS, IF),
    ("Null", ID, "true", IF),
    ("Null", ID, "false", IF),
    ("Null", ID, ["true", "false"], YES),
    ("StringLike", PATHS, f"{OURS}/*", NO),
    ("ForAnyValue:StringLike", PATHS, f"{OURS}/*", NO),
    ("ForAnyValue:StringLike", PATHS, f"{OURS}/r-root/ou-prod-1/*", NO),
    ("ForAnyValue:StringLike", PATHS, f"{THEIRS}/*", IF),
    ("ForAnyValue:StringLike", PATHS, "*/ou-prod-1/*", IF),
    ("ForAnyValue:StringNotLike", PATHS, f"{OURS}/*", IF),  # false without the key
    ("ForAllValues:StringLike", PATHS, f"{OURS}/*", IF),  # true without the key
    ("ForAllValues:StringNotLike", PATHS, f"{OURS}/*", YES),
    ("ForAllValues:StringEquals", ID, OURS, IF),
    ("ForAllValues:StringLike", PATHS, "*", YES),
    ("ForAnyValue:StringLikeIfExists", PATHS, f"{OURS}/*", NO),
    ("StringEquals", "aws:PrincipalArn", "arn:aws:iam::300000000001:role/r", YES),
]


@pytest.mark.parametrize(("operator", "key", "values", "expected"), CONDITIONS)
def test_an_allow_under_a_condition(operator: str, key: str, values: Any, expected: Certainty) -> None:
    asked = policies({"Effect": "Allow", "Condition": {operator: {key: values}}})
    assert certainty(request(), asked) is expected
    denied = policies({"Effect": "Allow"}, {"Effect": "Deny", "Condition": {operator: {key: values}}})
    assert certainty(request(), denied) is {YES: NO, IF: IF, NO: YES}[expected]


@pytest.mark.parametrize(("operator", "key", "values", "expected"), CONDITIONS)
def test_every_value_that_is_tried_is_within_the_answer(
    operator: str, key: str, values: Any, expected: Certainty
) -> None:
    """What is certain holds for each organization and for none, and what is not differs for some two."""
    asked = policies({"Effect": "Allow", "Condition": {operator: {key: values}}})
    ids = (THEIRS, "o-elsewhere1", "o-ourselse12", f"{OURS}x", "o-" + "q" * 32)
    found = set()
    for id in (*ids, None):
        had = {} if id is None else {ID: (id,), PATHS: (f"{id}/r-root/ou-prod-1/",)}
        bare = Request(request().principal, "s3:GetObject", "arn:aws:s3:::b/x", None, had)
        found.add(possible(bare, asked, lambda key: _never(key)).allowed)
    assert found == {YES: {True}, NO: {False}, IF: {True, False}}[expected]


def _never(key: str) -> Any:
    from iam.policy.condition_keys import Presence

    return Presence.NEVER


SAME = ("StringEquals", RESOURCE, "${aws:PrincipalOrgID}")
OTHER = ("StringNotEqualsIfExists", RESOURCE, "${aws:PrincipalOrgID}")


@pytest.mark.parametrize(
    ("condition", "resource", "expected"),
    [
        (SAME, (OURS,), NO),
        (SAME, (THEIRS,), IF),
        (SAME, (OtherThan(OURS),), IF),
        (OTHER, (OURS,), YES),
        (OTHER, (THEIRS,), IF),
        (OTHER, (OtherThan(OURS),), IF),
        (("StringEquals", ID, "${aws:ResourceOrgID}"), (OURS,), NO),
        (("StringEquals", ID, "${aws:ResourceOrgID}"), (OtherThan(OURS),), IF),
        (("StringLike", PATHS, "${aws:ResourceOrgID}/*"), (OURS,), NO),
        (("StringLike", PATHS, "${aws:ResourceOrgID}/*"), (OtherThan(OURS),), IF),
    ],
)
def test_the_caller_s_organization_compared_with_the_resource_s(
    condition: tuple[str, str, str], resource: tuple[str, ...], expected: Certainty
) -> None:
    operator, key, value = condition
    asked = policies({"Effect": "Allow", "Condition": {operator: {key: value}}})
    assert certainty(request(**{RESOURCE: resource}), asked) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("StringEquals", ID, THEIRS), ("StringNotEquals", ID, THEIRS), NO),
        (("StringEquals", ID, THEIRS), ("StringLike", ID, "o-part*"), IF),
        (("StringEquals", ID, THEIRS), ("Null", ID, "true"), NO),
        (("StringEquals", ID, THEIRS), ("StringEqualsIfExists", ID, "o-elsewhere1"), NO),
    ],
)
def test_two_conditions_on_the_same_key(one: Any, other: Any, expected: Certainty) -> None:
    for first, second in itertools.permutations((one, other)):
        block: dict[str, Any] = {}
        for operator, key, value in (first, second):
            block.setdefault(operator, {})[key] = value
        assert certainty(request(), policies({"Effect": "Allow", "Condition": block})) is expected


def test_what_it_depends_on_is_the_key() -> None:
    found = possible(request(), policies({"Effect": "Allow", "Condition": {"StringEquals": {ID: THEIRS}}}))
    assert [(key.key, key.wanted) for one in found.statements for key in one.keys] == [(ID, (THEIRS,))]
    assert not is_known((OtherThan(OURS),)) and is_known((THEIRS,)) and is_known(())
