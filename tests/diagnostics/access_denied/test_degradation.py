"""A fact that becomes a guess, a default, absent or unread leaves no claim that another value would refute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice

import pytest

from diagnostics.access_denied import procedure
from tests.support.oracles.degradation import DenialCase, demo_cases, planted_cases, run


def slice_of(seed: int) -> Iterator[DenialCase]:
    yield from planted_cases(3, seed)
    yield from islice(demo_cases(), seed % 20, seed % 20 + 1)


@pytest.mark.parametrize("seed", [7, 19])
def test_no_claim_survives_a_fact_that_is_only_assumed(seed: int) -> None:
    said: list[str] = []
    counted = run(slice_of(seed), seed, said.append)
    assert said == []
    assert counted["degraded"] > 40


def test_the_oracle_sees_a_claim_that_ignores_its_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(procedure, "limited", lambda verdict, *_: verdict)
    monkeypatch.setattr(procedure, "as_far_as_known", lambda fix, *_: fix)
    monkeypatch.setattr(procedure, "rests_on_a_guess", lambda *_: False)
    said: list[str] = []
    counted: Counter[str] = Counter()
    for seed in range(4):
        counted += run(planted_cases(2, seed), seed, said.append)
        if said:
            break
    assert said
