"""The JSON lines of `rolescope evaluate`: what each key may hold, what is answered, and what is refused."""

from __future__ import annotations

import gc
import json
from typing import Any

import pytest

from iam.policy.evaluate_lines import answer_line
from tests.support.accounts.policies import ACCOUNT, OBJECT, OTHER, ROOT, SESSION, TARGET, USER, statement
from tests.support.oracles.generate_requests import Generator


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


ALLOW, DENY = document(statement()), document(statement("Deny"))
LINE: dict[str, Any] = {"id": 1, "principal": USER, "action": "s3:GetObject", "resource": OBJECT}


def answer(**keys: Any) -> dict[str, Any]:
    text, good = answer_line(json.dumps({**LINE, **keys}))
    assert good, text
    found: dict[str, Any] = json.loads(text)
    return found


def test_the_shape_of_an_answer() -> None:
    conditioned = document(
        statement(Sid="A", Action="s3:*", Condition={"StringEqualsIfExists": {"aws:SourceVpc": "vpc-1"}})
    )
    assert answer(id={"a": [1]}, identityPolicies=[ALLOW, {"name": "second", "policy": conditioned}]) == {
        "id": {"a": [1]},
        "decision": "allowed",
        "layers": {"identity": "allowed"},
        "reasons": [
            {"layer": "identity", "effect": "Allow", "policy": None, "statement": 0, "sid": None},
            {"layer": "identity", "effect": "Allow", "policy": "second", "statement": 0, "sid": "A"},
        ],
        "missingContext": ["aws:SourceVpc"],
        "decidedBy": "identity",
        "rule": "An identity policy allows the action, and nothing limits it.",
    }


def test_only_principal_and_action_are_needed() -> None:
    text, good = answer_line(json.dumps({"principal": USER, "action": "s3:GetObject"}))
    assert good
    assert json.loads(text)["id"] is None
    assert json.loads(text)["decision"] == "implicitDeny"


@pytest.mark.parametrize(
    ("keys", "decision", "layers"),
    [
        ({"identityPolicies": [ALLOW], "boundaryPolicies": []}, "allowed", {"identity": "allowed"}),
        (
            {"identityPolicies": [ALLOW], "boundaryPolicies": [DENY]},
            "explicitDeny",
            {"identity": "allowed", "boundary": "explicitDeny"},
        ),
        ({"identityPolicies": [ALLOW], "scps": []}, "allowed", {"identity": "allowed"}),
        (
            {"identityPolicies": [ALLOW], "scps": [[ALLOW], []]},
            "implicitDeny",
            {"identity": "allowed", "scp": "implicitDeny"},
        ),
        # A flat list of documents is one level.
        (
            {"identityPolicies": [ALLOW], "scps": [document(), ALLOW]},
            "allowed",
            {"identity": "allowed", "scp": "allowed"},
        ),
        (
            {"identityPolicies": [ALLOW], "scps": [{"name": "x", "policy": ALLOW}]},
            "allowed",
            {"identity": "allowed", "scp": "allowed"},
        ),
        ({"identityPolicies": [ALLOW], "rcps": [[document()]]}, "allowed", {"identity": "allowed", "rcp": "allowed"}),
        ({"identityPolicies": [json.dumps(ALLOW)]}, "allowed", {"identity": "allowed"}),
        ({"identityPolicies": [ALLOW], "resourceAccount": OTHER}, "implicitDeny", {"identity": "allowed"}),
        (
            {"resourcePolicy": document(statement(Principal={"AWS": ROOT})), "identityPolicies": [ALLOW]},
            "allowed",
            {"identity": "allowed", "resource": "implicitDeny"},
        ),
        (
            {
                "resourcePolicy": document(statement(Principal={"AWS": ROOT})),
                "identityPolicies": [ALLOW],
                "resourceAccount": OTHER,
            },
            "allowed",
            {"identity": "allowed", "resource": "allowed"},
        ),
        (
            {"principal": {"type": "Anonymous"}, "resourcePolicy": document(statement(Principal="*"))},
            "allowed",
            {"resource": "allowed"},
        ),
        (
            {"principal": SESSION, "identityPolicies": [ALLOW], "sessionPolicy": document(statement(Action="ec2:*"))},
            "implicitDeny",
            {"identity": "allowed", "session": "implicitDeny"},
        ),
        (
            {"identityPolicies": [ALLOW], "vpcEndpointPolicies": [document(statement(Principal="*", Action="ec2:*"))]},
            "implicitDeny",
            {"identity": "allowed", "vpcEndpoint": "implicitDeny"},
        ),
        (
            {
                "principal": "lambda.amazonaws.com",
                "action": "sts:AssumeRole",
                "resource": TARGET,
                "resourcePolicy": document(
                    statement(Action="sts:AssumeRole", Resource=None, Principal={"Service": "lambda.amazonaws.com"})
                ),
            },
            "allowed",
            {"resource": "allowed"},
        ),
    ],
)
def test_layers(keys: dict[str, Any], decision: str, layers: dict[str, str]) -> None:
    found = answer(**keys)
    assert (found["decision"], found["layers"]) == (decision, layers)


