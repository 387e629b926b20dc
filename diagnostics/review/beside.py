"""Compare the review with IAM Access Analyzer: findings of both about the same role or user, and of only one.

Findings are matched by subject and topic, because their texts differ. For external access, AWS reports every foreign
principal. The review reports only those that are not ours and need no external ID. For unused access, each has its own
number of days.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from diagnostics.review.finding import Finding
from iam.access_analyzer import Analyzer, AnalyzerFinding, AnalyzerReport
from iam.account import Account
from iam.sources.reader.reading import Reading

EXTERNAL, INTERNAL = "ExternalAccess", "InternalAccess"
# By AWS's type of finding: the review's rules that make the same check.
SAME: dict[str, tuple[str, ...]] = {
    EXTERNAL: ("trust.public", "trust.external-without-id", "trust.wide-subject", "trust.missing-audience"),
    "UnusedIAMRole": ("use.never", "use.stale", "use.access-analyzer"),
    "UnusedPermission": ("use.unused-service", "use.unused-action", "use.never", "use.stale", "use.access-analyzer"),
    "UnusedIAMUserAccessKey": ("keys.old", "users.unused-credentials", "use.access-analyzer"),
    "UnusedIAMUserPassword": ("use.access-analyzer",),
}
_WHY_THEIRS = {
    EXTERNAL: (
        "AWS lists every external principal. The review lists only principals that are not ours, and that no "
        "condition (external ID, subject, audience) limits"
    ),
    INTERNAL: "no rule of the review lists who inside the account can access a resource; who-can answers this question",
    "UnusedPermission": "the review uses its own number of days, and skips actions that AWS does not track",
    "UnusedIAMRole": "the review uses its own number of days, and counts from the role's creation",
    "UnusedIAMUserAccessKey": "the review checks a key's age, but AWS checks its last use",
    "UnusedIAMUserPassword": "the review checks all permissions of a user together",
}


@dataclass(frozen=True, slots=True)
class FoundByBoth:
    """A finding of Access Analyzer, with the review's findings about the same subject."""

    theirs: AnalyzerFinding
    ours: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """The result of the comparison.

    ``why`` says why Access Analyzer's findings are unknown or incomplete. ``ours`` are findings of the review for which
    an analyzer of the account makes the same check but reports nothing.
    """

    why: str = ""
    analyzers: tuple[Analyzer, ...] = ()
    both: tuple[FoundByBoth, ...] = ()
    theirs: tuple[AnalyzerFinding, ...] = ()
    ours: tuple[Finding, ...] = ()


def subject_of(finding: AnalyzerFinding) -> str:
    """Return the role or user that the finding is about.

    A finding about internal access is about the one that can access the resource.
    """
    return next(iter(finding.principals), finding.resource) if finding.kind == INTERNAL else finding.resource


def why_theirs(finding: AnalyzerFinding) -> str:
    """Return a clause that says why the review may lack this finding of Access Analyzer."""
    return _WHY_THEIRS.get(finding.kind, "the review has no rule for this")


def beside(account: Account, reading: Reading[AnalyzerReport], findings: Iterable[Finding], role: str = "") -> Beside:
    """Compare Access Analyzer's findings (``reading``) with the review's.

    ``role`` is the name of the only role or user to compare.
    """
    report = reading.value
    if report is None:
        return Beside(reading.why)
    if not report.analyzers:
        if reading.note:
            return Beside(f"No IAM Access Analyzer was found in the Regions that could be read. {reading.note}")
        return Beside("There is no IAM Access Analyzer in the Regions in use.")
    by_subject: dict[str, list[Finding]] = {}
    for one in findings:
        by_subject.setdefault(one.subject, []).append(one)
    both: list[FoundByBoth] = []
    theirs: list[AnalyzerFinding] = []
    matched: set[tuple[str, str]] = set()
    for found in report.findings:
        about = subject_of(found)
        if role and role not in (about, about.rpartition("/")[2]):
            continue
        ours = tuple(one for one in by_subject.get(about, ()) if one.rule in SAME.get(found.kind, ()))
        matched.update(one.key for one in ours)
        if ours:
            both.append(FoundByBoth(found, ours))
        else:
            theirs.append(found)
    looked_for = {rule for kind in kinds_of(report.analyzers) for rule in SAME[kind]}
    owned = {each.arn for each in account.roles if each.service_owned}
    only_ours = [
        one
        for each in by_subject.values()
        for one in each
        if one.rule in looked_for and one.key not in matched and one.subject not in owned
    ]
    return Beside(reading.note, report.analyzers, tuple(both), tuple(theirs), tuple(only_ours))


def kinds_of(analyzers: Iterable[Analyzer]) -> tuple[str, ...]:
    """Return the types of findings that these analyzers report."""
    types = [one.type for one in analyzers]
    unused = any(one.endswith("UNUSED_ACCESS") for one in types)
    external = any(one in ("ACCOUNT", "ORGANIZATION") for one in types)
    return tuple(kind for kind in SAME if (external if kind == EXTERNAL else unused))
