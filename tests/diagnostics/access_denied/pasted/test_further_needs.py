"""A call that the policies of the text allow may need a further action that they do not allow."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.denials.pasted import allow, diagnosed, no_identity, policy

ROLE = "arn:aws:iam::111122223333:role/jobs-run"


def refused(operation: str) -> str:
    return f"An error occurred (AccessDeniedException) when calling the {operation} operation: Access denied\n"


def passes(role: str, service: str) -> dict[str, Any]:
    return allow("iam:PassRole", role, Condition={"StringEquals": {"iam:PassedToService": f"{service}.amazonaws.com"}})


TARGETS = (
    'ev.put_targets(Rule="new", Targets=[{"Id": "1", "Arn": "arn:aws:sqs:eu-west-3:111122223333:q", '
    '"RoleArn": "%s"}])\n'
)
LAUNCH = "$ aws ec2 run-instances --launch-template LaunchTemplateName=web --iam-instance-profile Name=web\n"
TASK = f"$ aws ecs register-task-definition --family web --execution-role-arn {ROLE}\n"
MACHINE = f"$ aws stepfunctions create-state-machine --name m --role-arn {ROLE} --definition file://m.json\n"


@pytest.mark.parametrize(
    ("call", "operation", "statements", "cause", "said"),
    [
        (
            TARGETS % ROLE,
            "PutTargets",
            [allow("events:*", "*"), passes(ROLE, "scheduler")],
            "identity.condition-unmet",
            "it is events.amazonaws.com",
        ),
        (
            LAUNCH,
            "RunInstances",
            [allow("ec2:*", "*"), passes("arn:aws:iam::111122223333:role/web-*", "ecs-tasks")],
            "identity.condition-unmet",
            "it is ec2.amazonaws.com",
        ),
        (
            TASK,
            "RegisterTaskDefinition",
            [allow("ecs:*", "*"), passes("arn:aws:iam::111122223333:role/web-*", "ecs-tasks")],
            "identity.resource-mismatch",
            "role/web-*",
        ),
        (MACHINE, "CreateStateMachine", [allow("states:*", "*")], "identity.no-action", "because it passes a role"),
    ],
)
def test_the_role_that_the_call_passes_decides(
    call: str, operation: str, statements: list[dict[str, Any]], cause: str, said: str
) -> None:
    verdict = diagnosed(f"{call}{refused(operation)}\npolicy of the caller:\n{policy(*statements)}").verdict
    assert verdict.cause == cause
    assert said in verdict.summary and "needs iam:PassRole in addition to" in verdict.summary


@pytest.mark.parametrize(
    ("call", "operation", "statements"),
    [
        (TARGETS % ROLE, "PutTargets", [allow("events:*", "*"), passes(ROLE, "events")]),
        # No role is passed, the policy does not name PassRole, or the call itself is not allowed.
        (
            "$ aws events put-targets --rule new --targets Id=1,Arn=arn:aws:sqs:eu-west-3:111122223333:q\n",
            "PutTargets",
            [allow("events:*", "*")],
        ),
        (LAUNCH.replace("--iam-instance-profile Name=web", "--count 1"), "RunInstances", [allow("ec2:*", "*")]),
        (MACHINE, "CreateStateMachine", [allow("states:List*", "*"), passes(ROLE, "ec2")]),
    ],
)
def test_a_role_that_is_allowed_or_not_passed_is_not_the_cause(
    call: str, operation: str, statements: list[dict[str, Any]]
) -> None:
    answer = diagnosed(f"{call}{refused(operation)}\npolicy of the caller:\n{policy(*statements)}")
    assert "beside" not in answer.verdict.summary


STATEMENT = """
- Effect: Allow
  Action: iam:PassRole
  Resource: arn:aws:iam::111122223333:role/r*
