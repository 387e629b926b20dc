"""The rows of the list of roles."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from diagnostics.roles.rows import COLUMNS, in_account, make_rows
from diagnostics.severity_marks import severity_mark
from iam.account import Account, LastUsed
from iam.policy.document import Document
from iam.risks.risk import Severity
from tests.support.accounts.fake_reader import role

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def test_a_row_that_is_made_again_has_its_account_once() -> None:
    account = Account("111122223333", "test", NOW, roles=(role("one"), role("two")))
    alone = make_rows(account, NOW, {}, "")
    known = {id: in_account(row, "111122223333", "") for id, row in alone.items()}
    again = {id: in_account(row, "111122223333", "prod") for id, row in make_rows(account, NOW, known, "").items()}
    for id, row in again.items():
        assert row.cells == (alone[id].cells[0], "prod", *alone[id].cells[1:])


def test_what_deserves_a_look_is_marked() -> None:
    trust = {"Effect": "Allow", "Principal": {"AWS": "AROAEXAMPLEDELETED000"}, "Action": "sts:AssumeRole"}
    never = replace(role("never"), last_used=LastUsed(None, None), created=NOW)
    gone = replace(role("gone"), trust=Document.from_value({"Statement": [trust]}))
    account = Account("111122223333", "test", NOW, roles=(never, gone))
    rows = make_rows(account, NOW, {}, "")
    assert rows["never"].cells[2] == "! never"
    assert rows["gone"].cells[1] == "! deleted principal"


def test_the_widest_word_for_findings_fits_its_column() -> None:
    width = COLUMNS[-1].width
    assert all(len(f"{severity_mark(each)} 9 {each.value}") <= width for each in Severity)
