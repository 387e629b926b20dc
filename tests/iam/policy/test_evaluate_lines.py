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
    ("[]", "not a JSON object"),
    ("null", "not a JSON object"),
    ('"text"', "not a JSON object"),
    ('{"id": 1, "id": 2}', '"id" occurs twice'),
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
    ({"sessionPolicy": [ALLOW] * 12}, "up to 11"),
    ({"sessionPolicy": [ALLOW, document(statement(Resource="b"))]}, "sessionPolicy[1]"),
    ({"scp": [[DENY]]}, 'did you mean "scps"'),
    ({"rcp": [[DENY]]}, 'did you mean "rcps"'),
    ({"identityPolicy": [ALLOW]}, 'did you mean "identityPolicies"'),
    ({"resourcePolicies": [ALLOW]}, 'did you mean "resourcePolicy"'),
    ({"context": {}}, 'did you mean "contextVariables"'),
    ({"permissionsBoundary": [DENY]}, 'did you mean "boundaryPolicies"'),
    ({"SCPs": [[DENY]]}, 'did you mean "scps"'),
    ({"sesionPolicy": DENY}, 'did you mean "sessionPolicy"'),
    ({"trust_policy": DENY}, 'did you mean "resourcePolicy"'),
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
    answer_line(lines[0])
    gc.collect()
    gc.disable()
    try:
        for line in lines:
            answer_line(line)
        assert gc.collect() == 0
    finally:
        gc.enable()


# G1: incomplete ARNs; what the other questions say of them is in `tests.iam.questions.test_incomplete_arns`.
INCOMPLETE = "arn:aws:sqs"
QUEUE = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:jobs"
SEND = {"action": "sqs:SendMessage", "resource": QUEUE}


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        (INCOMPLETE, True),
        ("ARN:aws:SQS", True),
        ("arn:aws", True),
        ("arn:aws:s?s", True),
        ("arn:aws:sqs:eu-west-1", True),
        (f"arn:aws:sqs:eu-west-1:{ACCOUNT}", True),
        ("arn:aws:sqs:${aws:RequestedRegion}", True),
        ("arn:aws:sq*:eu-west-1", True),
        ("arn:aws:s3", False),
        ("arn:aws:sqs:us-east-1", False),
        (f"arn:aws:sqs:eu-west-1:{OTHER}", False),
    ],
)
def test_an_incomplete_arn_is_completed_in_identity_policies(pattern: str, matches: bool) -> None:
    region = {"aws:RequestedRegion": "eu-west-1"}
    given = {**SEND, "contextVariables": region}
    allowing, denying = document(statement(Resource=pattern)), document(statement("Deny", Resource=pattern))
    sparing = document(statement("Deny", NotResource=pattern))
    found = answer(**given, identityPolicies=[allowing])
    assert found["decision"] == ("allowed" if matches else "implicitDeny") and "otherwise" not in found
    assert answer(**given, identityPolicies=[ALLOW, denying])["decision"] == ("explicitDeny" if matches else "allowed")
    assert answer(**given, identityPolicies=[ALLOW, sparing])["decision"] == ("allowed" if matches else "explicitDeny")
    limited = answer(**given, identityPolicies=[ALLOW], boundaryPolicies=[allowing])
    assert limited["decision"] == ("allowed" if matches else "implicitDeny")


@pytest.mark.parametrize(
    ("layers", "decision", "otherwise"),
    [
        ({"scps": [[ALLOW, document(statement("Deny", Resource=INCOMPLETE))]]}, "explicitDeny", "allowed"),
        ({"scps": [[document(statement(Resource=INCOMPLETE))]]}, "implicitDeny", "allowed"),
        ({"scps": [[ALLOW, document(statement("Deny", NotResource=INCOMPLETE))]]}, "explicitDeny", "allowed"),
        ({"rcps": [[document(statement("Deny", Principal="*", Resource=INCOMPLETE))]]}, "explicitDeny", "allowed"),
        ({"resourcePolicy": document(statement("Deny", Principal="*", Resource="arn:aws"))}, "explicitDeny", "allowed"),
        ({"resourcePolicy": document(statement("Deny", Principal="*", Resource="arn:aws:s3"))}, "allowed", None),
        ({"vpcEndpointPolicies": [document(statement(Principal="*", Resource=INCOMPLETE))]}, "implicitDeny", "allowed"),
        ({"sessionPolicy": document(statement(Resource=INCOMPLETE))}, "implicitDeny", "allowed"),
    ],
)
def test_whether_an_incomplete_arn_matches_is_unknown_elsewhere(
    layers: dict[str, Any], decision: str, otherwise: str | None
) -> None:
    found = answer(**SEND, identityPolicies=[ALLOW], **layers)
    assert (found["decision"], found.get("otherwise")) == (decision, otherwise)


# G2: a federated user has what a session policy gives it, or a resource policy that names it.
FEDERATED = f"arn:aws:sts::{ACCOUNT}:federated-user/guest"


def named(principal: str) -> dict[str, Any]:
    return document(statement(Principal={"AWS": principal}))


