"""Findings from several accounts, grouped by pattern: the same cause in any account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from sys import intern
from typing import Any, Self

from diagnostics.review.causes import cause_words, pattern_id, rule_and_title
from diagnostics.review.finding import Finding
from iam.risks.risk import Severity


@dataclass(frozen=True, slots=True)
class PatternedFinding:
    """A short form of an open finding in one of several accounts.

    ``what`` names its cause, "" if the rule is the cause.
    """

    account: str
    rule: str
    severity: Severity
    subject: str
    title: str
    summary: str
    pattern: str
    what: str

    @classmethod
    def of_json(cls, one: Mapping[str, Any]) -> Self:
        """Create an instance from a finding in the review's JSON document."""
        pattern = one["pattern"]
        # There are 150,000 of these for 500 accounts, so values that many of them share are stored once.
        return cls(
            intern(one["account"]),
            intern(one["rule"]),
            Severity(one["severity"]),
            one["subject"],
            intern(one["title"]),
            one["summary"],
            intern(pattern["id"]),
            intern(pattern["what"]),
        )


@dataclass(frozen=True, slots=True)
class Pattern:
    """Findings of one rule with the same cause. ``what`` names it in a few words, "" if the rule is the cause."""

    id: str
    rule: str
    title: str
    what: str
    findings: tuple[PatternedFinding, ...]

    @property
    def severity(self) -> Severity:
        return min((one.severity for one in self.findings), key=lambda each: each.rank)

    @property
    def accounts(self) -> tuple[str, ...]:
        return tuple(sorted({one.account for one in self.findings}))

    def json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "rule": self.rule,
            "severity": self.severity.value,
            "title": self.title,
            "what": self.what,
            "accounts": list(self.accounts),
            "findings": len(self.findings),
        }


def pattern_json(one: Finding, account: str) -> dict[str, str]:
    """Return the pattern of a finding for the review's JSON document."""
    return {"id": pattern_id(one, account), "what": cause_words(one)}


def open_findings(findings: Iterable[Mapping[str, Any]]) -> Iterable[PatternedFinding]:
    """Return the findings in the review's document that are neither accepted nor duplicates."""
    return (
        PatternedFinding.of_json(one)
        for one in findings
        if "pattern" in one and "accepted" not in one and "double_of" not in one
    )


def patterns(findings: Iterable[PatternedFinding]) -> tuple[Pattern, ...]:
    """Return the patterns, sorted by severity, then by number of accounts, highest first."""
    groups: dict[str, list[PatternedFinding]] = {}
    for one in findings:
        groups.setdefault(one.pattern, []).append(one)
    found = [
        Pattern(
            id, *rule_and_title(members[0].rule, members[0].title), min(one.what for one in members), tuple(members)
        )
        for id, members in groups.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.severity.rank, -len(each.accounts), each.rule, each.id)))


def pattern_lines(found: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    """Yield a line for each pattern that several accounts have, given as JSON, under one heading."""
    several = [one for one in found if len(one["accounts"]) > 1]
    if several:
        yield from ("", "IN SEVERAL ACCOUNTS")
    for one in several:
        what = f": {one['what']}" if one["what"] else ""
        accounts = len(one["accounts"])
        yield f"  {one['severity']:<8} {one['title']}{what}: {one['findings']} in {accounts} accounts"
