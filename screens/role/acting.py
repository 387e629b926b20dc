"""The commands for a role, which have the same keys on an open role and in the role list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from screens.commands import Command, every, unprotected, with_account, with_role
from screens.messages import CreateLikeRole, DiagnoseRole, RightSizeRole, UseRole
from screens.role.change import ChangesRoles, change_command

if TYPE_CHECKING:  # they import code that the first view of the roles does not need
    from diagnostics.roles.policies import PolicyEntry


WIDE_FROM = 100
"""The minimum terminal width at which trust and permissions are side by side, both first shown as JSON.

On a narrower terminal, both are first shown in words.
"""


def role_commands(screen: str, *, in_footer: bool) -> tuple[Command, ...]:
    """Return the commands for a role. With ``in_footer``, the footer shows the less common ones too."""
    return (
        change_command(screen),
        Command(
            f"{screen}.diagnose-role",
            "d",
            "diagnose role",
            "Diagnose a failure with this role as the principal.",
            allowed=with_role,
            show_in_footer=True,
        ),
        Command(
            f"{screen}.use",
            "a",
            "use",
            "Show every way to assume the role: the command, whether the way works for you, and why.",
            allowed=with_role,
            show_in_footer=True,
        ),
        Command(
            f"{screen}.who",
            "w",
            "who can assume",
            "Show who can assume the role, and what it can assume.",
            allowed=with_role,
            show_in_footer=True,
        ),
        Command(
            f"{screen}.users",
            "U",
            "who uses it",
            "Show the role's sessions and what runs as it; revoke its sessions.",
            allowed=with_role,
            show_in_footer=in_footer,
        ),
        Command(
            f"{screen}.history",
            "h",
            "history",
            "Show what changed in the role, when, by whom, and with what effect.",
            allowed=with_account,
            show_in_footer=in_footer,
        ),
        Command(
            f"{screen}.copy",
            "y",
            "copy",
            "Copy the name, the ARN, a document, a statement or the aws command.",
            allowed=with_role,
            show_in_footer=True,
        ),
        Command(
            f"{screen}.adopt",
            "",
            "adopt",
            "Show the code with which Terraform adopts the role, to copy the code.",
            allowed=with_role,
        ),
        Command(
            f"{screen}.last-accessed",
            "l",
            "last accessed",
            "Show which services the role used, and when.",
            allowed=with_role,
            show_in_footer=in_footer,
        ),
        Command(
            f"{screen}.versions",
            "v",
            "versions",
            "Show the versions of this policy and their differences.",
            allowed=with_role,
            show_in_footer=in_footer,
        ),
        Command(
            f"{screen}.edit",
            "t",
            "edit",
            "Edit tags, description and session length, or tag the marked roles; you see a plan first.",
            allowed=with_role,
            show_in_footer=in_footer,
            changes=True,
        ),
        Command(
            f"{screen}.delete",
            "x",
            "delete",
            "Delete, disable or enable the role; you see a plan first.",
            allowed=every(with_role, unprotected),
            show_in_footer=in_footer,
            changes=True,
        ),
        Command(
            f"{screen}.like",
            "n",
            "new like this",
            "Create a new role like this one.",
            allowed=with_role,
            show_in_footer=in_footer,
        ),
        Command(
            f"{screen}.right-size",
            "",
            "right-size",
            "Reduce the role's policies to what the role used, and replay its recorded calls on the result.",
            allowed=with_role,
        ),
        Command(
            f"{screen}.words", "b", "words/JSON", "Show documents in words (one line for each statement) or as JSON."
        ),
        Command(
            f"{screen}.recent",
            "R",
            "recent denials",
            "Show the denials in CloudTrail that concern this role.",
            allowed=with_role,
        ),
    )


class ActsOnRole(ChangesRoles):
    """A screen with a current role, to which the keys for a role apply."""

    def action_diagnose_role(self) -> None:
        if role := self.role_in_attention():
            self.app.post_message(DiagnoseRole(role.arn))

    def action_users(self) -> None:
        from screens.role.users import UsersScreen

        if role := self.role_in_attention():
            self.app.push_screen(UsersScreen(self.session, role.name))

    def action_use(self) -> None:
        if role := self.role_in_attention():
            self.app.post_message(UseRole(role.name))

    def action_like(self) -> None:
        if role := self.role_in_attention():
            self.app.post_message(CreateLikeRole(role.name))

    def action_history(self) -> None:
        from screens.history.screen import account_history, role_history

        role = self.role_in_attention()
        self.app.push_screen(role_history(self.session, role.name) if role else account_history(self.session))

    def action_who(self) -> None:
        from screens.who_can.screen import WhoCanScreen

        if role := self.role_in_attention():
            self.app.push_screen(WhoCanScreen(self.session, f"assume {role.name}", mode="roles", ask=True))

    def action_recent(self) -> None:
        from screens.diagnose.recent.screen import RecentDenialsScreen

        if role := self.role_in_attention():
            self.app.push_screen(RecentDenialsScreen(self.session, role.name))

    def action_right_size(self) -> None:
        role = self.role_in_attention()
        if role is not None:
            self.app.post_message(RightSizeRole(role.name))

    def action_adopt(self) -> None:
        from screens.copy.adoption import show_adoption

        role = self.role_in_attention()
        if role is not None and self.session.account is not None:
            show_adoption(self, role, self.session.account)

    def action_last_accessed(self) -> None:
        from screens.role.last_accessed import LastAccessedScreen

        if role := self.role_in_attention():
            self.app.push_screen(LastAccessedScreen(self.session, role.name))

    def show_versions(self, entry: PolicyEntry | None, otherwise: str) -> None:
        """Show the versions of a managed policy. For other policies, which have none, show a sentence that says so."""
        from screens.role.versions import VersionsScreen

        if entry is None or entry.arn is None:
            self.say(f"This policy has no versions: only managed policies have versions. {otherwise}", trouble=True)
        else:
            self.app.push_screen(VersionsScreen(self.session, entry.arn))

    # Documents

    def action_words(self) -> None:
        self.session.in_words = not self.in_words
        self.show_documents()
        self.say("Shown in words; b shows the JSON." if self.in_words else "Shown as JSON; b shows it in words.")

    @property
    def in_words(self) -> bool:
        chosen = self.session.in_words
        return self.size.width < WIDE_FROM if chosen is None else chosen

    def show_documents(self) -> None:
        """Show the documents in words or as JSON, as the operator last chose on any screen."""
        if self.query("DocumentView"):
            from screens.widgets.document import DocumentView

            for view in self.query(DocumentView):
                view.read_in_words(self.in_words)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        self.show_documents()

    # Changes

    def action_delete(self) -> None:
        """Ask whether to disable the role first (or to enable a disabled one) or to delete it, and make that plan."""
        role = self.role_in_attention()
        if role is None:
            return
        from diagnostics.plans.changes import Disable, Enable
        from diagnostics.plans.deletion import role_deletion
        from diagnostics.plans.role_change import change_plan, is_disabled
        from screens.widgets.confirm import Confirm
        from screens.widgets.modal import MenuChoice

        name = role.name
        disable = MenuChoice(
            "disable",
            "disable first",
            "denies the role all access; one call undoes this, and the role keeps its ID",
            "d",
        )
        enable = MenuChoice("enable", "enable again", "restores the role's access, in one call", "e")
        choices = [
            enable if is_disabled(role) else disable,
            MenuChoice("delete", "delete", "a new role of the same name is a different role", "x"),
        ]

        def answered(answer: str | None) -> None:
            if answer == "disable":
                self.plan_change(lambda opened: change_plan([name], Disable(), opened))
            elif answer == "enable":
                self.plan_change(lambda opened: change_plan([name], Enable(), opened))
            elif answer == "delete":
                self.plan_change(lambda opened: role_deletion(name, opened))

        text = "You see a plan first in either case. " + (
            "The role is disabled: delete it if nobody has needed it for a while."
            if is_disabled(role)
            else "It is safer to disable the role first, and to delete it if nobody has needed it for a while."
        )
        self.app.push_screen(Confirm(f"Delete {name}", text, choices), answered)

    def action_edit(self) -> None:
        from screens.role.edit import EditRole

        role, names = self.role_in_attention(), self.roles_to_change()
        if len(names) > 1:
            self.begin_change(names, "tag")
        elif role is not None and role.tags is not None:
            self.app.push_screen(EditRole(self.session, role))
        elif role is not None:
            self.say("The role's tags could not be read, so they cannot be edited here.", trouble=True)
