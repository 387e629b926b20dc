"""A stack's rollback comes after the failure that started it, in whatever order its events are listed."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial


def event(time: str, status: str, action: str) -> str:
    return (
        f'2026-12-01T09:21:{time}Z Thing  {status}  Resource handler returned message: "User: '
        f"arn:aws:sts::444455556666:assumed-role/cfn/AWSCloudFormation is not authorized to perform: {action} because "
        f'no identity-based policy allows the {action} action (Service: X, Status Code: 403)"'
    )


MADE = event("19", "CREATE_FAILED", "sns:CreateTopic")
UPDATED = event("19", "UPDATE_FAILED", "lambda:UpdateFunctionCode")
DELETED = event("38", "DELETE_FAILED", "iam:DeleteRole")
SECOND = event("38", "CREATE_FAILED", "sqs:CreateQueue")


@pytest.mark.parametrize(
    ("lines", "actions", "started"),
    [
        ((DELETED, MADE), ["sns:CreateTopic", "iam:DeleteRole"], "sns:CreateTopic"),
        ((MADE, DELETED), ["sns:CreateTopic", "iam:DeleteRole"], "sns:CreateTopic"),
        ((DELETED, UPDATED), ["lambda:UpdateFunctionCode", "iam:DeleteRole"], "lambda:UpdateFunctionCode"),
        ((DELETED,), ["iam:DeleteRole"], ""),
        ((SECOND, MADE), ["sns:CreateTopic", "sqs:CreateQueue"], ""),
        ((MADE, SECOND), ["sns:CreateTopic", "sqs:CreateQueue"], ""),
    ],
)
def test_what_started_the_rollback_comes_first(lines: tuple[str, ...], actions: list[str], started: str) -> None:
    found = read_text("\n".join(("the events", *lines)))
    assert [each.action for each in found if isinstance(each, Denial)] == actions
    last = found[-1]
    assert (last.sequel.rolled_back if last.sequel else "") == started
    said = f"This call belongs to the rollback after {started} was refused."
    assert (said in collect_offline(last).verdict.summary) == bool(started)
