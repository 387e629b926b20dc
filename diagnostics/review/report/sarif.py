"""Findings as SARIF 2.1.0 (OASIS), with the properties that GitHub's code scanning uses.

https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from diagnostics.fix_report import tool_edit_json, tool_edit_sentence
from diagnostics.review.rules.table import RULES
from diagnostics.review.run import Review
from iam.arn import name_of
from iam.foreign_text import visible
from iam.risks.risk import Severity

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
INFORMATION = "https://github.com/rolescope/rolescope"
MOST_RESULTS = 5_000
"""The maximum number of results in a run that GitHub shows. Those with the highest severity are first."""
ACCEPTED_FILE = ".rolescope/accepted.toml"
"""The repository file that represents an account, because GitHub shows results only in files."""
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
_SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
    Severity.INFO: "1.0",
}
"""GitHub's ``security-severity`` by severity: over 9.0 is critical, over 7.0 high, over 4.0 medium."""


@dataclass(frozen=True, slots=True)
class Place:
    """The place where a result is shown: a file of the repository and a line, counted from 1.

    ``logical`` is the ARN or address that the result is about.
    """

    file: str
    line: int = 1
    logical: str = ""
    column: int | None = None


def to_sarif(review: Review, version: str, file: str) -> dict[str, Any]:
    """Return the review as SARIF. ``version`` is this program's version.

    ``file`` is the repository file at which findings are shown: the saved account, or a file that represents it.
    """
    shown = review.findings[:MOST_RESULTS]
    rules = sorted({(one.rule, one.severity) for one in shown})
    ids = [_rule_id(*each) for each in rules]
    results = []
    for one in shown:
        place = Place(file, 1, one.subject)
        id = _rule_id(one.rule, one.severity)
        edits = [(fix, fix.in_tool) for fix in one.fixes if fix.in_tool is not None]
        message = " ".join([one.summary, *(f"{fix.title}. {tool_edit_sentence(edit)}." for fix, edit in edits)])
        result = sarif_result(id, ids.index(id), one.severity, message, place, (one.rule, one.subject))
        result["properties"]["certainty"] = "certain" if one.certain else "if"
        if edits:
            result["properties"]["fixes"] = [
                {"title": fix.title, "in_tool": tool_edit_json(edit), "text": fix.text} for fix, edit in edits
            ]
        if one.accepted is not None:
            result["suppressions"] = [{"kind": "external", "justification": visible(one.accepted.reason)}]
        results.append(result)
    described = [
        sarif_rule(id, RULES[rule].title, RULES[rule].page, severity)
        for id, (rule, severity) in zip(ids, rules, strict=True)
    ]
    unread = [f"{one.what} Incomplete rules: {', '.join(one.rules)}." for one in review.unread]
    properties = {"account": review.account.id, "unread": unread}
    return sarif_document(version, described, results, properties)


def _rule_id(rule: str, severity: Severity) -> str:
    """Return a rule's SARIF ID, with the severity appended if it differs from the rule's own.

    GitHub takes the severity from the rule alone.
    """
    return rule if RULES[rule].severity is severity else f"{rule}/{severity.value}"


def sarif_document(
    version: str, rules: list[dict[str, Any]], results: list[dict[str, Any]], properties: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return a SARIF document with one run of this program, its rules and its results."""
    driver = {
        "name": "rolescope",
        "semanticVersion": version,
        "version": version,
        "informationUri": INFORMATION,
        "rules": rules,
    }
    run: dict[str, Any] = {"tool": {"driver": driver}, "results": results, "columnKind": "unicodeCodePoints"}
    if properties:
        run["properties"] = properties
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def sarif_rule(id: str, title: str, page: str, severity: Severity) -> dict[str, Any]:
    """Return a SARIF rule with everything that GitHub shows of it. ``page`` is "" if there is none."""
    sentence = title if title.endswith(".") else f"{title}."
    help = f"{sentence} See {page}" if page else sentence
    rule: dict[str, Any] = {
        "id": id,
        "name": "".join(word[:1].upper() + word[1:] for word in re.findall(r"\w+", title)),
        "shortDescription": {"text": visible(sentence)},
        "fullDescription": {"text": visible(sentence)},
        "help": {"text": visible(help), "markdown": visible(f"{sentence} [The page]({page})" if page else sentence)},
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {
            "security-severity": _SCORES[severity],
            "problem.severity": {"error": "error", "warning": "warning", "note": "recommendation"}[_LEVELS[severity]],
            "precision": "high",
            "tags": ["security", "iam"],
        },
    }
    if page:
        rule["helpUri"] = page
    return rule


def sarif_result(
    rule: str, index: int, severity: Severity, message: str, place: Place, identity: Iterable[str]
) -> dict[str, Any]:
    """Return one SARIF result.

    ``identity`` stays the same while the finding exists. GitHub identifies alerts by it, so it contains no line number.
    """
    region: dict[str, int] = {"startLine": place.line}
    if place.column is not None:
        region["startColumn"] = place.column
    location: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": file_uri(place.file)}, "region": region},
    }
    if place.logical:
        name = visible(name_of(place.logical) or place.logical)
        location["logicalLocations"] = [{"name": name, "fullyQualifiedName": visible(place.logical)}]
    fingerprint = hashlib.sha256("\n".join(identity).encode("utf-8", "replace")).hexdigest()
    return {
        "ruleId": rule,
        "ruleIndex": index,
        "level": _LEVELS[severity],
        "message": {"text": visible(message)},
        "locations": [location],
        "partialFingerprints": {"primaryLocationLineHash": f"{fingerprint[:16]}:1"},
        "properties": {"severity": severity.value},
    }


def file_uri(file: str) -> str:
    """Return a path in the repository as a relative URI reference."""
    return quote(file.replace("\\", "/").removeprefix("./"), safe="/-._~@+", errors="replace")
