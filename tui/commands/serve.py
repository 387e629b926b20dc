"""``rolescope serve``: serve the terminal UI to browsers with textual-serve, for anyone with the address and its token.

By default it listens only on this machine. Its sessions are read-only unless ``--write`` is given.
"""

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
        from tui.web_server import LOCAL, WebServer
    except ImportError as error:
        raise UsageError(
            f"textual-serve is not installed (the extra `serve`). To install it: {adding('serve')}"
        ) from error
    if options.sessions < 1:
        raise UsageError("--sessions takes a number of at least 1.")
    if options.host not in LOCAL:
        print(
            f"The connection to {options.host}:{options.port} is not encrypted, so the token in its address is "
            "not protected: put a proxy with TLS in front of it.",
            file=sys.stderr,
        )
    server = WebServer(
        command_line(options), options.host, options.port, names=options.allow_host, sessions=options.sessions
    )
    try:
        server.serve()
    except OSError as error:
        raise UsageError(f"Cannot listen on {options.host}:{options.port}: {error.strerror or error}.") from error
    return ANSWERED


def command_line(options: argparse.Namespace) -> str:
    """Return the shell command to run for each visitor."""
    words = [sys.executable, sys.argv[0]]
    for name in WITH_VALUES:
        if (value := getattr(options, name, None)) is not None:
            words += [f"--{NAMES.get(name, name).replace('_', '-')}", str(value)]
    words += [f"--{flag}" for flag in ("demo", "write") if getattr(options, flag, False)]
    return shlex.join(words)
