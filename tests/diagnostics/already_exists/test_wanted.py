"""What a paste says of the entity that was to be made, whatever the tool."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diagnostics.already_exists.kinds import EntityKind
from diagnostics.already_exists.wanted import Wanted, find_wanted
from diagnostics.already_exists.words import value_of
from diagnostics.failure import Conflict

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
READ = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*"}],
}
BOUNDARY = "arn:aws:iam::210987654321:policy/Fence"
MANAGED = "arn:aws:iam::aws:policy/ReadOnlyAccess"

COMMAND = f"""
$ aws --profile sea iam create-role --role-name tide-gauge \\
    --path /sea/ --assume-role-policy-document '{json.dumps(TRUST)}' \\
    --permissions-boundary {BOUNDARY} --description "reads tides" --max-session-duration 7200 \\
    --tags Key=team,Value=sea Key=env,Value=prod
An error occurred (EntityAlreadyExists) when calling the CreateRole operation: Role with name tide-gauge already exists.
$ aws iam attach-role-policy --role-name tide-gauge --policy-arn {MANAGED}
$ aws iam put-role-policy --role-name tide-gauge --policy-name read --policy-document '{json.dumps(READ)}'
$ aws iam attach-role-policy --role-name another --policy-arn arn:aws:iam::aws:policy/Other
"""

TERRAFORM = f"""
╷
│ Error: creating IAM Role (tide-gauge): EntityAlreadyExists: Role with name tide-gauge already exists.
│   with aws_iam_role.gauge,
│   on main.tf line 1, in resource "aws_iam_role" "gauge":
╵
variable "env" {{ default = "prod" }}
resource "aws_iam_role" "other" {{
  name = "other"
}}
resource "aws_iam_role" "gauge" {{
  name                 = "tide-gauge" # the gauge
  path                 = "/sea/"
  description          = "reads tides"
  max_session_duration = 7200
  permissions_boundary = "{BOUNDARY}"
  assume_role_policy = jsonencode({{
    Version   = "2012-10-17"
    Statement = [{{ Effect = "Allow", Principal = {{ Service = "ec2.amazonaws.com" }}, Action = "sts:AssumeRole" }}]
  }})
  tags = {{
    team  = "sea"
    "env" = "prod"
  }}
  inline_policy {{
    name   = "read"
    policy = <<-EOF
      {json.dumps(READ)}
    EOF
  }}
}}
resource "aws_iam_role_policy_attachment" "gauge" {{
  role       = aws_iam_role.gauge.name
  policy_arn = "{MANAGED}"
}}
resource "aws_iam_role_policy_attachment" "other" {{
  role       = aws_iam_role.other.name
  policy_arn = "arn:aws:iam::aws:policy/Other"
}}
"""

PLAN = f"""
  # aws_iam_role.gauge will be created
  + resource "aws_iam_role" "gauge" {{
      + arn                   = (known after apply)
      + name                  = "tide-gauge"
      + path                  = "/sea/"
      + description           = "reads tides"
      + max_session_duration  = 7200
      + permissions_boundary  = "{BOUNDARY}"
      + managed_policy_arns   = [
          + "{MANAGED}",
        ]
      + assume_role_policy    = jsonencode(
            {{
              + Statement = [
                  + {{
                      + Action    = "sts:AssumeRole"
                      + Effect    = "Allow"
                      + Principal = {{
                          + Service = "ec2.amazonaws.com"
                        }}
                    }},
                ]
              + Version   = "2012-10-17"
            }}
        )
      + tags                  = {{
          + "env"  = "prod"
          + "team" = "sea"
        }}
      + inline_policy {{
          + name   = "read"
          + policy = jsonencode(
                {json.dumps(READ)}
            )
        }}
    }}
"""

YAML = f"""
sea | CREATE_FAILED | AWS::IAM::Role | Gauge
tide-gauge already exists
The template:
Resources:
  Gauge:
    Type: AWS::IAM::Role
    Properties:
      RoleName: tide-gauge
      Path: /sea/
      Description: reads tides
      MaxSessionDuration: 7200
      PermissionsBoundary: {BOUNDARY}
      AssumeRolePolicyDocument:
        Version: 2012-10-17
        Statement:
          - Effect: Allow
            Principal: {{Service: ec2.amazonaws.com}}
            Action: sts:AssumeRole
      ManagedPolicyArns: [{MANAGED}]
      Policies:
        - PolicyName: read
          PolicyDocument: {json.dumps(READ)}
      Tags:
        - {{Key: team, Value: sea}}
        - {{Key: env, Value: prod}}
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties:
      Roles: [!Ref Gauge]
