"""Make a plan from a fix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message

from diagnostics.fix import Advice, Fix, RoleCreation, ShellCommand, Wait
from iam.arn import Arn
from iam.changes.plan import Plan
from iam.sources.reader.opened import OpenedAccount
from screens.plan.planning import Planner


@dataclass(eq=False, repr=False)
class PlanFix(Message):
    """A request to the Diagnose screen for the plan of this fix."""

    fix: Fix


@dataclass(frozen=True, slots=True)
class PlanKey:
    """The effect of ``p`` on a fix, as shown in the footer.

    ``changes``: the key leads to a change of the account.
    """

    title: str
    changes: bool


def plan_key_of(fix: Fix | None) -> PlanKey:
    """Return the effect of ``p`` on a fix. Without a fix, return the effect on one that has a plan."""
    if adopted_arn(fix):
        return PlanKey("adopt", False)
    match fix.change if fix is not None else None:
        case Wait():
            return PlanKey("watch", False)
        case RoleCreation():
            return PlanKey("create", True)
    return PlanKey("plan", True)


def planner_of(fix: Fix, together: Sequence[Fix] = ()) -> Planner:
    """Return a function that makes a plan for the fix.

    If the fix helps only together with other fixes, the plan makes all of ``together``.
    """

    def planner(opened: OpenedAccount) -> Plan:
        from diagnostics.plans.fix import plan_for_fix, plan_for_set

        if not together:
            return plan_for_fix(fix, opened)
        # A plan is for one account; each account's plan has its own journal.
        return plan_for_set(together, opened, fix.account if opened.accounts is not None else None)

    return planner


def adopted_arn(fix: Fix | None) -> str:
    """Return the ARN of the role that a fix brings under another tool's management; "" for any other fix.

    For such a fix, the key ``p`` shows the code that the tool needs.
    """
    if fix is None or fix.advice is not Advice.ADOPT or not isinstance(fix.change, ShellCommand):
        return ""  # a fix that also changes the role is shown as a plan
    return fix.target if Arn.parse_entity(fix.target, "role") is not None else ""


def needed_with(fix: Fix, fixes: Sequence[Fix]) -> tuple[Fix, ...]:
    """Return the fixes that help only together with this one, including it; an empty tuple if it needs no others."""
    return tuple(each for each in fixes if each.together is not None) if fix.together is not None else ()


def objection_to(fix: Fix | None, together: Sequence[Fix] = ()) -> str:
    """Return one sentence that says why ``p`` does nothing for a fix (or for all of ``together``), else "".

    Only what is known without reading from AWS is considered.
    """
    if fix is None:
        return "There is no fix to plan."
    if isinstance(fix.change, RoleCreation | Wait) or adopted_arn(fix):
        return ""
    from diagnostics.plans.fix import why_no_plan

    sentences = [why_no_plan(each) for each in (fix, *together)]
    return sentences[0] if all(sentences) else ""
