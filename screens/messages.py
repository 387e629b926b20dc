"""Typed messages between the app, its workers and the screens. Only their handlers change what is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from textual.message_pump import MessagePump

    from diagnostics.failure import Conflict
    from diagnostics.new_role import NewRole
    from iam.account import Account, ManagedPolicy, Role
    from iam.changes.journal import JournalRecord
    from iam.changes.plan import Plan
    from iam.organization.accounts import Accounts
    from iam.sources.reader.account_reader import AccountReader
    from iam.sources.reader.reading import Reading


@dataclass(eq=False, repr=False)
class ReaderOpened(Message):
    """The app's worker opened the account's reader.

    ``generation`` distinguishes the current worker from outdated ones.
    """

    reader: AccountReader
    generation: int


@dataclass(eq=False, repr=False)
class AccountRead(Message):
    """The ``reader`` has read more of the account."""

    account: Account
    generation: int
    reader: AccountReader | None = None


@dataclass(eq=False, repr=False)
class AccountFailed(Message):
    """Nothing of the account could be read; ``sentence`` says why and what to do."""

    sentence: str
    generation: int


@dataclass(eq=False, repr=False)
class ViewAccount(Message):
    """A request to show another account of the organization, by its ID.

    ``then`` is posted once the account is shown. With ``chosen``, the role list opens on that account's roles. The
    request is dropped if ``wanted`` returns False when the request is handled.
    """

    account: str
    then: Message | None = None
    chosen: bool = False
    wanted: Callable[[], bool] = lambda: True


@dataclass(eq=False, repr=False)
class OrganizationOpened(Message):
    """The app's worker read the accounts of the organization of ``reader``; they can be opened now."""

    reader: AccountReader
    accounts: Accounts


@dataclass(eq=False, repr=False)
class ShowPlan(Message):
    """A request to show the plan of another account of the organization, after that account was brought into view."""

    plan: Plan
    opener: MessagePump
    record: JournalRecord | None = None


@dataclass(eq=False, repr=False)
class AccountChosen(Message):
    """The operator chose an account: the role list moves the cursor to its first role."""

    account: str


class SessionChanged(Message):
    """The account, the reader or the failure of the session changed. The app sends this to every screen."""


class TroubleNoted(Message):
    """Another problem was recorded. The app sends this to every screen. Nothing is read again."""


class AccountRenewed(Message):
    """Asks the app to inform every screen that a part of the account was read again after a change."""


class ConfigurationChanged(Message):
    """A profile was added to the AWS configuration or removed from it, so different changes can be undone now."""


class ReviewChanged(Message):
    """Asks the app to inform every screen that the review of the account has new findings."""


@dataclass(eq=False, repr=False)
class Said(Message):
    """A screen that was just closed asks to show one sentence in the footer of the current screen."""

    sentence: str


@dataclass(eq=False, repr=False)
class RoleRead(Message):
    """A single role was read with its details.

    ``into`` is the session's ``roles_read`` at the time of the request. If another account is in view now, or the
    account is being read again, the session has another ``roles_read``.
    """

    name: str
    reading: Reading[Role]
    into: dict[str, Reading[Role]]


@dataclass(eq=False, repr=False)
class PolicyRead(Message):
    """A managed policy was read with its document.

    ``into`` is the session's ``policies_read`` at the time of the request (see `RoleRead`).
    """

    arn: str
    reading: Reading[ManagedPolicy]
    into: dict[str, Reading[ManagedPolicy]]


class OpenRole(Message):
    """A request to show this role.

    If ``over`` is true, the role opens over the current screen, and escape returns to that screen. Otherwise the role
    opens over the role list.
    """

    def __init__(self, name: str, *, over: bool = False) -> None:
        super().__init__()
        self.name = name
        self.over = over


@dataclass(eq=False, repr=False)
class UseRole(Message):
    """A request to show the ways to assume this role."""

    name: str


@dataclass(eq=False, repr=False)
class RightSizeRole(Message):
    """A request to show this role reduced to the permissions that it used."""

    name: str


@dataclass(eq=False, repr=False)
class DiagnoseRole(Message):
    """A request to diagnose with this role as the principal.

    The app shows the Diagnose screen and forwards the message.
    """

    arn: str


@dataclass(eq=False, repr=False)
class CreateLikeRole(Message):
    """A request to draft a new role like this one. The app shows the Create screen and forwards the message."""

    name: str


@dataclass(eq=False, repr=False)
class CreateNewRole(Message):
    """A request to draft a role that is partly specified. The app shows the Create screen and forwards the message.

    ``from_screen`` is the main screen to which escape returns, which the app sets.
    """

    role: NewRole
    from_screen: str = ""


class DiagnoseText(Message):
    """A request to diagnose this error text. The app shows the Diagnose screen and forwards the message.

    ``from_list``: the text was chosen in the list of recent denials, to which escape returns. Otherwise escape returns
    to the main screen ``from_screen``, which the app sets.
    """

    def __init__(self, text: str, *, from_list: bool = False, from_screen: str = "roles") -> None:
        super().__init__()
        self.text = text
        self.from_list = from_list
        self.from_screen = from_screen


class DiagnoseConflict(Message):
    """A request to diagnose a name that is already taken. The conflict is known, so no text has to be parsed.

    The app shows the Diagnose screen and forwards the message; ``from_screen`` is as in `DiagnoseText`.
    """

    def __init__(self, conflict: Conflict, *, from_screen: str = "roles") -> None:
        super().__init__()
        self.conflict = conflict
        self.from_screen = from_screen


@dataclass(eq=False, repr=False)
class ShowScreen(Message):
    """A request to show one of the main screens: ``roles``, ``diagnose`` or ``activity``."""

    name: str


@dataclass(eq=False, repr=False)
class RunElsewhere(Message):
    """A request to run a command of another main screen.

    ``needs`` names what must be selected there first; "" if nothing.
    """

    mode: str
    id: str
    needs: str


@dataclass(eq=False, repr=False)
class RunOnScreen(Message):
    """A request to show a main screen and to call this method of it, with ``words`` if there are any."""

    mode: str
    method: str
    words: str = ""


@dataclass(eq=False, repr=False)
class RunOnRole(Message):
    """A request to open a role and to run one of the commands on its screen."""

    name: str
    id: str


@dataclass(eq=False, repr=False)
class OpenDraft(Message):
    """A request to open this role and the editor with the text that was typed.

    ``place`` says where the draft belongs.
    """

    role: str
    place: str


@dataclass(eq=False, repr=False)
class AskWhoCan(Message):
    """A request to show which principals are allowed an action, or an action on a resource."""

    question: str


class ReadAgain(Message):
    """A request to read the account again."""


@dataclass(eq=False, repr=False)
class SwitchAccount(Message):
    """A request to open another profile or Region. None means the default of the AWS configuration."""

    profile: str | None
    region: str | None


@dataclass(eq=False, repr=False)
class MfaCodeAsked(Message):
    """A worker waits for a code of an MFA device, given by its ARN or serial number.

    Set the result of ``answer`` to the code, or to "" for none.
    """

    serial: str
    answer: Future[str]
