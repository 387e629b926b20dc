"""What a plan is before it is carried out."""

from __future__ import annotations

from iam.changes.plan import new_id


def test_ids_of_the_same_second_sort_in_the_order_in_which_they_were_made() -> None:
    ids = [new_id(f"{letter} tag") for letter in "zyxwvut"]
    assert ids == sorted(ids)
