"""``m`` on a role: a menu of what can be changed, each of which leads to a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from screens.commands import Command, every, unprotected, with_account, with_role
from screens.messages import RoleRead
from screens.role.loading import LoadsRoles
from screens.role.planning import PlansChanges

if TYPE_CHECKING:  # they load what the first look at the roles does not need
    from diagnostics.plans.role_change import RoleChange
    from iam.account import Role


def change_command(screen: str) -> Command:
    return Command(
        f"{screen}.change",
        "m",
        "change",
        "Attach, detach, boundary, disable, enable, revoke sessions; shown as a plan first.",
        allowed=every(with_account, with_role, unprotected),
        show_in_footer=True,
    )


class RoleReadForChange(Message):
    """The role as it is now, None where it could not be read: then ``trouble`` says why."""

    def __init__(self, role: Role | None, trouble: str = "") -> None:
        super().__init__()
        self.role, self.trouble = role, trouble


class ChangesRoles(PlansChanges, LoadsRoles):
    def action_change(self) -> None:
        """Read the role, so that the menu offers what can be changed as it is now."""
        reader, role = self.session.reader, self.role_in_attention()
        if reader is None or role is None:
            return
        name = role.name
        self.say("Reading the role ...")

        def work() -> None:
            reading = reader.role(name)
            self.app.post_message(RoleRead(name, reading))
            trouble = reading.why or ("" if reading.found else f"The role {name} no longer exists.")
            self.post_message(RoleReadForChange(reading.value, trouble))

        self.run_worker(work, thread=True, exclusive=True, group="change", exit_on_error=False)

    def on_role_read_for_change(self, message: RoleReadForChange) -> None:
        from diagnostics.plans.role_change import ROLE_CHANGES
        from screens.widgets.modal import Menu, MenuChoice

        message.stop()
        role = message.role
        if not self.is_current:
            return
        if role is None:
            self.say(message.trouble, trouble=True)
            return
        self.say("")
        choices = [
            MenuChoice(each.id, each.title, each.says, each.key) for each in ROLE_CHANGES.values() if each.applies(role)
        ]

        def answered(answer: str | None) -> None:
            if answer is not None:
                change = ROLE_CHANGES[answer]
                self._ask_for_policy(role, change) if change.asks else self._plan(role.name, change, "")

        self.app.push_screen(Menu(f"Change {role.name}", choices), answered)

    def _ask_for_policy(self, role: Role, change: RoleChange) -> None:
        from diagnostics.plans.role_change import aws_policies, likely_policies
        from screens.role.policy_choice import PolicyChoice

        account, reader = self.session.account, self.session.reader
        if account is None or reader is None:
            return

        def answered(arn: str | None) -> None:
            if arn is not None:
                self._plan(role.name, change, arn)

        likely = likely_policies(change, role, account)
        title = f"{role.name}: {change.title}"
        self.app.push_screen(PolicyChoice(title, likely, lambda: aws_policies(change, role, reader)), answered)

    def _plan(self, name: str, change: RoleChange, arn: str) -> None:
        from diagnostics.plans.role_change import change_plan

        self.plan_change(lambda opened: change_plan(name, change, arn, opened))
