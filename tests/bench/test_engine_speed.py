"""Decisions as ratios to decoding the same cases' JSON, measured in one process: machines differ, ratios less.

Another engine that answers the lines of ``rolescope evaluate`` is timed beside ours where its command stands in
OTHER_ENGINE: ``OTHER_ENGINE="node answer.mjs" make bench``.
"""

from __future__ import annotations

import json
import os
import resource
import shlex
import subprocess
import time
from collections.abc import Callable

import pytest

from iam.policy.evaluate import evaluate
from iam.policy.evaluate_lines import answer_line, read
from iam.policy.explain import explain
from tests.support.driving.terminal import COMMAND
from tests.support.engine_cases import CASES
from tests.support.oracles.generate_requests import Generator


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

    def tell() -> None:
        for request, policies in cases:
            explain(request, policies)

    def answer() -> None:
        for line in lines:
            answer_line(line)

    decide()  # compiles every document
    unit = seconds(decode)
    warm, told, cold = seconds(decide), seconds(tell), seconds(answer)
    print(f"\n{len(cases) / warm:,.0f} decisions/s on compiled documents: {warm / unit:.1f} × decoding their JSON")
    print(f"{len(cases) / told:,.0f} explanations/s with near misses: {told / unit:.1f} × decoding their JSON")
    print(f"{len(cases) / cold:,.0f} lines/s from text to text: {cold / unit:.1f} × decoding their JSON")
    assert warm / unit < 5
    assert cold / unit < 25


def test_beside_another_engine() -> None:
    if not (other := os.environ.get("OTHER_ENGINE")):
        pytest.skip("OTHER_ENGINE is not set")
    generator = Generator(1)
    lines = [json.dumps(generator.case(number)) + "\n" for number in range(20_000)]
    ours = [COMMAND, "evaluate"]
    theirs = shlex.split(other)

    def each(command: list[str]) -> float:
        """Processor microseconds a line, without what one line costs: the start of the program."""
        return min(_spent(command, lines) - _spent(command, lines[:1]) for _ in range(3)) / len(lines) * 1e6

    mine, its = each(ours), each(theirs)
    print(f"\n{mine:.0f} µs a line from text to text; the other engine {its:.0f} µs, {its / mine:.1f} × as long")


def _spent(command: list[str], lines: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, input="".join(lines), stdout=subprocess.DEVNULL, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
