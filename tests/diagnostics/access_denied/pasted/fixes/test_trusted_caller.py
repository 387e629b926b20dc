"""A statement for a role does not copy conditions that only services' requests have."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.denials.pasted import diagnosed, policy, refused

ROLE = "arn:aws:iam::111122223333:role/automation"


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ({"StringEquals": {"aws:SourceAccount": "111122223333"}}, ""),
        ({"ArnLike": {"AWS:SourceArn": "arn:aws:ssm:*:111122223333:automation-execution/*"}}, ""),
        ({"StringEquals": {"aws:SourceAccount": "111122223333", "aws:PrincipalTag/a": "b"}}, "aws:PrincipalTag/a"),
        ({"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}, "aws:PrincipalOrgID"),
    ],
)
def test_a_role_sends_no_source_of_a_service(condition: dict[str, Any], kept: str) -> None:
    trust = {"Effect": "Allow", "Principal": {"Service": "ssm.amazonaws.com"}, "Action": "sts:AssumeRole"}
    caller = "arn:aws:sts::111122223333:assumed-role/window/s"
    text = f"{refused('sts:AssumeRole', ROLE, '', caller)}\ntrust policy:\n{policy({**trust, 'Condition': condition})}"
    change = diagnosed(text).fixes[0].change.text  # type: ignore[union-attr]
    assert "role/window" in change
    assert "source" not in change.lower()
    assert ("Condition" in change) is bool(kept) and kept in change
