"""A mixin for screens that make a plan in a worker and show it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from screens.frame.base import BaseScreen
from screens.messages import ShowPlan, ViewAccount
from screens.worker_failures import run_in_thread

if TYPE_CHECKING:  # they import code that the first view of the roles does not need
    from iam.changes.plan import Plan
    from iam.sources.reader.opened import OpenedAccount
    from screens.plan.screen import PlanScreen

Planner = Callable[["OpenedAccount"], "Plan"]
"""A function that makes a plan. It reads from AWS, so call it in a worker. Raises `PlanError` and `SourceError`."""


@dataclass(eq=False, repr=False)
class ChangePlanned(Message):
    """A plan was made, or it could not be, for the reason in ``trouble``. ``number`` is the number of the request."""

    number: int
    plan: Plan | None
    trouble: str = ""


class PlansChanges(BaseScreen):
    """A screen that shows each plan on a separate screen, which returns here.

    If two plans are requested, only the later one is shown.
    """

    AFTER_PLAN = ""
    """What escape does after a plan was carried out, in words, such as ``ask again``; "" if nothing."""

    plans_asked = 0
    making_plan = False
    """Whether a plan was requested and is not ready yet."""

    def plan_change(
        self, planner: Planner, said: str = "Checking who uses and owns what this plan changes ..."
    ) -> None:
        from iam.changes.plan import PlanError
        from iam.sources.reader.opened import OpenedAccount
        from iam.sources.source_error import SourceError

        account, reader = self.session.account, self.session.reader
        if account is None or reader is None:
            return
        opened = OpenedAccount(account, reader, reader.neighbours)
        self.plans_asked += 1
        self.making_plan = True
        number = self.plans_asked
        self.say(said)

        def work() -> None:
            try:
                self.post_message(ChangePlanned(number, planner(opened)))
            except (PlanError, SourceError) as error:
                self.post_message(ChangePlanned(number, None, str(error)))

        run_in_thread(self, work, "plan")

    def on_change_planned(self, message: ChangePlanned) -> None:
        message.stop()
        if message.number == self.plans_asked:
            self.making_plan = False
        if not self.in_view or message.number != self.plans_asked:
            return
        if message.plan is None:
            self.say(message.trouble, trouble=True)
            return
        self.say("")
        self.show_plan(message.plan)

    def stop_planning(self) -> bool:
        if not self.making_plan:
            return False
        self.making_plan = False
        self.plans_asked += 1  # any result that still arrives belongs to an earlier request
        self.workers.cancel_group(self, "plan")
        self.say("Stopped: no plan was made. Press escape again to go back.")
        return True

    def show_plan(self, plan: Plan) -> None:
        from screens.plan.screen import PlanScreen

        account = self.session.account
        if account is not None and plan.account_id not in ("", account.id):
            # A plan is for one account: the account comes into view, and its session carries out the plan.
            self.app.post_message(ViewAccount(plan.account_id, ShowPlan(plan, self)))
            return
        self.app.push_screen(PlanScreen(self.session, plan, opener=self))

    def on_plan_screen_ended(self, message: PlanScreen.Ended) -> None:
        message.stop()

    def on_plan_screen_closed(self, message: PlanScreen.Closed) -> None:
        message.stop()
