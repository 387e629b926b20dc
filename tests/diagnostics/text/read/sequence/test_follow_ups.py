"""A Terraform state lock that is still held is a consequence of the refused call that would have released it."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

HELD = (
    "Error: Error acquiring the state lock\nError message: operation error DynamoDB: PutItem, https response error "
    "StatusCode: 400, RequestID: 9QK3, ConditionalCheckFailedException: The conditional request failed\nLock Info:\n"
    "  ID:        5e8d0b4f-7f2e-6a10-9b5e-0c3b2d1a7f44\n"
)


def released(action: str, on: str) -> str:
    return (
        "Error: Error releasing the state lock\nError message: failed to retrieve lock info: api error AccessDenied: "
        f"User: arn:aws:sts::775018263944:assumed-role/tf/1 is not authorized to perform: {action} on resource: {on} "
        f"because no identity-based policy allows the {action} action\n"
    )


@pytest.mark.parametrize(
    ("action", "on"),
    [
        ("dynamodb:DeleteItem", "arn:aws:dynamodb:eu-west-1:775018263944:table/locks"),
        ("s3:DeleteObject", "arn:aws:s3:::state/net.tfstate.tflock"),
    ],
)
def test_a_lock_that_could_not_be_released_is_still_held(action: str, on: str) -> None:
    first, second = read_text(f"run 1\n{released(action, on)}run 2\n{HELD}")
    assert action in collect_offline(first).verdict.summary
    summary = collect_offline(second).verdict.summary
    assert summary.startswith(f"This failure follows from the failure of {action}")
    assert "terraform force-unlock 5e8d0b4f-7f2e-6a10-9b5e-0c3b2d1a7f44" in summary


def test_another_refusal_is_not_why_a_lock_is_held() -> None:
    other = released("sqs:DeleteQueue", "arn:aws:sqs:eu-west-1:775018263944:q").replace("releasing the state", "x")
    assert all(
        "This failure follows from" not in collect_offline(each).verdict.summary for each in read_text(f"{other}{HELD}")
    )