@pytest.mark.parametrize(
    ("keys", "decision", "decided_by"),
    [
        ({"identityPolicies": [ALLOW]}, "implicitDeny", "session"),
        ({"identityPolicies": [ALLOW], "sessionPolicy": ALLOW}, "allowed", "identity"),
        ({"sessionPolicy": ALLOW}, "implicitDeny", "identity"),
        ({"identityPolicies": [ALLOW], "resourcePolicy": named(FEDERATED)}, "allowed", "resource"),
        ({"identityPolicies": [ALLOW], "resourcePolicy": named(ACCOUNT)}, "implicitDeny", "session"),
        ({"identityPolicies": [ALLOW], "resourcePolicy": named(USER)}, "implicitDeny", "session"),
        ({"identityPolicies": [ALLOW], "resourcePolicy": named(FEDERATED), "resourceAccount": OTHER}, "implicitDeny",
         "session"),
    ],
)  # fmt: skip
def test_a_federated_user_without_a_session_policy_has_no_permissions_of_its_own(
    keys: dict[str, Any], decision: str, decided_by: str
) -> None:
    found = answer(principal=FEDERATED, **keys)
    assert (found["decision"], found["decidedBy"]) == (decision, decided_by)


# G6: up to eleven session policies; hostile sizes are in `test_hostile`.
@pytest.mark.parametrize(
    ("second", "decision"),
    [
        (document(statement(Action="s3:Get*")), "allowed"),
        (DENY, "explicitDeny"),
        (document(statement(Action="ec2:*")), "implicitDeny"),
    ],
)
def test_several_session_policies_allow_together(second: dict[str, Any], decision: str) -> None:
    first = document(statement(Action="sqs:*"))
    found = answer(principal=SESSION, identityPolicies=[ALLOW], sessionPolicy=[first] * 10 + [second])
    assert found["decision"] == decision


# G4: RCPs, keys that follow from the line, unknown fields, and documents that AWS would not save.
@pytest.mark.parametrize(
    ("action", "resource", "decision"),
    [
        ("s3:GetObject", OBJECT, "explicitDeny"),
        ("sqs:SendMessage", QUEUE, "explicitDeny"),
        ("ec2:StopInstances", f"arn:aws:ec2:eu-west-1:{ACCOUNT}:instance/i-1", "allowed"),
        ("iam:GetRole", f"arn:aws:iam::{ACCOUNT}:role/r", "allowed"),
    ],
)
def test_rcps_reach_the_services_on_awss_list(action: str, resource: str, decision: str) -> None:
    denying = document(statement("Deny", Principal="*"))
    found = answer(action=action, resource=resource, identityPolicies=[ALLOW], rcps=[[denying]])
    assert found["decision"] == decision
    assert ("rcp" in found["layers"]) is (decision == "explicitDeny")


@pytest.mark.parametrize(
    ("principal", "key", "value"),
    [
        ("events.amazonaws.com", "aws:PrincipalServiceName", "events.amazonaws.com"),
        ("events.amazonaws.com", "aws:PrincipalIsAWSService", "true"),
        ("events.amazonaws.com", "aws:PrincipalAccount", None),
        (USER, "aws:PrincipalServiceName", None),
        (USER, "aws:PrincipalIsAWSService", "false"),
        (USER, "aws:ResourceAccount", ACCOUNT),
        (USER, "s3:ResourceAccount", ACCOUNT),
        (USER, "aws:userid", None),
        (ROOT, "aws:userid", ACCOUNT),
        (ROOT, "aws:PrincipalType", "Account"),
        (ROOT, "aws:username", None),
        (FEDERATED, "aws:userid", f"{ACCOUNT}:guest"),
        (FEDERATED, "aws:PrincipalArn", FEDERATED),
        ({"type": "Anonymous"}, "aws:userid", "anonymous"),
        ({"type": "Anonymous"}, "aws:PrincipalType", "Anonymous"),
        ({"type": "Anonymous"}, "aws:PrincipalIsAWSService", None),
        ({"type": "Anonymous"}, "aws:PrincipalAccount", None),
        (f"arn:aws:iam::{ACCOUNT}:oidc-provider/id.example.com", "aws:PrincipalAccount", None),
    ],
)
def test_keys_that_follow_from_the_line(principal: Any, key: str, value: str | None) -> None:
    condition = {"Null": {key: "true"}} if value is None else {"StringEquals": {key.upper(): value}}
    if value is None:
        condition["StringLike"] = {"aws:RequestedRegion": "eu-*"}
    allowing = document(statement(Principal="*", Condition=condition))
    given: dict[str, Any] = {"contextVariables": {"aws:RequestedRegion": "eu-west-1"}, "resourceAccount": ACCOUNT}
    assert answer(principal=principal, resourcePolicy=allowing, **given)["decision"] == "allowed"


@pytest.mark.parametrize("name", ["comment", "Description", "weight"])
def test_an_unknown_field_is_a_warning(name: str) -> None:
    found = answer(identityPolicies=[ALLOW], **{name: 1})
    assert found["warnings"] == [f"unknown-field:{name}"] and found["decision"] == "allowed"


