"""The users of a role: its sessions according to CloudTrail, and the resources that run as it.

Sessions can be revoked here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from iam.arn import Arn
from iam.changes.entity_name import EntityKind, EntityName
from screens.commands import Command, bindings, every, unprotected, with_account, with_role
from screens.frame.base import PANES
from screens.frame.list_screen import ListScreen
from screens.plan.planning import PlansChanges
from screens.session import Session
from screens.text import ago, marks, visible
from screens.widgets.facts import Paragraph
from screens.widgets.headline import Headline
from screens.widgets.pane import Pane
from screens.widgets.styles import FAINT, PLAIN, STRONG
from screens.widgets.table import Column, Row, VirtualTable
from screens.worker_failures import Answer, run_in_thread

if TYPE_CHECKING:
    from diagnostics.use.sessions import SeenSession
    from iam.account import Account, Role
    from iam.changes.in_use import RoleUse
    from iam.credentials.profiles import Profile
    from iam.sources.reader.account_reader import AccountReader
    from iam.sources.reader.reading import Reading

COLUMNS = (
    Column("", 1),
    Column("BEGAN", 10),
    Column("WHO", 16, grow=3, most=70),
    Column("BY", 10, grow=1, most=25),
    Column("FROM", 13, grow=1, most=24),
    Column("SESSION", 8, grow=1, most=30, drop=1),
)
COMMANDS = (
    Command(
        "users.revoke",
        "m",
        "revoke sessions",
        "Deny all access to sessions that have already started; you first see a plan that says who loses access.",
        show_in_footer=True,
        allowed=every(with_account, with_role, unprotected),
        changes=True,
    ),
    Command("users.back", "escape", "back", "Back to the role.", palette=False, show_in_footer=True),
)


@dataclass(eq=False, repr=False)
class UsersRead(Answer):
    """The users of the role were read: its resources, profiles and sessions.

    ``use`` is None if the resources could not be read.
    """

    role: Role
    use: RoleUse | None
    profiles: Reading[tuple[Profile, ...]]
    sessions: Reading[tuple[SeenSession, ...]]


class UsersScreen(ListScreen, PlansChanges):
    MODE = "roles"
    WORK = "users"
    DECLARED = (*COMMANDS, *PANES)
    BINDINGS: ClassVar[list[BindingType]] = bindings(COMMANDS)
    DEFAULT_CSS = """
    UsersScreen #users { height: auto; }
    UsersScreen #users-sentence { height: 3; }
    """

    def __init__(self, session: Session, role_name: str) -> None:
        super().__init__(session)
        self.role_name = role_name
        self.sessions: tuple[SeenSession, ...] = ()

    def compose_body(self) -> Iterable[Widget]:
        with Pane(title=f"Who uses {visible(self.role_name)}", id="users"):
            yield Headline(id="users-answer")
        with Pane(title="Sessions"):
            yield VirtualTable(COLUMNS, empty="asking CloudTrail ...", opens=False)
            yield Paragraph(id="users-sentence")

    def words(self) -> str:
        return (
            "CloudTrail's event history shows for 90 days who started each session. A new session appears after "
            f"about 15 minutes. {marks().passed} marks a session that may still be valid. A service renews the "
            "sessions that it starts. m denies all access to every session that has already started; principals "
            "that may assume the role can assume it again."
        )

    def role_in_attention(self) -> Role | None:
        return self.session.role(self.role_name)

    def on_mount(self) -> None:
        self.ask_again()

    def rests_on(self) -> Iterable[EntityName]:
        return (EntityName(EntityKind.ROLE, self.role_name),)

    def ask_again(self) -> None:
        self.just_read()
        role, account, reader = self.role_in_attention(), self.session.account, self.session.reader
        self.query_one(Headline).say("", "Checking what runs as the role ...")
        if role is not None and account is not None and reader is not None:
            run_in_thread(self, lambda: self._read(role, account, reader), "users")

    def _read(self, role: Role, account: Account, reader: AccountReader) -> None:
        from diagnostics.use.sessions import seen_sessions
        from iam.changes.in_use import role_use
        from iam.credentials.profiles import profiles_using

        now = reader.role(role.name).value
        use = role_use(now, account, reader) if now is not None else None
        self.post_message(UsersRead(role, use, profiles_using(role), seen_sessions(role, reader)))

    def on_users_read(self, message: UsersRead) -> None:
        from diagnostics.use.sessions import in_short, runs_as_it

        message.stop()
        sessions, now = message.sessions, self.session.now
        self.sessions = sessions.value or ()
        notes = [*runs_as_it(message.use, message.profiles), *([f"Not read: {sessions.note}"] if sessions.note else [])]
        self.query_one(Headline).set(("", FAINT), (in_short(message.role, sessions, now), STRONG), notes)
        rows = []
        for number, each in enumerate(self.sessions):
            lasts = each.may_last(now)
            by = each.method.removeprefix("AssumeRole") or "AssumeRole"
            rows.append(
                Row(
                    str(number),
                    (
                        marks().passed if lasts else "",
                        f"{ago(each.began, now)} ago",
                        visible(_short(each.who, self.session.account)),
                        f"{by}{', MFA' if each.mfa else ''}",
                        visible(each.source),
                        visible(each.name),
                    ),
                    PLAIN if lasts else FAINT,
                )
            )
        self.table.show(rows, empty="no session")
        self.show_detail()

    def show_detail(self) -> None:
        """Show the row under the cursor in full, because names are often longer than a column."""
        row = self.table.row
        text = ""
        if row is not None:
            each = self.sessions[int(row.id)]
            name = each.name or "an unnamed session"
            text = f"{each.began:%Y-%m-%d %H:%M} UTC: {each.who}, by {each.method}, from {each.source}, as {name}"
        self.query_one("#users-sentence", Paragraph).say(visible(text))

    def action_revoke(self) -> None:
        from diagnostics.plans.changes import Revoke
        from diagnostics.plans.role_change import change_plan

        self.plan_change(lambda opened: change_plan((self.role_name,), Revoke(), opened))


def _short(who: str, account: Account | None) -> str:
    """Return a principal without the beginning of its ARN, but with its account if that is a different one."""
    arn = Arn.parse(who)
    if arn is None:
        return who
    name = arn.resource.partition("/")[2] or arn.resource
    return name if account is not None and arn.account == account.id else f"{arn.account} {name}"
