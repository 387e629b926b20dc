"""Typed messages between the app, its workers and the screens. Only their handlers change what is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from concurrent.futures import Future

    from diagnostics.failure import Conflict, NewRole
    from iam.account import Account, ManagedPolicy, Role
    from iam.sources.reader import AccountReader, Reading


class ReaderOpened(Message):
    """The app's worker opened the account's reader. ``generation`` distinguishes stale workers from the present one."""

    def __init__(self, reader: AccountReader, generation: int) -> None:
        super().__init__()
        self.reader = reader
        self.generation = generation


class AccountRead(Message):
    """The reader yielded the account, fuller than before."""

    def __init__(self, account: Account, generation: int) -> None:
        super().__init__()
        self.account = account
        self.generation = generation


class AccountFailed(Message):
    """Nothing of the account can be read; ``sentence`` says what happened and what to do."""

    def __init__(self, sentence: str, generation: int) -> None:
        super().__init__()
        self.sentence = sentence
        self.generation = generation


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


class RoleRead(Message):
    """A single role was read with its details."""

    def __init__(self, name: str, reading: Reading[Role]) -> None:
        super().__init__()
        self.name = name
        self.reading = reading


class PolicyRead(Message):
    """A managed policy was read with its document."""

    def __init__(self, arn: str, reading: Reading[ManagedPolicy]) -> None:
        super().__init__()
        self.arn = arn
        self.reading = reading


class OpenRole(Message):
    """A screen or the palette asks to show this role.

    ``over``: over the screen that asks, to which escape leads back, and not over the list of roles.
    """

    def __init__(self, name: str, *, over: bool = False) -> None:
        super().__init__()
        self.name = name
        self.over = over


class UseRole(Message):
    """A screen asks to show the ways into this role."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class RightSizeRole(Message):
    """A screen asks to show this role cut down to what it used."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class DiagnoseRole(Message):
    """Asks for a diagnosis with this role as the principal. The app brings the Diagnose screen up and hands it on."""

    def __init__(self, arn: str) -> None:
        super().__init__()
        self.arn = arn


class CreateLikeRole(Message):
    """Asks for a new role like this one. The app brings the Create screen up and hands it on."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class CreateNewRole(Message):
    """Asks for a role of which a part is known. The app brings the Create screen up and hands it on."""

    def __init__(self, role: NewRole) -> None:
        super().__init__()
        self.role = role


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


class ShowScreen(Message):
    """Asks for one of the main screens: ``roles``, ``diagnose`` or ``activity``."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class ReadAgain(Message):
    """Asks the app to read the account again."""


class SwitchAccount(Message):
    """Asks the app to open another profile or region (None: the default of the AWS configuration)."""

    def __init__(self, profile: str | None, region: str | None) -> None:
        super().__init__()
        self.profile = profile
        self.region = region


class MfaCodeAsked(Message):
    """A worker waits for a code of an MFA device (its ARN or serial number): ``answer`` takes it, or "" for none."""

    def __init__(self, serial: str, answer: Future[str]) -> None:
        super().__init__()
        self.serial = serial
        self.answer = answer
