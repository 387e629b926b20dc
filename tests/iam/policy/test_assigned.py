"""Documents with the values of keys filled in decide as the documents do in a request that has these values."""

from __future__ import annotations

import random
from typing import Any

import pytest

from iam.policy.assigned import NotAssignable, assigned
from iam.policy.document import Document
from iam.policy.evaluate import evaluate
from iam.policy.request import NamedPolicy, Policies, Request

TAG = "aws:PrincipalTag/team"
BUCKET = "arn:aws:s3:::b"
OPERATORS = (
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "StringEqualsIfExists",
    "StringNotEqualsIgnoreCase",
    "ForAnyValue:StringEquals",
    "ForAllValues:StringLike",
    "Null",
)


def _random_statement(chance: random.Random) -> dict[str, Any]:
    texts = ["red", "blue", "r*", "${aws:PrincipalTag/team}", "x-${aws:PrincipalTag/team, 'red'}", "${aws:username}"]
    operator = chance.choice(OPERATORS)
    key = chance.choice([TAG, TAG.lower(), "aws:ResourceTag/team", "aws:username"])
    values = ["true" if chance.random() < 0.5 else "false"] if operator == "Null" else chance.sample(texts, 2)
    statement: dict[str, Any] = {"Effect": chance.choice(["Allow", "Allow", "Deny"]), "Action": "s3:GetObject"}
    element = chance.choice(["Resource", "Resource", "NotResource"])
    patterns = [f"{BUCKET}/*", f"{BUCKET}/${{aws:PrincipalTag/team}}/*", f"{BUCKET}/red/?"]
    statement[element] = chance.sample(patterns, chance.randint(1, 2))
    if chance.random() < 0.8:
        statement["Condition"] = {operator: {key: values}}
    return statement


@pytest.mark.parametrize("seed", range(300))
def test_the_same_decision_as_with_the_value_in_the_request(seed: int) -> None:
    chance = random.Random(seed)
    version = chance.choice(["2012-10-17", "2012-10-17", "2008-10-17"])
    statements = [_random_statement(chance) for _ in range(chance.randint(1, 3))]
    document = Document.from_value({"Version": version, "Statement": statements})
    others = {"aws:ResourceTag/team": ("red",), "aws:username": ("blue",)}
    for value in ((), ("red",), ("blue",), ("r*",)):
        try:
            found = assigned(document, {TAG.lower(): value})
        except NotAssignable:
            continue
        assert not found.mentions(TAG) or version == "2008-10-17"
        context = {**others, **({TAG: value} if value else {})}
        for resource in (f"{BUCKET}/red/a", f"{BUCKET}/blue/a", f"{BUCKET}/r*/a", f"{BUCKET}/other"):
            request = Request("arn:aws:iam::111122223333:role/r", "s3:GetObject", resource, context=context)
            bare = Request("arn:aws:iam::111122223333:role/r", "s3:GetObject", resource, context=others)
            was = evaluate(request, Policies(identity=(NamedPolicy(document),))).outcome
            now = evaluate(bare, Policies(identity=(NamedPolicy(found),))).outcome
            assert was == now, (value, resource, document.text, found.text)


def test_a_comparison_of_two_unknown_keys_is_turned_or_refused() -> None:
    def of(operator: str, wanted: str) -> Document:
        condition = {operator: {TAG: wanted}}
        statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
        return Document.from_value({"Version": "2012-10-17", "Statement": [statement]})

    turned = assigned(of("StringEquals", "${aws:ResourceTag/team}"), {TAG.lower(): ("red",)})
    assert turned.value["Statement"][0]["Condition"] == {"StringEquals": {"aws:ResourceTag/team": ["red"]}}
    with pytest.raises(NotAssignable):
        assigned(of("StringLike", "${aws:ResourceTag/team}-*"), {TAG.lower(): ("red-1",)})
