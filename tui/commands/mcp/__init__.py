"""``rolescope mcp``: read-only tools over the Model Context Protocol, on standard input and output.

The account is opened when the first question needs it, and read again after ten minutes. Unless ``--unmasked`` is
given, account IDs and names in the account are masked in answers; masked words can be used in questions.

Exit status: 0 the client closed the connection; 2 wrong usage, or the extra `mcp` is missing.
"""

from __future__ import annotations

import argparse

from tui.account_choice import demo_missing
from tui.exit_status import ANSWERED, UsageError
from tui.extras import adding


def run(options: argparse.Namespace) -> int:
    try:
        from tui.commands.mcp.server import serve
    except ImportError as error:
        raise UsageError(
            f"The package mcp is not installed (the extra `mcp`). To install it: {adding('mcp')}"
        ) from error
    if trouble := demo_missing(options):
        raise UsageError(trouble)
    serve(options)
    return ANSWERED