"""


def indented(statement: str, columns: int) -> str:
    return statement.replace("\n", "\n" + " " * columns)


@pytest.mark.parametrize(
    ("head", "columns"), [("", 0), ("deployer policy:", 0), ("Statement:", 2), ("PolicyDocument:\n  Statement:", 4)]
)
def test_a_statement_in_yaml_outside_a_template_is_the_caller_s(head: str, columns: int) -> None:
    error = f"Error: creating Schedule: {no_identity('iam:PassRole', ROLE)}"
    text = f"{error}\n\n{head}{indented(STATEMENT, columns)}\n"
    assert diagnosed(text).verdict.cause == "identity.resource-mismatch"


def test_a_statement_that_the_template_deploys_is_not_the_caller_s() -> None:
    error = f"Error: creating Schedule: {no_identity('iam:PassRole', ROLE)}"
    template = f"Resources:\n  Runner:\n    Policies:{indented(STATEMENT, 6)}\n"
    assert diagnosed(f"{error}\n\n{template}").verdict.cause == "identity.no-action"


@pytest.mark.parametrize("more", [".../volume/*", "...:volume/*"])
def test_dots_in_a_list_are_the_beginning_of_the_arn_before(more: str) -> None:
    error = no_identity("ec2:CreateTags", "arn:aws:ec2:eu-west-3:210987654321:network-interface/*")
    said = f"policy: Allow ec2:CreateTags on arn:aws:ec2:*:210987654321:instance/*, {more}"
    assert "arn:aws:ec2:*:210987654321:volume/*" in diagnosed(f"{error}\n\n{said}\n").verdict.summary


@pytest.mark.parametrize(
    ("more", "whole"),
    [(".../web:*", "log-group:/ci/web:*"), (".../ci/web:*", "log-group:/ci/web:*"), ("...:delivery:*", "delivery:*")],
)
def test_dots_before_a_part_of_the_arn_are_what_comes_before_it_there(more: str, whole: str) -> None:
    error = no_identity("logs:CreateLogStream", "arn:aws:logs:eu-west-3:210987654321:log-group:/x/web:log-stream:1")
    said = f"policy: Allow logs:CreateLogStream on arn:aws:logs:eu-west-3:210987654321:log-group:/ci/web, {more}"
    assert f"210987654321:{whole}" in diagnosed(f"{error}\n\n{said}\n").verdict.summary


CIPHERTEXT = (
    "An error occurred (KMS.AccessDeniedException) when calling the ReceiveMessage operation: The ciphertext refers to "
    "a customer master key that does not exist, does not exist in this region, or you are not allowed to access.\n"
)
SECRET = refused("GetSecretValue").replace("Access denied", "Access to KMS is not allowed")
ON_QUEUE = allow(["sqs:ReceiveMessage", "kms:Decrypt"], "*")
ON_SECRET = allow(["secretsmanager:GetSecretValue", "kms:Decrypt"], "*")


@pytest.mark.parametrize(("refused", "statement"), [(CIPHERTEXT, ON_QUEUE), (SECRET, ON_SECRET)])
def test_a_caller_who_may_use_the_key_is_sent_to_the_key_policy(refused: str, statement: dict[str, Any]) -> None:
    answer = diagnosed(f"{refused}\npolicy of the worker:\n{policy(statement)}")
    assert "Check the key policy, which must let" in answer.verdict.summary
    assert not answer.first_look


@pytest.mark.parametrize(
    "beside",
    [
        policy(allow("sqs:ReceiveMessage", "*")),
        # Two roles, and nobody says which of them calls.
        f"arn:aws:iam::111122223333:role/exec arn:aws:iam::111122223333:role/task\n{policy(ON_QUEUE)}",
        # The key policy itself is in the text.
        policy(ON_QUEUE) + policy(allow("kms:Decrypt", "*", Principal={"AWS": "arn:aws:iam::111122223333:root"})),
    ],
)
def test_a_key_policy_is_not_blamed_without_a_policy_of_the_caller(beside: str) -> None:
    assert "Check the key policy, which must let" not in diagnosed(f"{CIPHERTEXT}\npolicy:\n{beside}").verdict.summary
