"""Find the additional permissions that an action needs: to pass a role to a service, or to use a customer managed key.

`iam.passed_roles` lists the actions that pass a role; the permissions on KMS keys are from AWS KMS's "Using AWS KMS
with …" pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from iam.creation.recipes.recipe import AccountFacts
from iam.creation.statements.parts import Parts, StatementCondition
from iam.passed_roles import principal_passed_to
from iam.policy.match import names_action

PASS = "iam:PassRole"
# Actions on data that may be encrypted with a customer managed key → the actions needed on that key.
_READ, _WRITE = ("kms:Decrypt",), ("kms:GenerateDataKey", "kms:Decrypt")
_KEYED: dict[str, tuple[str, ...]] = {
    "s3:GetObject": _READ,
    "s3:PutObject": _WRITE,
    "sqs:ReceiveMessage": _READ,
    "sqs:SendMessage": _WRITE,
    "sns:Publish": _WRITE,
    "secretsmanager:GetSecretValue": _READ,
    "secretsmanager:PutSecretValue": _WRITE,
    "ssm:GetParameter": _READ,
    "ssm:GetParameters": _READ,
    "ssm:GetParametersByPath": _READ,
    "kinesis:GetRecords": _READ,
    "kinesis:PutRecord": ("kms:GenerateDataKey",),
    "kinesis:PutRecords": ("kms:GenerateDataKey",),
    "dynamodb:GetItem": _READ,
    "dynamodb:Query": _READ,
    "dynamodb:PutItem": _READ,
}


@dataclass(frozen=True, slots=True)
class Needed:
    """A further statement that another statement requires, without its resource. ``sentence`` says why."""

    parts: Parts
    sentence: str


def needed(statements: Sequence[Parts], facts: AccountFacts) -> Iterator[Needed]:
    """Yield the permissions that the statements' actions need and that no statement allows."""
    patterns = [action for each in statements if each.allows for action in each.actions]
    said: set[tuple[str, ...]] = set()
    for statement in statements:
        for action in statement.actions if statement.allows else ():
            for each in (_passing(action), _keyed(action, facts)):
                actions = each.parts.actions if each is not None else ()
                if each is None or actions in said or all(names_action(patterns, name) for name in actions):
                    continue
                said.add(actions)
                yield each


def _passing(action: str) -> Needed | None:
    principal = principal_passed_to(action)
    if principal is None:
        return None
    condition = StatementCondition("iam:PassedToService", "StringEquals", (principal,))
    sentence = f"{action} passes a role to {principal}, so it also requires {PASS} on that role."
    return Needed(Parts("Allow", (PASS,), (), (condition,)), sentence)


def _keyed(action: str, facts: AccountFacts) -> Needed | None:
    actions = next((needs for name, needs in _KEYED.items() if name.lower() == action.lower()), None)
    if actions is None:
        return None
    service = action.partition(":")[0].lower()
    via = StatementCondition("kms:ViaService", "StringEquals", (f"{service}.{facts.region}.amazonaws.com",))
    sentence = (
        f"If a customer managed KMS key encrypts the data, {action} also requires {' and '.join(actions)} on the key."
    )
    return Needed(Parts("Allow", actions, (), (via,)), sentence)
