"""Resources that texts name otherwise than by ARN."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from diagnostics.access_denied.request.resources import arn_of
from iam.account import Account

HERE = Account("111122223333", "test", datetime(2026, 1, 1, tzinfo=UTC))
THERE = "222200002222"


@pytest.mark.parametrize(
    ("named", "caller", "arn"),
    [
        ("policy p", None, "arn:aws:iam::111122223333:policy/p"),
        ("policy p", "arn:aws:iam::111122223333:user/u", "arn:aws:iam::111122223333:policy/p"),
        ("policy p", f"arn:aws:iam::{THERE}:user/u", f"arn:aws:iam::{THERE}:policy/p"),
        ("role r", f"arn:aws-cn:sts::{THERE}:assumed-role/a/b", f"arn:aws-cn:iam::{THERE}:role/r"),
        ("instance profile i", f"arn:aws:iam::{THERE}:user/u", f"arn:aws:iam::{THERE}:instance-profile/i"),
        ("role arn:aws:iam::111122223333:role/r", f"arn:aws:iam::{THERE}:user/u", "arn:aws:iam::111122223333:role/r"),
        ("role r", "AIDAEXAMPLE", "arn:aws:iam::111122223333:role/r"),
    ],
)
def test_an_entity_named_by_a_word_is_of_the_account_of_whoever_calls_iam(
    named: str, caller: str | None, arn: str
) -> None:
    assert arn_of(named, "iam:CreatePolicy", HERE, caller) == arn


@pytest.mark.parametrize(
    ("action", "caller", "region", "arn"),
    [
        ("sqs:SendMessage", None, None, "arn:aws:sqs:eu-west-1:111122223333:orders"),
        ("sqs:SendMessage", None, "us-east-2", "arn:aws:sqs:us-east-2:111122223333:orders"),
        ("sqs:SendMessage", f"arn:aws:iam::{THERE}:user/u", None, "orders"),
        ("sqs:SendMessage", "arn:aws:iam::***:user/u", None, "arn:aws:sqs:eu-west-1:111122223333:orders"),
        ("s3:GetObject", f"arn:aws:iam::{THERE}:user/u", None, "arn:aws:s3:::orders"),
    ],
)
def test_a_name_is_looked_up_in_the_callers_account_and_the_region_of_the_call(
    action: str, caller: str | None, region: str | None, arn: str
) -> None:
    assert arn_of("orders", action, replace(HERE, region="eu-west-1"), caller, region) == arn
