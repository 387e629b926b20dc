"""Denials with one cause are one row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from diagnostics.failure import Denial
from diagnostics.recent.causes import causes, why_of
from diagnostics.recent.denials import RecentDenial

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
ROLE = "arn:aws-cn:iam::111122223333:role/app/web"
SCP = "arn:aws:organizations::999988887777:policy/o-1/service_control_policy/p-guard"


def denial(who: str, action: str, resource: str | None = None, minutes: int = 0, **more: str | bool) -> RecentDenial:
    failure = Denial("", "AccessDenied", action=action, resource=resource)
    when = NOW - timedelta(minutes=minutes)
    return RecentDenial(replace(failure, **more), who, (), when, when)


def test_what_one_caller_lacks_of_a_service_is_one_cause_with_its_newest_first() -> None:
    found = causes(
        [
            denial("role web", "s3:PutObject", "arn:aws:s3:::a/1", 9, stated_reason="implicit:identity"),
            denial("role web", "s3:GetObject", "arn:aws:s3:::a/2", 3, stated_reason="implicit:identity"),
            denial("role web", "sqs:SendMessage", None, 5, stated_reason="implicit:identity"),
            denial("role web", "s3:GetObject", "arn:aws:s3:::a/2", 7, stated_reason="explicit:identity"),
            denial("user ben", "s3:GetObject", "arn:aws:s3:::a/2", 8, stated_reason="implicit:identity"),
        ]
    )
    assert [len(each.denials) for each in found] == [2, 1, 1, 1]
    assert found[0].newest.what == "s3:GetObject" and found[0].last == NOW - timedelta(minutes=3)
    assert found[0].count == 2


def test_a_policy_that_aws_names_is_one_cause_for_all_callers() -> None:
    by_scp = [
        denial(who, action, minutes=at, stated_reason="explicit:scp", policy_arn=SCP)
        for at, (who, action) in enumerate((("role web", "ec2:RunInstances"), ("user ben", "s3:CreateBucket")))
    ]
    (one,) = causes(by_scp)
    assert len(one.denials) == 2 and one.why == "SCP: Deny, p-guard"


def test_a_role_that_nobody_could_assume_is_one_cause() -> None:
    found = causes(
        [
            denial("user ben", "sts:AssumeRole", ROLE),
            denial("user dora", "sts:AssumeRole", ROLE),
            denial("user dora", "sts:AssumeRole", f"{ROLE}2"),
            denial("role ci", "lambda:CreateFunction", ROLE, claims_trust=True),
        ]
    )
    assert [len(each.denials) for each in found] == [3, 1]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("implicit:identity", "identity policy: no Allow"),
        ("implicit:trust", "trust policy: no Allow"),
        ("explicit:vpce", "VPC endpoint policy: Deny"),
        ("explicit:unknown", "a policy: Deny"),
        ("s3-block-public-access", "S3 Block Public Access"),
        (None, "AccessDenied"),
    ],
)
def test_the_record_s_own_words_say_why(reason: str | None, words: str) -> None:
    failure = Denial("", "AccessDenied", stated_reason=reason)
    assert why_of(RecentDenial(failure, "role web", (), NOW, NOW)) == words
