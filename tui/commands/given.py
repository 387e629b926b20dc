"""Read the input of commands: a text in a file or on standard input, and values of condition keys."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from tui.exit_status import UsageError

MOST_BYTES = 1024 * 1024


def given_text(name: str, what: str) -> str:
    """Return the text of the file, or of standard input if ``name`` is ``-``.

    ``what`` names the input in the error for more than 1 MB. Raises `UsageError`.
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
        raise UsageError(f"{where} is larger than 1 MB, too large for a {what}.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{where} is not UTF-8 text (byte {error.start + 1}).") from error


def read_context(pairs: list[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the values of condition keys from ``KEY=VALUE`` pairs. A repeated key has several values.

    Raises `UsageError` for an invalid pair.
    """
    context: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not separator or not key.strip():
            raise UsageError(f"--context takes KEY=VALUE, such as aws:SourceIp=203.0.113.7, not {pair!r}.")
        context[key.strip()] = (*context.get(key.strip(), ()), value)
    return context


def wants_query(options: argparse.Namespace) -> bool:
    """Whether the options ``--athena`` or ``--lake`` request a query of a trail (`tui.trail_query`)."""
    return options.athena is not None or options.lake is not None
