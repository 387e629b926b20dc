"""A fix made a plan: off the event loop, because what it changes is read before; and what is said of it afterwards."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message import Message
from textual.worker import get_current_worker

from diagnostics.diagnosis import Verdict
from diagnostics.fix import Fix, RoleCreation, Wait
from iam.account import Account
from iam.changes.journal import End
from iam.changes.plan import Plan
from iam.sources.reader import AccountReader
from screens.base import BaseScreen
from screens.diagnose.deletion_watch import Watched, statuses
from screens.diagnose.run import AGAIN_AFTER, Run
from screens.messages import CreateNewRole

if TYPE_CHECKING:  # it loads what carries plans out, which diagnosing does not need
    from screens.plan.screen import PlanScreen


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
        plan = plan_for_fix(fix, account, reader)
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


class PlansFixes(BaseScreen):
    """The part of the Diagnose screen that makes plans of fixes, and looks what came of them."""

    _planned: tuple[str, Run, Fix] | None = None
    _begun: tuple[Run, frozenset[str]] | None = None
    """The run from which a creation was begun, and the roles that were there then, by ARN."""

    @property
    def run_shown(self) -> Run | None:
        """The run that is in sight."""
        raise NotImplementedError

    @property
    def fix_chosen(self) -> Fix | None:
        raise NotImplementedError

    def evaluate_again(self, run: Run, before: Verdict, again: int) -> None:
        """Explain the failure of ``run`` once more, after a change; ``again`` counts the tries before."""
        raise NotImplementedError

    def explain_since(self, run: Run, made: str) -> None:
        """Explain the failure of ``run`` once more, after the role ``made`` was created."""
        raise NotImplementedError

    def why_no_plan(self) -> str:
        run = self.run_shown
        if run is None or not run.fixes or not run.ended:
            return "There is no fix to make a plan of."
        return objection_to(self.fix_chosen)

    def action_plan(self) -> None:
        if self.fix_chosen is not None:
            self.plan_fix(self.fix_chosen)

    def on_plan_fix(self, message: PlanFix) -> None:
        message.stop()
        self.plan_fix(message.fix)

    def plan_fix(self, fix: Fix) -> None:
        run, account, reader = self.run_shown, self.session.account, self.session.reader
        if run is None or account is None or reader is None:
            return
        match fix.change:
            case RoleCreation(role=new) if account.role_ignoring_case(new.name) is None:
                self._begun = (run, frozenset(role.arn for role in account.roles))
                self.app.post_message(CreateNewRole(new))
                return
            case Wait() as waiting:
                self.wait_for(run, waiting, reader)
                return
        self.say("Reading what this changes, for the plan ...")
        self.run_worker(
            lambda: make_plan_of(run.number, fix, account, reader, self.post_message),
            thread=True,
            exclusive=True,
            group="plan-of-fix",
            exit_on_error=False,
        )

    def look_for_created(self) -> None:
        """Where a creation was begun from what is in sight, and there is a role more now: explain that again."""
        account = self.session.account
        if self._begun is None or account is None or account.progress is not None:
            return
        run, there = self._begun
        made = next((role.name for role in account.roles if role.arn not in there), None)
        if made is None:
            return
        self._begun = None
        if self.run_shown is not None and self.run_shown.failure is run.failure:
            self.explain_since(run, made)

    def on_fix_planned(self, message: FixPlanned) -> None:
        from screens.plan.screen import PlanScreen

        message.stop()
        run = self.run_shown
        if run is None or run.number != message.number or not self.is_current:
            return
        if message.plan is None:
            self.say(message.trouble, trouble=True)
            return
        self.say("")
        self._planned = (message.plan.id, run, message.fix)
        self.app.push_screen(PlanScreen(self.session, message.plan, opener=self))

    def on_plan_screen_ended(self, message: PlanScreen.Ended) -> None:
        """The fix was made, or undone: see what the answer is now."""
        message.stop()
        if self._planned is None:
            return
        _, run, _ = self._planned
        verdict = run.verdict
        if verdict is not None and message.end is not End.LEFT and self.run_shown is not None:
            shown = self.run_shown
            # Of a second change the verdict before is the one that stands there now.
            before = shown.verdict if shown.failure is run.failure and shown.verdict is not None else verdict
            self.evaluate_again(run, before, 0)

    def on_plan_screen_closed(self, message: PlanScreen.Closed) -> None:
        message.stop()

    def wait_for(self, run: Run, watch: Wait, reader: AccountReader) -> None:
        """Ask how far a deletion is, again and again, and explain the failure anew when that changes."""

        def work() -> None:
            worker = get_current_worker()
            for status in statuses(watch, reader, lambda: worker.is_cancelled or self.run_shown is not run):
                self.post_message(Watched(run.number, status))

        self.run_worker(work, thread=True, exclusive=True, group="plan-of-fix", exit_on_error=False)

    def on_watched(self, message: Watched) -> None:
        message.stop()
        run = self.run_shown
        if run is None or run.number != message.number or run.verdict is None:
            return
        self.say(message.status.sentence, trouble=message.status.trouble)
        if message.status.over:
            self.evaluate_again(run, run.verdict, len(AGAIN_AFTER))

    def look_again(self, run: Run) -> None:
        """After a change, while the answer is the same as before it: evaluate again in a while."""
        before, seconds = run.before, run.again_in
        if before is None or seconds is None:
            return

        def again() -> None:
            if self.run_shown is run and self.query_one("#results").display:
                self.evaluate_again(run, before, run.again + 1)

        self.set_timer(seconds, again)
