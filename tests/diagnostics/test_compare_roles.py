"""Two roles by what only one of them may, and what is not claimed where something is missing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from diagnostics.compare_roles import RolesCompared, compare_roles
from tests.support.question_accounts import allow, opened, role, snapshot


def compared(tmp_path: Path, *, unread_trust: bool = False) -> RolesCompared:
    one, two = role("one", allow("sqs:SendMessage")), role("two", allow("sns:Publish"))
    account, reader = opened(tmp_path, snapshot([one, two]))
    first, second = account.role("one"), account.role("two")
    assert first is not None and second is not None
    return compare_roles(first, replace(second, trust=None) if unread_trust else second, account, reader)


def test_what_only_one_may(tmp_path: Path) -> None:
    found = compared(tmp_path)
    assert any("sqs:SendMessage" in line for line in found.only_first)
    assert any("sns:Publish" in line for line in found.only_second)
    assert not found.trusted_by_first and not found.trusted_by_second


def test_nothing_is_said_of_who_assumes_them_where_a_trust_policy_was_not_read(tmp_path: Path) -> None:
    found = compared(tmp_path, unread_trust=True)
    assert "Who may assume two could not be read." in found.doubts
    assert not found.trusted_by_first and not found.trusted_by_second
