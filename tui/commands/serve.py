"""``rolescope serve``: the terminal UI in a browser, by textual-serve. Who reaches the port has what the credentials
here have: it listens on this machine alone unless asked, and changes nothing without ``--write``."""

from __future__ import annotations

import argparse
import shlex
import sys

from tui.exit_status import ANSWERED, UsageError
from tui.extras import adding

WITH_VALUES = ("as_user", "snapshot", "profile", "region", "endpoint_url", "role", "filter")
NAMES = {"as_user": "as"}


def run(options: argparse.Namespace) -> int:
    try:
        from tui.web_server import LOCAL, LocalServer
    except ImportError as error:
        raise UsageError(
            f"textual-serve is not installed (the extra `serve`); this adds it: {adding('serve')}"
        ) from error
    if options.host not in LOCAL:
        print(
            f"Everybody who reaches {options.host}:{options.port} uses this machine's credentials: nobody is asked "
            "who they are.",
            file=sys.stderr,
        )
    LocalServer(command_line(options), options.host, options.port, title="rolescope").serve()
    return ANSWERED


def command_line(options: argparse.Namespace) -> str:
    """What a shell runs for each visitor."""
    words = [sys.executable, sys.argv[0]]
    for name in WITH_VALUES:
        if (value := getattr(options, name, None)) is not None:
            words += [f"--{NAMES.get(name, name).replace('_', '-')}", str(value)]
    words += [f"--{flag}" for flag in ("demo", "write") if getattr(options, flag, False)]
    return shlex.join(words)
