"""``rolescope review`` in its forms, and its exit status."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from diagnostics.review.rules.table import RULES
from tests.support.accounts.questions import ID, allow, role, trust
from tests.support.accounts.reviewing import snapshot
from tui.cli import main

STAR = role("wide", allow("*"))
HOSTILE = role("open", allow("s3:PutObject"), AssumeRolePolicyDocument=trust({"AWS": "*"}), Tags=[])


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("ROLESCOPE_CONFIG", str(tmp_path / "config.toml"))
    path = tmp_path / "saved.json"
    path.write_text(json.dumps(snapshot([STAR, HOSTILE])), encoding="utf-8")
    return str(path)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(words)
    out, err = capsys.readouterr()
    return status, out, err


def as_json(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    status, out, _ = told(capsys, *words, "--json")
    assert status == 0
    found: dict[str, Any] = json.loads(out)
    return found


def test_the_document_has_the_fields_of_the_contract(saved: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json(capsys, "--snapshot", saved, "review")
    assert found["account"]["id"] == ID and found["counts"]["critical"] == 1
    for one in found["findings"]:
        assert one["rule"] in RULES and one["certainty"] in ("certain", "if")
        assert {"severity", "subject", "title", "summary", "hangs_on", "evidence", "references", "fixes"} <= set(one)
    grave = [one["rule"] for one in found["findings"]]
    assert grave[0] == "trust.public" and "permissions.admin" in grave
    assert all({"what", "rules"} <= set(one) and one["rules"] for one in found["unread"])


def test_one_rule_of_one_role(saved: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json(capsys, "--snapshot", saved, "review", "--rule", "permissions", "--role", "wide")
    assert {one["subject"].rpartition("/")[2] for one in found["findings"]} == {"wide"}
    assert {one["rule"].partition(".")[0] for one in found["findings"]} == {"permissions"}


def test_status_by_severity(saved: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "--snapshot", saved, "review", "--fail-on", "critical")[0] == 1
    words = ("--snapshot", saved, "review", "--rule", "use", "--fail-on", "high")
    assert told(capsys, *words)[0] == 0
    assert told(capsys, "--snapshot", saved, "review")[0] == 0
    assert told(capsys, "--snapshot", saved, "review", "--rule", "trust.pubic")[0] == 2
    assert told(capsys, "--snapshot", saved, "review", "--role", "nobody")[0] == 2


def test_accepted_findings_do_not_fail(saved: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    accepted = tmp_path / "accepted.toml"
    entry = f'[[accepted]]\nrule = "trust.public"\nsubject = "arn:aws:iam::{ID}:role/op*"\nreason = "a honeypot"\n'
    accepted.write_text(f'{entry}until = 2027-01-31\n[[accepted]]\nrule = "trust.pubic"\nsubject = "*"\nreason = "x"\n')
    words = ("--snapshot", saved, "review", "--fail-on", "critical", "--accept", str(accepted), "--json")
    status, out, err = told(capsys, *words)
    assert status == 0 and "did you mean trust.public?" in err
    (one,) = [each for each in json.loads(out)["findings"] if each["rule"] == "trust.public"]
    assert one["accepted"] == {"by": "", "until": "2027-01-31", "reason": "a honeypot"}
    accepted.write_text(f"{entry}until = 2026-10-31\n")
    assert told(capsys, *words)[0] == 1  # it has run out
    accepted.write_text("[[accepted]\n")
    status, out, err = told(capsys, *words)
    assert status == 2 and not out and str(accepted) in err


def test_the_other_forms(saved: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--snapshot", saved, "review", "--format")
    rows = list(csv.DictReader(io.StringIO(told(capsys, *words, "csv")[1])))
    assert rows[0]["rule"] == "trust.public" and rows[0]["severity"] == "critical"
    page = told(capsys, *words, "markdown")[1]
    assert page.startswith("# Review of ") and "## Critical" in page and "`trust.public`" in page
    text = told(capsys, *words, "text")[1]
    assert "CRITICAL  Anyone may assume the role: open  (trust.public)" in text and "NOT READ" in text


def test_sarif_has_what_its_schema_requires(saved: str, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(told(capsys, "--snapshot", saved, "review", "--format", "sarif")[1])
    assert document["version"] == "2.1.0" and set(document) == {"$schema", "version", "runs"}
    (run,) = document["runs"]
    driver = run["tool"]["driver"]
    rules = [one["id"] for one in driver["rules"]]
    assert driver["name"] == "rolescope" and len(rules) == len(set(rules))
    for one in run["results"]:
        assert rules[one["ruleIndex"]] == one["ruleId"] and one["level"] in ("error", "warning", "note")
        assert one["message"]["text"] and ":" not in one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert all(isinstance(value, str) for value in one["partialFingerprints"].values())


def test_limits_of_the_configuration(saved: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.toml").write_text("[review]\nunused_dys = 5\n")
    status, _, err = told(capsys, "--snapshot", saved, "review")
    assert status == 2 and "review.unused_dys" in err and "unused_days" in err
    (tmp_path / "config.toml").write_text('[review]\nnaming = "team-.*"\n')
    found = as_json(capsys, "--snapshot", saved, "review", "--rule", "naming.outside")
    assert len(found["findings"]) == 2
