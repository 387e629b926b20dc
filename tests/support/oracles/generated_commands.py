"""Commands of the AWS CLI made from botocore's shapes, each before a denial: which condition keys are filled.

``python -m tests.support.oracles.generated_commands [NUMBER] [SEED]`` prints what is said of a parameter that the
command does not have, each parameter with a condition key of its name that stays unfilled, and the keys by number.
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import botocore.session
from botocore import xform_name

from diagnostics.access_denied.request.command import command_keys
from iam.api_operations import action_for
from iam.service_reference import action as known_action
from iam.service_reference import condition_keys
from iam.services import iam_prefix

SERVICES = (
    *("ec2", "s3api", "iam", "sts", "lambda", "dynamodb", "kms", "sqs", "sns", "rds", "ecs", "ecr", "eks", "efs"),
    *("elbv2", "logs", "events", "glue", "athena", "kinesis", "firehose", "secretsmanager", "ssm", "route53"),
    *("cloudformation", "autoscaling", "elasticache", "redshift", "opensearch", "sagemaker", "batch", "backup"),
    *("codebuild", "codepipeline", "cognito-idp", "apigateway", "cloudfront", "organizations", "acm", "wafv2"),
)
_BOTOCORE = {"s3api": "s3"}


@dataclass(frozen=True, slots=True)
class Made:
    """A command, its action, and the condition keys whose parameters it has."""

    text: str
    action: str
    expected: dict[str, str]


def commands(number: int, seed: int) -> Iterator[Made]:
    """Commands of all services, as evenly as they have operations with condition keys of their parameters' names."""
    chosen = random.Random(seed)
    session = botocore.session.Session()
    each = -(-number // len(SERVICES))
    for name in SERVICES:
        model = session.get_service_model(_BOTOCORE.get(name, name))
        prefix = iam_prefix(_BOTOCORE.get(name, name)) or name
        operations = list(model.operation_names)
        chosen.shuffle(operations)
        made = 0
        rated = sorted(operations, key=lambda one: -len(_keys(prefix, one, _members(model, one))))
        for operation in rated:
            members = _members(model, operation)
            action = action_for(operation, prefix)
            if action is None or not members or made == each:
                continue
            keys = _keys(prefix, operation, members)
            picked = chosen.sample(members, min(len(members), 3))
            picked = list(dict.fromkeys([*(member for member in members if member in keys), *picked]))
            options = {member: f"v{chosen.randrange(10**6)}" for member in picked}
            words = " ".join(f"--{xform_name(member, '-')} {value}" for member, value in options.items())
            text = f"$ aws {name} {xform_name(operation, '-')} {words}\nAn error occurred (AccessDenied)"
            yield Made(text, action, {keys[member]: options[member] for member in picked if member in keys})
            made += 1


def _members(model: object, operation: str) -> list[str]:
    shape = model.operation_model(operation).input_shape  # type: ignore[attr-defined]  # botocore has no stubs
    return [name for name, member in shape.members.items() if member.type_name == "string"] if shape else []


def _keys(prefix: str, operation: str, members: list[str]) -> dict[str, str]:
    """The condition keys with a parameter's own name: neither those that hold ARNs nor a token, never repeated."""
    action = known_action(action_for(operation, prefix) or "")
    if action is None:
        return {}
    named = {
        re.sub(r"[^a-z0-9]", "", each.name.partition(":")[2].lower()): each.name
        for each in condition_keys(prefix).values()
        if each.name.startswith(f"{prefix}:") and each.name.lower() in action.all_keys and each.type != "ARN"
    }
    return {member: named[member.lower()] for member in members if member.lower() in named and member != "token"}


def main(arguments: list[str]) -> int:
    number = int(arguments[0]) if arguments else 200
    seed = int(arguments[1]) if len(arguments) > 1 else 1
    filled: Counter[str] = Counter()
    made, missing, wrong = 0, 0, 0
    for each in commands(number, seed):
        made += 1
        found = command_keys(each.text, each.action)
        for key, had in found.items():
            filled[key] += 1
            if not all(value in each.text for value in had.as_json["value"]):
                wrong += 1
                print(f"not in the command: {key} = {had.words}: {each.text}")
        for key, value in each.expected.items():
            if key not in found or found[key].words != value:
                missing += 1
                print(f"not filled: {key} = {value}: {each.text.splitlines()[0]}")
    print(
        f"{made} commands of {len(SERVICES)} services: {sum(filled.values())} keys, {missing} not filled, {wrong} wrong"
    )
    print(dict(filled.most_common()))
    return 1 if missing or wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
