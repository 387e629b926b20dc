"""Select the fixes of several findings that one plan can carry out."""

from __future__ import annotations

from collections.abc import Iterable

from diagnostics.fix import Fix, PolicyChange, TrustChange
from diagnostics.plans.fix import why_no_plan
from diagnostics.review.finding import Finding


def fixes_of(findings: Iterable[Finding]) -> tuple[tuple[Fix, ...], int]:
    """Return the first fix of each finding that a plan can carry out, and the number of findings without one.

    Repeated changes are left out. A finding also counts as one without a fix if its fix would overwrite another change
    to the same document.
    """
    fixes: list[Fix] = []
    documents: dict[tuple[type, str], Fix] = {}
    left = 0
    for one in findings:
        fix = next((each for each in one.fixes if not why_no_plan(each)), None)
        if fix is None:
            left += 1
            continue
        if any(fix.change == other.change for other in fixes):
            continue
        if isinstance(fix.change, PolicyChange | TrustChange):
            place = type(fix.change), fix.change.target
            if place in documents:
                left += 1
                continue
            documents[place] = fix
        fixes.append(fix)
    return tuple(fixes), left
