"""Templates and SDK logs around a denial: which condition keys they give, with the words, and never one too many."""

from __future__ import annotations

import pytest

from diagnostics.access_denied.request.templates import template_keys, terraform_type
from diagnostics.diagnose import collect_offline, read_text
from iam.claims import Source
from tests.support.timing import in_proportion

RUN = "ec2:RunInstances"
HCL = """provider "aws" {
  region = "eu-west-1"
  default_tags { tags = { Owner = "shop" } }
}
resource "aws_instance" "web" {
  ami           = data.aws_ami.this.id
  instance_type = "t3.large"
  tags = {
    Team = "web"
    Cost = var.cost
  }
  metadata_options { http_tokens = "required" }
}
"""
CFN = """Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: jobs
      Tags:
        - Key: team
          Value: web
  Db:
    Type: AWS::RDS::DBInstance
    Properties:
      DBInstanceClass: db.t3.micro
      Engine: !Ref Engine
"""
LOG = (
    "DEBUG Making request for OperationModel(name=PutObject) with params: {'url_path': '/b/k', 'headers': "
    "{'x-amz-acl': 'private', 'User-Agent': 'x'}, 'body': <_io.BytesIO object at 0x1>, 'context': <C at 0x7f>}"
)
RECORD = (
    '{"eventName":"RunInstances","eventSource":"ec2.amazonaws.com","requestParameters":{"instanceType":"t3.nano",'
    '"tagSpecificationSet":{"items":[{"resourceType":"instance","tags":[{"key":"team","value":"ops"}]}]}}}'
)

DESCRIBED = [
    (
        HCL,
        RUN,
        {
            "ec2:InstanceType": ["t3.large"],
            "ec2:MetadataHttpTokens": ["required"],
            "aws:RequestTag/Owner": ["shop"],
            "aws:RequestTag/Team": ["web"],
            "aws:TagKeys": ["Owner", "Team"],
            "aws:RequestedRegion": ["eu-west-1"],
        },
    ),
    (HCL, "s3:PutObject", {"aws:RequestedRegion": ["eu-west-1"]}),
    (HCL, "iam:CreateRole", {}),
    (HCL.replace("provider", "supplier") + HCL.replace("t3.large", "t3.nano").replace("provider", "supplier"), RUN,
     {"ec2:MetadataHttpTokens": ["required"], "aws:RequestTag/Team": ["web"], "aws:TagKeys": ["Team"]}),
    (CFN, "rds:CreateDBInstance", {"rds:DatabaseClass": ["db.t3.micro"]}),
    (CFN, "sqs:CreateQueue", {"aws:RequestTag/team": ["web"], "aws:TagKeys": ["team"]}),
    (CFN, "sqs:SendMessage", {}),
    (
        '{"Resources":{"R":{"Type":"AWS::IAM::Role","Properties":{"PermissionsBoundary":"arn:aws:iam::1:policy/b"}}}}',
        "iam:CreateRole",
        {"iam:PermissionsBoundary": ["arn:aws:iam::1:policy/b"]},
    ),
    (
        'new aws.s3.Bucket("x", { acl: "public-read", tags: { team: "web" }, name: `${stack}` });',
        "s3:CreateBucket",
        {"s3:x-amz-acl": ["public-read"]},
    ),
    (
        'ec2.run_instances(InstanceType="t3.nano", TagSpecifications=[{"Tags": [{"Key": "a", "Value": "b"}]}])',
        RUN,
        {"ec2:InstanceType": ["t3.nano"], "aws:RequestTag/a": ["b"], "aws:TagKeys": ["a"]},
    ),
    ('new CreateKeyCommand({ KeySpec: "RSA_2048", Tags: [{ TagKey: "a", TagValue: "b" }] })', "kms:CreateKey",
     {"kms:KeySpec": ["RSA_2048"]}),
    ('new GenerateDataKeyCommand({ KeySpec: "AES_256" })', "kms:GenerateDataKey", {}),
    (LOG, "s3:PutObject", {"s3:x-amz-acl": ["private"]}),
    (LOG, "s3:GetObject", {}),
    (RECORD, RUN, {"ec2:InstanceType": ["t3.nano"], "aws:RequestTag/team": ["ops"], "aws:TagKeys": ["team"]}),
    ("env:\n  - name: AWS_REGION\n    value: eu-north-1\n", "sqs:SendMessage", {"aws:RequestedRegion": ["eu-north-1"]}),
    ("export AWS_REGION=eu-north-1\n", "sts:AssumeRole", {}),
    ("export AWS_DEFAULT_REGION=eu-north-1\n", "route53:GetChange", {}),
    ("AWS_REGION=eu-north-1\nAWS_REGION=eu-west-1", "sqs:SendMessage", {}),
    (
        "kind: ServiceAccount\nmetadata:\n  name: orders\n  namespace: shop\n"
        "issuer oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF",
        "sts:AssumeRoleWithWebIdentity",
        {
            "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF:sub": [
                "system:serviceaccount:shop:orders"
            ]
        },
    ),
    ("deploy:\n  id_tokens:\n    AWS:\n      aud: https://gitlab.com\n", "sts:AssumeRoleWithWebIdentity",
     {"gitlab.com:aud": ["https://gitlab.com"]}),
    ("deploy:\n  id_tokens:\n    AWS:\n      aud: https://git.osier.example\ntrust: git.osier.example:sub",
     "sts:AssumeRoleWithWebIdentity", {"git.osier.example:aud": ["https://git.osier.example"]}),
    ("deploy:\n  id_tokens:\n    AWS:\n      aud: https://git.osier.example\n", "sts:AssumeRoleWithWebIdentity", {}),
    ('client.create_function(FunctionName="x", Tags={"cost centre": "42"})', "lambda:CreateFunction",
     {"aws:RequestTag/cost centre": ["42"], "aws:TagKeys": ["cost centre"]}),
    ('resource "aws_instance" "x" { instance_type = var.type }', RUN, {}),
    ('resource "aws_instance" "x" { instance_type = "t3.nano"', RUN, {}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "action", "keys"), DESCRIBED)
