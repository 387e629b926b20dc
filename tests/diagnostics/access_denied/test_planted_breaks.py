"""Random stories of a role: the change is named right, and its reversal lets the request through."""

from __future__ import annotations

import pytest

from tests.support.oracles import planted_breaks


@pytest.mark.parametrize("seed", [4100, 4200, 4300])
def test_the_change_that_broke_it_is_named_and_taken_back(seed: int) -> None:
    tally = planted_breaks.Tally()
    for number in range(10):
        planted_breaks.judge(seed + number, tally)
    assert tally.told > 1
    assert not tally.wrong
    assert not tally.bad_reverts
