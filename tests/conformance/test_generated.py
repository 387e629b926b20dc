"""The generator of random requests, and what our engine says of them."""

from __future__ import annotations

import json
from pathlib import Path

from iam.policy.evaluate import evaluate
from iam.policy.evaluate_lines import answer_line, read
from iam.policy.explain import explain
from tests.support.oracles.compare_engines import KNOWN, main
from tests.support.oracles.generate_requests import Generator


def test_a_seed_always_gives_the_same_requests() -> None:
    one, other = Generator(7), Generator(7)
    assert [one.case(number) for number in range(20)] == [other.case(number) for number in range(20)]


def test_every_generated_request_is_answered_and_explained() -> None:
    generator = Generator(3)
    outcomes = set()
    for number in range(400):
        request, policies = read(generator.case(number))
        decision, explained = evaluate(request, policies), explain(request, policies)
        assert (decision.outcome, decision.layers) == (explained.outcome, explained.layers)
        assert decision.allowed or explained.reasons or explained.near_misses or explained.rule
        outcomes.add(decision.outcome)
    assert len(outcomes) == 3


def test_the_comparison_counts_and_explains(tmp_path: Path) -> None:
    generator = Generator(5)
    cases = [generator.case(number) for number in range(200)]
    requests, answers = tmp_path / "requests", tmp_path / "answers"
    requests.write_text("".join(json.dumps(case) + "\n" for case in cases))
    ours = [json.loads(answer_line(json.dumps(case))[0]) for case in cases]
    answers.write_text("".join(json.dumps(answer) + "\n" for answer in ours))
    assert main([str(requests), str(answers), "0"]) == 0
    # An engine with one of the known rules is explained, one that decides at random is not.
    for _, put_in in KNOWN:
        theirs = [json.loads(answer_line(json.dumps(put_in(case)))[0]) for case in cases]
        answers.write_text("".join(json.dumps(answer) + "\n" for answer in theirs))
        assert main([str(requests), str(answers), "0"]) == 0
    answers.write_text('{"decision": "allowed"}\n' * len(cases))
    assert main([str(requests), str(answers), "0"]) == 1
