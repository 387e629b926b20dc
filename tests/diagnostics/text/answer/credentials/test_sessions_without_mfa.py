"""Sessions that GetSessionToken created without an MFA code."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

NO_IAM = (
    "An error occurred (InvalidClientTokenId) when calling the {} operation: The security token included in the "
    "request "
    "is invalid"
)


@pytest.mark.parametrize(
    ("called", "operation", "without"),
    [
        ("$ aws sts get-session-token --duration-seconds 3600 > creds.json", "ListUsers", True),
        ("creds = sts.get_session_token(DurationSeconds=900)", "GetUser", True),
        (
            "$ aws sts get-session-token --serial-number arn:aws:iam::111122223333:mfa/a --token-code 123456",
            "ListUsers",
            False,
        ),
        ("$ aws sts get-session-token", "DescribeInstances", False),
    ],
)
def test_a_session_without_mfa_cannot_call_iam(called: str, operation: str, *, without: bool) -> None:
    (failure,) = read_text(f"{called}\n{NO_IAM.format(operation)}")
    found = collect_offline(failure).verdict.summary
    assert (
        found.startswith("The session cannot call IAM at all, because GetSessionToken created it without an MFA code")
        is without
    )
