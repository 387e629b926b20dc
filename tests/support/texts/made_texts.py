"""Texts in the forms in which programs print AWS's errors, filled with made-up names, and the fields that each carries.

The forms are those of public issues of each tool; names, numbers and ids are drawn here.
"""

from __future__ import annotations

import html
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Said:
    """What AWS's sentence says. ``why`` is its end, ``reason`` what it means as ``stated_reason``."""

    principal: str
    action: str
    resource: str
    why: str
    reason: str | None
    code: str

    @property
    def sentence(self) -> str:
        return (
            f"User: {self.principal} is not authorized to perform: {self.action} on resource: {self.resource}"
            f"{' ' + self.why if self.why else ''}"
        )

    @property
    def operation(self) -> str:
        return self.action.partition(":")[2]

    @property
    def service(self) -> str:
        return self.action.partition(":")[0]


@dataclass(frozen=True)
class Taken:
    kind: str
    name: str
    sentence: str
    operation: str


@dataclass(frozen=True)
class Made:
    """``tells_operation``: whether the form prints the operation by its name."""

    tool: str
    text: str
    said: Said | Taken
    tells_operation: bool


WORDS = [
    "harbor",
    "quay",
    "ledger",
    "orchard",
    "beacon",
    "mill",
    "ferry",
    "cobalt",
    "juniper",
    "tally",
    "kiln",
    "meadow",
]
PARTITIONS = ("aws",) * 6 + ("aws-cn", "aws-us-gov")
REASONS: tuple[tuple[str, str | None], ...] = (
    ("", None),
    ("because no identity-based policy allows the {} action", "implicit:identity"),
    ("because no identity-based policy allows the {} action", "implicit:identity"),
    ("because no resource-based policy allows the {} action", "implicit:resource"),
    ("because no permissions boundary allows the {} action", "implicit:boundary"),
    ("because no session policy allows the {} action", "implicit:session"),
    ("because no service control policy allows the {} action", "implicit:scp"),
    ("because no VPC endpoint policy allows the {} action", "implicit:vpce"),
    ("with an explicit deny in a service control policy", "explicit:scp"),
    ("with an explicit deny in an identity-based policy", "explicit:identity"),
    ("with an explicit deny in a resource-based policy", "explicit:resource"),
    ("with an explicit deny in a permissions boundary", "explicit:boundary"),
    ("with an explicit deny in a resource control policy", "explicit:rcp"),
    ("with an explicit deny", "explicit:unknown"),
)
ACTIONS = (
    ("s3:GetObject", "arn:{p}:s3:::{w}-files/{w}/report.csv"),
    ("s3:ListBucket", "arn:{p}:s3:::{w}-files"),
    ("s3:PutObject", '"arn:{p}:s3:::{w}-in/2026/11/x y.json"'),
    ("dynamodb:Query", "arn:{p}:dynamodb:{r}:{a}:table/{w}/index/by-{w}"),
    ("sqs:SendMessage", "arn:{p}:sqs:{r}:{a}:{w}-jobs.fifo"),
    ("kms:Decrypt", "arn:{p}:kms:{r}:{a}:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"),
    ("secretsmanager:GetSecretValue", "arn:{p}:secretsmanager:{r}:{a}:secret:{w}/db-Ab12Cd"),
    ("lambda:InvokeFunction", "arn:{p}:lambda:{r}:{a}:function:{w}-worker:live"),
    ("iam:PassRole", "arn:{p}:iam::{a}:role/service-role/{w}-task"),
    ("iam:CreateRole", "arn:{p}:iam::{a}:role/{w}.Deploy_1"),
    ("sts:AssumeRole", "arn:{p}:iam::{a}:role/{w}-reader"),
    ("ec2:DescribeInstances", "*"),
    ("logs:CreateLogStream", "arn:{p}:logs:{r}:{a}:log-group:/ecs/{w}:log-stream:app/1"),
    ("ecr:BatchGetImage", "arn:{p}:ecr:{r}:{a}:repository/{w}/web"),
    ("states:StartExecution", "arn:{p}:states:{r}:{a}:stateMachine:{w}"),
    ("glue:GetTable", "arn:{p}:glue:{r}:{a}:table/{w}/orders"),
    ("bedrock:InvokeModel", "arn:{p}:bedrock:{r}::foundation-model/vendor.model-v1:0"),
    ("cloudformation:DescribeStacks", "arn:{p}:cloudformation:{r}:{a}:stack/{w}/1a2b"),
)
PRINCIPALS = (
    "arn:{p}:iam::{a}:user/{w}",
    "arn:{p}:iam::{a}:user/teams/{w}.{w}@example.com",
    "arn:{p}:sts::{a}:assumed-role/{w}-api/i-0a1b2c3d4e5f60718",
    "arn:{p}:sts::{a}:assumed-role/AWSReservedSSO_Dev_0a1b2c3d4e5f6071/{w}@example.com",
    "arn:{p}:sts::{a}:assumed-role/{w}_task/0123456789abcdef0123456789abcdef",
    "arn:{p}:sts::{a}:assumed-role/{w}-ci/GitHubActions",
    "arn:{p}:sts::{a}:federated-user/{w}",
)


