"""Documents made to be big, deep or slow get an answer or an error within a second."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from iam.policy.document import Document, PolicyError
from iam.policy.evaluate import evaluate
from iam.policy.explain import explain
from iam.policy.request import NamedPolicy
from tests.support.accounts.policies import identity, policy, request, statement


@contextmanager
def within_a_second() -> Iterator[None]:
    started = time.process_time()
    yield
    assert time.process_time() - started < 1


def test_ten_thousand_statements() -> None:
    many = [
        statement(Sid=f"S{number}", Action=f"s3:Get{number}*", Resource=f"arn:aws:s3:::b{number}/*")
        for number in range(10_000)
    ]
    many.append(statement("Deny", Action="s3:*"))
    text = json.dumps({"Version": "2012-10-17", "Statement": many})
    with within_a_second():
        document = Document.from_value(text)
        assert evaluate(request(), identity(NamedPolicy(document))).outcome.value == "explicitDeny"
    with within_a_second():
        last = document.statements[-1]
        assert last.first_line == document.line_count - 6
        assert document.problems == ()


def test_explaining_ten_thousand_statements() -> None:
    many = policy(
        *(statement(Action=f"s3:Get{number}", Resource=f"arn:aws:s3:::b{number}/*") for number in range(10_000))
    )
    with within_a_second():
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
    with within_a_second():
        asked = request(action="s3:Get9999Object", resource="arn:aws:s3:::b9999/x", context={"x:k": "a9999b"})
        assert evaluate(asked, identity(wide)).allowed


@pytest.mark.parametrize("depth", [500, 900, 5_000, 200_000])
def test_depth(depth: int) -> None:
    nested = '{"Statement":[{"Effect":"Allow","Resource":"*","Action":' + "[" * depth + "]" * depth + "}]}"
    with within_a_second():
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
    with within_a_second():
        with pytest.raises(PolicyError):
            document.statements  # noqa: B018 - reading is what raises
        assert document.text
    # Taken apart from the outside: freeing it in one go would overflow the C stack of some Python builds.
    inner = document.value["Statement"][0].pop("Action")
    while isinstance(inner, list):
        inner = inner.pop()


def test_a_long_list_of_duplicate_keys() -> None:
    text = '{"Statement":[' + ",".join(['{"Effect":"Allow","Effect":"Deny"}'] * 5_000) + "]}"
    with within_a_second():
        document = Document.from_value(text)
        assert len(document.problems) == 100