@pytest.mark.parametrize(
    ("kind", "decision"), [(None, "allowed"), ("Interface", "allowed"), ("Gateway", "implicitDeny")]
)
def test_the_kind_of_an_endpoint(kind: str | None, decision: str) -> None:
    through = document(statement(Principal={"AWS": ACCOUNT}))
    found = answer(identityPolicies=[ALLOW], vpcEndpointPolicies=[through], vpcEndpointType=kind)
    assert found["decision"] == decision


@pytest.mark.parametrize("given", ["1", ["1"], 1, [1]])
def test_context_values_of_every_form(given: Any) -> None:
    wanting = document(statement(Condition={"NumericEquals": {"x:k": "1"}, "Bool": {"x:b": "true"}}))
    found = answer(identityPolicies=[wanting], contextVariables={"X:K": given, "x:B": True})
    assert found["decision"] == "allowed"


NO_ID: list[tuple[str, str]] = [
    ("nonsense", "not JSON"),
    ("{", "not JSON"),
    ("[]", "no JSON object"),
    ("null", "no JSON object"),
    ('"text"', "no JSON object"),
    ('{"id": 1, "id": 2}', '"id" stands twice'),
    ('{"id": NaN}', "NaN"),
    ("[" * 100_000, "nested"),
    ('{"contextVariables": {"x:n": 1e400}}', 'the number "1e400" is too large'),
    ('{"contextVariables": {"x:n": ' + "9" * 5000 + "}}", "a number has 5,000 digits"),
]


@pytest.mark.parametrize(("line", "words"), NO_ID)
def test_lines_that_are_no_requests(line: str, words: str) -> None:
    text, good = answer_line(line)
    assert not good
    assert "\n" not in text
    found = json.loads(text)
    assert set(found) == {"id", "error"}
    assert words in found["error"]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"principal": None}, '"principal"'),
    ({"principal": ""}, '"principal"'),
    ({"principal": {"type": "Else"}}, '"principal"'),
    ({"action": None}, '"action"'),
    ({"action": "GetObject"}, '"action"'),
    ({"action": 5}, '"action"'),
    ({"resource": 5}, '"resource"'),
    ({"resourceAccount": "1"}, "12 digits"),
    ({"contextVariables": []}, '"contextVariables"'),
    ({"contextVariables": {"a:b": {}}}, '"a:b"'),
    ({"contextVariables": {"a:b": [None]}}, '"a:b"'),
    ({"identityPolicies": [5]}, "identityPolicies[0]"),
    ({"identityPolicies": [ALLOW, {"name": 5, "policy": ALLOW}]}, "identityPolicies[1]"),
    ({"scps": "x"}, '"scps"'),
    ({"scps": [[ALLOW], [5]]}, "scps[1][0]"),
    ({"identityPolicies": [{}]}, "no Statement"),
    (
        {"identityPolicies": [{"name": "mine", "policy": document({"Action": "*", "Resource": "*"})}]},
        "identity policy mine",
    ),
    ({"identityPolicies": [ALLOW, "{"]}, "identityPolicies[1]: The identity policy"),
    ({"identityPolicies": ["{"]}, "line 1, column 2"),
    ({"scps": [[ALLOW], [ALLOW, {}]]}, "scps[1][1]"),
    ({"identityPolicies": [document(statement(Principal="*"))]}, "names a principal"),
    ({"identityPolicies": [document(statement(Resource=None))]}, "neither Resource nor NotResource"),
    ({"resourcePolicy": document(statement())}, "neither Principal nor NotPrincipal"),
    ({"boundaryPolicies": [document(statement(Condition={"Foo": {"a:b": "c"}}))]}, "operator"),
    ({"sessionPolicy": []}, "sessionPolicy"),
    ({"identityPolicies": [document(statement(Action="s3"))]}, 'the Action "s3"'),
    ({"identityPolicies": [document(statement(Resource="jobs"))]}, 'the resource "jobs", which is neither'),
    ({"boundaryPolicies": [document(statement(NotResource=["*", ""]))]}, 'the resource ""'),
    ({"sessionPolicy": document(statement(Resource="s3:::b"))}, 'the resource "s3:::b"'),
    ({"scps": [[document(statement(Resource="arn:aws:s3"))]]}, "lacks parts of an ARN"),
    ({"scps": [[ALLOW], [document(statement(NotResource="arn:aws:sqs:*:1"))]]}, "lacks parts of an ARN"),
    ({"rcps": [[document(statement("Deny", Principal="*", Resource="arn:aws:s3:"))]]}, "lacks parts of an ARN"),
    ({"vpcEndpointType": "gateway"}, '"vpcEndpointType" must be "Gateway" or "Interface"'),
]


