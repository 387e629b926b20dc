"""Find the findings that appear only after a plan is carried out.

Until then, other findings cover them, or their subject does not exist yet.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from diagnostics.review.finding import Finding
from diagnostics.review.run import POLICY_RULES, concluded, found_again
from diagnostics.review.smallest import MOST_PRINCIPALS
from diagnostics.review.subject import ReviewedAccount
from iam.arn import name_of
from iam.changes.account_after import account_after
from iam.changes.plan import Plan
from iam.foreign_text import shortened
from iam.words import plural

_MOST_NAMED = 3


def with_afterwards(
    plan: Plan, reviewed: ReviewedAccount, findings: Collection[Finding], subjects: Collection[str]
) -> Plan:
    """Return the plan with a warning for each subject that has other findings once the plan is carried out.

    May block. ``findings`` are all findings of a finished review; ``subjects`` are the ARNs of the plan's subjects. A
    large account is not evaluated again.
    """
    if plan.kind != "change" or len(reviewed.principals) > MOST_PRINCIPALS:
        return plan
    shown = shown_after(plan, reviewed, findings, subjects)
    of_each = ((arn, [one for one in shown if one.subject == arn]) for arn in dict.fromkeys(subjects))
    return replace(plan, warnings=(*plan.warnings, *(_sentence(arn, those) for arn, those in of_each if those)))


def shown_after(
    plan: Plan, reviewed: ReviewedAccount, findings: Collection[Finding], subjects: Collection[str]
) -> tuple[Finding, ...]:
    """Return the findings about the subjects that appear once the plan is carried out. May block.

    A finding also counts if it becomes more severe. Findings of rules that are not in `POLICY_RULES` are assumed not to
    change.
    """
    then = reviewed.after(account_after(plan, reviewed.account))
    kept = [one for one in findings if one.subject not in subjects or one.rule not in POLICY_RULES]
    given = [one.accepted for one in findings if one.accepted is not None]
    now = {one.key: one.severity.rank for one in findings if _shows(one)}
    after = concluded(then, [*kept, *found_again(then, subjects)], given).findings
    return tuple(
        one
        for one in after
        if one.subject in subjects and _shows(one) and (one.key not in now or one.severity.rank < now[one.key])
    )


def _sentence(arn: str, shown: Collection[Finding]) -> str:
    named = [f"{one.severity}: {one.title}" for one in shown]
    more = [f"{len(named) - _MOST_NAMED} more"] if len(named) > _MOST_NAMED else []
    verb = "shows" if len(shown) == 1 else "show"
    return (
        f"After it, {plural(len(shown), 'other finding')} of {shortened(name_of(arn) or arn, 40)} {verb} "
        f"({'; '.join([*named[:_MOST_NAMED], *more])})."
    )


def _shows(one: Finding) -> bool:
    return one.accepted is None and one.double_of is None
