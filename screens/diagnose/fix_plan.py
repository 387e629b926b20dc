"""A fix made a plan: off the event loop, because what it changes is read before."""

from __future__ import annotations

from collections.abc import Callable

from textual.message import Message

from diagnostics.fix import Fix, RoleCreation, Wait
from iam.account import Account
from iam.changes.plan import Plan
from iam.sources.reader import AccountReader, OpenedAccount


class FixPlanned(Message):
    """The plan of a fix, or one sentence on why there is none. ``number`` is the run's that the fix is of."""

    def __init__(self, number: int, fix: Fix, plan: Plan | None, trouble: str = "") -> None:
        super().__init__()
        self.number = number
        self.fix = fix
        self.plan = plan
        self.trouble = trouble


class PlanFix(Message):
    """Asks the Diagnose screen for the plan of this fix."""

    def __init__(self, fix: Fix) -> None:
        super().__init__()
        self.fix = fix


def make_plan_of(
    number: int, fix: Fix, account: Account, reader: AccountReader, send: Callable[[FixPlanned], object]
) -> None:
    """Reads what the fix changes and makes the plan: in a worker."""
    from diagnostics.plans.fix import plan_for_fix
    from iam.changes.plan import PlanError
    from iam.sources.reader import SourceError

    try:
        plan = plan_for_fix(fix, OpenedAccount(account, reader))
    except (PlanError, SourceError) as error:
        send(FixPlanned(number, fix, None, str(error)))
        return
    send(FixPlanned(number, fix, plan))


def objection_to(fix: Fix | None) -> str:
    """One sentence on why ``p`` does nothing for a fix, as far as that shows without a look; else ""."""
    if fix is None:
        return "There is no fix to make a plan of."
    if isinstance(fix.change, RoleCreation | Wait):
        return ""
    from diagnostics.plans.fix import why_no_plan

    return why_no_plan(fix)
