"""A statement that is given to the other role of an ECS task than the one that calls."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.denials.pasted import allow, policy

ACTION, OBJECT = "s3:GetObject", "arn:aws:s3:::north-ledger/a"
CALL = (
    "User: arn:aws:sts::210987654321:assumed-role/web/624dd649a11d44c09f90367ea64a7afa is not authorized to perform: "
    f"{ACTION} on resource: {OBJECT} because no identity-based policy allows the {ACTION} action\n\n"
)
MODULE = f'= {{ s3 = {{ actions = ["{ACTION}"], resources = ["{OBJECT}"] }} }}'
WRITTEN = policy(allow(ACTION, OBJECT))
STARTS = "ResourceInitializationError: unable to pull secrets: "


def said(text: str) -> str:
    return collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        f"{CALL}task_exec_iam_statements {MODULE}",
        f"{CALL}Execution role policy:\n{WRITTEN}",
        f"{CALL}the task execution role has:\n{WRITTEN}",
        f"{CALL}task role policy:\n{policy(allow('s3:PutObject', OBJECT))}\nexecution role policy:\n{WRITTEN}",
    ],
)
def test_the_programs_calls_need_the_task_role(text: str) -> None:
    assert "to the execution role, which ECS uses to start the task" in said(text)


@pytest.mark.parametrize("heading", [f"tasks_iam_role_statements {MODULE}", f"task role policy:\n{WRITTEN}"])
def test_what_ecs_does_before_the_start_needs_the_execution_role(heading: str) -> None:
    assert "to the task role, which the program in the container uses" in said(f"{STARTS}{CALL}{heading}")


@pytest.mark.parametrize(
    "text",
    [
        f"{CALL}tasks_iam_role_statements {MODULE}",
        f"{CALL}policy:\n{WRITTEN}",
        f"{STARTS}{CALL}Execution role policy:\n{WRITTEN}",
        f"{CALL.replace('624dd649a11d44c09f90367ea64a7afa', 'i-0e7718b3d0c94a52f')}Execution role policy:\n{WRITTEN}",
    ],
)
def test_the_right_role_is_not_doubted(text: str) -> None:
    assert "uses to start the task" not in said(text) and "in the container uses" not in said(text)
