"""Resources that texts name otherwise than by ARN."""

from __future__ import annotations

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
