"""Documents made to be big, deep or slow get an answer or an error soon: on a quiet machine within a second."""

from __future__ import annotations

import json
from typing import Any

import pytest

from iam.policy.document import Document, PolicyError
from iam.policy.evaluate import evaluate
from iam.policy.evaluate_lines import answer_line
from iam.policy.explain import explain
from iam.policy.request import NamedPolicy
from tests.support.accounts.policies import OBJECT, USER, identity, policy, request, statement
from tests.support.timing import within_yards


def test_ten_thousand_statements() -> None:
    many = [
        statement(Sid=f"S{number}", Action=f"s3:Get{number}*", Resource=f"arn:aws:s3:::b{number}/*")
        for number in range(10_000)
    ]
    many.append(statement("Deny", Action="s3:*"))
    text = json.dumps({"Version": "2012-10-17", "Statement": many})
    with within_yards(200):
        document = Document.from_value(text)
        assert evaluate(request(), identity(NamedPolicy(document))).outcome.value == "explicitDeny"
    with within_yards(200):
        last = document.statements[-1]
        assert last.first_line == document.line_count - 6
        assert document.problems == ()


def test_explaining_ten_thousand_statements() -> None:
    many = policy(
        *(statement(Action=f"s3:Get{number}", Resource=f"arn:aws:s3:::b{number}/*") for number in range(10_000))
    )
    with within_yards(200):
        misses = explain(request(action="s3:Get77"), identity(many)).near_misses
    assert misses[0].statement == 77
    assert len(misses) == 50


def test_ten_thousand_actions_and_values() -> None:
    wide = policy(
        statement(
            Action=[f"s3:Get{number}*" for number in range(10_000)],
            Resource=[f"arn:aws:s3:::b{number}*/x" for number in range(10_000)],
            Condition={"StringLike": {"x:k": [f"a*{number}*b" for number in range(10_000)]}},
        )
    )
    with within_yards(200):
        asked = request(action="s3:Get9999Object", resource="arn:aws:s3:::b9999/x", context={"x:k": "a9999b"})
        assert evaluate(asked, identity(wide)).allowed


@pytest.mark.parametrize("depth", [500, 900, 5_000, 200_000])
def test_depth(depth: int) -> None:
    nested = '{"Statement":[{"Effect":"Allow","Resource":"*","Action":' + "[" * depth + "]" * depth + "}]}"
    with within_yards(200):
        document = Document.from_value(nested)
        with pytest.raises(PolicyError):
            evaluate(request(), identity(NamedPolicy(document)))
        assert document.problems
        assert document.text


def test_a_value_nested_deeper_than_python_can_print() -> None:
    value: object = "x"
    for _ in range(50_000):
        value = [value]
    document = Document.from_value({"Statement": [{"Effect": "Allow", "Action": value, "Resource": "*"}]})
    with within_yards(200):
        with pytest.raises(PolicyError):
            document.statements  # noqa: B018 - reading is what raises
        assert document.text
    # Taken apart from the outside: freeing it in one go would overflow the C stack of some Python builds.
    inner = document.value["Statement"][0].pop("Action")
    while isinstance(inner, list):
        inner = inner.pop()


def test_a_long_list_of_duplicate_keys() -> None:
    text = '{"Statement":[' + ",".join(['{"Effect":"Allow","Effect":"Deny"}'] * 5_000) + "]}"
    with within_yards(200):
        document = Document.from_value(text)
        assert len(document.problems) == 100


def _answered(**keys: Any) -> dict[str, Any]:
    line = {"principal": USER, "action": "s3:GetObject", "resource": OBJECT, **keys}
    with within_yards(200):
        found: dict[str, Any] = json.loads(answer_line(json.dumps(line))[0])
    return found


MANY = range(3_000)


@pytest.mark.parametrize("over", ["ForAnyValue", "ForAllValues"])
@pytest.mark.parametrize(
    ("operator", "wanted", "had"),
    [
        ("StringLike", "*a{}*b*", "v{}a"),
        ("StringNotLike", "*a{}*b*", "v{}a"),
        ("StringLike", "*{}*${{aws:username}}*", "v{}a"),
        ("ArnLike", "arn:aws:*:*:*:*a{}*b*", "arn:aws:s3:::v{}a"),
        ("NumericLessThan", "-{}", "{}"),
        ("NumericNotEquals", "{}e300", "{}.5e-300"),
        ("IpAddress", "10.0.0.0/8", "11.0.0.1"),
        ("Bool", "true", "false"),
    ],
)
def test_thousands_of_values_against_thousands(over: str, operator: str, wanted: str, had: str) -> None:
    block = {f"{over}:{operator}": {"x:k": [wanted.format(number) for number in MANY]}}
    allowing = {"Version": "2012-10-17", "Statement": [statement(Condition=block)]}
    found = _answered(identityPolicies=[allowing], contextVariables={"x:k": [had.format(number) for number in MANY]})
    assert found["decision"] == ("allowed" if "Not" in operator else "implicitDeny")


@pytest.mark.parametrize("pattern", ["arn:aws:s3:::" + "*a" * 3_000, "arn:aws:s3*:" + "*a" * 3_000])
@pytest.mark.parametrize("resource", ["arn:aws:s3:::" + "a" * 3_000 + "b", "arn:aws:s3:::" + "*ab" * 700])
def test_resources_of_nothing_but_wildcards(pattern: str, resource: str) -> None:
    documents = [{"Version": "2012-10-17", "Statement": [statement(effect, Resource=pattern)]} for effect in EFFECTS]
    assert "decision" in _answered(identityPolicies=documents, resource=resource)


EFFECTS = ("Allow", "Deny")


@pytest.mark.parametrize(
    "keys",
    [
        {"identityPolicies": [{"Statement": [statement()] * 30_000}]},
        {"identityPolicies": [{"Statement": [statement(Resource=[f"arn:aws:s3:::{n}*x" for n in range(60_000)])]}]},
        {f"q{number}": 1 for number in range(20_000)},
    ],
)
def test_what_no_service_would_store_is_an_error(keys: dict[str, Any]) -> None:
    assert "error" in _answered(**keys)


def test_a_line_nested_a_hundred_thousand_deep_is_an_error() -> None:
    with within_yards(200):
        text, good = answer_line('{"principal": "a", "action": "s3:x", "scps": ' + "[" * 100_000 + "]" * 100_000 + "}")
    assert not good and "nested too deeply" in text
