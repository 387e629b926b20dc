"""Every reader of foreign formats comes to its end, wherever a text was cut off and whatever it is made of."""

from __future__ import annotations

import base64
import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.already_exists.wanted import find_wanted
from diagnostics.diagnose import read_text
from diagnostics.failure import Conflict
from diagnostics.text.tokens.find import tokens_in

TAKEN = "Error: creating IAM Role (x): EntityAlreadyExists: Role with name x already exists.\n"
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"]}]}

TERRAFORM = f"""resource "aws_iam_role" "x" {{
  name = "x" # /* the role */
  managed_policy_arns = ["arn:aws:iam::aws:policy/A", aws_iam_policy.b.arn, "${{var.c[0]}}", [1, 2.5, null]]
  assume_role_policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = ["sts:AssumeRole"] }}] }})
  tags = merge(var.tags, {{ "a" = "b", c : true }})
  inline_policy {{
    policy = <<-EOF
      {json.dumps(TRUST)}
    EOF
  }}
}}
"""
TEMPLATE = {
    "Resources": {
        "X": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "x", "AssumeRolePolicyDocument": TRUST}},
        "Y": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": {"Fn::Sub": "${AWS::StackName}-y"}, "Tags": []}},
    }
}
YAML = """Resources:
  X:
    Type: AWS::IAM::Role
    Properties:
      RoleName: x
      Tags: [{Key: a, Value: "b"}, {Key: c, Value: !Ref D}]
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - {Effect: Allow, Action: ['sts:AssumeRole']}
"""
EVENT = {
    "eventSource": "iam.amazonaws.com",
    "eventName": "CreateRole",
    "errorCode": "EntityAlreadyExistsException",
    "errorMessage": "Role with name x already exists.",
    "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/ada"},
    "requestParameters": {"roleName": "x", "assumeRolePolicyDocument": json.dumps(TRUST), "tags": [{"key": "a"}]},
}
COMMAND = f"""$ aws --profile a --region=eu-west-1 iam create-role --role-name x \\
  --assume-role-policy-document '{json.dumps(TRUST)}' --tags Key=a,Value=b "Key=c,Value=d"
"""
SAML = """<?xml version="1.0"?><samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"><saml:Assertion>
<saml:Issuer> https://idp.example.org </saml:Issuer><saml:NameID
Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">
ada </saml:NameID><saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/Role"><saml:AttributeValue>
arn:aws:iam::111122223333:role/x,arn:aws:iam::111122223333:saml-provider/idp</saml:AttributeValue></saml:Attribute>
</saml:Assertion></samlp:Response>"""


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


JWT = ".".join((part({"alg": "RS256"}), part({"iss": "https://a.example", "sub": "b", "aud": ["c"]}), "c2lnbmF0dXJl"))
TEXTS = {
    "terraform": TERRAFORM,
    "json template": json.dumps(TEMPLATE, indent=1),
    "yaml template": YAML,
    "event": json.dumps(EVENT),
    "looked-up events": json.dumps({"Events": [{"CloudTrailEvent": json.dumps(EVENT)}]}),
    "command": COMMAND,
    "saml": SAML,
    "saml in base64": base64.b64encode(SAML.encode()).decode(),
    "jwt": JWT,
}


@contextmanager
def seconds(longest: int) -> Iterator[None]:
    """Fail what has taken so many seconds of the processor; else an endless loop would hold up the whole run."""

    def stop(number: int, frame: object) -> None:
        raise AssertionError(f"not at its end after {longest} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, longest)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def read_everywhere(text: str) -> None:
    find_wanted(Conflict(TAKEN + text), None, "x")
    tokens_in(text)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_every_prefix_is_read_to_its_end(text: str) -> None:
    for cut in range(len(text)):
        with seconds(5):
            read_everywhere(text[:cut])


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_failure_with_a_cut_text_after_it_is_read_to_its_end(text: str) -> None:
    for cut in range(0, len(text), 23):
        with seconds(5):
            assert read_text(TAKEN + text[:cut])


FRAGMENTS = (
    *(
        'resource "aws_iam_role" "x" {\n',
        "a = ",
        "[",
        "]",
        "{",
        "}",
        "(",
        ")",
        '"b"',
        '"',
        "'",
        ",",
        "\n",
        "  ",
        ":",
        "$",
    ),
    *(
        "${",
        "/*",
        "*/",
        "#",
        "<<EOF\n",
        "EOF\n",
        "jsonencode(",
        "true",
        "-1",
        "aws_iam_role.x.arn",
        "Type: AWS::IAM::Role\n",
    ),
    *(
        "Properties:\n",
        "- ",
        "? ",
        "!Ref ",
        "&a ",
        "*a ",
        "| ",
        "aws --a ",
        "aws iam create-role ",
        "--role-name x ",
        "\\\n",
    ),
    *(
        '{"requestParameters":',
        '{"eventSource":',
        "eyJhbGciOi",
        ".",
        "PHNhbWxw",
        "<saml:Assertion>",
        "urn:oasis:names:tc:SAML:2.0",
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join))
def test_any_mixture_of_the_formats_is_read_to_its_end(text: str) -> None:
    with seconds(5):
        read_everywhere('resource "aws_iam_role" "x" {\n' + text)
        read_everywhere(text)


BIG = 190_000
ROLE = 'resource "aws_iam_role" "x" {\n'
YAML_ROLE = "Type: AWS::IAM::Role\nProperties:\n  RoleName: x\n  AssumeRolePolicyDocument: "
HOSTILE: dict[str, Callable[[], str]] = {
    "a list cut off": lambda: ROLE + ' a = ["b",',
    "a list closed by another bracket": lambda: ROLE + " a = [}",
    "a comment cut off in a list": lambda: ROLE + " a = [/*",
    "broken resources": lambda: (ROLE + " a = [1,\n") * (BIG // 40),
    "calls in lists": lambda: ROLE + " a = " + "[f(" * 29 + "1," * (BIG // 2),
    "options without a command": lambda: "aws " + "--a " * 200,
    "many programs": lambda: "aws --a " * (BIG // 8),
    "quotes without an end": lambda: "aws iam create-role '" * (BIG // 21),
    "types without a template": lambda: "    Type: AWS::IAM::Role\n" * (BIG // 25),
    "types further and further in": lambda: "".join(" " * each + "Type: AWS::IAM::Role\n" for each in range(600)),
    "types further and further out": lambda: "".join(
        " " * (600 - each) + "Type: AWS::IAM::Role\n" for each in range(600)
    ),
    "a document of deep JSON": lambda: json.dumps(TEMPLATE).replace("[]", '{"Statement":' * 400 + "1" + "}" * 400),
    "a document of deep YAML": lambda: YAML_ROLE + "{Statement: " * 200 + "1" + "}" * 200,
    "a field of spaces": lambda: SAML.replace("> https", ">" + " " * 6_000 + ">"),
    "a value of spaces": lambda: SAML.replace("\narn:", " " * 6_000 + ">"),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_made_to_be_slow_is_not(make: Callable[[], str]) -> None:
    with seconds(5):
        read_everywhere(make())


def test_a_broken_resource_hides_no_whole_one() -> None:
    text = ROLE + ' a = ["b",\n' + 'resource "aws_iam_role" "y" {\n name = "y"\n path = "/p/"\n}\n'
    assert find_wanted(Conflict(TAKEN + text), None, "y").path == "/p/"
