"""Typed messages between the app, its workers and the screens. Only their handlers change what is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from concurrent.futures import Future

    from textual.message_pump import MessagePump

    from diagnostics.failure import Conflict, NewRole
    from iam.account import Account, ManagedPolicy, Role
    from iam.changes.journal import JournalRecord
    from iam.changes.plan import Plan
    from iam.organization.accounts import Accounts
    from iam.sources.reader import AccountReader, Reading


@dataclass(eq=False, repr=False)
class ReaderOpened(Message):
    """The app's worker opened the account's reader. ``generation`` distinguishes stale workers from the present one."""

    reader: AccountReader
    generation: int


@dataclass(eq=False, repr=False)
class AccountRead(Message):
    """The ``reader`` yielded the account, fuller than before."""

    account: Account
    generation: int
    reader: AccountReader | None = None


@dataclass(eq=False, repr=False)
class AccountFailed(Message):
    """Nothing of the account can be read; ``sentence`` says what happened and what to do."""

    sentence: str
    generation: int


@dataclass(eq=False, repr=False)
class ViewAccount(Message):
    """Asks for another account of the organization to come into view, by its number. ``then`` is posted when it is
    there; ``chosen`` shows the list of roles with that account's.
    """

    account: str
    then: Message | None = None
    chosen: bool = False


@dataclass(eq=False, repr=False)
class OrganizationOpened(Message):
    """The app's worker read which accounts the organization of ``reader`` has: they can be opened now."""

    reader: AccountReader
    accounts: Accounts


@dataclass(eq=False, repr=False)
class ShowPlan(Message):
    """Asks the app to show the plan of another account of the organization, which is in view by then."""

    plan: Plan
    opener: MessagePump
    record: JournalRecord | None = None


@dataclass(eq=False, repr=False)
class AccountChosen(Message):
    """The app tells the list of roles that the operator chose an account: the cursor goes to its first role."""

    account: str


class SessionChanged(Message):
    """The app tells every screen that the session has another account state, reader or failure."""


class TroubleNoted(Message):
    """The app tells every screen that one more thing went wrong. The session is the same: nothing begins again."""


class AccountRenewed(Message):
    """A part of the account was read again after a change: tells the app to tell every screen."""


class ConfigurationChanged(Message):
    """A profile was written into the AWS configuration, or taken back: what can be taken back is another."""


class ReviewChanged(Message):
    """The review of the account has other findings now: tells the app to tell every screen."""


@dataclass(eq=False, repr=False)
class Said(Message):
    """One sentence for the footer of whatever screen is up: of a screen that was just left."""

    sentence: str


@dataclass(eq=False, repr=False)
class RoleRead(Message):
    """A single role was read with its details."""

    name: str
    reading: Reading[Role]


@dataclass(eq=False, repr=False)
class PolicyRead(Message):
    """A managed policy was read with its document."""

    arn: str
    reading: Reading[ManagedPolicy]


class OpenRole(Message):
    """A screen or the palette asks to show this role.

    ``over``: over the screen that asks, to which escape leads back, and not over the list of roles.
    """

    def __init__(self, name: str, *, over: bool = False) -> None:
        super().__init__()
        self.name = name
        self.over = over


@dataclass(eq=False, repr=False)
class UseRole(Message):
    """A screen asks to show the ways into this role."""

    name: str


@dataclass(eq=False, repr=False)
class RightSizeRole(Message):
    """A screen asks to show this role cut down to what it used."""

    name: str


@dataclass(eq=False, repr=False)
class DiagnoseRole(Message):
    """Asks for a diagnosis with this role as the principal. The app brings the Diagnose screen up and hands it on."""

    arn: str


@dataclass(eq=False, repr=False)
class CreateLikeRole(Message):
    """Asks for a new role like this one. The app brings the Create screen up and hands it on."""

    name: str


@dataclass(eq=False, repr=False)
class CreateNewRole(Message):
    """Asks for a role of which a part is known. The app brings the Create screen up and hands it on."""

    role: NewRole


class DiagnoseText(Message):
    """Asks for a diagnosis of this error text.

    The app brings the Diagnose screen up and hands it on. ``from_list``: it was chosen from the list of recent denials,
    to which escape leads back; else it leads to the main screen ``from_screen``, which the app fills in.
    """

    def __init__(self, text: str, *, from_list: bool = False, from_screen: str = "roles") -> None:
        super().__init__()
        self.text = text
        self.from_list = from_list
        self.from_screen = from_screen


class DiagnoseConflict(Message):
    """Asks for a diagnosis of a name that is taken, of which no text has to be read.

    The app brings the Diagnose screen up and hands it on; ``from_screen`` as for `DiagnoseText`.
    """

    def __init__(self, conflict: Conflict, *, from_screen: str = "roles") -> None:
        super().__init__()
        self.conflict = conflict
        self.from_screen = from_screen


@dataclass(eq=False, repr=False)
class ShowScreen(Message):
    """Asks for one of the main screens: ``roles``, ``diagnose`` or ``activity``."""

    name: str


@dataclass(eq=False, repr=False)
class RunElsewhere(Message):
    """The palette asks for a command of another main screen. ``needs`` is what must be chosen there first, or ""."""

    mode: str
    id: str
    needs: str


@dataclass(eq=False, repr=False)
class RunOnScreen(Message):
    """Asks to show a main screen and to call this method of it, with ``words`` where there are any."""

    mode: str
    method: str
    words: str = ""


@dataclass(eq=False, repr=False)
class RunOnRole(Message):
    """The palette asks to open this role and to run a command of its screen."""

    name: str
    id: str


@dataclass(eq=False, repr=False)
class AskWhoCan(Message):
    """The palette asks who can do this: an action, or an action on something."""

    question: str


class ReadAgain(Message):
    """Asks the app to read the account again."""


@dataclass(eq=False, repr=False)
class SwitchAccount(Message):
    """Asks the app to open another profile or region (None: the default of the AWS configuration)."""

    profile: str | None
    region: str | None


@dataclass(eq=False, repr=False)
class MfaCodeAsked(Message):
    """A worker waits for a code of an MFA device (its ARN or serial number): ``answer`` takes it, or "" for none."""

    serial: str
    answer: Future[str]
