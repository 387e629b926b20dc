"""Policy tests read from files: every error names file, test and key."""

from __future__ import annotations

import pytest

from diagnostics.policy_tests.policy_test import Expectation
from diagnostics.policy_tests.read import PolicyTestError, read_tests

GOOD = """
tests:
  - name: the API reads its table
    principal: api
    action: dynamodb:Query
    resource: arn:aws:dynamodb:us-east-1:111122223333:table/orders
    context: {aws:RequestedRegion: us-east-1, aws:MultiFactorAuthPresent: true}
    expect: allowed
  - principal: {not: [saml-admin, break-glass-admin]}
    action: [iam:CreateUser, iam:PutRolePolicy]
    expect: denied
"""


def test_every_key_is_read() -> None:
    first, second = read_tests(GOOD, "policy.yaml")
    assert (first.name, first.principals.names, first.actions) == (
        "the API reads its table",
        ("api",),
        ("dynamodb:Query",),
    )
    assert first.context == {"aws:RequestedRegion": ("us-east-1",), "aws:MultiFactorAuthPresent": ("true",)}
    assert (first.expect, first.number, first.line) == (Expectation.ALLOWED, 1, 3)
    assert second.principals.excluded and second.resources == ("*",) and second.line == 9


def test_json_is_read_too() -> None:
    text = '{"tests": [{"principal": "api",\t"action": "sqs:SendMessage", "expect": "unknown"}]}'
    (one,) = read_tests(text, "tests.json")
    assert one.expect is Expectation.UNKNOWN


BASE = {"principal": "api", "action": "s3:GetObject", "expect": "denied"}


def yaml_of(**changes: str | None) -> str:
    entry = {key: value for key, value in {**BASE, **changes}.items() if value is not None}
    first, *others = (f"{key}: {value}" for key, value in entry.items())
    return "\n".join(("tests:", f"  - {first}", *(f"    {each}" for each in others), ""))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "has no key 'tests'"),
        ("tests: []", "at least one test"),
        ("checks: [1]", "has no key 'tests'"),
        ("tests: [1]\nmore: 2", "'more' is unknown"),
        ("tests: [text]", "test 1 is"),
        ("tests:\n  - {", "is not YAML"),
        ("tests: &all\n  - *all", "aliases"),
        (yaml_of(principal=None), "test 1: the key 'principal' is missing"),
        (yaml_of(expect=None), "test 1: the key 'expect' is missing"),
        (yaml_of(expect="allow"), "test 1: expect: takes allowed, denied or unknown"),
        (yaml_of(name="'a name'", action="s3:GetObjekt"), "test 1 (a name): action: AWS lists no action s3:GetObjekt"),
        (yaml_of(action="s3:GetObjekt"), "did you mean s3:GetObject?"),
        (yaml_of(action="s4:GetObject"), "action: AWS lists no service 's4'"),
        (yaml_of(action="GetObject"), "action: 'GetObject' is not an action"),
        (yaml_of(action="s3:Nothing*"), "action: no action that AWS lists matches"),
        (yaml_of(action="[]"), "action: the list is empty"),
        (yaml_of(resource="my-bucket"), "resource: 'my-bucket' is neither an ARN nor *"),
        (yaml_of(principal="111122223333"), "principal: 111122223333 is a number; write it in quotes"),
        (yaml_of(principal="{nots: [a]}"), "principal: takes a name"),
        (yaml_of(principal="{not: []}"), "principal.not: the list is empty"),
        (yaml_of(context="[a]"), "context: takes condition keys"),
        (yaml_of(context="{region: a}"), "context: 'region' is not a condition key"),
        (yaml_of(context="{aws:SourceIp: {a: b}}"), "context.aws:SourceIp: takes a value"),
        (yaml_of(resources="x"), "the key 'resources' is unknown; did you mean resource?"),
        (yaml_of() + "    expect: allowed\n", "'expect' is given twice"),
    ],
)  # fmt: skip
def test_an_error_names_file_test_and_key(text: str, said: str) -> None:
    with pytest.raises(PolicyTestError) as error:
        read_tests(text, "policy.yaml")
    assert said in str(error.value) and str(error.value).startswith("policy.yaml")
    assert "\n" not in str(error.value)
