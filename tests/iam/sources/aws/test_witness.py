"""A witness, without which an answer stands, has a time of its own."""

from __future__ import annotations

import threading
from concurrent.futures import Future

import boto3
import pytest

from iam.sources.aws.session import Aws
from iam.sources.reader.reading import Reading
from tests.support.driving.waiting import LONG

CALL = "cloudtrail:LookupEvents"


@pytest.fixture
def aws() -> Aws:
    return Aws(boto3.Session(region_name="us-east-1"), witness_seconds=0.1)


def test_one_that_is_late_is_named_and_not_asked_again_for_a_moment(aws: Aws) -> None:
    begun, come = threading.Event(), threading.Event()
    asked: list[str] = []

    def ask() -> Reading[str]:
        asked.append(CALL)
        begun.set()
        come.wait(LONG)
        return Reading(CALL, "late")

    try:
        first, second = aws.witness(CALL, ask), aws.witness(CALL, ask)
        assert begun.wait(LONG)
    finally:
        come.set()
    assert first == second
    assert first.unreadable and first.why.startswith("cloudtrail:LookupEvents did not answer within")
    assert len(asked) == 1
    aws._witness_seconds = LONG
    assert aws.witness("iam:SimulatePrincipalPolicy", lambda: Reading("", "in time")).value == "in time"


def test_one_that_comes_at_the_last_moment_counts(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    class JustInTime(Future[Reading[str]]):
        def result(self, timeout: float | None = None) -> Reading[str]:
            found = super().result(LONG)
            if timeout is not None:
                raise TimeoutError
            return found

    monkeypatch.setattr("iam.sources.aws.session.Future", JustInTime)
    assert aws.witness(CALL, lambda: Reading(CALL, "just in time")).value == "just in time"


def test_what_ends_the_question_ends_the_answer(aws: Aws) -> None:
    def ask() -> Reading[str]:
        raise TimeoutError("its own")

    with pytest.raises(TimeoutError, match="its own"):
        aws.witness(CALL, ask)
