"""The review of a change as text, JSON, Markdown for a comment, annotations and SARIF."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from diagnostics.differences.report import access_json, access_lines, access_summary, assuming_json, assuming_lines
from diagnostics.plan_review.review import PlanReview, Problem, ResourceAccess
from diagnostics.policy_tests.policy_test import Outcome
from diagnostics.policy_tests.report import to_json as tests_json
from diagnostics.review.finding import Finding
from diagnostics.review.report.annotations import annotation
from diagnostics.review.report.json_document import finding_json
from diagnostics.review.report.sarif import Place, sarif_document, sarif_result, sarif_rule
from iam.foreign_text import markdown_code, markdown_text, visible
from iam.risks.risk import Severity
from iam.words import listing, plural

MOST_CHARACTERS = 60_000
"""The maximum size of a comment in bytes: GitHub accepts 65,536 characters, which may need more bytes in UTF-8."""
_MOST_LISTED = 50


def headline(review: PlanReview) -> str:
    """Return the result of the review in one sentence."""
    problems = [one for one in review.problems() if one.fails]
    if not problems:
        found = f"no stranger gains access, and nothing new is {_bound(review)}"
        if review.notes:
            unknown = plural(len(review.notes), "thing is", "things are")
            passed = f"The {review.changes.tool} change passes only in part"
            return f"{passed}: {found} in the reviewed part; {unknown} unknown."
        return f"The {review.changes.tool} change passes: {found}."
    counts = {
        "stranger gains access": sum(one.rule == "stranger" for one in problems),
        "policy test fails": sum(one.rule == "policy-test" for one in problems),
        "policy would be refused": sum(one.rule == "refused" for one in problems),
    }
    findings = sum(one.rule not in ("stranger", "policy-test", "refused") for one in problems)
    plurals = ("strangers gain access", "policy tests fail", "policies would be refused")
    parts = [plural(count, word, many) for (word, count), many in zip(counts.items(), plurals, strict=True) if count]
    parts += [plural(findings, "new finding")] if findings else []
    return f"The {review.changes.tool} change fails: {listing(parts)}."


def _bound(review: PlanReview) -> str:
    if review.fail_on is Severity.CRITICAL:
        return "critical"
    return f"{review.fail_on} or more severe" if review.fail_on is not Severity.HIGH else "critical or high"


def place_of(review: PlanReview, one: Problem) -> str:
    """Return the problem's first address, with file and line if they are known."""
    if not one.addresses:
        return ""
    address = one.addresses[0]
    where = review.changes.lines.get(address)
    return f"{address} ({where[0]}:{where[1]})" if where else address


def to_text(review: PlanReview) -> Iterator[str]:
    yield headline(review)
    for one in review.problems():
        mark = "✗" if one.fails else "!"
        place = place_of(review, one)
        yield visible(f"{mark} {one.severity} {one.rule}: {one.sentence}" + (f"  at {place}" if place else ""))
    for finding in _accepted(review):
        yield visible(f"– accepted {finding.rule}: {finding.subject}{_acceptance(finding)}")
    access = review.difference.access
    yield ""
    yield from access.lines()
    for each in review.resources:
        yield ""
        yield visible(each.resource)
        yield from (visible(line) for line in _resource_lines(each))
    if review.tests:
        passed = sum(one.outcome is Outcome.PASSED for one in review.tests)
        yield ""
        yield f"{passed} of {plural(len(review.tests), 'policy test')} passed."
    yield from (visible(f"? {note}") for note in review.notes)


def _accepted(review: PlanReview) -> list[Finding]:
    return [one for one in review.findings if one.accepted is not None]


def _acceptance(finding: Finding) -> str:
    given = finding.accepted
    if given is None:
        return ""
    until = f" until {given.until.isoformat()}" if given.until else ""
    return f" (by {given.by or 'nobody named'}{until}: {given.reason})"


def _resource_lines(each: ResourceAccess) -> Iterator[str]:
    yield from (f"  + {line}" for line in each.gained)
    yield from (f"  - {line}" for line in each.lost)
    if not each.complete:
        yield "  ? there may be more"


def to_json(review: PlanReview) -> dict[str, Any]:
    access = review.difference.access
    return {
        "tool": review.changes.tool,
        "failed": review.failed,
        "sentence": headline(review),
        "fail_on": review.fail_on.value,
        "problems": [
            {
                "rule": one.rule,
                "severity": one.severity.value,
                "fails": one.fails,
                "title": one.title,
                "summary": one.sentence,
                "subject": one.subject or None,
                "addresses": [_address_json(review, address) for address in one.addresses],
            }
            for one in review.problems()
        ],
        "principals": [{**access_json(one), "addresses": list(review.addresses(one.arn))} for one in access.found],
        "assuming": [
            {**assuming_json(one), "strangers": list(one.strangers), "addresses": list(review.addresses(one.role))}
            for one in access.assuming
        ],
        "resources": [
            {
                "resource": one.resource,
                "gained": list(one.gained),
                "lost": list(one.lost),
                "strangers": list(one.strangers),
                "fully_computed": one.complete,
                "addresses": list(review.addresses(one.resource)),
            }
            for one in review.resources
        ],
        "findings": {
            "new": [finding_json(one) for one in review.findings],
            "gone": [{"rule": one.rule, "subject": one.subject} for one in review.difference.gone],
        },
        "tests": tests_json(review.tests)["tests"],
        "unknown": list(review.notes),
    }


