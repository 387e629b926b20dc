"""The service that receives a role, from the operation, the command, or the words before the message."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import PASSED, diagnosed, no_identity, passing_role, policy, to_service


@pytest.mark.parametrize(
    ("operation", "written", "receives"),
    [
        ("RegisterTaskDefinition", "ecs.amazonaws.com", "ecs-tasks.amazonaws.com"),
        ("CreateFunction", "ecs-tasks.amazonaws.com", "lambda.amazonaws.com"),
        ("CreateStateMachine", "lambda.amazonaws.com", "states.amazonaws.com"),
        ("CreateTrainingJob", "lambda.amazonaws.com", "sagemaker.amazonaws.com"),
    ],
)
def test_the_service_that_receives_a_role_is_known(operation: str, written: str, receives: str) -> None:
    answer = diagnosed(passing_role(operation, to_service(written)))
    assert answer.verdict.cause == "identity.condition-unmet"
    assert f"and it is {receives}" in answer.verdict.summary
    assert answer.fixes[0].title == f"Add {receives} to iam:PassedToService in statement 1"


@pytest.mark.parametrize(
    ("before", "receives"),
    [
        ("##[error]Failed to register task definition in ECS: ", "ecs-tasks.amazonaws.com"),
        ("Could not create Lambda function: ", "lambda.amazonaws.com"),
        ("error updating CodeBuild project web: ", "codebuild.amazonaws.com"),
        ("The task failed: ", ""),
        ("while creating Lambda function or registering the task definition: ", ""),
    ],
)
def test_the_words_before_the_message_name_the_service_that_receives_a_role(before: str, receives: str) -> None:
    answer = diagnosed(f"{before}{no_identity('iam:PassRole', PASSED)}\n{policy(to_service('batch.amazonaws.com'))}")
    said = f"and it is {receives}" if receives else "only where iam:PassedToService is batch.amazonaws.com"
    assert said in answer.verdict.summary


def test_the_command_of_the_text_says_which_service_receives_the_role() -> None:
    text = f"{no_identity('iam:PassRole', PASSED)}\n{policy(to_service('lambda.amazonaws.com'))}"
    answer = diagnosed(f"{text}\ncmd: aws sagemaker create-training-job --training-job-name a")
    assert "and it is sagemaker.amazonaws.com" in answer.verdict.summary


@pytest.mark.parametrize(
    ("role", "receives"),
    [("glue-runtime", "glue.amazonaws.com"), ("mediaconvert_jobs", "mediaconvert.amazonaws.com"), ("runtime", None)],
)
def test_an_operation_of_several_services_passes_the_role_to_the_named_one(role: str, receives: str | None) -> None:
    on = f"arn:aws:iam::111122223333:role/{role}"
    called = f"An error occurred (AccessDenied) when calling the CreateJob operation: {no_identity('iam:PassRole', on)}"
    answer = diagnosed(f"{called}\n{policy(to_service('lambda.amazonaws.com', on))}")
    assert (f"and it is {receives}" in answer.verdict.summary) is (receives is not None)
