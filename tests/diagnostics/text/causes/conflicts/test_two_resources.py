"""Two resources of one configuration with the taken name."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

TAKEN = "Error: creating IAM Role (ocean): operation error IAM: CreateRole, EntityAlreadyExists: Role with name ocean "
TAKEN += "already exists.\n"
CONFIGURATION = (
    'resource "aws_iam_role" "task" {\n  name = "ocean"\n}\nresource "aws_iam_role" "exec" {\n  name = "%s"\n}\n'
)
PLAN = "".join(
    f"  # module.ecs.aws_iam_role.{each} will be created\n"
    f'  + resource "aws_iam_role" "{each}" {{\n      + name = "ocean"\n    }}\n'
    for each in ("task", "exec")
)
TEMPLATE = "Resources:\n" + "".join(
    f"  {each}:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: ocean\n" for each in ("Task", "Exec")
)


@pytest.mark.parametrize(
    ("shown", "first"),
    [(CONFIGURATION % "ocean", "aws_iam_role.task"), (PLAN, "module.ecs.aws_iam_role.task"), (TEMPLATE, "Task")],
)
def test_two_resources_with_the_taken_name_are_named(shown: str, first: str) -> None:
    verdict = diagnosed(f"{shown}{TAKEN}").verdict
    assert f"{first} and " in verdict.summary and "have the same name ocean" in verdict.summary


def test_resources_with_other_names_are_not() -> None:
    assert "have the same name" not in diagnosed(f"{CONFIGURATION % 'other'}{TAKEN}").verdict.summary
