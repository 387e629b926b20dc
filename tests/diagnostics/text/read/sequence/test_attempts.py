"""What was tried again, in any words for it, and succeeded is over."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import read_text

PROFILE = (
    "Error: creating EC2 Instance: operation error EC2: RunInstances, https response error StatusCode: 400, RequestID: "
    "1, api error InvalidParameterValue: Value (jump) for parameter iamInstanceProfile.name is invalid. Invalid IAM "
    "Instance Profile name"
)
DENIED = (
    "Error: creating SQS Queue (jobs): operation error SQS: CreateQueue, https response error StatusCode: 403, "
    "RequestID: 1, api error AccessDenied: User: arn:aws:sts::111122223333:assumed-role/tf/1 is not authorized to "
    "perform: sqs:CreateQueue on resource: arn:aws:sqs:eu-central-1:111122223333:jobs because no identity-based policy "
    "allows the sqs:CreateQueue action"
)
DONE = "Apply complete! Resources: 1 added, 0 changed, 0 destroyed."


@pytest.mark.parametrize("failed", [PROFILE, DENIED])
@pytest.mark.parametrize(
    ("between", "over"),
    [
        ("kim 11:55  ran it again", True),
        ("re-ran the job a minute later", True),
        ("second apply:", True),
        ("then I tried the same thing once more", True),
        ("redeployed", True),
        ("the network stack, which is another one:", False),
    ],
)
def test_the_end_of_a_second_run_is_of_the_same_thing(failed: str, between: str, over: bool) -> None:
    (failure,) = read_text(f"{failed}\n{between}\n{DONE}")
    assert bool(failure.sequel and failure.sequel.succeeded) is over


def test_a_second_run_that_fails_again_is_not_over() -> None:
    failure = read_text(f"{PROFILE}\nran it again\n{PROFILE}")[0]
    assert not (failure.sequel and failure.sequel.succeeded)


EXPIRED = "#12 ERROR: denied: Your authorization token has expired. Reauthenticate and try again."


@pytest.mark.parametrize(
    ("between", "over"),
    [
        ("last line in /var/log/login.log:", False),
        ("letzter Eintrag der Anmeldung:", False),
        ("$ aws ecr get-login-password | docker login --username AWS --password-stdin $REGISTRY", True),
    ],
)
def test_an_error_that_says_what_to_try_is_no_attempt_and_an_older_log_is_not_later(between: str, over: bool) -> None:
    (failure,) = read_text(f"{EXPIRED}\n{between}\n2026-12-01T16:02:11 Login Succeeded")
    assert bool(failure.sequel and failure.sequel.succeeded) is over


ASSUMED = "2026-12-02T08:00:01 WARN  AssumeRole failed: AccessDenied ... retrying (1/5)"


@pytest.mark.parametrize(
    ("later", "worked"),
    [
        ("2026-12-02T08:00:07 INFO  AssumeRole succeeded, session expires 09:00:07", True),
        ("2026-12-02T08:00:07 INFO  AssumeRole call was successful", True),
        ("08:00:07 INFO  AssumeRole succeeded\n08:10:07 WARN  AssumeRole failed: AccessDenied", False),
        ("2026-12-02T08:00:07 INFO  AssumeRole succeeded for arn:aws:iam::111122223333:role/other", False),
        ("2026-12-02T08:00:07 INFO  upload finished", False),
    ],
)
def test_a_call_that_is_named_as_failed_succeeds_under_its_name(later: str, worked: bool) -> None:
    failure = read_text(f"{ASSUMED}\n{later}\n")[0]
    assert bool(failure.sequel and failure.sequel.succeeded) is worked
