"""A log with a denial and with errors of services has a failure for each of them."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

DENIED = (
    "2026-03-04 10:00:05,123 ERROR: eu-west-3 -- An error occurred (AccessDeniedException) when calling the GetPolicy "
    "operation: User: arn:aws:sts::111122223333:assumed-role/scan/s is not authorized to perform: lambda:GetPolicy on "
    "resource: arn:aws:lambda:eu-west-3:111122223333:function:f because no identity-based policy allows the "
    "lambda:GetPolicy action\n"
)
HUB = (
    "2026-03-04 10:00:06,200 ERROR: eu-west-3 -- An error occurred (InvalidAccessException) when calling the "
    "GetFindings operation: Account 111122223333 is not subscribed to AWS Security Hub\n"
)


@pytest.mark.parametrize("text", [DENIED + HUB, HUB + DENIED, f"{DENIED}{HUB}{HUB}"])
def test_a_known_error_in_a_line_of_a_log_is_a_failure_beside_the_denial(text: str) -> None:
    said = [collect_offline(each).verdict.summary for each in read_text(text)]
    assert len(said) == 2
    assert "lambda:GetPolicy" in said[0]
    assert said[1].startswith("Security Hub is not enabled for this account")


@pytest.mark.parametrize(
    "line",
    [
        HUB.replace("not subscribed to AWS Security Hub", "being updated by another request"),
        HUB.replace("2026-03-04 10:00:06,200 ERROR: ", "as in the runbook: "),
        HUB.replace("GetFindings", "GetPolicy"),
    ],
)
def test_another_line_is_no_failure_beside_the_denial(line: str) -> None:
    assert len(read_text(DENIED + line)) == 1
