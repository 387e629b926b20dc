"""Start and end the terminal UI: requirements for the terminal, signals, log, exit status."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import sys
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.account_choice import demo_missing
from tui.configuration import ConfigurationError, read_configuration
from tui.paths import configuration_path

if TYPE_CHECKING:
    from iam.sources.aws.mfa import AskCode
    from iam.sources.reader.account_reader import AccountReader
    from tui.app import RolescopeApp

INTERNAL_ERROR = 1
WRONG_USAGE = 2
ACCOUNT_UNREADABLE = 3

WORKERS = 32
"""The maximum number of calls that can hang at the same time before the next one has to wait."""
HANGING_SECONDS = 0.5
"""How many seconds the program waits, at exit, for read calls in progress."""
CHANGE_SECONDS = 5.0
"""How many seconds the program waits, at exit, for a call that changes the account: the journal needs its outcome."""


def run(arguments: argparse.Namespace) -> int:
    """Run the UI until the operator quits, and return the exit status."""
    sentence = demo_missing(arguments)
    if sentence:
        print(sentence, file=sys.stderr)
        return ACCOUNT_UNREADABLE
    served = "TEXTUAL_DRIVER" in os.environ  # set by textual-serve: the terminal is a browser
    sentence = "" if served else why_not_here()
    if sentence:
        print(sentence, file=sys.stderr)
        return WRONG_USAGE
    if arguments.snapshot:
        from iam.sources.source_error import SourceError
        from tui.exit_status import UsageError
        from tui.open_account import chosen_account, first_account, open_accounts

        try:
            if (accounts := open_accounts(arguments)) is not None:
                if arguments.account is None:
                    arguments.account = first_account(accounts, arguments.role)
                chosen_account(arguments, accounts)
        except (UsageError, SourceError) as error:
            print(error, file=sys.stderr)
            return WRONG_USAGE if isinstance(error, UsageError) else ACCOUNT_UNREADABLE
    try:
        configuration = read_configuration(configuration_path())
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return WRONG_USAGE

    # Textual reads these when it is imported. Animations cost half a megabyte a page over SSH.
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    os.environ.setdefault("ESCDELAY", "50")
    from textual.app import InvalidThemeError

    from tui.app import RolescopeApp
    from tui.goes_on import go_on_after_errors
    from tui.log import start_log
    from tui.themes import TERMINAL

    if arguments.log is None:
        start_log()
    try:
        app = RolescopeApp(arguments, open_reader, configuration)
    except InvalidThemeError:
        app = RolescopeApp(arguments, open_reader, replace(configuration, theme=TERMINAL.name))
        app.warn_at_start(
            f"{configuration_path()}: theme {configuration.theme!r} is unknown, so the terminal's own colours "
            "are used. Themes are 'terminal', 'textual-dark', 'textual-light' and Textual's others."
        )
    if served:
        from tui.terminal.page_driver import PageDriver

        app.driver_class = PageDriver
    else:
        from tui.terminal.driver import TerminalDriver

        app.driver_class = TerminalDriver
    go_on_after_errors()
    leave_cleanly(app)
    return run_to_the_end(app, mouse=configuration.mouse and not arguments.no_mouse)


def run_to_the_end(app: RolescopeApp, *, mouse: bool) -> int:
    """Run the app, then abandon its workers, because a hanging call must not keep the process running.

    Returns the exit status.
    """
    from tui.tidying import ForgetfulThreads

    loop = asyncio.new_event_loop()
    workers = ForgetfulThreads(WORKERS, thread_name_prefix="rolescope")
    loop.set_default_executor(workers)
    app.run(mouse=mouse, loop=loop)
    status = status_of(app)
    until = time.monotonic() + (CHANGE_SECONDS if app.session.under_way else HANGING_SECONDS)
    for watch in list(app.session.timed.values()):
        watch.join(until - time.monotonic())
    reader = app.session.reader
    if reader is not None:
        reader.close()
    workers.shutdown(wait=False, cancel_futures=True)
    for thread in threading.enumerate():
        if thread is not threading.main_thread() and not thread.daemon:
            thread.join(max(0.0, until - time.monotonic()))
            if thread.is_alive():
                logging.shutdown()
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)
    return status


def status_of(app: RolescopeApp) -> int:
    """Return the exit status of an app that has ended.

    It is never 0 if an error ended the app, even if the operator quit at the same time.
    """
    if app.return_code:
        return app.return_code
    ended_by_error = app.return_code is None or app._exception is not None
    return INTERNAL_ERROR if ended_by_error else 0


def open_reader(options: argparse.Namespace, ask_code: AskCode) -> AccountReader:
    """Call `tui.open_account.open_reader`.

    It is imported here, in the worker, because the first frame does not need it.
    """
    from tui.exit_status import UsageError
    from tui.open_account import open_organization, wants_accounts
    from tui.open_account import open_reader as opened

    reader = opened(options, ask_code)
    if reader.kind == "demo":
        from iam.demo.clock import CLOCK

        CLOCK.start()
    if wants_accounts(options):
        from iam.sources.aws.reader import AwsReader
        from iam.sources.source_error import SourceError

        assert isinstance(reader, AwsReader)
        try:
            reader.neighbours = open_organization(options, reader)
        except UsageError as error:
            raise SourceError(str(error)) from None
    return reader


def why_not_here() -> str:
    """Return one sentence that says why the UI cannot run here, or ""."""
    others = "Commands such as `rolescope diagnose --json` work without a terminal."
    if not sys.stdin.isatty():
        return f"rolescope's screens need a terminal as standard input (over SSH: `ssh -t`). {others}"
    if not sys.stderr.isatty():
        return f"rolescope draws on standard error, which is not a terminal here. {others}"
    if os.environ.get("TERM", "") in ("", "dumb", "unknown"):
        return f"The terminal (TERM={os.environ.get('TERM', '')}) cannot position its cursor. {others}"
    return ""


def leave_cleanly(app: RolescopeApp) -> None:
    """Make signals, and the loss of the terminal, end the app and restore the terminal.

    The process ends even if the app does not react.
    """
    from tui.terminal.driver import TerminalDriver
    from tui.terminal.ending import Ending, hang_up

    def give_back() -> None:
        if isinstance(app._driver, TerminalDriver):
            app._driver.give_back()

    TerminalDriver.lost = hang_up
    Ending(sys.stdin.fileno(), app.leave, give_back, app.give_up).watch()
