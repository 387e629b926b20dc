"""The screen that opens another profile and Region of the AWS configuration, and signs in if necessary."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from iam.credentials.profiles import (
    Profile,
    ProfilesError,
    configured_profiles,
    last_profiles,
    remember_profiles,
)
from screens.commands import Command, bindings
from screens.export.documents import Export
from screens.export.menu import export_menu, stamped
from screens.export.save import SavingWindow
from screens.export.tables import table_texts
from screens.messages import SwitchAccount
from screens.profiles.sign_in import SignInWindow
from screens.session import Session
from screens.text import marks, visible
from screens.widgets.footer import Footer
from screens.widgets.form.line_input import LineInput
from screens.widgets.line import Line
from screens.widgets.modal import CLOSE, TextLines
from screens.widgets.styles import FAINT, PLAIN, WARN
from screens.widgets.table import Column, Row, VirtualTable, fitted
from screens.worker_failures import run_in_thread

SIGN_IN = Command(
    "profiles.sign-in", "s", "sign in", "Sign in to IAM Identity Center for this profile.", "This window", True
)
EXPORT = Command("profiles.export", "e", "export", "Save the list as Markdown or CSV.", "This window", True)
COLUMNS = (
    Column("", 1, mark=True),
    Column("PROFILE", 13, grow=2, most=40),
    Column("HOW", 8, grow=3, most=40),
    Column("ACCOUNT", 12),
    Column("ROLE", 8, grow=2, most=32),
    Column("REGION", 6, grow=3, most=14, drop=1),
    Column("SIGN-IN", 16, grow=4, most=40, mark=True),
)
NO_PROFILE = ""
"""The ID of the row for the default credential chain: environment, default profile, instance."""


@dataclass(eq=False, repr=False)
class ProfilesFound(Message):
    """The profiles of the AWS configuration were read.

    ``last`` are the profiles that were opened on this screen, latest first. ``why`` says why the configuration cannot
    be read.
    """

    profiles: tuple[Profile, ...]
    last: tuple[str, ...]
    why: str


class ProfilesScreen(SavingWindow):
    DECLARED: ClassVar[Sequence[Command]] = (SIGN_IN, EXPORT, CLOSE)
    BINDINGS: ClassVar[list[BindingType]] = bindings((SIGN_IN, EXPORT))
    DEFAULT_CSS = """
    ProfilesScreen > Pane { width: 96%; max-width: 120; }
    ProfilesScreen Horizontal { height: 1; }
    ProfilesScreen Horizontal Line { width: 10; }
    """
    AUTO_FOCUS = "VirtualTable"

    def __init__(self, session: Session, profile: str | None, region: str | None) -> None:
        super().__init__("Profile and region")
        self.session, self.profile, self.in_region = session, profile, region
        self.profiles: dict[str, Profile] = {}
        self.last: tuple[str, ...] = ()
        """The profiles that the number keys open: the most recently used, except the open one."""
        self.why = ""

    def compose_inside(self) -> Iterable[Widget]:
        table = VirtualTable(COLUMNS, sorts=True, empty="reading the AWS configuration ...")
        table.styles.height, table.lit_while_typing = 12, True
        yield table
        for label, value, hint in (
            ("find", "", "part of a name, account or role"),
            ("region", self.in_region, "as configured"),
        ):
            with Horizontal():
                yield Line([(label, FAINT)])
                yield LineInput(value or "", id=label, placeholder=hint)
        yield TextLines("Enter opens the profile, a number key opens a recent one, and tab moves to the fields.")

    def on_mount(self) -> None:
        run_in_thread(self, lambda: self.post_message(_found()), exclusive=False)

    def on_profiles_found(self, message: ProfilesFound) -> None:
        message.stop()
        self.profiles = {profile.name: profile for profile in message.profiles}
        self.why = message.why
        self.last = tuple(name for name in message.last if name in self.profiles and name != self.profile)[:9]
        self._show()
        self._table.go_to(self.profile or next(iter(self.last), NO_PROFILE))
        self.query_one(Footer).refresh()

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        if message.input.id == "find":
            self._show()

    @property
    def _table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    @property
    def _typed(self) -> str:
        return self.query_one("#find", Input).value.strip()

    def _show(self) -> None:
        words, now = self._typed.lower().split(), datetime.now(UTC)
        rows = [] if words else [Row(NO_PROFILE, ("", "no profile", "environment, instance", "", "", "", ""))]
        for profile in self.profiles.values():
            number = str(self.last.index(profile.name) + 1) if profile.name in self.last else ""
            cells = (number, *_words(profile), self._state(profile, now))
            if all(any(word in cell.lower() for cell in cells) for word in words):
                style = WARN if profile.ended(now) or profile.package_missing else PLAIN
                rows.append(Row(profile.name, tuple(visible(cell) for cell in cells), style))
        self._table.show(
            rows,
            empty=self.why or "No profile matches: enter opens a profile with this name.",
            columns=fitted(COLUMNS, rows),
        )

    def _state(self, profile: Profile, now: datetime) -> str:
        notes = ["open now"] if profile.name == self.profile else []
        if profile.package_missing:
            notes.append(f"{marks().failed} needs an extra")
        elif profile.signed_in is False:
            notes.append(f"{marks().failed} not signed in")
        elif profile.ends is not None and profile.ends <= now:
            notes.append(f"{marks().unknown} renews" if profile.renews else f"{marks().failed} expired")
        elif profile.ends is not None:
            notes.append(f"until {profile.ends.astimezone():%H:%M}")
        return ", ".join(notes)

    def on_virtual_table_chosen(self, message: VirtualTable.Chosen) -> None:
        message.stop()
        self._open(message.row.id)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        row = self._table.row
        exactly = self._typed in self.profiles or row is None
        self._open(self._typed if self._typed and exactly else row.id if row is not None else NO_PROFILE)

    def _open(self, name: str) -> None:
        profile = self.profiles.get(name)
        if profile is not None and profile.ended(datetime.now(UTC)) and profile.sso is not None:
            self._sign_in(profile)
        else:
            self._switch(name)

    def on_key(self, event: events.Key) -> None:
        """Open one of the last used profiles by its number, unless the number is typed into an input."""
        name = dict(zip("123456789", self.last, strict=False)).get(event.character or "")
        if name is not None:
            event.stop()
            self._open(name)

    def action_export(self) -> None:
        texts = table_texts(COLUMNS, self._table.rows)
        export_menu(self, Export("Export the profiles", stamped("profiles", datetime.now(UTC)), texts))

    def action_sign_in(self) -> None:
        row = self._table.row
        profile = self.profiles.get(row.id) if row is not None else None
        if profile is None or profile.sso is None:
            self.say("This profile does not use IAM Identity Center.", trouble=True)
        else:
            self._sign_in(profile)

    def _sign_in(self, profile: Profile) -> None:
        assert profile.sso is not None

        def ended(signed_in: bool | None) -> None:
            if signed_in:
                self._switch(profile.name)

        self.app.push_screen(SignInWindow(profile.name, profile.sso), ended)

    def _switch(self, name: str) -> None:
        region = self.query_one("#region", Input).value.strip() or None
        used = tuple(each for each in (self.profile, name) if each)
        run_in_thread(self.app, lambda: remember_profiles(used), exclusive=False)
        self.app.post_message(SwitchAccount(name or None, region))
        self.dismiss(None)


def _found() -> ProfilesFound:
    try:
        return ProfilesFound(configured_profiles(), last_profiles(), "")
    except ProfilesError as error:
        return ProfilesFound((), last_profiles(), str(error))


def _words(profile: Profile) -> tuple[str, str, str, str, str]:
    how = str(profile.method)
    if profile.source is not None:
        how = f"{how} by {profile.source}"
    if profile.mfa:
        how = f"{how}, MFA"
    return profile.name, how, profile.account or "", profile.role or "", profile.region
