"""What a role's screen asks for that changes the role: reads in a worker, then the plan's own screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message import Message

from iam.account import Account
from iam.changes.plan import Plan, PlanError
from iam.sources.reader import AccountReader, SourceError
from screens.frame.base import BaseScreen
from screens.plan.confirm import Confirm
from screens.widgets.modal import Choice

if TYPE_CHECKING:  # they load what carries plans out, which the first look at a role does not need
    from screens.plan.screen import PlanScreen

Maker = Callable[[str, Account, AccountReader], Plan]


class RolePlanned(Message):
    """The plan for a role, or one sentence on why there is none."""

    def __init__(self, plan: Plan | None, trouble: str = "") -> None:
        super().__init__()
        self.plan = plan
        self.trouble = trouble


class ChangesRole(BaseScreen):
    """The part of a role's screen that makes plans for it."""

    def role_plan(self, name: str, make: Maker) -> None:
        account, reader = self.session.account, self.session.reader
        if account is None or reader is None:
            return
        self.say("Looking who uses and owns it, for the plan ...")

        def work() -> None:
            try:
                self.post_message(RolePlanned(make(name, account, reader)))
            except (PlanError, SourceError) as error:
                self.post_message(RolePlanned(None, str(error)))

        self.run_worker(work, thread=True, exclusive=True, group="role-plan", exit_on_error=False)

    def on_role_planned(self, message: RolePlanned) -> None:
        from screens.plan.screen import PlanScreen

        message.stop()
        if not self.is_current:
            return
        if message.plan is None:
            self.say(message.trouble, trouble=True)
            return
        self.say("")
        self.app.push_screen(PlanScreen(self.session, message.plan, opener=self))

    def on_plan_screen_ended(self, message: PlanScreen.Ended) -> None:
        message.stop()

    def on_plan_screen_closed(self, message: PlanScreen.Closed) -> None:
        """Of a role that is gone there is nothing to show."""
        message.stop()
        role = self.role_in_attention()
        account = self.session.account
        if role is not None and account is not None and account.role(role.name) is None:
            self.call_later(self._leave)

    def _leave(self) -> None:
        self.dismiss()

    def ask_how_to_delete(self, name: str) -> None:
        from diagnostics.plans.role_deletion import deletion_plan, disabling_plan

        choices = [
            Choice(
                "disable", "disable first", "denies it everything; undone in one call, with the same unique ID", "d"
            ),
            Choice("delete", "delete", "takes it apart; made again it is another role", "x"),
        ]

        def answered(answer: str | None) -> None:
            if answer is not None:
                self.role_plan(name, disabling_plan if answer == "disable" else deletion_plan)

        text = (
            "Both are shown as a plan first. The safer way: disable it, see whether anybody misses it, then delete it."
        )
        self.app.push_screen(Confirm(f"Delete {name}", text, choices), answered)

    def edit_role(self, name: str) -> None:
        from screens.role.edit import EditRole

        role = self.session.role(name)
        if role is not None and role.tags is not None:
            self.app.push_screen(EditRole(self.session, role, self))
        else:
            self.say("The role's tags were not read, so nothing is changed unseen.", trouble=True)
