"""What a command is given to read: a file, or standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from tui.exit_status import UsageError

MOST_BYTES = 1024 * 1024


def given_text(name: str, what: str) -> str:
    """The text of the file, or for ``-`` of standard input. ``what`` a file of more than 1 MB cannot be.

    Raises `UsageError`.
    """
    where = "standard input" if name == "-" else name
    try:
        if name == "-":
            raw = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                raw = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise UsageError(f"{where} cannot be read: {getattr(error, 'strerror', None) or error}.") from error
    if len(raw) > MOST_BYTES:
        raise UsageError(f"{where} is larger than 1 MB: that is no {what}.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{where} is not UTF-8 text (byte {error.start + 1}).") from error
