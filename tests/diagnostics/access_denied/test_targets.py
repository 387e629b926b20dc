"""What the request was about: roles that AWS keeps, and secrets without the end of their names."""

from __future__ import annotations

import pytest

from tests.support.denials.invented import Read, denied, diagnosis_of, no
from tests.support.denials.of_demo import administrator

__all__ = ["administrator"]

BEN = "arn:aws:iam::111122223333:user/ben"
RESERVED = "role AWSReservedSSO_DataAnalyst_0a1b2c3d4e5f6789"
SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:orders/"


@pytest.mark.parametrize(
    ("action", "role", "fix"),
    [
        ("iam:PutRolePolicy", RESERVED, "permission set DataAnalyst"),
        ("iam:TagRole", RESERVED, "permission set DataAnalyst"),
        ("iam:AttachRolePolicy", "role AWSServiceRoleForECS", "ecs.amazonaws.com's own"),
        ("iam:DeleteRole", "role AWSServiceRoleForECS", "delete-service-linked-role"),
    ],
)
def test_no_allow_helps_to_change_a_role_that_aws_keeps(administrator: Read, action: str, role: str, fix: str) -> None:
    found = diagnosis_of(denied(BEN, action, role, no("identity-based policy", action)), administrator)
    assert found.verdict.cause == "role.service-owned"
    assert f"An Allow of {action} would not help" in found.verdict.summary
    (only,) = found.fixes
    assert fix in only.title + only.text and "Effect" not in only.text


@pytest.mark.parametrize("action", ["iam:TagRole", "iam:GetRole"])
def test_what_may_be_done_with_a_service_linked_role_is_a_question_of_permissions(
    administrator: Read, action: str
) -> None:
    text = denied("arn:aws:iam::111122223333:user/dora", action, "role AWSServiceRoleForECS")
    assert diagnosis_of(text, administrator).verdict.cause == "identity.no-action"


@pytest.mark.parametrize(
    ("named", "resource"),
    [
        ("orders/db", f"{SECRET}db-Ab12Cd"),
        (f"{SECRET}db", f"{SECRET}db-Ab12Cd"),
        (f"{SECRET}db-Ab12Cd", f"{SECRET}db-Ab12Cd"),
    ],
)
def test_a_secret_without_the_end_of_its_name(administrator: Read, named: str, resource: str) -> None:
    action = "secretsmanager:GetSecretValue"
    who = "arn:aws:sts::111122223333:assumed-role/orders-ecs-execution/abc"
    found = diagnosis_of(denied(who, action, named, no("identity-based policy", action)), administrator)
    first = found.fixes[0]
    assert f'"Resource": "{resource}"' in first.text
    assert first.verified and not first.gains
