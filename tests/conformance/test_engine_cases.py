"""Every case of engine_cases.jsonl, and of engine_documentation_cases.jsonl (worked examples of AWS's pages): the
decision, and each layer that the case speaks of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from iam.policy.evaluate import evaluate
from iam.policy.evaluate_lines import as_json, as_line, read
from tests.support.engine_cases import CASES, WITHOUT_RCPS

FROM_AWS = Path(__file__).parent / "engine_documentation_cases.jsonl"

# What a layer prints where another engine speaks of the account as a whole.
_MAY_PRINT = {"allowedForAccount": ("allowed", "implicitDeny"), "deniedForAccount": ("explicitDeny",)}


def cases(file: Path = CASES) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def differences(case: dict[str, Any]) -> list[str]:
    """What our answer to a case has otherwise than the case expects."""
    answer = as_json(case["id"], evaluate(*read(case)))
    expected = case["expect"]
    if case["id"] in WITHOUT_RCPS:
        layers = {layer: result for layer, result in expected["layers"].items() if layer != "rcp"}
        expected = {"decision": WITHOUT_RCPS[case["id"]], "layers": layers}
    found = []
    if answer["decision"] != expected["decision"]:
        found.append(f"decision {answer['decision']}, expected {expected['decision']}")
    for layer, result in expected["layers"].items():
        ours = answer["layers"].get(layer)
        # An absent layer is left out here; the cases call it not applicable, or allowed for organization policies.
        absent_is_fine = result == "notApplicable" or (layer in ("scp", "rcp") and result == "allowed")
        if ours is None and absent_is_fine:
            continue
        if ours not in _MAY_PRINT.get(result, (result,)):
            found.append(f"{layer} {ours}, expected {result}")
    return found


def test_a_case_that_is_saved_reads_back_the_same() -> None:
    for case in (*cases(), *cases(FROM_AWS)):
        line = as_line(case["id"], *read(case))
        assert read(json.loads(line)) == read(case), case["id"]


def test_every_case_agrees() -> None:
    wrong = {case["id"]: found for case in cases() if (found := differences(case))}
    assert not wrong
    assert len(cases()) == 360


@pytest.mark.parametrize("case", cases(FROM_AWS), ids=lambda case: f"{case['id']}: {case['note']}")
def test_what_awss_pages_say(case: dict[str, Any]) -> None:
    assert not differences(case), case["source"]


def test_every_decision_names_its_rule_and_statements() -> None:
    for case in cases():
        decision = evaluate(*read(case))
        assert decision.rule.endswith(".")
        assert decision.decided_by is not None
        if decision.outcome.value == "explicitDeny":
            assert decision.reasons
            assert {reason.effect for reason in decision.reasons} == {"Deny"}
        if decision.outcome.value == "allowed":
            assert any(reason.layer is decision.decided_by for reason in decision.reasons)
