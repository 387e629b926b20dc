"""How a command ends: its exit status, which is part of the interface (README, "Exit status"), or an error."""

from __future__ import annotations

import atexit
import os
import sys
import threading

ANSWERED = 0
CANNOT_TELL = 1
WRONG_USAGE = 2
ACCOUNT_UNREADABLE = 3
OWN_ERROR = "rolescope had an internal error"


class CommandError(Exception):
    """Raised to end the command early with exit status ``status``. ``args`` are sentences to print, without secrets."""

    status = CANNOT_TELL


class UsageError(CommandError):
    """Raised if the command's input cannot be used."""

    status = WRONG_USAGE


def ended_by(error: Exception) -> int:
    """Print why the command ended, and return its exit status: `ACCOUNT_UNREADABLE` after a `SourceError`."""
    from iam.foreign_text import visible  # imported here, because the start of the screens needs neither
    from iam.sources.source_error import SourceError

    if not isinstance(error, CommandError | SourceError):
        print(visible(own_error(error)), file=sys.stderr)
        return CANNOT_TELL
    print("\n".join(visible(str(each)) for each in error.args), file=sys.stderr)
    return error.status if isinstance(error, CommandError) else ACCOUNT_UNREADABLE


def end_at_once(status: int) -> None:
    """End the process without freeing modules and the account, which can take as long as the command itself.

    Returns if Python must first wait for threads, or report output that cannot be written.
    """
    if any(not thread.daemon for thread in threading.enumerate() if thread is not threading.main_thread()):
        return
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):  # the stream is missing, full, or closed
        return
    atexit._run_exitfuncs()
    os._exit(status)


def own_error(error: Exception | None) -> str:
    """Log the traceback of an unexpected error, and return a sentence for the operator."""
    import logging

    from tui.log import start_log
    from tui.secrets import without_secrets

    if not logging.getLogger().hasHandlers():
        start_log()
    logging.getLogger("rolescope").error("rolescope had to end", exc_info=error)
    return (
        f"{OWN_ERROR} and had to end ({without_secrets(f'{type(error).__name__}: {error}')}). "
        "`rolescope info` names the log, which has more."
    )
