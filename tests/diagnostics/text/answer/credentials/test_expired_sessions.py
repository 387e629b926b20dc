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
