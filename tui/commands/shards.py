"""One part of the accounts (``--shard I/N``), and the mark of its output for ``rolescope merge``."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence

from tui.exit_status import UsageError


def shard_of(text: str) -> tuple[int, int]:
    """Parse ``2/4`` into numbers. Raises argparse's error."""
    found = re.fullmatch(r"([1-9]\d{0,4})/([1-9]\d{0,4})", text)
    if found is None or int(found[1]) > int(found[2]):
        raise argparse.ArgumentTypeError("takes I/N, such as 1/4 for the first of four parts.")
    return int(found[1]), int(found[2])


def in_shard(ids: Sequence[str], shard: tuple[int, int] | None) -> list[str]:
    """Return the accounts of a part: every N-th by ID, so that any order gives parts of similar size."""
    if shard is None:
        return sorted(ids)
    number, of = shard
    return sorted(ids)[number - 1 :: of]


def needs_accounts(options: argparse.Namespace) -> None:
    """Raise `UsageError` if ``--shard`` is used with a single account."""
    if options.shard is not None:
        raise UsageError("--shard divides several accounts: use it with --snapshot FOLDER.")
