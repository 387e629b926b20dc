"""What a change allows and denies, against z3 on the same question: a few pairs of many (`tests.support`)."""

from __future__ import annotations

from tests.support.oracles.compare_effects import run


def test_nothing_is_missed_and_all_that_is_said_is_so() -> None:
    tally = run(range(48, 52), seed=7)
    assert tally.pairs == tally.complete == 4 and tally.effects
    assert not tally.missed and not tally.wrong


def test_a_key_that_is_true_or_false_or_absent_is_one_of_them() -> None:
    tally = run([3015, 3389], seed=101)
    assert tally.pairs == 2 and tally.effects
    assert not tally.missed and not tally.wrong
