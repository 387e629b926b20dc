"""The record of AWS calls: what each was about, how it ended, how long it took; and no secrets in it."""

from __future__ import annotations

import threading

import boto3
import pytest

from iam.sources.aws.calls import LoggedOutcome
from iam.sources.aws.reader import AwsReader
from tests.iam.sources.conftest import TRUST, Fail


def test_every_call_is_recorded_with_its_end(seeded: boto3.Session, fail: Fail) -> None:
    fail("iam", "GetUser", "AccessDenied")
    fail("iam", "GetGroup", "ServiceFailure", status=400)
    reader = AwsReader(seeded)
    reader.role("orders-api")
    reader.role("nobody")
    reader.user("ben")
    reader.group("Operators")
    by_name = {}
    for call in reader.log.calls():
        by_name.setdefault((call.name, call.subject), call)
    got = by_name["iam:GetRole", "orders-api"]
    assert got.outcome is LoggedOutcome.OK and got.seconds is not None and got.seconds >= 0 and got.request_id
    assert by_name["iam:GetRole", "nobody"].outcome is LoggedOutcome.ABSENT
    denied = by_name["iam:GetUser", "ben"]
    assert denied.outcome is LoggedOutcome.DENIED and denied.code == "AccessDenied" and "carla" in denied.message
    assert by_name["iam:GetGroup", "Operators"].outcome is LoggedOutcome.ERROR


def test_a_call_that_stays_throttled(seeded: boto3.Session, fail: Fail, monkeypatch: pytest.MonkeyPatch) -> None:
    # Soon: the client that adapts waits by the clock.
    monkeypatch.setattr("iam.sources.aws.session._RETRIES", {"mode": "standard", "total_max_attempts": 4})
    fail("sts", "GetCallerIdentity", "Throttling", "Rate exceeded", status=400)
    reader = AwsReader(seeded)
    reading = reader.caller()
    assert reading.unreadable and "throttled sts:GetCallerIdentity" in reading.why
    call = reader.log.calls()[-1]
    assert call.outcome is LoggedOutcome.THROTTLED and call.throttled == call.retries + 1 == 4


def test_a_call_that_never_reached_aws(session: boto3.Session) -> None:
    reader = AwsReader(session, endpoint_url="http://127.0.0.1:9")
    assert reader.caller().unreadable
    call = reader.log.calls()[-1]
    assert call.outcome is LoggedOutcome.ERROR and call.code == "EndpointConnectionError"
    assert call.retries == 1  # the first call has two attempts


def test_no_parameter_but_names_is_kept(seeded: boto3.Session, fail: Fail) -> None:
    reader = AwsReader(seeded)
    client = reader.aws.client("iam")
    client.create_role(RoleName="new", AssumeRolePolicyDocument=TRUST, Description="secret-description")
    reader.decode_authorization_message("blob-of-secrets")
    kept = repr(reader.log.calls())
    assert "secret-description" not in kept and "blob-of-secrets" not in kept and "not-a-secret" not in kept
    assert "AKIA" not in kept


def test_the_oldest_calls_are_forgotten_and_threads_do_not_disturb(seeded: boto3.Session) -> None:
    reader = AwsReader(seeded)
    threads = [threading.Thread(target=lambda: [reader.role("nobody") for _ in range(10)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    calls = reader.log.calls()
    assert len(calls) == 40 and len({call.number for call in calls}) == 40
    assert all(call.outcome is LoggedOutcome.ABSENT for call in calls)


def test_that_a_stack_does_not_exist_is_an_answer(seeded: boto3.Session, fail: Fail) -> None:
    """In CloudFormation's words; the embedded AWS of these tests has another service's calls to say them in."""
    fail("iam", "GetUser", "ValidationError", "Stack for orders-api does not exist", status=400)
    fail("iam", "GetGroup", "ValidationError", "1 validation error detected", status=400)
    reader = AwsReader(seeded)
    reader.user("ben")
    reader.group("Operators")
    outcomes = {call.name: call.outcome for call in reader.log.calls()}
    assert outcomes["iam:GetUser"] is LoggedOutcome.ABSENT and outcomes["iam:GetGroup"] is LoggedOutcome.ERROR
