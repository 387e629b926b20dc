"""The terminal UI's start and end: what the terminal must be, signals, log, exit status."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from types import FrameType
from typing import TYPE_CHECKING

from tui.configuration import ConfigurationError, configuration_path, log_path, read_configuration

if TYPE_CHECKING:
    from iam.sources.reader import AccountReader
    from tui.app import RolescopeApp

WRONG_USAGE = 2


def run(arguments: argparse.Namespace) -> int:
    """Open the UI and return the exit status when the operator leaves it."""
    sentence = why_not_here()
    if sentence:
        print(sentence, file=sys.stderr)
        return WRONG_USAGE
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
    from tui.terminal_input import TerminalDriver

    start_log()
    try:
        app = RolescopeApp(arguments, _open_reader, configuration)
    except InvalidThemeError:
        print(
            f"{configuration_path()}: theme {configuration.theme!r} is unknown; try 'terminal', 'textual-dark' or "
            "'textual-light'.",
            file=sys.stderr,
        )
        return WRONG_USAGE
    app.driver_class = TerminalDriver
    leave_cleanly(app)
    app.run(mouse=configuration.mouse and not arguments.no_mouse)
    return app.return_code or 0


def _open_reader(options: argparse.Namespace) -> AccountReader:
    """Called in a worker, after the first frame: what it imports is heavy."""

    return open_reader(options)


def open_reader(options: argparse.Namespace) -> AccountReader:
    """`tui.open_account.open_reader`, loaded in the worker that calls it: the first frame needs nothing of it."""
    from tui.open_account import open_reader as opened

    return opened(options)


def why_not_here() -> str:
    """One sentence on why the UI cannot run here, or ""."""
    others = "Commands such as `rolescope diagnose --json` work without one."
    if not sys.stdin.isatty():
        return f"rolescope's screens need a terminal as standard input (over SSH: `ssh -t`). {others}"
    if not sys.stderr.isatty():
        return f"rolescope draws on standard error, which is no terminal here. {others}"
    if os.environ.get("TERM", "") in ("", "dumb", "unknown"):
        return f"The terminal (TERM={os.environ.get('TERM', '')}) cannot position its cursor. {others}"
    return ""


def leave_cleanly(app: RolescopeApp) -> None:
    """SIGTERM and SIGHUP end the app instead of the process, so that the screen and the mouse are given back."""

    def leave(number: int, _: FrameType | None) -> None:
        app.leave(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), leave)


def start_log() -> None:
    """A small rotating log in the state directory, mode 0600, without secrets. The UI runs without one if need be."""
    from logging.handlers import RotatingFileHandler

    from tui.secrets import WithoutSecrets

    path = log_path()
    logger = logging.getLogger()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600, exist_ok=True)
        handler: logging.Handler = RotatingFileHandler(path, maxBytes=512 * 1024, backupCount=1, encoding="utf-8")
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(WithoutSecrets("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    logging.getLogger("rolescope").setLevel(logging.INFO)
