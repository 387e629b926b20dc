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
    """The app's worker opened the account's reader. ``generation`` distinguishes stale workers from the current one."""

    reader: AccountReader
    generation: int


@dataclass(eq=False, repr=False)
class AccountRead(Message):
    """The ``reader`` returned the account, more complete than before."""

    account: Account
    generation: int
    reader: AccountReader | None = None


@dataclass(eq=False, repr=False)
class AccountFailed(Message):
    """Nothing of the account can be read; ``sentence`` says why and what to do."""

    sentence: str
    generation: int


@dataclass(eq=False, repr=False)
class ViewAccount(Message):
    """Asks to show another account of the organization, by its ID.

    ``then`` is posted once it is shown; with ``chosen``, the list of roles is shown with that account's roles.
    """

    account: str
    then: Message | None = None
    chosen: bool = False


@dataclass(eq=False, repr=False)
class OrganizationOpened(Message):
    """The app's worker read the accounts of the organization of ``reader``, which can be opened now."""

    reader: AccountReader
    accounts: Accounts


@dataclass(eq=False, repr=False)
class ShowPlan(Message):
    """Asks the app to show the plan of another account of the organization, which is the account in view by then."""

    plan: Plan
    opener: MessagePump
    record: JournalRecord | None = None


@dataclass(eq=False, repr=False)
class AccountChosen(Message):
    """The app informs the list of roles that the operator chose an account: the cursor goes to its first role."""

    account: str


class SessionChanged(Message):
    """The app informs every screen that the session has another account state, reader or failure."""


class TroubleNoted(Message):
    """The app informs every screen of another problem. The session is unchanged: nothing is reloaded."""


class AccountRenewed(Message):
    """Asks the app to inform every screen that a part of the account was read again after a change."""


class ConfigurationChanged(Message):
    """A profile was added to the AWS configuration or removed from it, so that the available undo is different."""


class ReviewChanged(Message):
    """Asks the app to inform every screen that the review of the account has new findings."""


@dataclass(eq=False, repr=False)
class Said(Message):
    """One sentence for the footer of the current screen, from a screen that was just closed."""

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

    ``over``: open it over the current screen, to which escape returns, instead of over the list of roles.
    """

    def __init__(self, name: str, *, over: bool = False) -> None:
        super().__init__()
        self.name = name
        self.over = over


@dataclass(eq=False, repr=False)
class UseRole(Message):
    """A screen asks to show the ways to assume this role."""

    name: str


@dataclass(eq=False, repr=False)
class RightSizeRole(Message):
    """A screen asks to show this role reduced to the permissions that it used."""

    name: str


@dataclass(eq=False, repr=False)
class DiagnoseRole(Message):
    """Asks for a diagnosis with this role as the principal.

    The app shows the Diagnose screen and forwards the message.
    """

    arn: str


@dataclass(eq=False, repr=False)
class CreateLikeRole(Message):
    """Asks for a new role like this one. The app shows the Create screen and forwards the message."""

    name: str


@dataclass(eq=False, repr=False)
class CreateNewRole(Message):
    """Asks for a role that is partly specified. The app shows the Create screen and forwards the message."""

    role: NewRole


class DiagnoseText(Message):
    """Asks for a diagnosis of this error text. The app shows the Diagnose screen and forwards the message.

    ``from_list``: the text was chosen from the list of recent denials, to which escape returns. Otherwise escape
    returns to the main screen ``from_screen``, which the app fills in.
    """

    def __init__(self, text: str, *, from_list: bool = False, from_screen: str = "roles") -> None:
        super().__init__()
        self.text = text
        self.from_list = from_list
        self.from_screen = from_screen


class DiagnoseConflict(Message):
    """Asks for a diagnosis of a taken name that is already known, so that no text has to be parsed.

    The app shows the Diagnose screen and forwards the message; ``from_screen`` as for `DiagnoseText`.
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
    """The palette asks for a command of another main screen. ``needs`` is what must be selected there first, or ""."""

    mode: str
    id: str
    needs: str


@dataclass(eq=False, repr=False)
class RunOnScreen(Message):
    """Asks to show a main screen and to call this method of it, with ``words`` if there are any."""

    mode: str
    method: str
    words: str = ""


@dataclass(eq=False, repr=False)
class RunOnRole(Message):
    """The palette asks to open this role and to run a command of its screen."""

    name: str
    id: str


@dataclass(eq=False, repr=False)
class OpenDraft(Message):
    """Start asks to open this role and the editor with the text that was typed. ``place`` is the place of the draft."""

    role: str
    place: str


@dataclass(eq=False, repr=False)
class AskWhoCan(Message):
    """The palette asks which principals can do this: an action, or an action on a resource."""

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
    """A worker waits for a code of an MFA device (its ARN or serial number).

    Call ``answer`` with it, or with "" for none.
    """

    serial: str
    answer: Future[str]