@pytest.mark.parametrize("name", ["expect", "source", "note", "group", "x-anything", "X-Y"])
def test_free_fields_are_no_warning(name: str) -> None:
    assert "warnings" not in answer(identityPolicies=[ALLOW], **{name: {}})


@pytest.mark.parametrize(
    ("keys", "codes"),
    [
        ({"identityPolicies": [document(statement(Sid="A"), statement(Sid="A"))]}, ["UNIQUE_SIDS_REQUIRED"]),
        ({"identityPolicies": [document(statement(Sid="not here"))]}, ["UNSUPPORTED_SID"]),
        ({"identityPolicies": [document(statement(Resource=INCOMPLETE))]}, None),
        ({"identityPolicies": [document(statement(Resource="arn:aws-moon:s3:::b"))]}, ["INVALID_PARTITION"]),
        ({"identityPolicies": [document(statement(Resource="arn:aws-cn:s3:::b"))]}, None),
        ({"resourcePolicy": document(statement(Sid="A b", Principal="*"))}, None),
        ({"resourcePolicy": named(f"arn:aws:iam::{ACCOUNT}:role/*")}, ["UNSUPPORTED_WILDCARD_IN_PRINCIPAL"]),
        (
            {"resourcePolicy": document(statement(Principal={"Service": "lambda"}))},
            ["INVALID_SERVICE_PRINCIPAL_FORMAT"],
        ),
        (
            {"rcps": [[document(statement("Deny", Principal={"AWS": OTHER}, Action="s3:*"))]]},
            ["RCP_SYNTAX_ERROR_PRINCIPAL"],
        ),
        ({"principal": SESSION, "sessionPolicy": document(statement(Resource=INCOMPLETE))}, ["MISSING_ARN_FIELD"]),
        ({"scps": [[document(statement(Resource=INCOMPLETE))]]}, ["MISSING_ARN_FIELD"]),
        ({"rcps": [[document(statement("Deny", Principal="*", Action="s3:*"))]]}, None),
        ({"scps": [[document(*[statement(Sid=f"S{n}") for n in range(120)])]]}, ["POLICY_SIZE_EXCEEDS_SCP_QUOTA"]),
        ({"identityPolicies": [document()]}, ["MISSING_STATEMENT"]),
    ],
)
def test_documents_that_aws_would_not_save_are_named(keys: dict[str, Any], codes: list[str] | None) -> None:
    assert answer(**keys).get("warnings") == codes


# G5: a request with wildcards; what-if and TLS are in `tests.iam.questions.test_change`.
@pytest.mark.parametrize(
    ("layers", "decision", "otherwise"),
    [
        ({"identityPolicies": [ALLOW, ("Deny", "b/a/*")]}, "explicitDeny", "allowed"),
        ({"identityPolicies": [("Allow", "b/a/*"), ("Deny", "b/a*")]}, "explicitDeny", None),
        ({"identityPolicies": [("Allow", "b/a/*"), ("Deny", "b/c/*")]}, "allowed", None),
        ({"identityPolicies": [("Allow", "b/a/*"), ("Deny", "c/*")]}, "allowed", None),
        ({"identityPolicies": [("Allow", "b/a/*")], "boundaryPolicies": [("Allow", "b/c/*")]}, "implicitDeny", None),
        (
            {"principal": ROOT, "identityPolicies": [("Allow", "b/a/*"), ("Deny", "b/a/*")]},
            "explicitDeny",
            "allowed",
        ),
        ({"resourcePolicy": ("Allow", "b/a/*"), "boundaryPolicies": [("Allow", "b/c/*")]}, "allowed", None),
        # Resource policy and identity policies each grant alone, and may cover other resources.
        ({"resourcePolicy": ("Allow", "b/a/*"), "identityPolicies": [("Deny", "b/c/*")]}, "allowed", None),
        (
            {"resourcePolicy": ("Allow", "b/a/*"), "identityPolicies": [ALLOW, ("Deny", "b/c/*")]},
            "explicitDeny",
            "allowed",
        ),
        (
            {"resourcePolicy": ("Allow", "b/a/*"), "identityPolicies": [ALLOW, ("Deny", "b/a/*")]},
            "explicitDeny",
            "allowed",
        ),
        ({"resourcePolicy": ("Allow", "b/a/*"), "identityPolicies": [("Deny", "b/a/*")]}, "explicitDeny", None),
    ],
)
def test_a_request_with_wildcards_is_allowed_where_no_allowed_part_is_denied(
    layers: dict[str, Any], decision: str, otherwise: str | None
) -> None:
    def written(value: Any, **more: Any) -> Any:
        if isinstance(value, list):
            return [written(item) for item in value]
        if isinstance(value, tuple):
            effect, resource = value
            return document(statement(effect, Resource=f"arn:aws:s3:::{resource}", **more))
        return value

    given = {
        key: written(value, Principal={"AWS": USER}) if key == "resourcePolicy" else written(value)
        for key, value in layers.items()
    }
    found = answer(resource="arn:aws:s3:::b/*", resourceAccount=ACCOUNT, **given)
    assert (found["decision"], found.get("otherwise")) == (decision, otherwise)
