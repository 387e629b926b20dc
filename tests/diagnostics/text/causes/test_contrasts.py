"""Causes from what differs between calls that work and calls that fail."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

ASSUMES = (
    "An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:iam::111122223333:user/ci "
    "is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role/deploy"
)
QUERIES = "User: arn:aws:sts::111122223333:assumed-role/fn/fn is not authorized to perform: dynamodb:Query"
CREATES = "User: arn:aws:iam::111122223333:user/ci is not authorized to perform: states:CreateStateMachine"
READS = (
    "User: arn:aws:sts::111122223333:assumed-role/batch-job/abc is not authorized to perform: "
    "secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf"
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"All others work, but 444455556666 has the status SUSPENDED.\n{ASSUMES}", "444455556666 is closed"),
        (f"{ASSUMES}\nThe team closed account 444455556666 in May.", "444455556666 is closed or suspended"),
        (f"{ASSUMES}\nThat account was closed last week.", "444455556666 is closed or suspended"),
        (f"It fails only for some roles.\n{CREATES}", "works with other roles: check the role"),
        (
            f"With some role ARNs we get this, with others not.\n{CREATES}",
            "must name the service (states.amazonaws.com)",
        ),
        (f"{QUERIES}. It works with the other tables.", "dynamodb:Query works with other resources"),
        (f"{READS}\nThe web service reads the same secret without problems.", "the role batch-job most likely lacks"),
        (f"{READS}\nDevelopers on their laptops have no trouble.", "proves nothing about the program's role"),
        ("AccessDenied on sqs:SendMessage\nThe API uses the same queue without errors.", "works for another caller"),
    ],
)
def test_the_difference_is_the_cause(text: str, wanted: str) -> None:
    assert wanted in " ".join(answer_to(text).split())


@pytest.mark.parametrize(
    ("text", "unwanted"),
    [
        (f"The issue was closed.\n{ASSUMES}", "closed or suspended"),
        (f"{ASSUMES}\nThe old account 777788889999 was closed in May.", "closed or suspended"),
        (f"{ASSUMES}\nThe account was not suspended.", "closed or suspended"),
        (f"{QUERIES}. It does not work with the other tables.", "works with other"),
        (f"{QUERIES}. It works with the other functions.", "works with other"),
        (f"{QUERIES}. It works with other roles.", "works with other"),
        (f"{READS}\nThe web service does not read the same secret without problems.", "works for another caller"),
        (f"{READS}\nIt reads the same secret without problems once restarted.", "works for another caller"),
    ],
)
def test_other_contrasts_are_no_cause(text: str, unwanted: str) -> None:
    assert unwanted not in " ".join(answer_to(text).split())
