"""The list of earlier diagnoses."""

from __future__ import annotations

from datetime import UTC, datetime

from diagnostics.failure import Denial, Failure
from screens.diagnose.earlier_runs import MOST_KEPT, NO_ANSWERS, Runs


def test_only_the_latest_are_kept() -> None:
    runs = Runs()
    failures: list[Failure] = [Denial(f"error {number}") for number in range(MOST_KEPT + 3)]
    for failure in failures:
        runs.add(runs.begin(failure, NO_ANSWERS, datetime(2026, 11, 20, tzinfo=UTC)))
    assert [run.failure for run in runs.all] == failures[:2:-1]
