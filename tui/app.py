"""The application: it shows the current screen, reads the account, and runs the commands that work on every screen."""

from __future__ import annotations

import argparse
import asyncio
import gc
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.css.query import NoMatches
from textual.message import Message
from textual.reactive import Reactive
from textual.screen import Screen
from textual.theme import Theme

from iam.own_command import use_account_options
from screens import messages
from screens.commands import (
    Command,
    Commanded,
    CommandSituation,
    bindings,
    half_done,
    made_change,
    undoable,
    with_account,
    with_live_account,
    without_account,
)
from screens.frame.base import BaseScreen
from screens.frame.header import Header
from screens.run_writes import RunWrites
from screens.session import Session
from screens.text import visible
from screens.typed import Typed
from screens.widgets.footer import Footer
from screens.widgets.scrollbar import use_plain_bars
from screens.widgets.table import VirtualTable
from screens.worker_failures import ReportsFailures, WorkFailed, log, run_in_thread
from tui import __version__
from tui.account_choice import account_words
from tui.configuration import Configuration
from tui.exit_status import own_error
from tui.goes_on import GoesOn, is_of_removed
from tui.main_screens import main_screens
from tui.paths import accepted_path
from tui.role_names import keep_names
from tui.room import NeedsRoom
from tui.terminal.compositor import draw_changed_lines
from tui.terminal.typing_ahead import TypingAhead
from tui.terminal.wire import DrawsChanges
from tui.themes import ON_DARK, ON_LIGHT, TERMINAL
from tui.tidying import LOOK_SECONDS, TidiesAtRest, share_the_heap

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.actions import ActionParseResult
    from textual.dom import DOMNode

    from iam.sources.aws.mfa import AskCode
    from iam.sources.reader.account_reader import AccountReader
    from screens.plan.records import ChangesRead
    from screens.plan.timed import TimedOver

HEADER_SECONDS = 1
"""Seconds between updates of the header, which shows the time and calls that take long."""

LIKELY_NEXT = ("screens.role.screen", "screens.palette.screen")

EVERYWHERE = (
    Command("app.start", "0", "start", "Show what needs attention now: findings, denials, changes.", "Everywhere"),
    Command("app.roles", "1", "roles", "Show the list of roles.", "Everywhere"),
    Command("app.diagnose", "2", "diagnose", "Paste an error and see why it happened.", "Everywhere"),
    Command("app.create", "3", "create", "Create a role, step by step.", "Everywhere"),
    Command("app.review", "4", "review", "Review the account's least privilege.", "Everywhere"),
    Command("app.activity", "5", "activity", "Show every AWS call of this run.", "Everywhere"),
    Command(
        "app.palette",
        "ctrl+p,colon",
        "palette",
        "Search every command, and every role by name.",
        "Everywhere",
        palette=False,
    ),
    Command("app.compare", "", "compare ...", "Show what changed since a snapshot, and for whom.", "Everywhere"),
    Command("app.who-can", "", "who can ...", "Ask who can do something, such as pass a role.", "Everywhere"),
    Command(
        "app.what-if",
        "W",
        "what if ...",
        "Show who gains or loses access if a policy is added or removed, and which recorded calls would be denied.",
        "Everywhere",
        allowed=with_account,
    ),
    Command("app.history", "", "history", "Show what changed in the account, when, and by whom.", "Everywhere"),
    Command(
        "app.undo",
        "u",
        "undo",
        "Show the plan that undoes the latest change.",
        "Everywhere",
        allowed=made_change,
    ),
    Command("app.theme", "", "theme", "Choose the colours, for this run.", "Everywhere"),
    Command("app.read-again", "r", "read again", "Read the account again.", "Everywhere"),
    Command("app.switch-account", "P", "profile", "Choose another profile or region.", "Everywhere"),
    Command(
        "app.organization",
        "",
        "organization",
        "Open the organization's accounts; each is read when a question needs it.",
        "Everywhere",
        allowed=with_live_account,
    ),
    Command(
        "app.open-demo",
        "D",
        "demo",
        "Open the built-in demo account if no account could be opened.",
        "Everywhere",
        allowed=without_account,
    ),
    Command(
        "app.assumptions",
        "A",
        "assumptions",
        "Set the Region, MFA, source address and tags that every question assumes.",
        "Everywhere",
    ),
    Command(
        "app.troubles",
        "!",
        "what went wrong",
        "Show what could not be read, and what failed in this run.",
        "Everywhere",
    ),
    Command(
        "app.resume",
        "",
        "resume unfinished change",
        "Resume or roll back a change that stopped halfway.",
        "Everywhere",
        allowed=half_done,
    ),
    Command(
        "app.picture",
        "ctrl+s",
        "picture",
        "Save this screen as a picture (SVG), with or without masked IDs.",
        "Everywhere",
    ),
    Command("app.copy-shown", "y", "copy", "Copy the line under the cursor, or all of them.", "Everywhere"),
    Command("app.export-shown", "e", "export", "Save the list as Markdown or CSV.", "Everywhere"),
    Command(
        "app.suspend-process",
        "ctrl+z",
        "to the shell",
        "Suspend rolescope; fg resumes it.",
        "Everywhere",
        priority=True,
    ),
    Command("app.redraw", "ctrl+l", "redraw", "Redraw if the screen is garbled.", "Everywhere"),
    Command("app.quit", "q,ctrl+q", "quit", "Leave rolescope.", "Everywhere"),
    Command("app.quit-now", "ctrl+c", "quit", "Leave rolescope.", "Everywhere", palette=False, priority=True),
    Command(
        "app.jump", "f4,semicolon", "jump", "Show a letter on each pane and field; press it to go there.", "Everywhere"
    ),
    Command(
        "app.glossary",
        "K",
        "words",
        "Explain the words on this screen, with examples from this account.",
        "Everywhere",
    ),
    Command("app.keys", "?", "keys", "Show the keys of this screen, with a short explanation.", "Everywhere", True),
)

