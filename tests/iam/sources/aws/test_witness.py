"""A witness, without which an answer stands, has a time of its own."""

from __future__ import annotations

import threading
from time import monotonic

import boto3
import pytest

from iam.sources.aws.session import Aws
from iam.sources.reader import Reading

CALL = "cloudtrail:LookupEvents"


@pytest.fixture
def aws() -> Aws:
    return Aws(boto3.Session(region_name="us-east-1"), witness_seconds=0.1)


def test_one_that_is_late_is_named_and_not_asked_again_for_a_moment(aws: Aws) -> None:
    come = threading.Event()
    asked: list[float] = []

    def ask() -> Reading[str]:
        asked.append(monotonic())
        come.wait(120)
        return Reading(CALL, "late")

    try:
        first, second = aws.witness(CALL, ask), aws.witness(CALL, ask)
    finally:
        come.set()
    assert first == second
    assert first.unreadable and first.why.startswith("cloudtrail:LookupEvents did not answer within")
    assert len(asked) == 1
    assert aws.witness("iam:SimulatePrincipalPolicy", lambda: Reading("", "in time")).value == "in time"


def test_what_ends_the_question_ends_the_answer(aws: Aws) -> None:
    def ask() -> Reading[str]:
        raise TimeoutError("its own")

    with pytest.raises(TimeoutError, match="its own"):
        aws.witness(CALL, ask)
