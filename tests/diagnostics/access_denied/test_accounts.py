"""Denials of four accounts that are nobody's: another partition each, allow lists in SCPs, tags, endpoints, keys.

``accounts/`` holds them as snapshots, and ``denials.jsonl`` a line for each text: the cause, the statement at fault
(policy, index, element), and of the first fix its kind, whether it helps, and words that it must hold. Each
was decided by the definitions of the codes and AWS's rules of evaluation before any program was asked. ``hanging.json``
says what those that help still hang on.
"""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from diagnostics.diagnose import collect, read_text
from diagnostics.diagnosis import Diagnosis, Status
from diagnostics.fix import Fix, FixKind, UnreadLayer
from iam.account import Account
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from iam.sources.snapshot.reader import open_snapshot
from tests.support.texts.json_lines import json_lines

FOLDER = Path(__file__).parent / "accounts"
CASES = json_lines(FOLDER / "denials.jsonl")

HANGING: dict[str, list[str]] = json.loads((FOLDER / "hanging.json").read_text("utf-8"))


@cache
def account(name: str) -> tuple[Account, AccountReader]:
    return opened(FOLDER / f"{name}.json")


def opened(path: Path) -> tuple[Account, AccountReader]:
    reader = open_snapshot(path)
    return list(reader.accounts())[-1], reader


def diagnosis(case: dict[str, Any], read: tuple[Account, AccountReader] | None = None) -> Diagnosis:
    told = {key: tuple(values) for key, values in case.get("context", {}).items()}
    known, reader = read or account(case["account"])
    return collect(read_text(case["text"])[0], OpenedAccount(known, reader), told, role=case.get("role"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['account']}: {case['name']}")
def test_cause_place_and_first_fix(case: dict[str, Any]) -> None:
    found = diagnosis(case)
    assert found.verdict.cause == case["cause"], found.verdict
    word = case["cause"].partition(".")[0]
    places = [
        [evidence.policy, evidence.statement, evidence.element]
        for step in found.steps
        if step.status in (Status.FAIL, Status.UNKNOWN)
        for evidence in step.evidence
        if evidence.layer == word and evidence.statement is not None
    ]
    assert places[:1] == ([case["at"]] if "at" in case else [])
    first = found.fixes[0]
    hangs_on = [on.layer if isinstance(on, UnreadLayer) else on.key for on in first.hangs_on]
    assert hangs_on == HANGING.get(f"{case['account']}: {case['name']}", [])
    assert [first.kind.value, first.verified] == (case["fix"] if not hangs_on else [case["fix"][0], None]), first
    hay = f"{first.title} {first.target} {first.text}".lower()
    assert not [words for words in case.get("holds", ()) if words.lower() not in hay], first
    for fix in found.fixes:
        if fix.kind in (FixKind.POLICY_STATEMENT, FixKind.TRUST_POLICY):
            assert '"Resource": "*"' not in fix.text and '"Action": "*"' not in fix.text


PROVEN = [case for case in CASES if case["fix"] in (["policy-statement", True], ["trust-policy", True])]


@pytest.mark.parametrize("case", PROVEN, ids=lambda case: f"{case['account']}: {case['name']}")
def test_what_a_verified_fix_changes_is_no_cause_any_more(case: dict[str, Any], tmp_path: Path) -> None:
    fix = diagnosis(case).fixes[0]
    if fix.after is None or fix.before is None:
        return  # a new inline policy, or one that is kept elsewhere
    content = json.loads((FOLDER / f"{case['account']}.json").read_text("utf-8"))
    changed = put(content, fix)
    assert changed != content
    path = tmp_path / "account.json"
    path.write_text(json.dumps(changed))
    after = diagnosis(case, opened(path)).verdict.cause
    # What nobody told may still refuse it; the fault that was put right does not.
    assert after != case["cause"]
    assert after.partition(".")[2] in ("now", "", "condition-unknown", "condition-unmet", "explicit-deny") or (
        after.partition(".")[0] == "vpce"
    ), after


def put(content: Any, fix: Fix) -> Any:
    """The account with the fix's document in the place of the one that it changes."""
    assert fix.before is not None and fix.after is not None
    if isinstance(content, dict):
        if content == fix.before.value:
            return copy.deepcopy(fix.after.value)
        return {key: put(value, fix) for key, value in content.items()}
    return [put(value, fix) for value in content] if isinstance(content, list) else content