@pytest.mark.parametrize(("keys", "words"), REFUSED)
def test_lines_that_cannot_be_evaluated_say_why_and_where(keys: dict[str, Any], words: str) -> None:
    text, good = answer_line(json.dumps({**LINE, **keys}))
    found = json.loads(text)
    assert not good
    assert set(found) == {"id", "error"}
    assert found["id"] == 1
    assert words in found["error"]
    assert len(found["error"]) < 400


def test_documents_with_faults_count_even_where_the_action_is_another() -> None:
    wrong = document(statement(), {"Effect": "Allow", "Action": "ec2:*"})
    assert not answer_line(json.dumps({**LINE, "identityPolicies": [wrong]}))[1]


def test_resource_forms_of_other_services() -> None:
    stage = document(statement(Principal="*", Resource=["execute-api:/prod/GET/*"]))
    assert answer(identityPolicies=[ALLOW], resourcePolicy=stage)["decision"] == "allowed"
    short = document(statement(Resource=["arn:aws:sqs:*", "*"]))
    assert answer(identityPolicies=[ALLOW], scps=[[short]])["decision"] == "allowed"


def test_text_of_every_script_comes_back() -> None:
    named = {"name": "Ünïcode \u202e \x1b[31m [red]", "policy": ALLOW}
    text, good = answer_line(json.dumps({**LINE, "id": "日本", "identityPolicies": [named]}))
    assert good
    assert "\x1b" not in text
    assert json.loads(text)["id"] == "日本"
    assert json.loads(text)["reasons"][0]["policy"] == named["name"]
    lone = answer_line('{"id": "\\ud800", "principal": "' + USER + '", "action": "a:b"}')[0]
    lone.encode()


def test_account_numbers_may_be_numbers() -> None:
    assert answer(resourceAccount=int(ACCOUNT), identityPolicies=[ALLOW])["decision"] == "allowed"


def test_of_two_faults_the_first_of_the_line_is_told() -> None:
    broken, missing = {"Statement": [{"Effect": "Allow"}]}, 7
    line = {"principal": USER, "action": "s3:GetObject", "identityPolicies": [broken, missing]}
    answer, good = answer_line(json.dumps(line))
    assert not good
    assert json.loads(answer)["error"].startswith("identityPolicies[0]: The identity policy cannot be evaluated: ")


def test_answers_leave_nothing_to_the_garbage_collector() -> None:
    generator = Generator(3)
    lines = [json.dumps(generator.case(number)) for number in range(100)]
    gc.collect()
    gc.disable()
    try:
        for line in lines:
            answer_line(line)
        assert gc.collect() == 0
    finally:
        gc.enable()
