"""A condition that a service can never meet is the cause, unless another statement lets the service in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from diagnostics.diagnose import collect_offline, read_text

LAMBDA = "the CreateFunction operation: The role defined for the function cannot be assumed by Lambda."
SCHEDULER = (
    "the CreateSchedule operation: The execution role you provide must allow AWS EventBridge Scheduler to assume "
    "the role."
)
OF_SCHEDULER = "arn:aws:scheduler:eu-west-3:111122223333"


def trust(service: str, condition: dict[str, Any] | None) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {**statement, "Condition": condition} if condition else statement


def said(message: str, *statements: dict[str, Any]) -> str:
    text = f"An error occurred (ValidationException) when calling {message}\n\ntrust policy:\n"
    return collect_offline(read_text(text + json.dumps({"Statement": statements}))[0]).verdict.summary


@pytest.mark.parametrize(
    "condition",
    [
        {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
        {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
        {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}},
    ],
)
def test_a_key_that_no_service_sends_is_named(condition: dict[str, Any]) -> None:
    assert "which no service's request has" in said(LAMBDA, trust("lambda", condition))


@pytest.mark.parametrize(
    ("condition", "named"),
    [
        ({"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}, True),
        ({"IpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, False),
        ({"NotIpAddress": {"aws:SourceIp": "198.51.100.0/24"}}, False),
    ],
)
def test_a_service_calls_from_no_address_of_the_policy(condition: dict[str, Any], named: bool) -> None:
    assert ("addresses of AWS" in said(LAMBDA, trust("lambda", condition))) is named


@pytest.mark.parametrize(
    "statements",
    [
        [trust("lambda", {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}})],
        [trust("lambda", {"StringEquals": {"aws:SourceAccount": "111122223333"}})],
        [trust("lambda", None), trust("ec2", {"Bool": {"aws:MultiFactorAuthPresent": "true"}})],
    ],
)
def test_a_condition_that_a_service_may_meet_is_not_named(statements: list[dict[str, Any]]) -> None:
    assert "no service's request has" not in said(LAMBDA, *statements)


@pytest.mark.parametrize(
    ("source", "named"),
    [("schedule/nightly/purge", True), ("schedule/nightly/*", True), ("schedule-group/nightly", False)],
)
def test_scheduler_sends_the_group_of_the_schedule(source: str, named: bool) -> None:
    condition = {"ArnLike": {"aws:SourceArn": f"{OF_SCHEDULER}:{source}"}}
    group = f"write {OF_SCHEDULER}:schedule-group/nightly"
    assert (group in said(SCHEDULER, trust("scheduler", condition))) is named


@pytest.mark.parametrize(
    ("message", "service", "condition", "said_of_it"),
    [
        (SCHEDULER, "scheduler", {"StringEquals": {"aws:SourceAccount": "*"}}, "write an account (12 digits)"),
        (LAMBDA, "lambda", {"StringEquals": {"aws:SourceAccount": "1111*"}}, "StringEquals takes * and ? literally"),
        (LAMBDA, "lambda", {"StringEquals": {"aws:SourceArn": "arn:aws:lambda:*:*:function:*"}}, "use ArnLike"),
        (LAMBDA, "lambda", {"StringEquals": {"aws:SourceAccount": "o-a1b2c3d4e5"}}, "an organization's ID"),
        (SCHEDULER, "scheduler", {"StringLike": {"aws:SourceAccount": "*"}}, ""),
        (LAMBDA, "lambda", {"ArnLike": {"aws:SourceArn": "arn:aws:lambda:*:*:function:*"}}, ""),
        (LAMBDA, "lambda", {"StringEquals": {"aws:SourceAccount": "${aws:PrincipalAccount}"}}, ""),
    ],
)
def test_a_value_that_no_request_has_is_named(
    message: str, service: str, condition: dict[str, Any], said_of_it: str
) -> None:
    summary = said(message, trust(service, condition))
    assert ("no request has such a value" in summary) is bool(said_of_it)
    assert said_of_it in summary
