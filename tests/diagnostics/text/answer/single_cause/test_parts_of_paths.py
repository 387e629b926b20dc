"""Requests that name a part of a role's path in place of its name."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

CALLER = "arn:aws:sts::111122223333:assumed-role/release/ci"
REFUSED = "AccessDenied: User: {} is not authorized to perform: {} on resource: {}\n"
POLICY = '{{"Effect": "Allow", "Action": "iam:GetRole", "Resource": "arn:aws:iam::111122223333:role/{}"}}'


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "task role: arn:aws:iam::111122223333:role/apps/shop-task\n"
            + REFUSED.format(CALLER, "iam:GetRole", "role apps")
            + POLICY.format("apps/*"),
            "the name in arn:aws:iam::111122223333:role/apps/shop-task is shop-task",
        ),
        (
            REFUSED.format(CALLER, "iam:ListAttachedRolePolicies", "arn:aws:iam::111122223333:role/teams")
            + 'checked "arn:aws:iam::111122223333:role/teams/data/loader".',
            "the name in arn:aws:iam::111122223333:role/teams/data/loader is loader",
        ),
        (
            "for arn:aws:iam::111122223333:user/bots/deployer:\n" + REFUSED.format(CALLER, "iam:GetUser", "user bots"),
            "the name in arn:aws:iam::111122223333:user/bots/deployer is deployer",
        ),
    ],
)
def test_a_part_of_the_path_is_no_name(text: str, name: str) -> None:
    summary = diagnosed(text).verdict.summary
    assert "treats" in summary
    assert name in summary


@pytest.mark.parametrize(
    "text",
    [
        REFUSED.format(CALLER, "iam:GetRole", "role apps") + POLICY.format("apps/*"),
        REFUSED.format(CALLER, "iam:GetRole", "role apps") + POLICY.format("web/shop-task"),
        REFUSED.format(CALLER, "iam:GetRole", "role apps")
        + "arn:aws:iam::111122223333:role/apps/shop-task and arn:aws:iam::111122223333:role/base/apps",
    ],
)
def test_a_name_that_no_whole_path_begins_with_is_the_roles(text: str) -> None:
    assert "treats" not in diagnosed(text).verdict.summary
