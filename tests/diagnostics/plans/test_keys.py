"""The letters of the menu of changes."""

from __future__ import annotations

from diagnostics.plans.role_change import ROLE_CHANGES


def test_no_letter_of_a_change_is_one_that_moves_the_cursor() -> None:
    keys = [each.key for each in ROLE_CHANGES.values()]
    assert len(set(keys)) == len(keys)
    assert not set(keys) & set("jkgG")
