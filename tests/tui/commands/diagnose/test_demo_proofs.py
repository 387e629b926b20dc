"""``rolescope diagnose --demo --json`` on every failure of the demo account: cause, deciding evidence, first fix."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from iam.account import Account
from iam.sources.aws.reader import AwsReader
from tests.support.demo.proofs import PROOFS, Case, cases, lacking
from tui.arguments.parser import build_parser
from tui.commands.diagnose import texts as diagnose

Opened = tuple[Account, AwsReader]


@pytest.fixture(scope="module")
def opened(demo_reader: AwsReader) -> Opened:
    return list(demo_reader.accounts())[-1], demo_reader


@pytest.fixture(autouse=True)
def _nothing_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests changed is no recent change here."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def said_of(case: Case, opened: Opened, monkeypatch: Any, capsys: Any, *more: str) -> dict[str, Any]:
    """What the command prints for the text, with the role that the operator looks at where the text names none."""
    monkeypatch.setattr("tui.open_account.open_account", lambda arguments: opened)
    role = ["--role", case.failure.role] if case.failure.role else []
    answers = [f"{key}={value}" for key, values in case.proof.answers.items() for value in values]
    context = [word for pair in answers for word in ("--context", pair)]
    status = diagnose.run(
        build_parser().parse_args(["diagnose", "--demo", "--json", *role, *context, *more, case.text])
    )
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert status == (1 if document["verdict"]["confidence"] == "unknown" else 0)
    return document


def test_every_failure_has_a_proof() -> None:
    assert {case.failure.id for case in cases()} == set(PROOFS)


@pytest.mark.parametrize("case", tuple(cases()), ids=lambda case: case.name)
def test_cause_evidence_and_fix(case: Case, opened: Opened, monkeypatch: Any, capsys: Any) -> None:
    document = said_of(case, opened, monkeypatch, capsys)
    verdict, proof = document["verdict"], case.proof
    assert verdict["cause"] == case.failure.cause
    unsure = verdict["cause"] == "unreadable" or case.name == "F21 bare"  # no word says that the endpoint was passed
    assert unsure or verdict["confidence"] != "unknown"
    step = next(step for step in document["steps"] if step["id"] == proof.step)
    assert step["status"] == ("unknown" if case.failure.cause == "unreadable" or _needs_evidence(case) else "fail")
    evidence = " ".join(json.dumps(entry) for entry in step["evidence"])
    assert not lacking(proof.shows, f"{step['summary']} {evidence}")
    if proof.element:
        assert step["evidence"][0]["element"] == proof.element
        assert step["evidence"][0]["statement"] is not None
        assert step["evidence"][0]["policy"]
    for name, words in proof.besides.items():
        assert not lacking((words,), " ".join(s["summary"] for s in document["steps"] if s["id"] == name)), name
    first = document["fixes"][0]
    assert not lacking(proof.fix, _words_of(first))
    assert not lacking(proof.further, " ".join(map(_words_of, document["fixes"])))
    unwanted = _words_of(first).replace("schedule-group/prod", "")
    assert len(lacking(proof.never, unwanted)) == len(proof.never)
    assert not case.failure.fix_kinds or first["kind"] in case.failure.fix_kinds
    assert not case.failure.fix_who or first["who"] in case.failure.fix_who


def _needs_evidence(case: Case) -> bool:
    """Without the region nobody can say that the region's guardrail matched: the text has to."""
    return case.name == "F14 bare"


def _words_of(fix: dict[str, Any]) -> str:
    change = fix["change"] if isinstance(fix["change"], str) else json.dumps(fix["change"])
    return " ".join((fix["title"], str(fix["target"]), change, *fix["cautions"]))
