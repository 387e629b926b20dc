"""A fix made a plan: off the event loop, because what it changes is read before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual.message import Message

from diagnostics.fix import Fix, RoleCreation, Wait
from iam.account import Account
from iam.changes.plan import Plan, PlanError
from iam.sources.reader import AccountReader, OpenedAccount, SourceError


@dataclass(eq=False, repr=False)
class FixPlanned(Message):
    """The plan of a fix, or one sentence on why there is none. ``number`` is the run's that the fix is of."""

    number: int
    fix: Fix
    plan: Plan | None
    trouble: str = ""


@dataclass(eq=False, repr=False)
class PlanFix(Message):
    """Asks the Diagnose screen for the plan of this fix."""

    fix: Fix


def make_plan_of(
    number: int,
    fix: Fix,
    account: Account,
    reader: AccountReader,
    send: Callable[[FixPlanned], object],
    together: Sequence[Fix] = (),
) -> None:
    """Reads what the fix changes (or all of ``together``, where it helps only with those) and makes the plan: in a
    worker.
    """
    from diagnostics.plans.fix import plan_for_fix, plan_for_set

    try:
        opened = OpenedAccount(account, reader, reader.neighbours)
        # A plan is of one account; each account's has its own journal.
        plan = (
            plan_for_set(together, opened, fix.account if opened.accounts is not None else None)
            if together
            else plan_for_fix(fix, opened)
        )
    except (PlanError, SourceError) as error:
        send(FixPlanned(number, fix, None, str(error)))
        return
    send(FixPlanned(number, fix, plan))


def needed_with(fix: Fix, fixes: Sequence[Fix]) -> tuple[Fix, ...]:
    """Of the fixes of a diagnosis those that help only together, where this is one of them."""
    return tuple(each for each in fixes if each.together is not None) if fix.together is not None else ()


def objection_to(fix: Fix | None, together: Sequence[Fix] = ()) -> str:
    """One sentence on why ``p`` does nothing for a fix (or for all of ``together``), as far as that shows without a
    look; else "".
    """
    if fix is None:
        return "There is no fix to plan."
    if isinstance(fix.change, RoleCreation | Wait):
        return ""
    from diagnostics.plans.fix import why_no_plan

    sentences = [why_no_plan(each) for each in (fix, *together)]
    return sentences[0] if all(sentences) else ""
