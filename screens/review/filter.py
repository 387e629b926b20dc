"""The filter expression of the review."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from diagnostics.review.finding import Finding
from iam.account import Account
from iam.arn import name_of
from iam.risks.risk import Severity

HELP = (
    ("escalation", "plain words match name, rule and reason"),
    ("rule:trust", "the rule contains these letters"),
    ("severity:high", "this severity or higher"),
    ("team=ferry", "the role has the tag, and the tag's value contains these letters"),
    ("is:accepted", "also is:open, is:certain, is:if"),
)

Test = Callable[[Finding], bool]
_KINDS: Mapping[str, Test] = {
    "accepted": lambda one: one.accepted is not None,
    "open": lambda one: one.accepted is None,
    "certain": lambda one: one.certain,
    "if": lambda one: not one.certain,
}


def parse(text: str, account: Account | None) -> tuple[list[Test], str]:
    """Return the tests that a finding must pass, and one sentence on an invalid word, or ""."""
    tests: list[Test] = []
    problem = ""
    for word in text.lower().split():
        key, colon, value = word.partition(":")
        tag, equals, wanted = word.partition("=")
        if colon and key == "rule":
            tests.append(lambda one, value=value: value in one.rule)  # type: ignore[misc]  # bound now
        elif colon and key == "severity":
            known = [severity for severity in Severity if value and severity.value.startswith(value)]
            if known:
                tests.append(lambda one, least=known[0].rank: one.severity.rank <= least)  # type: ignore[misc]
            else:
                problem = problem or f"severity: must be one of {', '.join(Severity)}."
        elif colon and key == "is":
            if value in _KINDS:
                tests.append(_KINDS[value])
            else:
                problem = problem or f"is:{value} is unknown: use {', '.join('is:' + kind for kind in _KINDS)}."
        elif equals and tag:
            tests.append(lambda one, tag=tag, wanted=wanted: _tagged(account, one, tag, wanted))  # type: ignore[misc]
        else:
            tests.append(lambda one, word=word: word in _words(one))  # type: ignore[misc]  # bound now
    return tests, problem


def _words(one: Finding) -> str:
    return f"{one.subject} {one.rule} {one.severity} {one.summary}".lower()


def _tagged(account: Account | None, one: Finding, tag: str, wanted: str) -> bool:
    if account is None:
        return False
    entity = account.role(one.subject) or account.user(name_of(one.subject))
    tags = entity.tags if entity is not None else None
    return any(tag in key.lower() and wanted in value.lower() for key, value in (tags or {}).items())
