"""The application: which screen is up, the account's reading, and the commands that work everywhere."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import App
from textual.binding import BindingType
from textual.screen import Screen

from iam.sources.reader import AccountReader, SourceError
from screens import messages
from screens.base import BaseScreen
from screens.commands import Command, Commanded, Situation, bindings
from screens.session import Session
from screens.widgets.footer import Footer
from tui.configuration import Configuration

OpenReader = Callable[[argparse.Namespace], AccountReader]

EVERYWHERE = (
    Command("app.roles", "1", "roles", "The list of roles.", "Everywhere"),
    Command("app.diagnose", "2", "diagnose", "Paste an error and see why it happened.", "Everywhere"),
    Command("app.create", "3", "create", "Create a role.", "Everywhere", palette=False),
    Command("app.review", "4", "review", "Review the account's least privilege.", "Everywhere", palette=False),
    Command("app.activity", "5", "activity", "Every AWS call of this run.", "Everywhere"),
    Command(
        "app.palette", "ctrl+p,colon", "palette", "Every command, and every role by name.", "Everywhere", palette=False
    ),
    Command("app.read-again", "r", "read again", "Read the account anew.", "Everywhere"),
    Command("app.switch-account", "P", "profile", "Choose another profile or region.", "Everywhere"),
    Command(
        "app.troubles", "!", "what went wrong", "What could not be read, and what failed in this run.", "Everywhere"
    ),
    Command("app.quit", "q,ctrl+q", "quit", "Leave rolescope.", "Everywhere"),
    Command("app.quit-now", "ctrl+c", "quit", "Leave rolescope.", "Everywhere", palette=False, priority=True),
    Command("app.keys", "?", "keys", "The keys of this screen, and a word on its ideas.", "Everywhere", True),
)


class RolescopeApp(Commanded, App[None]):
    """``options`` are the command line's; ``open_reader`` is called in a worker after the first frame."""

    TITLE = "rolescope"
    ENABLE_COMMAND_PALETTE = False
    DEFAULT_MODE = "roles"
    MODES: ClassVar[dict[str, str | Callable[[], Screen[object]]]] = {}
    DECLARED = EVERYWHERE
    BINDINGS: ClassVar[list[BindingType]] = bindings(EVERYWHERE)
    INHERIT_BINDINGS = False
    CSS = """
    * { scrollbar-color: ansi_bright_black; scrollbar-background: ansi_default; scrollbar-corner-color: ansi_default; }
    Input { border: none; height: 1; padding: 0; }
    """

    def __init__(self, options: argparse.Namespace, open_reader: OpenReader, configuration: Configuration) -> None:
        super().__init__()
        self.options = options
        self.session = Session(may_write=bool(options.write))
        self.animation_level = "none"
        self._open_reader = open_reader
        self._generation = 0
        self._modes = {"roles": self._roles, "diagnose": self._diagnose, "activity": self._activity}
        self.theme = configuration.theme
        self.set_keymap(configuration.keymap)

    # Screens are imported when they are first shown.

    def _roles(self) -> Screen[object]:
        from screens.roles import RolesScreen

        return RolesScreen(self.session, filter_words=self.options.filter or "")

    def _diagnose(self) -> Screen[object]:
        from screens.diagnose import DiagnoseScreen

        return DiagnoseScreen(self.session)

    def _activity(self) -> Screen[object]:
        from screens.activity import ActivityScreen

        return ActivityScreen(self.session)

    def situation(self) -> Situation:
        screen = self.screen
        return screen.situation() if isinstance(screen, BaseScreen) else Situation(self.session)

    # Reading the account

    def on_ready(self) -> None:
        self._read()

    def _read(self) -> None:
        """Open the reader if there is none, and read; an older reading in progress is told to stop."""
        self._generation += 1
        generation, reader = self._generation, self.session.reader
        self.session.start_again()
        self.run_worker(
            lambda: self._read_in_thread(reader, generation),
            thread=True,
            exclusive=True,
            group="account",
            exit_on_error=False,
        )

    def _read_in_thread(self, reader: AccountReader | None, generation: int) -> None:
        try:
            if reader is None:
                reader = self._open_reader(self.options)
                self.post_message(messages.ReaderOpened(reader, generation))
            for account in reader.accounts():
                if generation != self._generation:
                    return
                self.post_message(messages.AccountRead(account, generation))
        except SourceError as error:
            self.post_message(messages.AccountFailed(str(error), generation))

    def on_reader_opened(self, message: messages.ReaderOpened) -> None:
        if message.generation == self._generation:
            self.session.reader = message.reader
            self._tell_screens()

    def on_account_read(self, message: messages.AccountRead) -> None:
        if message.generation == self._generation:
            self.session.account = message.account
            self._tell_screens()

    def on_account_failed(self, message: messages.AccountFailed) -> None:
        if message.generation == self._generation:
            self.session.failure = message.sentence
            self.session.note("reading the account", message.sentence)
            self._tell_screens()

    def _tell_screens(self) -> None:
        for stack in self._screen_stacks.values():
            for screen in stack:
                if isinstance(screen, BaseScreen):
                    screen.post_message(messages.SessionChanged())

    # Messages of screens

    async def on_show_screen(self, message: messages.ShowScreen) -> None:
        await self.switch_mode(message.name)

    async def on_diagnose_role(self, message: messages.DiagnoseRole) -> None:
        await self.switch_mode("diagnose")
        # The screen takes the same message: it fills in the principal and puts the cursor in the box.
        self.screen.post_message(messages.DiagnoseRole(message.arn))

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            for footer in self.screen.query(Footer):
                footer.hush()
        await super().on_event(event)

    # Commands

    async def action_roles(self) -> None:
        await self.switch_mode("roles")

    async def action_diagnose(self) -> None:
        await self.switch_mode("diagnose")

    async def action_activity(self) -> None:
        await self.switch_mode("activity")

    def action_quit_now(self) -> None:
        self.exit(return_code=self.exit_status())

    async def action_quit(self) -> None:
        self.exit(return_code=self.exit_status())

    def exit_status(self) -> int:
        """3 where the operator leaves without ever having had an account, else 0."""
        return 3 if self.session.failure and self.session.account is None else 0
