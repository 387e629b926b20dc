"""A template attaches the policy to another role than the one that was refused."""

from __future__ import annotations

import pytest

from diagnostics.access_denied.pasted.attached_elsewhere import attached_elsewhere
from tests.support.denials.pasted import diagnosed, no_identity, policy

TASK = 'resource "aws_iam_role_policy" "p" {\n  role = aws_iam_role.orders_task.id\n'


@pytest.mark.parametrize(
    ("name", "text", "elsewhere"),
    [
        ("orders-exec", TASK, "aws_iam_role.orders_task"),
        ("fn-role", TASK.replace(".id", ".name"), "aws_iam_role.orders_task"),
        ("shop-ExecRole-1A2B3C", "Policies:\nRoles:\n  - !Ref TaskRole\n", "TaskRole"),
        ("shop-ExecRole-1A2B3C", '"Roles": [{"Ref": "TaskRole"}]', "TaskRole"),
        # The same name, a name that every role has, two roles.
        ("prod-orders-task", TASK, ""),
        ("orders-exec", TASK.replace("orders_task", "this"), ""),
        ("shop-TaskRole-1A2B3C", "Roles:\n  - !Ref TaskRole\n", ""),
        ("orders-exec", TASK + "}\n" + TASK.replace("orders_task", "orders_exec"), ""),
    ],
)
def test_only_another_role_is_named(name: str, text: str, elsewhere: str) -> None:
    assert attached_elsewhere(name, text) == elsewhere


def test_the_answer_names_both_roles() -> None:
    refused = no_identity("s3:GetObject", "arn:aws:s3:::b/k")
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}
    said = diagnosed(f"{refused}\n\n{TASK}  policy = <<EOF\n{policy(statement)}\nEOF\n}}").verdict.summary
    assert said.startswith("The template in the text attaches the policy to aws_iam_role.orders_task, but exporter was")
