"""Causes of TargetNotConnected: of ECS Exec, by the checker and the container's keys, and of Session Manager."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import causes_in

EXEC = (
    "An error occurred (TargetNotConnectedException) when calling the ExecuteCommand operation: The execute command "
    "failed due to an internal error. Try again later.\n"
)


@pytest.mark.parametrize(
    ("environment", "keys"),
    [
        ('{"name": "AWS_ACCESS_KEY_ID", "value": "AKIA"}', True),
        ("      - name: AWS_SECRET_ACCESS_KEY\n        value: x", True),
        ("    - AWS_ACCESS_KEY_ID: defined", True),
        ("    - AWS_ACCESS_KEY_ID: not defined", False),
        ("There are no AWS_ACCESS_KEY_ID variables", False),
        ("export AWS_ACCESS_KEY_ID=AKIA", False),
    ],
)
def test_the_agent_of_ecs_exec_uses_the_keys_of_the_container(environment: str, keys: bool) -> None:
    assert ("uses the access keys in the container's environment" in causes_in(EXEC + environment)) is keys


NOT_CONNECTED = (
    "An error occurred (TargetNotConnected) when calling the StartSession operation: i-0bc181d6dfb0a07b2 is not "
    "connected.\n$ aws ec2 describe-instances --query 'Reservations[].Instances[].IamInstanceProfile'\n{}\n"
)


def test_an_instance_without_a_profile_is_not_connected() -> None:
    assert "has no instance profile" in causes_in(NOT_CONNECTED.format("[]"))
    profile = '[{"Arn": "arn:aws:iam::222233334444:instance-profile/app"}]'
    assert "has no instance profile" not in causes_in(NOT_CONNECTED.format(profile))


EXEC = (
    "An error occurred (TargetNotConnectedException) when calling the ExecuteCommand operation: The execute command "
    "failed due to an internal error. Try again later.\n  Task Role Permissions  | arn:aws:iam::111122223333:role/t\n"
    "     ssmmessages:OpenControlChannel: {0}\n     ssmmessages:OpenDataChannel: {0}\n  VPC Endpoints |\n{1}"
)
NO_ENDPOINT = 'SSM PrivateLink "com.amazonaws.{}.ssmmessages" not found. You must ensure your task has proper outbound'


@pytest.mark.parametrize("region", ["us-east-2", "eu-west-1"])
def test_the_exec_checkers_missing_endpoint_comes_before_the_task_role(region: str) -> None:
    found = causes_in(EXEC.format("allowed", NO_ENDPOINT.format(region)))
    assert found.startswith("The task role has the four ssmmessages actions")


@pytest.mark.parametrize(
    ("permission", "endpoint"),
    [("implicitDeny", NO_ENDPOINT.format("us-east-2")), ("allowed", "- com.amazonaws.us-east-2.ssmmessages")],
)
def test_a_missing_permission_or_an_existing_endpoint_is_another_case(permission: str, endpoint: str) -> None:
    assert "The task role has the four ssmmessages actions" not in causes_in(EXEC.format(permission, endpoint))


@pytest.mark.parametrize(
    ("permission", "begins"),
    [
        ("implicitDeny", "Allow the task role t ssmmessages:OpenControlChannel, OpenDataChannel on *"),
        ("explicitDeny", "First find the Deny that the checker reports"),
        ("allowed", "ECS Exec's agent in the task has no connection"),
    ],
)
def test_the_exec_checkers_result_names_the_task_role(permission: str, begins: str) -> None:
    found = causes_in(EXEC.format(permission, "- com.amazonaws.us-east-2.ssmmessages"))
    assert found.startswith(begins)
