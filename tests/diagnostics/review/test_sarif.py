"""SARIF as GitHub's code scanning reads it.

Microsoft's validator is no Python package; these are the rules of it and of GitHub that outputs have broken before
(https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from diagnostics.review.finding import Finding
from diagnostics.review.report.sarif import Place, file_uri, sarif_result, to_sarif
from diagnostics.review.rules.table import RULES
from diagnostics.review.run import Review
from iam.account import Account
from iam.risks.risk import Severity

ACCOUNT = Account("111122223333", "test", datetime(2026, 11, 1, tzinfo=UTC))
SCORES = {"critical": (9.0, 10.0), "high": (7.0, 8.9), "medium": (4.0, 6.9), "low": (0.1, 3.9), "info": (0.1, 3.9)}


def finding(rule: str, severity: Severity | None = None, name: str = "x") -> Finding:
    row = RULES[rule]
    arn = f"arn:aws:iam::111122223333:role/{name}"
    found = Finding(row.id, row.severity, arn, row.title, "It is so.", references=(row.page,))
    return found if severity is None else replace(found, severity=severity)


def run_of(*findings: Finding, file: str = "account.json") -> dict[str, Any]:
    (run,) = to_sarif(Review(ACCOUNT, findings, ()), "1.2.3", file)["runs"]
    assert isinstance(run, dict)
    return run


@pytest.mark.parametrize("severity", Severity)
def test_the_severity_is_the_findings(severity: Severity) -> None:
    run = run_of(finding("trust.public", severity), finding("trust.public"))
    for result in run["results"]:
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"] and rule["defaultConfiguration"]["level"] == result["level"]
        low, high = SCORES[result["properties"]["severity"]]
        assert low <= float(rule["properties"]["security-severity"]) <= high


def test_every_rule_has_what_github_shows() -> None:
    rules = run_of(*map(finding, RULES))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted(RULES)
    for rule in rules:
        assert rule["name"].isidentifier() and rule["name"].lower() != rule["id"].lower()
        for key in ("shortDescription", "fullDescription", "help"):
            assert rule[key]["text"].endswith(".") or key == "help"
        assert (
            rule["help"]["markdown"]
            and rule["helpUri"].startswith("https://")
            and "security" in rule["properties"]["tags"]
        )


def test_a_fingerprint_stays_while_the_finding_does() -> None:
    def prints(run: dict[str, Any]) -> list[str]:
        return [one["partialFingerprints"]["primaryLocationLineHash"] for one in run["results"]]

    one, other = finding("trust.public"), finding("trust.public", name="y")
    assert prints(run_of(one, other)) == prints(run_of(replace(one, summary="Other words."), other, file="b.json"))
    assert len(set(prints(run_of(one, other, finding("permissions.admin"))))) == 3


def test_a_place_is_a_file_and_a_line() -> None:
    place = Place("a dir/b.tf", 7, "aws_iam_role.x", 3)
    (location,) = sarif_result("r", 0, Severity.LOW, "said", place, ("r",))["locations"]
    physical = location["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "a%20dir/b.tf" and physical["region"] == {
        "startLine": 7,
        "startColumn": 3,
    }
    assert file_uri("./x/y.json") == "x/y.json"


def test_results_are_bounded(tmp_path: Path) -> None:
    many = [finding("trust.public", name=str(number)) for number in range(5_100)]
    assert len(run_of(*many)["results"]) == 5_000
