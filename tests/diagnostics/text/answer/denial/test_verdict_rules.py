"""What the verdict says of a Deny that protects a guard."""

from __future__ import annotations

import pytest

from tests.support.texts.iam_sentence import summary


@pytest.mark.parametrize(
    ("action", "meant"),
    [
        ("iam:DeleteRolePermissionsBoundary", "Find out which action the boundary denies"),
        ("iam:PutUserPermissionsBoundary", "Find out which action the boundary denies"),
        ("guardduty:DeleteDetector", "usually protects GuardDuty: keep it"),
        ("organizations:LeaveOrganization", "usually protects the organization's policies"),
        ("cloudtrail:StopLogging", "ask whoever manages the trail"),
        ("iam:DeleteRole", ""),
        ("guardduty:GetDetector", ""),
    ],
)
def test_a_deny_that_protects_a_guard_is_kept(action: str, meant: str) -> None:
    said = summary("dev", action, "on resource: * with an explicit deny in an identity-based policy")
    assert meant in said
    assert ("keep it" in said) is bool(meant)
    missing = summary("dev", action, f"because no identity-based policy allows the {action} action")
    assert "keep it" not in missing
