"""Decisions as ratios to decoding the same cases' JSON, measured in one process: machines differ, ratios less."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from iam.policy.evaluate import evaluate
from iam.policy.evaluate_lines import answer_line, read
from tests.conformance.test_engine_cases import CASES


def seconds(work: Callable[[], object], rounds: int = 7) -> float:
    """The CPU time of the quickest of several rounds."""
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best


def test_decisions() -> None:
    lines = CASES.read_text().splitlines()
    cases = [read(json.loads(line)) for line in lines]

    def decode() -> None:
        for line in lines:
            json.loads(line)

    def decide() -> None:
        for request, policies in cases:
            evaluate(request, policies)

    def answer() -> None:
        for line in lines:
            answer_line(line)

    decide()  # compiles every document
    unit = seconds(decode)
    warm, cold = seconds(decide), seconds(answer)
    print(f"\n{len(cases) / warm:,.0f} decisions/s on compiled documents: {warm / unit:.1f} × decoding their JSON")
    print(f"{len(cases) / cold:,.0f} lines/s from text to text: {cold / unit:.1f} × decoding their JSON")
    assert warm / unit < 6
    assert cold / unit < 40
