"""Documents: every way in, lines, places of elements, and what is wrong with them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from iam.policy.compiled import compiled
from iam.policy.document import Document, PolicyError, Problem

VALUE = {
    "Version": "2012-10-17",
    "Statement": [
        {"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject", "s3:ListBucket"], "Resource": "*"},
        {
            "Effect": "Deny",
            "NotAction": "iam:*",
            "Resource": ["arn:aws:s3:::a b+c/*"],
            "Condition": {
                "StringNotEquals": {"aws:RequestedRegion": ["us-east-1", "eu-west-1"]},
                "Bool": {"x:y": True},
            },
        },
    ],
}
COMPACT = json.dumps(VALUE)
PRETTY = json.dumps(VALUE, indent=2)


@pytest.mark.parametrize(
    "source",
    [
        VALUE,
        COMPACT,
        PRETTY,
        quote(COMPACT),
        quote(COMPACT, safe=""),
        quote_plus(COMPACT),
        COMPACT.encode(),
        "\ufeff" + PRETTY,
    ],
)
def test_every_way_in_gives_the_same_statements(source: Any) -> None:
    document = Document.from_value(source)
    assert document.value == VALUE
    assert document.text == PRETTY
    first, second = document.statements
    assert (first.sid, first.effect, first.action, first.not_action) == (
        "Read",
        "Allow",
        ("s3:GetObject", "s3:ListBucket"),
        None,
    )
    assert (second.index, second.not_action, second.resource) == (1, ("iam:*",), ("arn:aws:s3:::a b+c/*",))
    assert [(block.operator, block.key, block.values) for block in second.conditions] == [
        ("StringNotEquals", "aws:RequestedRegion", ("us-east-1", "eu-west-1")),
        ("Bool", "x:y", ("true",)),
    ]
    assert (first.first_line, first.last_line, second.first_line, second.last_line) == (4, 12, 13, 30)


def test_text_keeps_what_was_written() -> None:
    written = '{"Version":\n"2012-10-17",   "Statement": {"Effect" : "Allow","Action":"*","Resource":"*"}}'
    document = Document.from_value(written)
    assert document.text == written
    assert (document.statements[0].first_line, document.statements[0].last_line) == (2, 2)
    assert Document(COMPACT).text == COMPACT


def test_a_long_line_is_laid_out_with_every_token_as_it_was() -> None:
    line = (
        '{"Statement":[{"Effect":"Allow","Effect":"Deny","Action":[],"Resource":"\\u002a",'
        '"Condition":{"NumericEquals":{"x:k":1.50}}}],"Id":"a \\" : { b"}'
    )
    text = Document.from_value(line).text
    assert '"Resource": "\\u002a"' in text
    assert "1.50" in text
    assert text.count('"Effect"') == 2
    assert '"Action": []' in text
    assert json.loads(text) == json.loads(line)


def test_equality_and_hash_are_those_of_the_text() -> None:
    assert Document.from_value(VALUE) == Document.from_value(COMPACT) == Document(PRETTY)
    assert hash(Document.from_value(VALUE)) == hash(Document(PRETTY))
    assert Document(COMPACT) != Document(PRETTY)
    assert Document.from_value(VALUE) != VALUE


def test_single_values_lists_numbers_and_booleans() -> None:
    document = Document.from_value({"Statement": {"Effect": "Allow", "Action": "*", "Resource": [True, "x", 5]}})
    (only,) = document.statements
    assert (only.action, only.resource) == (("*",), ("true", "x", "5"))
    assert document.version == "2008-10-17"


@pytest.mark.parametrize(
    ("principal", "pairs"),
    [
        ("*", (("*", "*"),)),
        ({"AWS": "*"}, (("AWS", "*"),)),
        ({"AWS": ["111122223333", "x"], "Service": "y"}, (("AWS", "111122223333"), ("AWS", "x"), ("Service", "y"))),
        ({"AWS": 111122223333}, (("AWS", "111122223333"),)),
    ],
)
def test_principals(principal: Any, pairs: tuple[tuple[str, str], ...]) -> None:
    for element, attribute in (("Principal", "principal"), ("NotPrincipal", "not_principal")):
        value = {"Statement": [{"Effect": "Allow", element: principal, "Action": "*", "Resource": "*"}]}
        assert getattr(Document.from_value(value).statements[0], attribute) == pairs


def cut(document: Document, span: Any) -> str:
    assert span is not None
    return document.text[span.start : span.end]


def test_where_elements_and_values_stand() -> None:
    document = Document.from_value(VALUE)
    assert cut(document, document.element_span(0, "Effect")) == '"Effect": "Allow"'
    assert cut(document, document.element_span(0, "Action", "s3:ListBucket")) == '"s3:ListBucket"'
    assert cut(document, document.element_span(1, "Condition", "eu-west-1")) == '"eu-west-1"'
    assert cut(document, document.element_span(1, "Condition", "x:y")) == '"x:y": true'
    assert document.element_span(0, "Condition") is None
    assert document.element_span(0, "Action", "s3:PutObject") is None
    span = document.element_span(0, "Action", "s3:ListBucket")
    assert span is not None
    assert (span.first_line, span.first_column, span.last_line, span.last_column) == (9, 9, 9, 23)
    assert (
        document.text.splitlines()[span.first_line - 1][span.first_column - 1 : span.last_column] == '"s3:ListBucket"'
    )
    single = Document.from_value(
        {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"a:b": "true"}}}}
    )
    with pytest.raises(IndexError):
        single.statement_span(1)


GOOD = {"Effect": "Allow", "Action": "*", "Resource": "*"}
FAULTS: list[tuple[Any, str]] = [
    ([], "object"),
    ("text", "object"),
    ({}, "no Statement"),
    ({"Statement": "x"}, "Statement is a string"),
    ({"Statement": [5]}, "Statement 1 is a number"),
    ({"Statement": None}, "Statement is null"),
    ({"Version": "2012-10-18", "Statement": []}, "Version"),
    ({"Version": 2012, "Statement": []}, "Version"),
    ({"Statement": [], "Comment": "x"}, '"Comment" is not an element'),
    ({"statement": [GOOD]}, '"statement" is not an element of a policy document: it is written Statement'),
    ({"Statement": [{"Action": "*", "Resource": "*"}]}, "no Effect"),
    ({"Statement": [{**GOOD, "Effect": "allow"}]}, "Allow or Deny"),
    ({"Statement": [{**GOOD, "Effect": ["Allow"]}]}, "Allow or Deny"),
    ({"Statement": [{"Effect": "Allow", "Resource": "*"}]}, "neither Action nor NotAction"),
    ({"Statement": [{**GOOD, "NotAction": "*"}]}, "both Action and NotAction"),
    ({"Statement": [{**GOOD, "NotResource": "*"}]}, "both Resource and NotResource"),
    ({"Statement": [{**GOOD, "Principal": "*", "NotPrincipal": "*"}]}, "both Principal and NotPrincipal"),
    ({"Statement": [{**GOOD, "Action": "s3"}]}, 'the Action "s3"'),
    ({"Statement": [{**GOOD, "Action": ["s3:GetObject", "s3*"]}]}, 'the Action "s3*"'),
    ({"Statement": [{**GOOD, "Action": ""}]}, 'the Action ""'),
    ({"Statement": [{**GOOD, "Action": ":GetObject"}]}, 'the Action ":GetObject"'),
    ({"Statement": [{"Effect": "Deny", "NotAction": "s3:", "Resource": "*"}]}, 'the NotAction "s3:"'),
    ({"Statement": [{**GOOD, "Action": {"x": 1}}]}, "Action that is an object"),
    ({"Statement": [{**GOOD, "Action": [["x"]]}]}, "a list in it"),
    ({"Statement": [{**GOOD, "Action": None}]}, "Action that is null"),
    ({"Statement": [{**GOOD, "Sid": 5}]}, "Sid that is a number"),
    ({"Statement": [{**GOOD, "Principal": "arn:aws:iam::111122223333:root"}]}, "Principal that is"),
    ({"Statement": [{**GOOD, "Principal": {"aws": "*"}}]}, "it is written AWS"),
    ({"Statement": [{**GOOD, "Condition": []}]}, "Condition that is a list"),
    ({"Statement": [{**GOOD, "Condition": {"StringEquals": "x"}}]}, "not an object"),
    ({"Statement": [{**GOOD, "Condition": {"StringEquals": {"a:b": {"c": 1}}}}]}, "is an object"),
    ({"Statement": [{**GOOD, "Condition": {"StringIs": {"a:b": "c"}}}]}, '"StringIs", which AWS does not know'),
    ({"Statement": [GOOD, {**GOOD, "Extra": 1}]}, '"Extra" is not an element of statement 2'),
]


@pytest.mark.parametrize(("value", "words"), FAULTS)
def test_faults_are_named_with_their_place_and_refused(value: Any, words: str) -> None:
    document = Document(json.dumps(value, indent=2))
    problem = next(problem for problem in document.problems if words in problem.message)
    assert 1 <= problem.line <= document.line_count
    assert problem.column >= 1
    with pytest.raises(PolicyError) as refused:
        document.statements  # noqa: B018 - reading is what raises
    assert "line" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_every_fault_is_listed_in_the_order_of_the_text() -> None:
    document = Document.from_value(
        {"Statement": [{"effect": "Allow", "Action": "*"}, {"Effect": "Maybe", "Action": "s3"}]}
    )
    assert document.problems == (
        Problem("Statement 1 has no Effect", 3, 5),
        Problem('"effect" is not an element of statement 1: it is written Effect', 4, 7),
        Problem('Statement 2 has the Effect "Maybe", but must say Allow or Deny', 8, 7),
        Problem('Statement 2 has the Action "s3", which is not an action: it is written service:Name', 9, 7),
    )
    assert Document.from_value(VALUE).problems == ()


def test_duplicate_keys_are_refused_with_their_place() -> None:
    text = '{\n "Statement": [\n  {"Effect": "Deny", "Action": "*",\n   "Effect": "Allow", "Resource": "*"}\n ]\n}'
    document = Document(text)
    assert document.problems == (Problem('"Effect" occurs twice in one object', 4, 4),)
    with pytest.raises(PolicyError, match="line 4, column 4"):
        document.statements  # noqa: B018 - reading is what raises


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("  \n", "empty"),
        ("{", "line 1, column 2"),
        ('{\n"a": 1\n"b": 2}', "line 3, column 1"),
        ("{'a': 1}", "not JSON"),
        ('{"a": "b\n"}', "a quote is not closed: it opens at line 1, column 7"),
        ('{"a": "b", "c": "d \\" e,\n "f": "g"}', "a quote is not closed: it opens at line 1, column 17"),
        ('{\n "a": "b', "a quote is not closed: it opens at line 2, column 7"),
        ('{"a": "b\tc"}', "Invalid control character at line 1, column 9"),
        ('{"a": NaN}', "NaN"),
        ('{"a": Infinity}', "Infinity"),
        ('{"a": 1} x', "line 1, column 10"),
        ("%7B%22a", "not JSON"),
        (
            '{"a": ' + "9" * 5000 + "}",
            "The document is not JSON: a number has 5,000 digits, and 1,000 are read at most.",
        ),
        ('{"a": 1e400}', 'The document is not JSON: the number "1e400" is too large: write it as a string.'),
        ('{"a": [-1.5E999]}', "too large"),
        ("[" * 100_000, "nested"),
        ('{"Statement":' * 100_000, "nested"),
        ("x" * 5_000_000, "5,000,000 characters"),
        (" " * 5_000_000, "5,000,000 characters"),
        (json.dumps({"Statement": [GOOD] * 80_000}), "characters"),
    ],
)
def test_what_is_no_policy_says_so_in_one_sentence(text: str, words: str) -> None:
    document = Document.from_value(text)
    with pytest.raises(PolicyError) as refused:
        document.statements  # noqa: B018 - reading is what raises
    message = str(refused.value)
    assert words in message
    assert message.endswith(".")
    assert "\n" not in message
    assert len(message) < 200
    assert document.text is not None
    (problem,) = document.problems
    assert problem.line >= 1


def test_hostile_text_stays_text() -> None:
    sid = "[red]\x1b[31m\u202e</b>${x}"
    document = Document.from_value({"Statement": [{**GOOD, "Sid": sid}]})
    assert document.statements[0].sid == sid
    assert json.loads(document.text)["Statement"][0]["Sid"] == sid


def test_what_is_no_json_value_never_breaks_the_reading() -> None:
    document = Document.from_value(object())
    assert document.text
    assert document.problems


def test_what_was_worked_out_of_a_document_can_be_given_back_and_comes_again() -> None:
    document = Document(
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}'
    )
    before = compiled(document)
    document.forget()
    assert compiled(document) is not before and compiled(document).sources == before.sources
