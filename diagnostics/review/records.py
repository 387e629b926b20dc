"""Recorded changes for the review, from the cache or from given files. No lookup is made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from diagnostics.review.subject import ReviewedAccount
from iam.history.cache import EventCache
from iam.history.gather import Recorded, at_hand, from_files
from iam.own_command import own_command
from iam.sources.reader.opened import OpenedAccount


def add_records(reviewed: ReviewedAccount, files: Sequence[Path] = ()) -> None:
    """Add the available recorded changes to the review, or note that there are none. May block."""
    account = reviewed.account
    opened = OpenedAccount(account, reviewed.reader)
    found: Recorded | None
    if files:
        found = Recorded(datetime.min.replace(tzinfo=UTC))
        from_files(files, found, account.id, account.now)
    else:
        found = at_hand(opened, EventCache(account.id) if reviewed.reader.kind == "aws" else None)
    if found is None:
        history = own_command("history")
        reviewed.cannot_tell(
            "recorded changes",
            f"No records of changes were read. Run review --trail FILES, or run {history} and then run review again.",
        )
        return
    for gap in found.gaps:
        reviewed.cannot_tell("recorded changes", gap)
    if not found.changes:
        reviewed.cannot_tell(
            "recorded changes", f"The records that were read contain no change in account {account.id}."
        )
        return
    reviewed.history = found.history(opened)
