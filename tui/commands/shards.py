"""``--shard I/N``: select one part of the accounts, and mark its output for ``rolescope merge``."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence

from tui.exit_status import UsageError


def shard_of(text: str) -> tuple[int, int]:
    """Return the part and the number of parts in a text such as ``2/4``. Raises argparse's error."""
    found = re.fullmatch(r"([1-9]\d{0,4})/([1-9]\d{0,4})", text)
    if found is None or int(found[1]) > int(found[2]):
        raise argparse.ArgumentTypeError("takes I/N, such as 1/4 for the first of four parts.")
    return int(found[1]), int(found[2])


def in_shard(ids: Sequence[str], shard: tuple[int, int] | None) -> list[str]:
    """Return the accounts in a part: every N-th account, sorted by ID, so that all parts have similar sizes."""
    if shard is None:
        return sorted(ids)
    number, of = shard
    return sorted(ids)[number - 1 :: of]


def needs_accounts(options: argparse.Namespace) -> None:
    """Raise `UsageError` if ``--shard`` is given for a single account."""
    if options.shard is not None:
        raise UsageError("--shard divides several accounts: use it with --snapshot FOLDER.")
