"""The Resource to write for a secret, and for what exists for one run."""

from __future__ import annotations

import pytest

from tests.support.texts.iam_sentence import summary


@pytest.mark.parametrize(
    ("action", "resource", "every"),
    [
        ("ecs:StopTask", "ecs:eu-west-1:111122223333:task/web/0123456789abcdef0123456789abcdef", True),
        ("glue:GetJobRun", "sagemaker:eu-west-1:111122223333:training-job/fraud-2026-11-01", True),
        ("datasync:StartTaskExecution", "datasync:eu-west-1:111122223333:task/task-0b4c7d19e2f35a860", False),
    ],
)
def test_what_exists_for_one_run_is_named_by_a_pattern(action: str, resource: str, every: bool) -> None:
    said = summary(
        "ci", action, f"on resource: arn:aws:{resource} because no identity-based policy allows the {action} action"
    )
    assert ("has another name" in said) == every


@pytest.mark.parametrize(("resource", "named"), [("app/key", True), ("*", False), ("arn:aws:secretsmanager:*", False)])
def test_a_secret_that_the_message_names_by_its_name_has_an_arn(resource: str, named: bool) -> None:
    said = summary(
        "ci",
        "secretsmanager:CreateSecret",
        f"on resource: {resource} because no identity-based policy allows the secretsmanager:CreateSecret action",
    )
    assert (":secret:app/key-??????" in said) is named
