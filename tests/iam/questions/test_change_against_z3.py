"""What a change allows and denies, against z3 on the same question: a few pairs of many (`tests.support`)."""

from __future__ import annotations

from tests.support.compare_effects import run


def test_nothing_is_missed_and_all_that_is_said_is_so() -> None:
    tally = run(range(48, 56), seed=7)
    assert tally.pairs == 8 and tally.said
    assert not tally.missed and not tally.wrong and not tally.incomplete
