"""The findings as SARIF 2.1.0 (OASIS), which code hosts and dashboards take. There are no files: a finding's place is
the ARN of its subject."""

from __future__ import annotations

import hashlib
from typing import Any

from diagnostics.review.finding import Finding, Severity
from diagnostics.review.rules.table import RULES
from diagnostics.review.run import Review
from iam.arn import name_of
from iam.foreign_text import visible

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
# What GitHub shows for severities of security findings, from 0 to 10.
_SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
    Severity.INFO: "1.0",
}


def to_sarif(review: Review, version: str) -> dict[str, Any]:
    """``version`` is the program's own."""
    found = sorted({one.rule for one in review.findings})
    results = [_result(one, found.index(one.rule)) for one in review.findings]
    properties = {"account": review.account.id, "unread": [one.what for one in review.unread]}
    return sarif_document(version, [_rule(id) for id in found], results, properties)


def sarif_document(
    version: str, rules: list[dict[str, Any]], results: list[dict[str, Any]], properties: dict[str, Any] | None = None
) -> dict[str, Any]:
    """One run of this program: its rules and its results."""
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "rolescope", "version": version, "rules": rules}},
        "results": results,
        "columnKind": "unicodeCodePoints",
    }
    if properties:
        run["properties"] = properties
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(id: str) -> dict[str, Any]:
    rule = RULES[id]
    return {
        "id": id,
        "shortDescription": {"text": rule.title},
        "helpUri": rule.page,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"security-severity": _SCORES[rule.severity], "tags": ["security", "iam"]},
    }


def _result(one: Finding, rule_index: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": one.rule,
        "ruleIndex": rule_index,
        "level": _LEVELS[one.severity],
        "message": {"text": visible(one.summary)},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": _uri(one.subject)}},
                "logicalLocations": [
                    {"name": visible(name_of(one.subject) or one.subject), "fullyQualifiedName": visible(one.subject)}
                ],
            }
        ],
        "partialFingerprints": {
            "rolescope/v1": hashlib.sha256(f"{one.rule}\n{one.subject}".encode("utf-8", "replace")).hexdigest()
        },
        "properties": {"certainty": "certain" if one.certain else "if", "severity": one.severity.value},
    }
    if one.accepted is not None:
        result["suppressions"] = [{"kind": "external", "justification": visible(one.accepted.reason)}]
    return result


def _uri(arn: str) -> str:
    """A relative reference: an ARN's colons would make its start a scheme."""
    from urllib.parse import quote

    return quote(arn.replace(":", "/"), safe="/-._~", errors="replace")
