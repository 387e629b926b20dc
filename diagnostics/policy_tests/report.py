"""The results of policy tests as text, JSON and JUnit XML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from diagnostics.policy_tests.policy_test import Answer, Expectation, Outcome, Result
from iam.arn import name_of
from iam.foreign_text import visible
from iam.words import plural

_MARKS = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.OPEN: "?"}


def sentence(answer: Answer, expected: Expectation) -> str:
    """Return a sentence about an answer that differs: principal, action, and the deciding statement."""
    who = name_of(answer.principal) or answer.principal
    what = f"{answer.action} on {answer.resource}"
    if answer.found is Expectation.UNKNOWN:
        depends = f" It depends on {'; '.join(answer.depends_on).rstrip('.')}." if answer.depends_on else ""
        return f"{who}: {what} is unknown, expected {expected}. {answer.why}{depends}"
    return f"{who}: {what} is {answer.found}, expected {expected}. {answer.why}"


def messages(result: Result) -> list[str]:
    """Return sentences about what is wrong with a test that did not pass."""
    if result.problem:
        return [result.problem]
    return [sentence(each, result.test.expect) for each in result.differing]


def to_text(results: Sequence[Result]) -> Iterator[str]:
    for each in results:
        yield visible(f"{_MARKS[each.outcome]} {each.outcome:<8}{each.test.title}")
        if each.outcome is not Outcome.PASSED:
            place = f"{each.test.file}:{each.test.line}"
            yield from (visible(f"    {place}: {message}") for message in messages(each))
    yield ""
    counts = [(sum(each.outcome is outcome for each in results), outcome) for outcome in Outcome]
    said = ", ".join(f"{count:,} {outcome}" for count, outcome in counts if count)
    yield f"{plural(len(results), 'policy test')}: {said}."


def to_json(results: Sequence[Result]) -> dict[str, Any]:
    return {
        "counts": {outcome.value: sum(each.outcome is outcome for each in results) for outcome in Outcome},
        "tests": [
            {
                "file": each.test.file,
                "test": each.test.number,
                "line": each.test.line,
                "name": each.test.title,
                "expect": each.test.expect.value,
                "outcome": each.outcome.value,
                "checked": each.checked,
                "problem": each.problem or None,
                "differing": [
                    {
                        "principal": one.principal,
                        "action": one.action,
                        "resource": one.resource,
                        "found": one.found.value,
                        "why": one.why,
                        "depends_on": list(one.depends_on),
                    }
                    for one in each.differing
                ],
            }
            for each in results
        ],
    }


def to_junit(results: Sequence[Result]) -> str:
    """Return JUnit XML for the readers of GitHub, GitLab and Jenkins, with a suite for each file.

    A test that depends on an unknown value is an error; one that fails is a failure.
    """
    failed = sum(each.outcome is Outcome.FAILED for each in results)
    unknown = sum(each.outcome is Outcome.OPEN for each in results)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f'<testsuites name="rolescope" tests="{len(results)}" failures="{failed}" errors="{unknown}">')
    for file in dict.fromkeys(each.test.file for each in results):
        suite = [each for each in results if each.test.file == file]
        failed = sum(each.outcome is Outcome.FAILED for each in suite)
        unknown = sum(each.outcome is Outcome.OPEN for each in suite)
        lines.append(f'  <testsuite name={_xml(file)} tests="{len(suite)}" failures="{failed}" errors="{unknown}">')
        for each in suite:
            names = f"name={_xml(each.test.title)} classname={_xml(file)} file={_xml(file)}"
            if each.outcome is Outcome.PASSED:
                lines.append(f"    <testcase {names}/>")
                continue
            kind = "failure" if each.outcome is Outcome.FAILED else "error"
            said = messages(each)
            lines.append(f"    <testcase {names}>")
            lines.append(f"      <{kind} message={_xml(said[0])}>{_xml(chr(10).join(said))[1:-1]}</{kind}>")
            lines.append("    </testcase>")
        lines.append("  </testsuite>")
    return "\n".join((*lines, "</testsuites>", ""))


def _xml(text: str) -> str:
    """Return the text as a quoted attribute, without the characters that XML does not allow."""
    shown = "\n".join(visible(line) for line in text.split("\n"))
    return quoteattr(
        "".join(char for char in shown if char in "\n\t" or " " <= char < "\ud800" or "\ue000" <= char < "\ufffe")
    )
