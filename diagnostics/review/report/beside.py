"""The comparison of the review with Access Analyzer, as lines and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from diagnostics.review.beside import Beside, subject_of, why_theirs
from iam.access_analyzer import AnalyzerFinding
from iam.arn import name_of
from iam.foreign_text import visible
from iam.words import listing, plural

_MOST = 5


def beside_headline(found: Beside) -> str:
    """Return the counts: ``Access Analyzer: 3 found by both, 2 only by Access Analyzer, 1 only by this review``."""
    if not found.analyzers:
        return f"Access Analyzer: {visible(found.why)}"
    return (
        f"Access Analyzer: {len(found.both):,} found by both, {len(found.theirs):,} only by Access Analyzer, "
        f"{len(found.ours):,} only by this review"
    )


def beside_lines(found: Beside) -> Iterator[str]:
    """Yield lines about the findings of only the review or only Access Analyzer, then about those of both."""
    yield beside_headline(found)
    if found.analyzers and found.why:
        yield f"  Not read: {visible(found.why)}"
    days = sorted({one.unused_days for one in found.analyzers if one.unused_days})
    if days:
        yield f"  Its analyzers treat access as unused after {listing([str(each) for each in days])} days."
    if bare := sum(not one.detailed for one in (*found.theirs, *(match.theirs for match in found.both))):
        yield f"  The details (principal and resource) of {plural(bare, 'finding')} were not read."
    if found.theirs:
        yield ""
        yield "  FOUND ONLY BY ACCESS ANALYZER"
        for why, same in _by_why(found.theirs).items():
            yield from (f"  {_words(one)}" for one in same)
            yield f"    ({why})"
    if found.ours:
        yield ""
        yield "  FOUND ONLY BY THIS REVIEW"
        yield from (
            visible(f"  {one.rule}  {name_of(one.subject) or one.subject}: {one.summary}") for one in found.ours
        )
    if found.both:
        yield ""
        yield "  FOUND BY BOTH"
        for match in found.both:
            yield f"  {_words(match.theirs)}: {listing([one.rule for one in match.ours])}"


def _by_why(findings: Iterable[AnalyzerFinding]) -> dict[str, list[AnalyzerFinding]]:
    found: dict[str, list[AnalyzerFinding]] = {}
    for one in findings:
        found.setdefault(why_theirs(one), []).append(one)
    return found


def _words(finding: AnalyzerFinding) -> str:
    about = subject_of(finding)
    who = "anybody" if finding.public else listing(list(map(_short, finding.principals)), limit=3)
    parts = [finding.kind, name_of(about) or about]
    if finding.kind == "InternalAccess":
        parts.append(f"can access {finding.resource}")
    elif who:
        parts.append(f"by {who}")
    if finding.what and finding.kind != "ExternalAccess":
        parts.append(listing(list(finding.what), limit=_MOST))
    if finding.last_accessed is not None:
        parts.append(f"last used {finding.last_accessed:%Y-%m-%d}")
    return visible("  ".join(parts))


def _short(principal: str) -> str:
    """Return an identity provider's name; for AWS principals the complete ARN, because the account matters."""
    return principal.partition("-provider/")[2] or principal


def beside_json(found: Beside) -> dict[str, Any]:
    return {
        "why": found.why or None,
        "analyzers": [{"arn": one.arn, "type": one.type, "unused_days": one.unused_days} for one in found.analyzers],
        "both": [{**_json(match.theirs), "rules": [one.rule for one in match.ours]} for match in found.both],
        "access_analyzer_only": [{**_json(one), "because": why_theirs(one)} for one in found.theirs],
        "review_only": [{"rule": one.rule, "subject": one.subject, "summary": one.summary} for one in found.ours],
    }


def _json(finding: AnalyzerFinding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "type": finding.kind,
        "subject": subject_of(finding),
        "resource": finding.resource,
        "principals": list(finding.principals),
        "public": finding.public,
        "what": list(finding.what),
        "last_accessed": finding.last_accessed.isoformat() if finding.last_accessed else None,
        "details_read": finding.detailed,
    }