"""

TEMPLATE = "CREATE_FAILED tide-gauge already exists\n" + json.dumps(
    {
        "Resources": {
            "Gauge": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": "tide-gauge",
                    "Path": "/sea/",
                    "Description": "reads tides",
                    "MaxSessionDuration": 7200,
                    "PermissionsBoundary": BOUNDARY,
                    "AssumeRolePolicyDocument": TRUST,
                    "ManagedPolicyArns": [MANAGED],
                    "Policies": [{"PolicyName": "read", "PolicyDocument": READ}],
                    "Tags": [{"Key": "team", "Value": "sea"}, {"Key": "env", "Value": "prod"}],
                },
            }
        }
    },
    indent=1,
)


@pytest.mark.parametrize(
    "text", [COMMAND, TERRAFORM, PLAN, YAML, TEMPLATE], ids=["command", "terraform", "plan", "yaml", "json"]
)
def test_a_role_is_read_whole_from_every_tool(text: str) -> None:
    wanted = find_wanted(Conflict(text, entity_type="role", name="tide-gauge"), EntityKind.ROLE, "tide-gauge")
    assert (wanted.kind, wanted.name, wanted.path) == (EntityKind.ROLE, "tide-gauge", "/sea/")
    assert value_of(wanted.trust) == TRUST
    assert wanted.attached == (MANAGED,)
    assert {name: value_of(document) for name, document in (wanted.inline or {}).items()} == {"read": READ}
    assert wanted.boundary == BOUNDARY
    assert wanted.tags == {"team": "sea", "env": "prod"}
    assert (wanted.description, wanted.max_session_seconds) == ("reads tides", 7200)
    assert wanted.elsewhere == ()


def read(text: str, kind: EntityKind | None, name: str | None) -> Wanted:
    return find_wanted(Conflict(text, name=name), kind, name)


def test_a_recorded_call_is_read() -> None:
    event = {
        "eventName": "CreateRole",
        "errorCode": "EntityAlreadyExistsException",
        "requestParameters": {
            "roleName": "tide-gauge",
            "path": "/sea/",
            "assumeRolePolicyDocument": json.dumps(TRUST),
            "tags": [{"key": "team", "value": "sea"}],
        },
    }
    wanted = read("event: " + json.dumps(event), EntityKind.ROLE, "tide-gauge")
    assert (wanted.path, value_of(wanted.trust), wanted.tags) == ("/sea/", TRUST, {"team": "sea"})


OTHERS: list[tuple[str, EntityKind, str, dict[str, Any]]] = [
    ("aws iam create-role --role-name x --assume-role-policy-document file://t.json", EntityKind.ROLE, "x",
     {"path": "/", "trust": None, "elsewhere": ("t.json",)}),
    ("aws iam create-role --role-name=x --path=/a/; echo --path /b/", EntityKind.ROLE, "X", {"path": "/a/"}),
    ("aws iam add-role-to-instance-profile --instance-profile-name p --role-name r", EntityKind.INSTANCE_PROFILE, "p",
     {"role_name": "r", "path": None}),
    ("aws iam create-open-id-connect-provider --url https://T.example/ --client-id-list a b", EntityKind.OIDC_PROVIDER,
     "t.example", {"audiences": ("a", "b")}),
    (f"aws iam create-policy --policy-name p --policy-document '{json.dumps(READ)}'", EntityKind.POLICY, "p",
     {"path": "/"}),
    ('resource "aws_iam_openid_connect_provider" "x" {\n url = "https://t.example"\n client_id_list = ["a", "b"]\n}',
     EntityKind.OIDC_PROVIDER, "t.example", {"audiences": ("a", "b"), "address": "aws_iam_openid_connect_provider.x"}),
    ('resource "aws_iam_instance_profile" "x" {\n name = "p"\n role = "r"\n}', EntityKind.INSTANCE_PROFILE, "p",
     {"role_name": "r", "path": "/"}),
    ('resource "aws_iam_role" "x" {\n name = "${var.a["b"]}-x"\n assume_role_policy = data.x.t.json\n'
     ' tags = merge(local.tags, { a = "b" })\n path = "/p/"\n}', EntityKind.ROLE, "prod-x",
     {"name": None, "trust": None, "tags": None, "path": "/p/", "elsewhere": ("aws_iam_role.x.assume_role_policy",)}),
    ("Type: AWS::IAM::Role\nProperties:\n  RoleName: !Sub '${Env}-x'\n  AssumeRolePolicyDocument: !Ref Doc\n",
     EntityKind.ROLE, "prod-x", {"name": None, "trust": None, "elsewhere": ("AssumeRolePolicyDocument",)}),
    ("│   with module.a.aws_iam_role.b[\"c\"],\n", EntityKind.ROLE, "x", {"address": 'module.a.aws_iam_role.b["c"]'}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "name", "expected"), OTHERS)
def test_what_is_told_and_what_is_computed(text: str, kind: EntityKind, name: str, expected: dict[str, Any]) -> None:
    wanted = read(text, kind, name)
    assert {key: getattr(wanted, key) for key in expected} == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "aws iam create-role --role-name 'unfinished",
        'resource "aws_iam_role" "x" {\n name = "x',
        'resource "aws_iam_role" "x" {' + "a {" * 500,
        'resource "aws_iam_role" "x" { a = ' + "[" * 5000,
        "Type: AWS::IAM::Role\nProperties: &a\n  x: *a\n",
        "Type: AWS::IAM::Role\nProperties: [" + "[" * 3000,
        '{"AWS::IAM::": ' + '{"a":' * 3000,
        "requestParameters {" * 100,
        "resource \"aws_iam_role\" \"x\" {\n" * 2000,
    ],
)  # fmt: skip
def test_broken_text_tells_nothing(text: str) -> None:
    assert not read(text, EntityKind.ROLE, "x").has_values


def test_another_entity_in_the_paste_is_not_taken_for_it() -> None:
    assert not read(COMMAND, EntityKind.ROLE, "sea-level").has_values
    assert not read(TERRAFORM, EntityKind.USER, None).has_values
