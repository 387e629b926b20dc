"""EC2's RequestExpired beside another service's ExpiredToken: the session is over, not the clock wrong."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

FAILED = 'TASK [{}] 09:02:12 *** fatal: [localhost]: FAILED! => {{"msg": "{}"}}\n...ignoring\n'
EC2 = FAILED.format(
    "launch", "An error occurred (RequestExpired) when calling the RunInstances operation: Request has expired."
)
ECS = FAILED.format(
    "tasks",
    "An error occurred (ExpiredTokenException) when calling the ListTasks operation: The security token included in "
    "the request is expired",
)


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("$ aws sts assume-role --role-arn R --role-session-name s --duration-seconds 900\n", "asks for 900 seconds"),
        ("task assume (sts_assume_role, duration_seconds: 3600)\n", "asks for 3600 seconds"),
        ("", "The session has expired: other calls"),
    ],
)
def test_another_services_expired_token_shows_that_the_session_is_over(before: str, said: str) -> None:
    summary = diagnosed(f"{before}{EC2}{ECS}").verdict.summary
    assert said in summary
    assert "signing time" not in summary


def test_alone_it_may_be_the_clock() -> None:
    assert "signing time" in diagnosed(EC2).verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        "Error: no valid credential sources for Terraform AWS Provider found.\nError: SSOProviderInvalidToken: the SSO "
        "session has expired or is invalid\ncaused by: expected RFC3339 timestamp: parsing time "
        '"2023-01-09T07:18:18UTC" as "2006-01-02T15:04:05Z07:00": cannot parse "UTC" as "Z07:00"',
        "Failed to load credentials from the credentials provider: SSO Token was invalid (expected JSON): Invalid "
        "field in response: `expiresAt`. invalid date-time: invalid RFC-3339 date-time: the 'offset hour' component "
        "could not be parsed",
    ],
)
def test_a_cached_sign_in_whose_time_cannot_be_read_need_not_have_expired(text: str) -> None:
    summary = diagnosed(text).verdict.summary
    assert "cannot read the time" in summary
    assert "no valid sign-in" not in summary


def test_a_sign_in_without_a_time_that_cannot_be_read_is_renewed() -> None:
    text = "Error: SSOProviderInvalidToken: the SSO session has expired or is invalid"
    assert "no valid sign-in" in diagnosed(text).verdict.summary