OpenReader = Callable[[argparse.Namespace, "AskCode"], "AccountReader"]


class RolescopeApp(ReportsFailures, Commanded, DrawsChanges, NeedsRoom, TypingAhead, TidiesAtRest, GoesOn):
    """The application. ``options`` are the parsed command-line options.

    ``open_reader`` is called in a worker after the first frame, with the function that asks for MFA codes.
    """

    TITLE = "rolescope"
    ENABLE_COMMAND_PALETTE = False
    # Textual's mouse selection copies nothing here, and a click on a widget that was just removed would end the
    # program.
    ALLOW_SELECT = False
    DEFAULT_MODE = "roles"
    MODES: ClassVar[dict[str, str | Callable[[], Screen[object]]]] = {}
    DECLARED = EVERYWHERE
    BINDINGS: ClassVar[list[BindingType]] = bindings(EVERYWHERE)
    INHERIT_BINDINGS = False
    CSS = """
    Input { border: none; height: 1; padding: 0; }
    Input:ansi > .input--cursor { background: ansi_default; color: ansi_default; }
    TextArea:ansi .text-area--placeholder { color: ansi_default; text-style: dim; }
    TextArea:ansi .text-area--suggestion { color: ansi_default; text-style: dim italic; }
    Input:nocolor > .input--selection { text-style: reverse; }
    """

    theme = Reactive(TERMINAL.name)
    ansi_theme_dark = Reactive(ON_DARK, init=False)
    ansi_theme_light = Reactive(ON_LIGHT, init=False)

    def __init__(self, options: argparse.Namespace, open_reader: OpenReader, configuration: Configuration) -> None:
        super().__init__()
        use_plain_bars()
        draw_changed_lines()
        self.options = options
        use_account_options(*account_words(options))
        self.session = Session(
            may_write=bool(options.write),
            production=configuration.production,
            typed=Typed(configuration.drafts),
            review_limits=configuration.review,
            trail_settings=configuration.trail,
            accepted_path=accepted_path(),
            filters_path=accepted_path().with_name("filters.toml"),
            version=__version__,
            open_profile=self._open_profile,
        )
        self.animation_level = "none"
        # Otherwise every screen would have two more widgets that never show anything.
        self._disable_tooltips = self._disable_notifications = True
        self._keymap_given = dict(configuration.keymap)
        self._open_reader = open_reader
        self._generation = 0
        self._writes_at_start = 0
        self._asks_again: BaseScreen | None = None
        self._first_role: str | None = options.role
        self._warnings: list[str] = []
        self._modes = main_screens(self.session, options.filter or "")
        self.theme = configuration.theme
        if self._keymap_given:
            from tui.keys import with_present_ids

            self.set_keymap(with_present_ids(self._keymap_given))

    def _load_screen_css(self, screen: Screen[object]) -> None:
        """Skip a new screen's styles: they are already loaded, and Textual would parse all of them again."""
        super()._load_screen_css(screen)
        screen._css_update_count = self._css_update_count

    @cached_property
    def available_themes(self) -> dict[str, Theme]:
        # Textual reads this a thousand times before the first frame.
        return {**super().available_themes, TERMINAL.name: TERMINAL}

    def situation(self) -> CommandSituation:
        screen = self.screen
        return screen.situation() if isinstance(screen, BaseScreen) else CommandSituation(self.session)

    # Reading the account

    def on_ready(self) -> None:
        if isinstance(self.screen, BaseScreen):
            self.screen.is_up()
        self._read()
        for sentence in self._warnings:
            self.post_message(WorkFailed("reading the configuration", sentence))
        self.set_interval(HEADER_SECONDS, self._show_time)
        self.set_interval(LOOK_SECONDS, self.look_at_memory)
        if self.options.write or self.options.demo:
            run_in_thread(self, self._check_journal, "journal", exclusive=False)
        if self._keymap_given:
            run_in_thread(self, self._check_keymap, "keymap", exclusive=False)

    def _show_time(self) -> None:
        """Update the header. The caller's credentials may expire soon, and a call may be taking long."""
        for screen in self.screen_stack[-1:]:  # there may be no screen while the program ends
            for header in screen.query(Header):
                header.show_session()
            if isinstance(screen, BaseScreen):
                screen.show_age()

    def warn_at_start(self, sentence: str) -> None:
        """Add a sentence about the configuration, which is shown with the first screen."""
        self._warnings.append(sentence)

    def _check_journal(self) -> None:
        from iam.changes.journal import why_not_writable

        if sentence := why_not_writable():
            self.post_message(WorkFailed("looking for the journal", sentence))

    def _check_keymap(self) -> None:
        from tui.keys import keymap_warnings

        for sentence in keymap_warnings(self._keymap_given):
            self.post_message(WorkFailed("reading the configuration", sentence))

    def _read(self) -> None:
        """Open the reader if there is none, and read. An older read in progress is stopped."""
        self._generation += 1
        generation, reader = self._generation, self.session.reader
        self._writes_at_start = self.session.writes.latest
        self.session.start_again()
        run_in_thread(self, lambda: self._read_in_thread(reader, generation), "account")

    def _read_in_thread(self, reader: AccountReader | None, generation: int) -> None:
        from iam.sources.source_error import SourceError

        share_the_heap()
        try:
            if reader is None:
                reader = self._open_reader(self.options, self._mfa_code)
                self.post_message(messages.ReaderOpened(reader, generation))
            for account in reader.accounts():
                if generation != self._generation:
                    return
                self.post_message(messages.AccountRead(account, generation, reader))
        except SourceError as error:
            self.post_message(messages.AccountFailed(str(error), generation))
        # Imported now, while nobody waits for it, instead of at the first key press that needs it.
        for screen in LIKELY_NEXT:
            import_module(screen)

    def _mfa_code(self, serial: str) -> str:
        """Return the MFA code that the operator enters, "" for none.

        Called in workers; blocks until the operator answers.
        """
        answer: Future[str] = Future()
        if not self.post_message(messages.MfaCodeAsked(serial, answer)):
            return ""
        return answer.result()

    def on_mfa_code_asked(self, message: messages.MfaCodeAsked) -> None:
        from screens.widgets.mfa_code import MfaCodeWindow

        self.push_screen(MfaCodeWindow(message.serial, message.answer.set_result))

    def on_unmount(self) -> None:
        gc.unfreeze()

    def on_reader_opened(self, message: messages.ReaderOpened) -> None:
        if message.generation == self._generation:
            self.session.reader = message.reader
            self._tell_screens()

    def on_account_read(self, message: messages.AccountRead) -> None:
        if message.generation == self._generation and self._read_elsewhere(message):
            self._tell_screens()
        elif message.generation == self._generation:
            self.session.take(message.account)
            self._tell_screens()
            reader = self.session.reader
            if message.account.progress is None and reader is not None and reader.kind == "aws":
                run_in_thread(self, lambda: keep_names(self.options, message.account), "names")
            self._open_first_role()
            if message.account.progress is None:
                self.session.writes.account_read(self._writes_at_start)
                asks, self._asks_again = self._asks_again, None
                if asks is not None and asks.is_attached:
                    asks.ask_again()
                # The data that was read stays alive. The garbage collector would examine it again and again, for some
                # tenths of a second each time, while no key is processed. `tui.tidying` unfreezes whatever is garbage
                # by now.
                gc.freeze()
                self.look_at_memory()
                self._read_changes()

    def _read_elsewhere(self, message: messages.AccountRead) -> bool:
        """Return whether another account was selected while this one was being read.

        In that case, the other account stays selected.
        """
        accounts, reader, account = self.session.accounts, message.reader, self.session.account
        if accounts is None or reader is None or account is None or account.id == message.account.id:
            return False
        from iam.sources.reader.opened import OpenedAccount

        accounts.renew(OpenedAccount(message.account, reader, accounts))
        self.session.renewed.add(message.account.id)
        return True

    def _read_changes(self) -> None:
        """Read this account's journals. If an earlier run left a change unfinished, offer to resume it."""
        account, source = self.session.account, self.session.kind
        if account is None or not source:
            return
        account_id = account.id

        def work() -> None:
            from screens.plan.records import read_changes

            self.post_message(read_changes(account_id, source))

        run_in_thread(self, work, "changes")

    def on_changes_read(self, message: ChangesRead) -> None:
        account = self.session.account
        if account is not None and account.id == message.account_id:
            self.session.changes = message.changes
            self.session.damaged = message.damaged
            self.session.written_profiles = message.written_profiles
            if not self.session.typed.label:  # if there are several accounts, the first one stores typed text
                from diagnostics.drafts import label_of

                self.session.typed.open(label_of(self.session.kind, account.id), message.drafts, message.roles)
            self._tell_screens()

    def _open_first_role(self) -> None:
        """Open the role that the command line names, once that role is read."""
        name, account = self._first_role, self.session.account
        if name is None or account is None:
            return
        role = account.role(name) or account.role_ignoring_case(name)
        if role is not None:
            self._first_role = None
            self.post_message(messages.OpenRole(role.name))
        elif account.progress is None:
            self._first_role = None
            self.say(f"No role {name} was found in the data that was read.", trouble=True)

    def on_account_failed(self, message: messages.AccountFailed) -> None:
        if message.generation == self._generation:
            self.session.failure = message.sentence
            self.session.note("reading the account", message.sentence)
            self._tell_screens()
            if self.session.account is not None:
                self.say(f"{message.sentence} Data already read is kept; r reads again.", trouble=True)

    def _tell_screens(self, what: type[Message] = messages.SessionChanged) -> None:
        for stack in self._screen_stacks.values():
            for screen in stack:
                if isinstance(screen, BaseScreen):
                    screen.post_message(what())

    def on_role_read(self, message: messages.RoleRead) -> None:
        message.into[message.name] = message.reading
        if message.into is not self.session.roles_read:
            return
        if message.reading.unreadable:
            self.session.note(f"reading the role {message.name}", message.reading.why)
        self._tell_screens()

    def on_policy_read(self, message: messages.PolicyRead) -> None:
        message.into[message.arn] = message.reading
        if message.into is not self.session.policies_read:
            return
        if message.reading.unreadable:
            self.session.note(f"reading the policy {message.arn}", message.reading.why)
        self._tell_screens()

    def on_work_failed(self, message: WorkFailed) -> None:
        self.session.note(message.doing, message.sentence)
        self.say(f"{message.sentence} (! lists what went wrong)", trouble=True)
        self._tell_screens(messages.TroubleNoted)

    def on_said(self, message: messages.Said) -> None:
        if message.sentence:
            self.say(message.sentence)

    def on_read_again(self, message: messages.ReadAgain) -> None:
        self._read()

    def _open_profile(self, name: str) -> AccountReader:
        return self._open_reader(argparse.Namespace(**{**vars(self.options), "profile": name}), self._mfa_code)

    async def on_view_account(self, message: messages.ViewAccount) -> None:
        if not message.wanted():
            return
        if message.chosen and not await self._bring_up("roles"):
            return
        if not await self._view(message.account):
            return
        if message.chosen:
            self.screen.post_message(messages.AccountChosen(message.account))
        if message.then is not None:
            self.post_message(message.then)

    async def _view(self, number: str) -> bool:
        """Select an account of the organization. If it was not read, say why and return False."""
        accounts, account = self.session.accounts, self.session.account
        if accounts is None:
            self.say("Only one account is open: --snapshot FOLDER opens several.", trouble=True)
            return False
        if account is not None and account.id == number:
            return True
        if number not in accounts.at_hand:
            self.say(f"Reading {accounts.standing(number).words} ...")
        opened = await asyncio.to_thread(accounts.opened, number)
        if opened is None:
            standing = accounts.standing(number)
            self.say(f"{standing.words[0].upper()}{standing.words[1:]} was not read: {standing.why}", trouble=True)
            return False
        self.say("")
        self.session.view(opened)
        if self.options.snapshot:
            self._take_options({"account": number})
        self._tell_screens()
        self._read_changes()
        return True

    def action_organization(self) -> None:
        reader = self.session.reader
        if reader is None or self.session.accounts is not None:
            self.action_switch_account()
            return
        self.say("Reading the list of the organization's accounts ...")

        def work() -> None:
            from iam.sources.source_error import SourceError
            from tui.exit_status import UsageError
            from tui.open_account import open_organization

            try:
                self.post_message(messages.OrganizationOpened(reader, open_organization(self.options, reader)))
            except (SourceError, UsageError) as error:
                self.post_message(WorkFailed("opening the organization", str(error)))

        run_in_thread(self, work, "organization", exclusive=False)

    def on_organization_opened(self, message: messages.OrganizationOpened) -> None:
        from iam.sources.aws.reader import AwsReader

        session = self.session
        if session.reader is not message.reader or not isinstance(session.reader, AwsReader):
            return
        session.reader.neighbours = message.accounts
        if session.account is not None:
            session.take(session.account)
        self.say("")
        self._tell_screens()
        self.action_switch_account()

    async def on_show_plan(self, message: messages.ShowPlan) -> None:
        from screens.plan.screen import PlanScreen

        await self.push_screen(PlanScreen(self.session, message.plan, opener=message.opener, record=message.record))

    async def run_action(
        self,
        action: str | ActionParseResult,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Run an action. In a list over several accounts, the account of the current row is selected first."""
        from screens.roles.screen import RolesScreen

        screen = self.screen_stack[-1] if self.screen_stack else None
        if isinstance(screen, RolesScreen) and default_namespace is screen:
            elsewhere = screen.account_elsewhere
            if elsewhere is not None and not await self._view(elsewhere):
                return False
        return await super().run_action(action, default_namespace, namespaces)

    def on_switch_account(self, message: messages.SwitchAccount) -> None:
        """Open another profile or Region, with a new reader and without any data from the previous account."""
        self._open_another(profile=message.profile, region=message.region)

    def action_open_demo(self) -> None:
        from tui.account_choice import demo_missing

        if not self.session.failure:
            return  # an account is being read
        if missing := demo_missing(argparse.Namespace(demo=True)):
            self.say(missing, trouble=True)
            return
        self._open_another(demo=True, profile=None, endpoint_url=None)

    def _take_options(self, changed: Mapping[str, Any]) -> None:
        """Set the account options to include in every command that screens and texts suggest."""
        self.options = argparse.Namespace(**{**vars(self.options), **changed})
        use_account_options(*account_words(self.options))

    def _open_another(self, **chosen: Any) -> None:
        nothing = {"demo": False, "snapshot": None, "account": None, "as_user": None}
        self._take_options({**nothing, **chosen})
        if self.session.reader is not None:
            self.session.reader.close()
        self.session.reader = self.session.account = None
        self.session.writes = RunWrites()
        self.session.typed.save()
        self.session.typed = Typed(self.session.typed.on)
        self.session.changes = self.session.damaged = self.session.written_profiles = ()
        self._read()
        self._tell_screens()

    # Messages of screens

    async def on_open_role(self, message: messages.OpenRole) -> None:
        from screens.role.screen import RoleScreen

        role = self.session.role(message.name)
        if role is None:
            self.say(f"No role {message.name} was found in the data that was read.", trouble=True)
            return
        if not message.over:
            await self.switch_mode("roles")
        with self.batch_update():
            await self.push_screen(RoleScreen(self.session, role.name))

    async def on_run_elsewhere(self, message: messages.RunElsewhere) -> None:
        """Show the screen for a command and run the command. If something must be selected first, say what."""
        if await self._bring_up(message.mode) and isinstance(screen := self.screen, BaseScreen):
            # Through the screen's own message queue, because the screen may not be mounted yet.
            screen.call_later(self._run_on, screen, message.id, message.needs)

    async def on_run_on_screen(self, message: messages.RunOnScreen) -> None:
        if await self._bring_up(message.mode):
            self.screen.call_later(getattr(self.screen, message.method), *([message.words] if message.words else ()))

    async def on_run_on_role(self, message: messages.RunOnRole) -> None:
        await self.on_open_role(messages.OpenRole(message.name))
        if isinstance(screen := self.screen, BaseScreen):
            screen.call_later(self._run_on, screen, message.id, "")

    async def on_open_draft(self, message: messages.OpenDraft) -> None:
        from screens.role.screen import RoleScreen

        await self.on_open_role(messages.OpenRole(message.role, over=True))
        if isinstance(screen := self.screen, RoleScreen):
            screen.call_later(screen.open_draft, message.place)

    async def _run_on(self, screen: BaseScreen, id: str, needs: str) -> None:
        command = next((each for each in screen.DECLARED if each.id == id), None)
        if command is None or screen is not self.screen:
            return
        if needs:
            from screens.help.screen import keys_by_command

            keys = " ".join(keys_by_command(self.screen).get(command.id, []))
            screen.say(f"{command.title} needs {needs}" + (f", then {keys}." if keys else ", then :."))
        elif sentence := screen.why_not(command):
            screen.say(sentence, trouble=True)
        else:
            await screen.run_action(command.action)

    async def on_ask_who_can(self, message: messages.AskWhoCan) -> None:
        from textual.widgets import Input

        from screens.who_can.screen import WhoCanScreen

        screen = WhoCanScreen(self.session, message.question, getattr(self.screen, "mode", ""))
        await self.push_screen(screen)
        screen.post_message(Input.Submitted(screen.query_one("#who-can-question", Input), message.question))

    async def on_use_role(self, message: messages.UseRole) -> None:
        from screens.use.screen import UseScreen

        role = self.session.role(message.name)
        if role is None:
            self.say(f"No role {message.name} was found in the data that was read.", trouble=True)
            return
        await self.push_screen(UseScreen(self.session, role.name))

    async def on_right_size_role(self, message: messages.RightSizeRole) -> None:
        from screens.role.right_size import RightSizeScreen

        await self.push_screen(RightSizeScreen(self.session, message.name))

    async def on_show_screen(self, message: messages.ShowScreen) -> None:
        await self.switch_mode(message.name)

    async def on_diagnose_role(self, message: messages.DiagnoseRole) -> None:
        if await self._bring_up("diagnose"):
            # The screen handles the same message: it fills in the principal and puts the cursor in the box.
            self.screen.post_message(messages.DiagnoseRole(message.arn))

    async def on_create_like_role(self, message: messages.CreateLikeRole) -> None:
        await self.switch_mode("create")
        self.screen.post_message(messages.CreateLikeRole(message.name))

    async def on_create_new_role(self, message: messages.CreateNewRole) -> None:
        here = self.current_mode
        if await self._bring_up("create"):
            self.screen.post_message(messages.CreateNewRole(message.role, here))

    async def on_diagnose_text(self, message: messages.DiagnoseText) -> None:
        here = self.current_mode if self.current_mode != "diagnose" else "roles"
        if await self._bring_up("diagnose"):
            handed = messages.DiagnoseText(message.text, from_list=message.from_list, from_screen=here)
            self.screen.post_message(handed)

    async def on_diagnose_conflict(self, message: messages.DiagnoseConflict) -> None:
        here = self.current_mode if self.current_mode != "diagnose" else "roles"
        if await self._bring_up("diagnose"):
            self.screen.post_message(messages.DiagnoseConflict(message.conflict, from_screen=here))

    async def _bring_up(self, mode: str) -> bool:
        """Show a main screen without the screens opened over it. Return False if one of them is busy.

        This does not wait for a screen to close: the caller may be a part of that screen.
        """
        await self.switch_mode(mode)
        while len(self.screen_stack) > 1:
            if isinstance(self.screen, BaseScreen) and self.screen.at_work:
                self.say(
                    "A change is being carried out here: wait until it ends, or press escape to stop it.", trouble=True
                )
                return False
            self.pop_screen()
        return True

    def on_review_changed(self, message: messages.ReviewChanged) -> None:
        self._tell_screens()

    def on_configuration_changed(self, message: messages.ConfigurationChanged) -> None:
        self._read_changes()

    def on_account_renewed(self, message: messages.AccountRenewed) -> None:
        self._tell_screens()
        self._read_changes()

    def on_timed_over(self, message: TimedOver) -> None:
        from screens.plan.screen import PlanScreen

        over, session = message.over, self.session
        session.timed.pop(over.plan_id, None)
        for stack in self._screen_stacks.values():
            for screen in stack:
                if isinstance(screen, PlanScreen) and screen.plan.id == over.plan_id:
                    screen.post_message(over)
                    return
        session.under_way.discard(over.plan_id)
        session.half_done.pop(over.plan_id, None)
        if over.record is not None and over.record.touched:
            session.writes.add(over.record.plan, session.now)
        if over.changed is not None:
            session.renew(over.changed, over.plan_id)
        self.post_message(messages.AccountRenewed())
        if over.record is not None:
            self.say(
                f"“{visible(over.record.plan.title)}”: {over.record.sentence_at(self.session.shown_time)}.",
                trouble=bool(over.trouble),
            )

    def key_arrives(self, event: events.Key) -> None:
        with suppress(NoMatches):
            self.screen.query_one(Footer).hush()

    def say(self, sentence: str, *, trouble: bool = False) -> None:
        """Show a sentence on the current screen."""
        for footer in self.screen.query(Footer):
            footer.say(sentence, trouble=trouble)

    # Commands

    async def _show_main(self, mode: str) -> None:
        """Show a main screen as the operator left it.

        If the screen is already shown, close what was opened over it and return to its initial state.
        """
        if self.current_mode != mode:
            await self.switch_mode(mode)
        elif await self._bring_up(mode):
            self.screen.set_focus(next(iter(self.screen.query(VirtualTable)), self.screen.focused))
            if isinstance(self.screen, BaseScreen):
                self.screen.to_the_top()

    async def action_create(self) -> None:
        await self._show_main("create")

    async def action_review(self) -> None:
        await self._show_main("review")

    def action_read_again(self) -> None:
        screen = self.screen
        if isinstance(screen, BaseScreen) and screen.can_ask_again:
            write = screen.changed_since
            if write is not None and write.read_back:
                screen.ask_again()
                self.say("Evaluating this again, now that your change was made.")
                return
            self._asks_again = screen
        self._read()
        self._tell_screens()
        self.say("Reading the account again.")

    def action_compare(self) -> None:
        from screens.difference.screen import SinceSnapshot
        from screens.widgets.modal import Prompt

        def answered(name: str | None) -> None:
            if name and name.strip():
                self.push_screen(SinceSnapshot(self.session, Path(name.strip())))

        self.push_screen(Prompt("Compare with a snapshot", "", "the file of an earlier state"), answered)

    def action_history(self) -> None:
        from screens.history.screen import account_history

        self.push_screen(account_history(self.session))

    def action_what_if(self) -> None:
        from screens.difference.what_if import WhatIfScreen

        self.push_screen(WhatIfScreen(self.session))

    def action_theme(self) -> None:
        from tui.theme_menu import ThemeMenu

        names = (TERMINAL.name, *sorted(name for name in self.available_themes if name != TERMINAL.name))

        def answered(name: str | None) -> None:
            if name is not None:
                self.theme = name
                self.say(f'The theme is now {name}; theme = "{name}" in the configuration makes it permanent.')

        self.push_screen(ThemeMenu(names, self.theme, TERMINAL.name), answered)

    async def action_undo(self) -> None:
        """Show the plan that undoes the latest change that can be undone."""
        from screens.plan.screen import PlanScreen

        record = undoable(self.session)
        if record is not None:
            screen = PlanScreen(self.session, record.plan, record=record)
            await self.push_screen(screen)
            screen.call_later(screen.action_undo)

    def action_who_can(self) -> None:
        from screens.who_can.screen import WhoCanScreen

        self.push_screen(WhoCanScreen(self.session, mode=getattr(self.screen, "mode", "")))

    def action_keys(self) -> None:
        from screens.help.screen import HelpScreen

        self.push_screen(HelpScreen(self.screen))

    def action_jump(self) -> None:
        from screens.jump.screen import Jump

        if isinstance(self.screen, BaseScreen):
            self.push_screen(Jump(self.screen))

    def action_assumptions(self) -> None:
        from screens.assumptions import choose_assumption

        screen = self.screen
        if isinstance(screen, BaseScreen):

            def changed() -> None:
                self._tell_screens(messages.TroubleNoted)  # draws the headers again
                screen.assumptions_changed()

            choose_assumption(screen, changed)

    def action_glossary(self) -> None:
        from screens.glossary.screen import Glossary

        screen = self.screen
        if isinstance(screen, BaseScreen):
            shown = "\n".join(strip.text for strip in screen._compositor.render_strips())
            self.push_screen(Glossary(self.session, screen.role_in_attention(), shown))

    def action_copy_shown(self) -> None:
        from screens.copy.menu import copy_shown

        if isinstance(self.screen, BaseScreen):
            copy_shown(self.screen)

    def action_export_shown(self) -> None:
        from screens.export.menu import export_shown

        if isinstance(self.screen, BaseScreen):
            export_shown(self.screen)

    def action_picture(self) -> None:
        from screens.export.menu import picture_menu

        if isinstance(self.screen, BaseScreen):
            picture_menu(self.screen)

    def action_troubles(self) -> None:
        from screens.troubles.screen import TroublesScreen

        self.push_screen(TroublesScreen(self.session))

    def action_switch_account(self) -> None:
        if self.session.accounts is not None:
            from screens.accounts.screen import AccountsScreen

            self.push_screen(AccountsScreen(self.session))
            return
        from screens.profiles.screen import ProfilesScreen

        self.push_screen(ProfilesScreen(self.session, self.options.profile, self.options.region))

    def action_palette(self) -> None:
        from screens.palette.screen import Palette

        self.push_screen(Palette(self.session, self.screen))

    async def action_roles(self) -> None:
        await self._show_main("roles")

    async def action_diagnose(self) -> None:
        await self._show_main("diagnose")

    async def action_start(self) -> None:
        await self._show_main("start")

    async def action_activity(self) -> None:
        await self._show_main("activity")

    def action_resume(self) -> None:
        """Show the latest unfinished change. The Activity screen lists all of them."""
        from screens.plan.screen import PlanScreen

        record = next(iter(self.session.unfinished), None)
        if record is not None:
            self.push_screen(PlanScreen(self.session, record.plan, record=record))

    def action_quit_now(self) -> None:
        self._quit()

    async def action_quit(self) -> None:
        self._quit()

    def _quit(self) -> None:
        """Quit. If a change is unfinished or a text would be lost, ask first. Quitting a second time does not ask."""
        for stack in self._screen_stacks.values():
            for screen in stack:
                if isinstance(screen, BaseScreen):
                    screen.note_typed()
        if not self.session.half_done and not self.session.typed.lost():
            self._leave()
            return
        from screens.plan.leaving import Leaving

        if isinstance(self.screen, Leaving):
            self._leave()
            return
        self.push_screen(Leaving(self.session), self._leaving_answered)

    def _leaving_answered(self, answer: str | None) -> None:
        if answer == "leave":
            self._leave()

    def _leave(self) -> None:
        from screens.plan.records import made_in_run

        session = self.session
        made = made_in_run(session.changes) if session.kind == "aws" else ""
        farewell = " ".join(filter(None, (made, session.typed.farewell())))
        self.exit(return_code=self.exit_status(), message=Text(visible(farewell)) if farewell else None)

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        self.give_up()
        super().exit(result, return_code, message)

    def give_up(self) -> None:
        """Stop the background tasks, and save what was typed."""
        for watch in self.session.timed.values():
            watch.end()
        for stack in self._screen_stacks.values():
            for screen in stack:
                if isinstance(screen, BaseScreen):
                    screen.note_typed()
                    screen.give_up()
        self.session.typed.save()

    def leave(self, status: int) -> None:
        """End the app as soon as the event loop is free.

        A signal handler calls this method. The handler interrupts the event loop's thread between two instructions,
        possibly in the middle of an import. So the method must do nothing else.
        """
        if self._loop is not None:
            self._loop.call_soon_threadsafe(lambda: self.exit(return_code=status))

    def _handle_exception(self, error: Exception) -> None:
        if self._exit or is_of_removed(error):
            # The program has begun to end, so a screen that was about to be shown is no longer shown. The exit status
            # does not change.
            log.warning("while the application, or a screen, ended", exc_info=error)
            return
        if self.goes_on and self.survives(error):
            return
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """End after an uncaught exception. Log the traceback and show the operator one sentence."""
        self._exit_renderables.append(Text(visible(own_error(self._exception))))
        self._close_messages_no_wait()

    def exit_status(self) -> int:
        """The exit status: 3 if the operator quits and no account was ever read, else 0."""
        return 3 if self.session.failure and self.session.account is None else 0
