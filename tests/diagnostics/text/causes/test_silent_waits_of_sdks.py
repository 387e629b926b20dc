"""Waiters of the AWS SDKs, whose time is over because the call that they repeat is denied."""

from __future__ import annotations

import pytest

from iam.waiters import repeated_actions
from tests.support.texts.answers import answer_to


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "The role has CreateTable, GetItem and PutItem.\nexceeded max wait time for TableExists waiter",
            "Most likely the caller lacks dynamodb:DescribeTable",
        ),
        (
            "ModifyDBInstance works.\nexceeded max wait time for DBInstanceAvailable waiter",
            "Check whether the caller has rds:DescribeDBInstances",
        ),
        (
            "waitUntilFunctionUpdated gives\nTimeoutError: Waiter has timed out.",
            "Check whether the caller has lambda:GetFunctionConfiguration",
        ),
        (
            "I see no AccessDenied anywhere.\nexceeded max wait time for TableExists waiter",
            "Check whether the caller has dynamodb:DescribeTable",
        ),
    ],
)
def test_the_repeated_call_is_named(text: str, wanted: str) -> None:
    assert wanted in " ".join(answer_to(text).split())


@pytest.mark.parametrize(
    "text",
    [
        "The role has dynamodb:DescribeTable.\nexceeded max wait time for TableExists waiter",
        "botocore.exceptions.WaiterError: Waiter ClusterActive failed: Max attempts exceeded",
        "exceeded max wait time for Something waiter",
    ],
)
def test_a_call_that_is_allowed_or_unknown_is_not_blamed(text: str) -> None:
    assert "until its time is over" not in answer_to(text)


def test_names_of_services_are_iams() -> None:
    assert "elasticloadbalancing:DescribeLoadBalancers" in repeated_actions("LoadBalancerAvailable")
    assert repeated_actions("NoSuchWaiter") == ()
