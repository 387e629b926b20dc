"""Requests decided by hand from the IAM User Guide's rules of evaluation, each named by the rule that it turns on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from iam.policy.evaluate_lines import answer_line

CASES: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "by_hand.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_decision(case: dict[str, Any]) -> None:
    printed, evaluated = answer_line(json.dumps(case))
    answer = json.loads(printed)
    assert evaluated and answer["id"] == case["id"]
    expected = case["expect"]
    assert answer["decision"] == expected["decision"], answer["rule"]
    for reason in expected.get("reasons", ()):
        assert reason in [{key: had for key, had in each.items() if key != "level"} for each in answer["reasons"]]
    if "reasons" in expected:
        assert len(answer["reasons"]) == len(expected["reasons"])
    if "missingContext" in expected:
        assert answer["missingContext"] == expected["missingContext"]


@pytest.mark.parametrize("principal", ["arn:aws:iam::111122223333:user/a", "lambda.amazonaws.com"])
def test_a_document_that_cannot_be_read_fails_the_line_whoever_calls(principal: str) -> None:
    bad = {"Statement": [{"Effect": "Maybe", "Action": "*", "Resource": "*"}]}
    line = {"id": 1, "principal": principal, "action": "s3:GetObject", "identityPolicies": [bad]}
    printed, evaluated = answer_line(json.dumps(line))
    assert not evaluated and json.loads(printed)["error"].startswith("identityPolicies[0]: ")