def _address_json(review: PlanReview, address: str) -> dict[str, Any]:
    file, line = review.changes.lines.get(address, (None, None))
    return {"address": address, "file": file, "line": line}


# Markdown.


def to_markdown(review: PlanReview) -> str:
    """Return a comment of at most `MOST_CHARACTERS` bytes.

    The most important findings come first, details are folded, and omissions are counted.
    """
    head = [f"### {'❌' if review.failed else '⚠️' if review.notes else '✅'} {markdown_text(headline(review))}", ""]
    problems = review.problems()
    if problems:
        head += ["| | severity | rule | what | where |", "| --- | --- | --- | --- | --- |"]
        head += [_row(review, one) for one in problems[:_MOST_LISTED]]
        if len(problems) > _MOST_LISTED:
            head += ["", f"and {len(problems) - _MOST_LISTED} more."]
        head.append("")
    parts = [*_folded(review)]
    text = "\n".join(head)
    for title, lines in parts:
        text = _with_part(text, title, lines)
    return text


def _row(review: PlanReview, one: Problem) -> str:
    place = markdown_code(place_of(review, one), in_table=True) if one.addresses else ""
    words = markdown_text(one.sentence)
    rule = markdown_code(one.rule, in_table=True)
    return f"| {'❌' if one.fails else '⚠️'} | {one.severity} | {rule} | {words[:600]} | {place} |"


def _folded(review: PlanReview) -> Iterator[tuple[str, list[str]]]:
    access = review.difference.access
    if access.found:
        summary = access_summary(access.found, access.of).rstrip(".")
        yield f"Who gains and loses what: {summary[:1].lower()}{summary[1:]}", list(access_lines(access.found))
    if access.assuming:
        yield f"Who may assume {plural(len(access.assuming), 'role')}", list(assuming_lines(access.assuming))
    if review.resources:
        lines = [line for each in review.resources for line in (each.resource, *_resource_lines(each))]
        yield f"Policies of {plural(len(review.resources), 'resource')}", lines
    if review.tests:
        passed = sum(one.outcome is Outcome.PASSED for one in review.tests)
        lines = [f"{one.outcome:<8} {one.test.title}" for one in review.tests]
        yield f"Policy tests: {passed} of {len(review.tests)} passed", lines
    if accepted := _accepted(review):
        lines = [f"{one.rule} {one.subject}{_acceptance(one)}" for one in accepted]
        yield f"{plural(len(accepted), 'accepted finding')}", lines
    if review.difference.gone:
        yield "Findings that go away", [f"{one.rule} {one.subject}" for one in review.difference.gone]
    if review.notes:
        yield f"Not in the review, because unknown: {len(review.notes)}", [f"? {note}" for note in review.notes]


def _with_part(text: str, title: str, lines: list[str]) -> str:
    """Return the text with a folded part added, as much of it as fits."""
    opening = f"\n<details><summary>{markdown_text(title)}</summary>\n\n"
    shown = [visible(line).replace("```", "` ` `") for line in lines]
    while shown and not shown[0]:
        shown.pop(0)
    closing = "\n\n</details>\n"
    room = MOST_CHARACTERS - len((text + opening + closing).encode()) - 200
    kept: list[str] = []
    for line in shown:
        room -= len(line.encode()) + 1
        if room < 0:
            kept.append(f"and {len(shown) - len(kept)} more lines: rolescope plan-review prints them all")
            break
        kept.append(line)
    if room < -1_000_000 or not kept:
        return text
    body = "```\n" + "\n".join(kept) + "\n```"
    return f"{text}{opening}{body}{closing}"


# Annotations and SARIF.


def to_annotations(review: PlanReview) -> Iterator[str]:
    """Yield GitHub workflow commands, one for each problem."""
    for one in review.problems():
        address = one.addresses[0] if one.addresses else ""
        file, line = review.changes.lines.get(address, ("", None))
        title = f"{one.title}: {address}" if address else one.title
        yield annotation("error" if one.fails else "warning", one.sentence, file, line, title)


def to_sarif(review: PlanReview, version: str, file: str) -> dict[str, Any]:
    """Return SARIF for code scanning. Results without a place in the repository are at the first line of ``file``."""
    problems = review.problems()
    by_rule = {one.rule: one for one in reversed(problems)}
    rules = sorted(by_rule)
    results = []
    for one in problems:
        address = one.addresses[0] if one.addresses else ""
        path, line = review.changes.lines.get(address, (file, 1))
        identity = (one.rule, address or one.subject, one.subject or one.sentence)
        logical = address or one.subject or one.title
        place = Place(path, line, logical)
        results.append(sarif_result(one.rule, rules.index(one.rule), one.severity, one.sentence, place, identity))
    described = [sarif_rule(rule, by_rule[rule].title, by_rule[rule].page, by_rule[rule].severity) for rule in rules]
    return sarif_document(version, described, results)