def _filled(chance: random.Random, form: str) -> str:
    partition = chance.choice(PARTITIONS)
    region = {"aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}.get(partition, "eu-west-1")
    text = form.replace("{p}", partition).replace("{r}", region).replace("{a}", f"{chance.randrange(10**11, 10**12)}")
    while "{w}" in text:
        text = text.replace("{w}", chance.choice(WORDS), 1)
    return text


def said(chance: random.Random) -> Said:
    action, resource = chance.choice(ACTIONS)
    why, reason = chance.choice(REASONS)
    code = "AccessDenied" if action.startswith(("s3:", "iam:", "sts:", "sqs:")) else "AccessDeniedException"
    return Said(
        _filled(chance, chance.choice(PRINCIPALS)),
        action,
        _filled(chance, resource),
        why.replace("{}", action),
        reason,
        "UnauthorizedOperation" if action.startswith("ec2:") else code,
    )


def taken(chance: random.Random) -> Taken:
    name = _filled(chance, chance.choice(("{w}-deploy", "{w}_Lambda.Role", "{w}@{w}", "AWS-{w}")))
    kind, sentence, operation = chance.choice(
        (
            ("role", "Role with name {} already exists.", "CreateRole"),
            ("role", "Role with name {} already exists.", "CreateRole"),
            ("user", "User with name {} already exists.", "CreateUser"),
            ("group", "Group with name {} already exists.", "CreateGroup"),
            (
                "policy",
                "A policy called {} already exists. Duplicate names are not allowed.",
                "CreatePolicy",
            ),
            ("instance-profile", "Instance Profile {} already exists.", "CreateInstanceProfile"),
        )
    )
    return Taken(kind, name, sentence.replace("{}", name), operation)


@dataclass(frozen=True)
class Form:
    """How a tool prints an error. ``wrapped_in`` is what stands before each line of one that it breaks into lines."""

    tool: str
    tells_operation: bool
    text: str
    wrapped_in: str = ""

    def filled(self, chance: random.Random, code: str, operation: str, service: str, sentence: str) -> str:
        spelled = {"s3": "S3", "dynamodb": "DynamoDb"}.get(service, service.title())
        values = {
            "CODE": code,
            "OPERATION": operation,
            "SERVICE": service.upper(),
            "Service": spelled,
            "service": service,
            "SENTENCE": sentence,
            "ESCAPED": json.dumps(sentence)[1:-1],
            "HTML": html.escape(sentence),
        }
        text = self.text
        for name, value in values.items():
            text = text.replace(f"%{name}%", value)
        if self.wrapped_in:
            width = chance.choice((72, 78, 100, 118))
            text = "\n".join(self.wrapped_in + line for line in _wrapped(text, width))
        return text


FORMS = {
    form.tool: form
    for line in Path(__file__).with_name("forms_of_tools.jsonl").read_text(encoding="utf-8").splitlines()
    for form in (Form(**json.loads(line)),)
}


def _wrapped(text: str, width: int) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def made(number: int, seed: int = 12) -> Iterator[Made]:
    """So many texts, the forms in turn; every fifth is a name conflict."""
    chance = random.Random(seed)
    names = list(FORMS)
    for index in range(number):
        tool = names[index % len(names)]
        form = FORMS[tool]
        about: Said | Taken = taken(chance) if (index // len(names) + index) % 5 == 4 else said(chance)
        if isinstance(about, Taken):
            text = form.filled(chance, "EntityAlreadyExists", about.operation, "iam", about.sentence)
        else:
            text = form.filled(chance, about.code, about.operation, about.service, about.sentence)
        yield Made(tool, text, about, form.tells_operation)