def test_what_is_described_is_a_condition_key(text: str, action: str, keys: dict[str, list[str]]) -> None:
    found = template_keys(text, action)
    assert {key: had.as_json["value"] for key, had in found.items()} == keys
    assert all(had.read_from for had in found.values())


@pytest.mark.parametrize(
    ("name", "service", "thing"),
    [
        ("aws_instance", "ec2", "instance"),
        ("aws_db_instance", "rds", "dbinstance"),
        ("aws_lambda_function", "lambda", "function"),
        ("aws_cloudwatch_log_group", "logs", "loggroup"),
        ("aws_security_group", "ec2", "securitygroup"),
        ("aws_kms_key", "kms", "key"),
        ("aws_lb", "elasticloadbalancing", "loadbalancer"),
    ],
)
def test_a_type_of_terraforms_provider_names_its_service(name: str, service: str, thing: str) -> None:
    assert terraform_type(name) == (service, thing)


def test_logs_take_time_in_proportion() -> None:
    unit = "commandName: 'PutObjectCommand', input: {"
    assert in_proportion(lambda count: template_keys(unit * count, "s3:PutObject"), 150, 1_200)


def test_the_answer_says_what_was_taken_from_where() -> None:
    denied = f"User: arn:aws:iam::444455556666:user/eva is not authorized to perform: {RUN} on resource: *"
    diagnosis = collect_offline(read_text(f"{HCL}\nError: {denied}")[0])
    said = next(step for step in diagnosis.steps if step.id == "request")
    assert "ec2:InstanceType is t3.large, from “instance_type = t3.large (aws_instance.web)”" in said.summary
    assert diagnosis.request["ec2:InstanceType"].source is Source.TEMPLATE
