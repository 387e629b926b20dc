"""The rows of the list of roles."""

from __future__ import annotations

from datetime import UTC, datetime

from diagnostics.roles.rows import in_account, make_rows
from iam.account import Account
from tests.support.accounts.fake_reader import role

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def test_a_row_that_is_made_again_has_its_account_once() -> None:
    account = Account("111122223333", "test", NOW, roles=(role("one"), role("two")))
    alone = make_rows(account, NOW, {}, "")
    known = {id: in_account(row, "111122223333", "") for id, row in alone.items()}
    again = {id: in_account(row, "111122223333", "prod") for id, row in make_rows(account, NOW, known, "").items()}
    for id, row in again.items():
        assert row.cells == (alone[id].cells[0], "prod", *alone[id].cells[1:])
