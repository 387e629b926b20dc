"""The rule by which Step Functions waits for a task is named, and not only that there is one."""

from __future__ import annotations

import pytest

from iam.facts.managed_rules import RULES
from tests.support.denials.pasted import diagnosed

ROLE = "arn:aws:iam::111122223333:role/nightly"
REFUSED = (
    "An error occurred (AccessDeniedException) when calling the CreateStateMachine operation: "
    f"'{ROLE}' is not authorized to create managed-rule.\n"
)


@pytest.mark.parametrize("task", RULES)
def test_the_rule_of_the_task_is_named(task: str) -> None:
    answer = diagnosed(f'{REFUSED}"Resource": "arn:aws:states:::{task}.sync"')
    assert answer.verdict.cause == "identity.no-action"
    assert f"rule/{RULES[task]}, by which Step Functions waits for {task}" in answer.verdict.summary
    assert f"arn:aws:events:*:111122223333:rule/{RULES[task]}" in str(answer.fixes[0].change)


def test_a_rule_of_another_task_in_the_policy_is_named() -> None:
    other = "arn:aws:events:eu-west-1:111122223333:rule/StepFunctionsGetEventsForECSTaskRule"
    answer = diagnosed(f'{REFUSED}"Resource": "arn:aws:states:::batch:submitJob.sync"\npolicy: {other}')
    assert "StepFunctionsGetEventsForECSTaskRule, which is for another kind of task" in answer.verdict.summary


@pytest.mark.parametrize("task", ["batch:submitJob", "lambda:invoke.waitForTaskToken"])
def test_a_task_that_does_not_wait_names_no_rule(task: str) -> None:
    answer = diagnosed(f'{REFUSED}"Resource": "arn:aws:states:::{task}"')
    assert "by which Step Functions waits for" not in answer.verdict.summary


def test_a_rule_that_the_text_names_is_not_said_to_be_left_out() -> None:
    rule = "arn:aws:events:eu-west-1:111122223333:rule/StepFunctionsGetEventsForBatchJobsRule"
    answer = diagnosed(f'{REFUSED}"Resource": "arn:aws:states:::batch:submitJob.sync"\npolicy: {rule}')
    assert "by which Step Functions waits for" not in answer.verdict.summary


def test_the_rule_is_in_the_tasks_partition() -> None:
    refused = "An error occurred (AccessDeniedException): not authorized to create managed-rule\n"
    answer = diagnosed(f'{refused}"Resource": "arn:aws-us-gov:states:::ecs:runTask.sync"')
    assert "arn:aws-us-gov:events:" in str(answer.fixes[0].change)
