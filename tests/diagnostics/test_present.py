"""An account that was read a while ago, at present."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from diagnostics.present import at_present
from iam.account import Account, AttachedPolicy, ManagedPolicy, User
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading

ID = "222233334444"
MO = f"arn:aws:iam::{ID}:user/mo"
POLICY = f"arn:aws:iam::{ID}:policy/p"
READ = datetime(2026, 11, 2, 12, tzinfo=UTC)


def opened(account: Account, user: Reading[User]) -> OpenedAccount:
    reader: Any = SimpleNamespace(
        clock=lambda: READ + timedelta(hours=1),
        user=lambda name: user,
        managed_policy=lambda arn: Reading("iam:GetPolicy", ManagedPolicy("p", POLICY)),
    )
    return OpenedAccount(account, reader)


NOW = User("mo", MO, attached=(AttachedPolicy("p", POLICY),))


@pytest.mark.parametrize(
    ("before", "reading", "after"),
    [
        (None, Reading("iam:GetUser", NOW), None),
        ((User("mo", MO),), Reading("iam:GetUser", NOW), ("p",)),
        ((User("mo", MO),), Reading("iam:GetUser"), ()),
        ((User("mo", MO),), Reading("iam:GetUser", why="AWS denied it."), ()),
    ],
)
def test_a_list_that_was_never_read_stays_unknown(
    before: tuple[User, ...] | None, reading: Reading[User], after: tuple[str, ...] | None
) -> None:
    account = Account(ID, "aws", READ, users=before)
    found = at_present(opened(account, reading), [MO]).account
    assert found.now == READ + timedelta(hours=1) and found.policies is None
    if after is None:
        assert found.users is None
    else:
        assert found.users is not None and len(found.users) == (0 if reading.absent else 1)
        assert [each.name for user in found.users for each in user.attached or ()] == list(after)
